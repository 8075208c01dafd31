"""Assesses a table: one row per organisation or technology, one column per indicator."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from foretrack.foundation.errors import ForetrackError, InputError, OutsideError
from foretrack.foundation.made import Made, chained
from foretrack.foundation.progress import Progress, silent
from foretrack.foundation.sentences import Say, Sentence
from foretrack.packs.rule_shapes import Overlay, Rule
from foretrack.rules.answers import Assessment, Brief, Comparison
from foretrack.rules.choosing import laid_over
from foretrack.rules.comparing import compared
from foretrack.rules.tables import TableAnswer, assess_pairs

NAMES = ("name", "名称")
"""The column that says whose values a row holds."""
SUFFIXES = (".csv", ".xlsx", ".json")
MAX_ROWS = 200_000


IN_A_BLOCK = 5_000
"""Rows that are assessed together."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the answer: what the rule says, or why it says nothing."""

    row: int
    """1 is the first row after the heading."""
    name: str
    brief: Brief | None
    then: Brief | None
    """After the changes, where some were asked for."""
    problem: ForetrackError | None
    trace: Callable[[], tuple[Assessment, Assessment | None]] = field(compare=False)
    """The whole assessment, and the one after the changes; made each time it is asked for."""

    @property
    def assessment(self) -> Assessment | None:
        """Everything, with every reason."""
        return None if self.problem else self.trace()[0]

    def traced(self) -> tuple[Assessment | None, Comparison | None]:
        """The assessment, and the comparison where changes were asked for."""
        if self.problem:
            return None, None
        before, after = self.trace()
        return before, None if after is None else compared(before, after)

    def told(self, say: Say) -> str:
        """Why there is no assessment, in the reader's language; empty where there is one."""
        return self.problem.told(say) if self.problem else ""


def assess_sheet(
    path: Path,
    rule: Rule,
    *,
    on: str,
    overlay: Overlay | None = None,
    changes: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> Sequence[SheetRow]:
    """An answer per row of a .csv, .xlsx or .json file, in its order; a row that does not fit says why.

    Args:
        changes: indicator -> value: what if it were so in every row?

    InputError when the file cannot be read as a table, or a column or a change is no indicator.
    """
    rows = list(read_sheet(path))
    columns = list(dict.fromkeys(name for row in rows for name in row))
    # An overlay may ask for more than the rule itself.
    asked = laid_over(rule, overlay) if overlay is not None else rule
    named = _columns(columns, asked, path)
    parts: list[Sequence[SheetRow]] = []
    for start in range(0, len(rows), IN_A_BLOCK):
        block = rows[start : start + IN_A_BLOCK]
        names = [next((str(row[key] or "") for key in NAMES if key in row), "") for row in block]
        given = [{named[key]: value for key, value in row.items() if key in named} for row in block]
        (before,) = assess_pairs([(rule, overlay)], given, on=on)
        after = None
        if changes:
            (after,) = assess_pairs([(rule, overlay)], [{**row, **changes} for row in given], on=on)
        parts.append(Made(len(block), partial(_answer, start + 1, names, before, after)))
        progress("assessing", start + len(block), len(rows))
    return chained(parts)


def _answer(
    first: int, names: Sequence[str], before: TableAnswer, after: TableAnswer | None, place: int
) -> SheetRow:  # fmt: skip
    problem = before.rejected.get(place) or (after.rejected.get(place) if after else None)
    return SheetRow(
        first + place, names[place],
        None if problem else before.brief(place),
        None if problem or after is None else after.brief(place),
        problem,
        lambda: (before.assessment(place), after.assessment(place) if after else None),
    )  # fmt: skip


def _columns(columns: Sequence[str], rule: Rule, path: Path) -> dict[str, str]:
    """Column -> indicator, by id or label. InputError for a column that is neither."""
    from difflib import get_close_matches

    known: dict[str, str] = {}
    for name, indicator in rule.known_indicators().items():
        known |= {indicator.label.en: name, indicator.label.zh: name}
    known = {**known, **{name: name for name in rule.known_indicators()}}
    found: dict[str, str] = {}
    for column in columns:
        if column in NAMES:
            continue
        if column not in known:
            near = get_close_matches(column, known, n=3, cutoff=0.5) or list(rule.known_indicators())[:5]
            raise InputError.of(
                "{path} has a column {column!r}, which is no indicator of {rule}",
                expected="`name` and indicators such as {near}",
                do="take the columns of `foretrack pack template {rule}`",
                path=path,
                column=column,
                rule=rule.full_id,
                near=", ".join(near),
            )
        if known[column] in found.values():
            raise InputError.of(
                "{path} has two columns for {indicator}",
                expected="one column per indicator",
                do="delete one of them",
                path=path,
                indicator=known[column],
            )
        found[column] = known[column]
    return found


def read_sheet(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a table as column -> cell; empty rows are left out. InputError when it is no table."""
    if path.suffix.lower() not in SUFFIXES:
        raise InputError.of(
            "{path} is no table that can be read",
            expected="a file that ends in {known}",
            do="save it as CSV in UTF-8",
            path=path,
            known=", ".join(SUFFIXES),
        )
    reader = {".csv": _csv, ".xlsx": _xlsx, ".json": _json}[path.suffix.lower()]
    number = 0
    try:
        for row in reader(path):
            if all(cell is None or not str(cell).strip() for cell in row.values()):
                continue
            number += 1
            if number > MAX_ROWS:
                raise InputError.of(
                    "{path} has more than {most} rows",
                    expected="at most so many",
                    do="split it",
                    path=path,
                    most=MAX_ROWS,
                )
            yield row
    except FileNotFoundError:
        raise InputError.of(
            "{path} does not exist", expected="a table", do="check the name", path=path
        ) from None
    except OSError as error:
        raise OutsideError.of(
            "{path} cannot be read: {reason}",
            expected="a readable file",
            do="check its name and permissions",
            path=path,
            reason=error.strerror or error,
        ) from None


def _unreadable(path: Path, reason: object) -> InputError:
    return InputError.of(
        "{path} is not what its name says: {reason}",
        expected="a table with one heading line",
        do="save it again as CSV in UTF-8 or as .xlsx",
        path=path,
        reason=reason,
    )


def _heading(path: Path, cells: Sequence[object]) -> list[str]:
    heading = ["" if cell is None else str(cell).strip() for cell in cells]
    while heading and not heading[-1]:
        heading.pop()
    if not heading or "" in heading or len(set(heading)) != len(heading):
        raise _unreadable(path, Sentence("columns without a name, or two of one name"))
    return heading


def _row(path: Path, number: int, heading: list[str], cells: Sequence[object]) -> dict[str, Any]:
    if any(cell is not None and str(cell).strip() for cell in cells[len(heading) :]):
        raise _unreadable(path, Sentence("row {n} has more cells than the heading", {"n": number}))
    return dict(zip(heading, cells, strict=False))


def _csv(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines, strict=True)
            heading = _heading(path, next(rows, []))
            for number, cells in enumerate(rows, start=1):
                yield _row(path, number, heading, cells)
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from None


def _xlsx(path: Path) -> Iterator[dict[str, Any]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise _unreadable(path, error) from None
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        heading = _heading(path, next(rows, ()))
        for number, cells in enumerate(rows, start=1):
            yield _row(path, number, heading, [_cell(cell) for cell in cells])
    finally:
        book.close()


def _cell(cell: object) -> object:
    """A date of a spreadsheet as ISO text; everything else as it is."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell


def _json(path: Path) -> Iterator[dict[str, Any]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, error) from None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise _unreadable(path, Sentence("no list of objects"))
    for row in found:
        if any(isinstance(cell, dict | list) for cell in row.values()):
            raise _unreadable(path, Sentence("an object or list as a value"))
        yield row
