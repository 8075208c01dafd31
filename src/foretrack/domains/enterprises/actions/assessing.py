"""Assesses a table of enterprises by a ladder: a row that cannot be read says why, and the others are answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from foretrack.domains.enterprises.blocks import ABOUT, CODE, NAME, REGION, Asked, Block, Firm, Row
from foretrack.domains.enterprises.changes import Change
from foretrack.domains.enterprises.levels import steps_of
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.foundation.made import Made, chained
from foretrack.foundation.progress import Progress, silent
from foretrack.packs.ladders import Ladder, choose_ladder, load_ladders
from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import Indicator, Overlay
from foretrack.packs.shapes import Pack
from foretrack.registry.actions.sheets import BadRow, Limits, Sheet, open_sheet

OTHER_NAMES = {"名称": NAME, "企业": NAME, "uscc": CODE, "信用代码": CODE, "所在地区": REGION}
IN_A_BLOCK = 5_000
"""Rows that are assessed together."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """All rows of a table, in its order."""

    asked: Asked
    blocks: tuple[Block, ...]
    left_out: tuple[str, ...]
    """Columns that the ladder does not ask for."""
    changes: tuple[Change, ...]

    @property
    def firms(self) -> Sequence[Firm]:
        """Each is made when it is asked for."""
        return chained([Made(len(block), block.firm) for block in self.blocks])

    def levels(self) -> dict[str, int]:
        """Echelon to the number of enterprises whose level it is; "" for those below the first, and no rejected row."""
        counted: Counter[str] = Counter()
        for block in self.blocks:
            counted += block.levels()
        order = ["", *(one.id for one in self.asked.steps.ladder.echelons)]
        return {name: counted[name] for name in order}

    def rejected(self) -> int:
        """How many rows have no answer."""
        return len(self.firms) - sum(self.levels().values())


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
    progress: Progress = silent,
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
        found = assess_rows(_given(sheet, columns), asked, changes, way=way, progress=progress)
    if not found.blocks:
        raise InputError.of(
            "{path} has no row", expected="at least one row under the heading", do="fill it in", path=path
        )
    return replace(found, left_out=left_out)


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


def _given(sheet: Sheet, columns: Sequence[str | None]) -> Iterator[Row]:
    for row in sheet.rows:
        if isinstance(row, BadRow):
            yield row.line, row.error
        else:
            line, cells = row
            yield (
                line,
                {
                    name: cell
                    for name, cell in zip(columns, cells, strict=True)
                    if name is not None and cell is not None and cell != ""
                },
            )


def assess_rows(
    rows: Iterable[Row], asked: Asked, changes: Sequence[Change] = (), *,
    way: bool = False, progress: Progress = silent,
) -> Assessed:  # fmt: skip
    """Where enterprises stand: each row holds name, code and region, and indicators that the ladder asks for.

    With one figure that cannot be read there is no answer: a level from the rest would be another enterprise's.
    """
    codes: dict[str, int] = {}
    blocks: list[Block] = []
    done, waiting = 0, iter(rows)
    while taken := list(islice(waiting, 10 if way else IN_A_BLOCK)):
        blocks.append(Block(taken, asked, changes, way, codes))
        done += len(taken)
        progress("assessing", done, None)
    return Assessed(asked, tuple(blocks), (), tuple(changes))


def assess_row(
    line: int, given: Mapping[str, object], asked: Asked, changes: Sequence[Change] = (), *,
    way: bool = False,
) -> Firm:  # fmt: skip
    """Where one enterprise stands, as `assess_rows`."""
    return assess_rows([(line, given)], asked, changes, way=way).firms[0]
