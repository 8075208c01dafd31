"""Rows of a table assessed together by the rules of a ladder; what is said of one is made when it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from foretrack.domains.enterprises.changes import Change, changed
from foretrack.domains.enterprises.levels import LevelAnswer, Steps, level_by, pairs_of, way_up
from foretrack.foundation.errors import InputError
from foretrack.packs.rule_shapes import Indicator, Value
from foretrack.packs.shapes import Bilingual
from foretrack.records.identifiers import normalise
from foretrack.rules.reaching import Way
from foretrack.rules.tables import TableAnswer, assess_pairs
from foretrack.rules.truth import Flags

Row: TypeAlias = tuple[int, Mapping[str, object] | InputError]
"""Line of the file, and its values by name of the column or why there are none."""

NAME, CODE, REGION = "name", "code", "region"
ABOUT: Mapping[str, Bilingual] = {
    NAME: Bilingual("Name", "企业名称"),
    CODE: Bilingual("Unified social credit code", "统一社会信用代码"),
    REGION: Bilingual("Region", "地区"),
}
"""The columns that say whose figures a row holds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """By what a table is assessed."""

    steps: Steps
    today: str
    indicators: Mapping[str, Indicator]
    known: Mapping[str, Indicator]
    """Indicators of all packs: a column of one that the ladder does not ask for is left out, and said to be."""
    moved: bool
    """Whether no day was named and the ladder is not in force today, so that the nearest day of its period was taken."""


@dataclass(frozen=True, slots=True)
class Firm:
    """One row of the table: where the enterprise stands, or why that cannot be said."""

    row: int
    """Line of the file."""
    name: str
    code: str
    region: str
    answer: LevelAnswer | None
    then: LevelAnswer | None
    """After the changes of `--what-if`."""
    way: Way | None
    """The cheapest way to the next echelon, where it was asked for."""
    problems: tuple[tuple[str, InputError], ...]
    """(column, what is wrong with it); the column is empty where the whole row is wrong."""


Problems: TypeAlias = tuple[tuple[str, InputError], ...]


class Block:
    """Some rows, assessed together by columns.

    A row has an answer where nothing is wrong with it: neither a figure, nor whom it names, nor its date.
    """

    def __init__(
        self, rows: Sequence[Row], asked: Asked, changes: Sequence[Change], way: bool,
        codes: MutableMapping[str, int],
    ) -> None:  # fmt: skip
        """Args: codes: the codes of the rows before, each with its line; those of these rows are added."""
        self.steps = asked.steps
        self.lines = [line for line, _ in rows]
        given: list[Mapping[str, object]] = [{} if isinstance(row, InputError) else row for _, row in rows]
        self.about = [
            {name: "" if row.get(name) is None else str(row[name]).strip() for name in ABOUT} for row in given
        ]
        figures = [{name: raw for name, raw in row.items() if name not in ABOUT} for row in given]
        self.table = _Table(asked, figures)
        self.problems: list[Problems] = []
        self.answered: list[bool] = []
        for place, (_, row) in enumerate(rows):
            wrong = (("", row),) if isinstance(row, InputError) else self._wrong(place)
            refused = None if wrong else self.table.refused(place)
            wrong = (*wrong, ("", refused)) if refused else wrong
            twice = self._twice(place, codes)
            self.answered.append(not wrong and not twice)
            self.problems.append((*wrong, *twice))
        self.ways: dict[int, Way | None] = {}
        if way:
            self._seek_ways()
        self.then: _Table | None = None
        self.changed: set[int] = set()
        if changes:
            self._change(asked, figures, changes)

    def __len__(self) -> int:
        return len(self.lines)

    def firm(self, place: int) -> Firm:
        """What is said of one row."""
        about, answered = self.about[place], self.answered[place]
        return Firm(
            self.lines[place], about[NAME], about[CODE], about[REGION],
            self.table.level(place) if answered else None,
            self.then.level(place) if self.then and place in self.changed else None,
            self.ways.get(place), self.problems[place],
        )  # fmt: skip

    def levels(self) -> Counter[str]:
        """How many rows have which level, "" for none; rows without an answer are not counted."""
        return Counter(name for name, kept in zip(self.table.highest(), self.answered, strict=True) if kept)

    def _wrong(self, place: int) -> Problems:
        about, found = self.about[place], list(self.table.wrong(place))
        if about[CODE]:
            try:
                about[CODE] = normalise("uscc", about[CODE])
            except InputError as error:
                found.append((CODE, error))
        if not any(about.values()):
            nobody = InputError.of(
                "the row names no enterprise", expected="a name or a code", do="fill it in"
            )
            found.append((NAME, nobody))
        return tuple(found)

    def _twice(self, place: int, codes: MutableMapping[str, int]) -> Problems:
        code, line = self.about[place][CODE], self.lines[place]
        if not code or (first := codes.setdefault(code, line)) == line:
            return ()
        error = InputError.of(
            "the code {code} stands in line {line} already",
            expected="each enterprise once",
            do="delete one of the two rows",
            code=code,
            line=first,
        )
        return ((CODE, error),)

    def _refuse(self, place: int, error: InputError) -> None:
        self.problems[place] = (*self.problems[place], ("", error))

    def _seek_ways(self) -> None:
        for place in (place for place, kept in enumerate(self.answered) if kept):
            try:
                self.ways[place] = way_up(self.steps, self.table.values(place), self.table.level(place))
            except InputError as error:
                self._refuse(place, error)

    def _change(
        self, asked: Asked, figures: Sequence[Mapping[str, object]], changes: Sequence[Change]
    ) -> None:
        """The rows as they would be; one to which a change cannot be made says why."""
        names = {change.indicator for change in changes}
        after = list(figures)
        for place, row in enumerate(figures):
            if not self.answered[place] or self.problems[place]:
                continue
            try:
                values = self.table.values(place, names)
                after[place] = {**row, **changed(values, changes, asked.indicators)}
                self.changed.add(place)
            except InputError as error:
                self._refuse(place, error)
        self.then = _Table(asked, after)
        for place in sorted(self.changed):
            if (refused := self.then.refused(place)) is not None:
                self._refuse(place, refused)
                self.changed.discard(place)


class _Table:
    """Figures, and what the rule of each echelon says of them."""

    def __init__(self, asked: Asked, rows: Sequence[Mapping[str, object]]) -> None:
        self.steps, self.rows = asked.steps, rows
        pairs = pairs_of(self.steps)
        answers = assess_pairs(tuple(pairs.values()), rows, on=self.steps.on)
        self.answers: Mapping[str, TableAnswer] = dict(zip(pairs, answers, strict=True))
        self.columns = answers[0].columns

    def wrong(self, place: int) -> Problems:
        """The figures of a row that do not fit."""
        return tuple(self.columns.problems.get(place, {}).items())

    def refused(self, place: int) -> InputError | None:
        """Why a row whose figures fit is not assessed all the same."""
        found = (answer.rejected.get(place) for answer in self.answers.values())
        return next((error for error in found if error is not None), None)

    def values(self, place: int, names: set[str] | None = None) -> dict[str, Value]:
        """The figures of a row as they were understood; only some of them where they are named."""
        row = self.rows[place]
        found = {name: self.columns.value(place, name) for name in row if names is None or name in names}
        return {name: value for name, value in found.items() if value is not None}

    def level(self, place: int) -> LevelAnswer:
        """Where a row stands."""
        return level_by(
            self.steps,
            {
                name: (answer.brief(place), partial(answer.assessment, place))
                for name, answer in self.answers.items()
            },
        )

    def highest(self) -> list[str]:
        """The level of each row, "" for none."""
        found = [""] * len(self.rows)
        met: dict[str, Flags] = {}
        for echelon in self.steps.ladder.echelons:
            here = self.answers[echelon.id].outcome == 1
            met[echelon.id] = here & met[echelon.needs] if echelon.needs else here
            for place in met[echelon.id].nonzero()[0]:
                found[place] = echelon.id
        return found
