"""Assesses a table of enterprises by a ladder: a row that cannot be read says why, and the others are answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from foretrack.domains.enterprises.changes import Change, changed
from foretrack.domains.enterprises.levels import LevelAnswer, Steps, level_of, read_figures, steps_of, way_up
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.ladders import Ladder, choose_ladder, load_ladders
from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import Indicator, Overlay, Value
from foretrack.packs.shapes import Bilingual, Pack
from foretrack.records.identifiers import normalise
from foretrack.registry.actions.sheets import BadRow, Limits, Sheet, open_sheet
from foretrack.rules.reaching import Way

NAME, CODE, REGION = "name", "code", "region"
ABOUT: Mapping[str, Bilingual] = {
    NAME: Bilingual("Name", "企业名称"),
    CODE: Bilingual("Unified social credit code", "统一社会信用代码"),
    REGION: Bilingual("Region", "地区"),
}
"""The columns that say whose figures a row holds."""
OTHER_NAMES = {"名称": NAME, "企业": NAME, "uscc": CODE, "信用代码": CODE, "所在地区": REGION}
MOST_LISTED = 20


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
    values: Mapping[str, Value]
    answer: LevelAnswer | None
    then: LevelAnswer | None
    """After the changes of `--what-if`."""
    way: Way | None
    """The cheapest way to the next echelon, where it was asked for."""
    problems: tuple[tuple[str, InputError], ...]
    """(column, what is wrong with it); the column is empty where the whole row is wrong."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """All rows of a table, in its order."""

    asked: Asked
    firms: tuple[Firm, ...]
    left_out: tuple[str, ...]
    """Columns that the ladder does not ask for."""
    changes: tuple[Change, ...]

    def levels(self) -> dict[str, int]:
        """Echelon to the number of enterprises whose level it is; "" for those below the first, and no rejected row."""
        counted = Counter(firm.answer.level or "" for firm in self.firms if firm.answer is not None)
        order = ["", *(one.id for one in self.asked.steps.ladder.echelons)]
        return {name: counted[name] for name in order}


def asked_by(
    name: str, *, today: str, on: str | None = None, overlays: Sequence[str] = (), paths: Sequence[Path] = ()
) -> Asked:
    """A ladder, ready to be asked.

    Args:
        name: id of a ladder, or of a pack with one.
        on: the day on which rules are in force; without one today, or, of a ladder that is not in force today, the day of
            its period that lies nearest: the answer says so (`moved`).
        overlays: what a region adds to the rules.
        paths: folders of packs beside the built-in ones.

    InputError for a name that is not there; EvidenceError for a day on which the ladder is not in force.
    """
    packs = load_packs(paths)
    ladder = choose_ladder(load_ladders(paths), name)
    day = on or ladder.last_day(today)
    if not ladder.in_force(day):
        raise EvidenceError.of(
            "{name} is not in force on {on}",
            expected="a date in {periods}",
            do="give a date with --on, or add a pack with the rule of that date",
            name=ladder.id,
            on=day,
            periods=f"{ladder.valid_from} – {ladder.valid_to or '…'}",
        )
    rules = {rule.full_id: rule for pack in packs for rule in pack.rules}
    laid = [_overlay(packs, ladder, one, day) for one in overlays]
    steps = steps_of(ladder, rules, on=day, overlays=laid)
    known = {name: one for rule in rules.values() for name, one in rule.known_indicators().items()}
    return Asked(steps, today, steps.indicators(), known, on is None and day != today)


def _overlay(packs: Sequence[Pack], ladder: Ladder, name: str, on: str) -> Overlay:
    """The overlay of one of a ladder's rules, in force on a day."""
    rules = {one.rule for one in ladder.echelons}
    fit = [o for pack in packs for o in pack.overlays if o.of in rules and o.in_force(on)]
    found = [o for o in fit if name in (o.id, o.full_id, o.jurisdiction)]
    if len(found) != 1:
        raise InputError.of(
            "{n} overlays {name!r} of {rule} are in force on {on}",
            expected="one of {known}",
            do="give the overlay's whole name, or leave --overlay out",
            n=len(found),
            name=name,
            rule=ladder.id,
            on=on,
            known=", ".join(o.full_id for o in fit) or "-",
        )
    return found[0]


def columns_of(indicators: Mapping[str, Indicator], language: str) -> dict[str, str]:
    """Name of a column to its heading in the template: names in English, labels in Chinese; `headings` reads both."""
    if language != "zh":
        return {name: name for name in (*ABOUT, *indicators)}
    labels = {name: one.label.text("zh") for name, one in indicators.items()}
    twice = {label for label, n in Counter(labels.values()).items() if n > 1}
    return {name: one.zh for name, one in ABOUT.items()} | {
        name: name if label in twice else label for name, label in labels.items()
    }


def headings(indicators: Mapping[str, Indicator]) -> dict[str, str]:
    """Every heading that is understood, in small letters, to the name of its column."""
    found: dict[str, str] = {}
    for name, one in indicators.items():
        for label in (one.label.en, one.label.zh):
            for heading in (label, f"{label} ({one.unit})", f"{label}（{one.unit}）"):
                found.setdefault(_folded(heading), name)
    for name, said in ABOUT.items():
        found |= {_folded(said.en): name, _folded(said.zh): name}
    found |= {_folded(heading): name for heading, name in OTHER_NAMES.items()}
    # Last, so that a name never gives way to a label.
    return found | {_folded(name): name for name in (*ABOUT, *indicators)}


def _folded(heading: str) -> str:
    return " ".join(heading.replace("_", "-").casefold().split())


def assess_table(
    path: Path,
    asked: Asked,
    changes: Sequence[Change] = (),
    *,
    way: bool = False,
    limits: Limits | None = None,
) -> Assessed:
    """An answer for every row of a CSV (UTF-8 or GB18030; comma, semicolon or tab) or Excel file.

    Args:
        way: the cheapest way to the next echelon is sought for each enterprise, which may take seconds for one.

    InputError when it is no table, when it has no rows, or when a column is no indicator.
    """
    if not path.is_file():
        raise InputError.of(
            "{path} does not exist", expected="a table", do="check the name", path=path
        )  # fmt: skip
    known = headings({**asked.known, **asked.indicators})
    with open_sheet(path, lambda heading: _folded(heading) in known, limits) as sheet:
        columns, left_out = _columns(sheet.header, known, asked)
        firms = tuple(_firms(sheet, columns, asked, changes, way))
    if not firms:
        raise InputError.of(
            "{path} has no row", expected="at least one row under the heading", do="fill it in", path=path
        )
    return Assessed(asked, firms, left_out, tuple(changes))


def _columns(
    header: Sequence[str], known: Mapping[str, str], asked: Asked
) -> tuple[list[str | None], tuple[str, ...]]:
    """The name of each column, None for one that is left out. InputError for a column that nobody knows."""
    columns: list[str | None] = []
    left_out = []
    for heading in header:
        name = known.get(_folded(heading))
        if name is None:
            near = get_close_matches(_folded(heading), known, n=3, cutoff=0.5) or list(asked.indicators)[:5]
            raise InputError.of(
                "there is a column {column!r}, which is no indicator",
                expected="`name`, `code`, `region` and indicators such as {near}",
                do="take the columns of `foretrack enterprise template`",
                column=heading,
                near=", ".join(near),
            )
        if name in columns:
            raise InputError.of(
                "there are two columns for {indicator}",
                expected="one column per indicator",
                do="delete one of them",
                indicator=name,
            )
        asks = name in ABOUT or name in asked.indicators
        columns.append(name if asks else None)
        if not asks:
            left_out.append(heading)
    return columns, tuple(left_out)


def _firms(
    sheet: Sheet, columns: Sequence[str | None], asked: Asked, changes: Sequence[Change], way: bool
) -> Iterator[Firm]:
    codes: dict[str, int] = {}
    for row in sheet.rows:
        if isinstance(row, BadRow):
            yield Firm(row.line, "", "", "", {}, None, None, None, (("", row.error),))
            continue
        line, cells = row
        given = {name: cell for name, cell in zip(columns, cells, strict=True) if name is not None}
        firm = assess_row(line, given, asked, changes, way=way)
        if firm.code and (first := codes.setdefault(firm.code, line)) != line:
            twice = InputError.of(
                "the code {code} stands in line {line} already",
                expected="each enterprise once",
                do="delete one of the two rows",
                code=firm.code,
                line=first,
            )
            firm = replace(firm, answer=None, then=None, way=None, problems=(*firm.problems, (CODE, twice)))
        yield firm


def assess_row(
    line: int, given: Mapping[str, object], asked: Asked, changes: Sequence[Change] = (), *,
    way: bool = False,
) -> Firm:  # fmt: skip
    """Where one enterprise stands: `given` holds its name, code and region, and indicators that the ladder asks for.

    With one figure that cannot be read there is no answer: a level from the rest would be another enterprise's.
    """
    about = {name: "" if given.get(name) is None else str(given[name]).strip() for name in ABOUT}
    values, wrong = read_figures(
        asked.indicators, {name: raw for name, raw in given.items() if name not in ABOUT}
    )
    problems: list[tuple[str, InputError]] = list(wrong.items())
    if about[CODE]:
        try:
            about[CODE] = normalise("uscc", about[CODE])
        except InputError as error:
            problems.append((CODE, error))
    if not any(about.values()):
        problems.append(
            (NAME, InputError.of("the row names no enterprise", expected="a name or a code", do="fill it in"))
        )
    answer = then = path = None
    if not problems:
        try:
            answer = level_of(asked.steps, values)
            if way:
                path = way_up(asked.steps, values, answer)
            if changes:
                then = level_of(asked.steps, changed(values, changes, asked.indicators))
        except InputError as error:
            problems.append(("", error))
    return Firm(line, about[NAME], about[CODE], about[REGION], values, answer, then, path, tuple(problems))
