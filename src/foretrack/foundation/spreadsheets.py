"""Tables that a spreadsheet opens without running or losing anything: CSV text and Excel bytes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from foretrack.foundation.errors import InputError

Cell: TypeAlias = str | int | float | bool | None
Row: TypeAlias = Mapping[str, Cell]

# OWASP's list of characters with which a spreadsheet takes a cell for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LONGEST = 32_767
"""So many characters an Excel cell holds; more would be cut off without a word."""
_EXACT = 10**15
"""Excel shows fifteen digits of a number; a longer one is written as text."""
_FIRST_DAY = date(1900, 3, 1)
"""Before it, Excel counts a day that never was."""
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def neutral(cell: Cell) -> Cell:
    """The cell, with an apostrophe in front where a spreadsheet would run it as a formula.

    Numbers stay numbers; only text can be a formula. Text that already stands behind apostrophes gets one more, so that
    `as_written` gives every text back.

    >>> [neutral(c) for c in ("=1+1", "-5", -5, "graph", "@x", None, "'=x", "'tis")]
    ["'=1+1", "'-5", -5, 'graph', "'@x", None, "''=x", "'tis"]
    """
    if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA_STARTS):
        return "'" + cell
    return cell


def as_written(text: str) -> str:
    """The text that `neutral` made harmless.

    >>> [as_written(c) for c in ("'=1+1", "''=x", "'tis", "graph")]
    ['=1+1', "'=x", "'tis", 'graph']
    """
    bare = text.lstrip("'")
    return text[1:] if bare != text and bare.startswith(FORMULA_STARTS) else text


def csv_text(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """The rows as RFC 4180 CSV with a header line; every text cell neutralised.

    >>> csv_text(["label", "rank"], [{"label": "=cmd", "rank": 1}]).split("\\r\\n")
    ['label,rank', "'=cmd,1", '']
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([neutral(row.get(column)) for column in columns])
    return out.getvalue()


def excel_escaped(text: str) -> str:
    """Text with `_x000B_` for what XML cannot hold, which is how Excel itself writes it (ECMA-376 part 1, 22.9.2.19).

    >>> excel_escaped("a\\x0bb"), excel_escaped("_x000B_")
    ('a_x000B_b', '_x005F_x000B_')
    """
    return _NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def excel_unescaped(text: str) -> str:
    """What `excel_escaped` was made from.

    >>> excel_unescaped("a_x000B_b"), excel_unescaped("_x005F_x000B_")
    ('a\\x0bb', '_x000B_')
    """
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: a header and rows, cells in the order of the header."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell | date]]
    widths: Sequence[int] = ()
    """In characters; Excel's own where none is given."""


def workbook(sheets: Sequence[Sheet], *, made: date | None = None) -> bytes:
    """The sheets as an Excel file: bold headers that stay in view, text never a formula, nothing cut off.

    Args:
        sheets: at least one.
        made: the date that the file says it was made; with it, equal sheets give equal bytes.

    Raises InputError for a text that no cell can hold, with its sheet, row and column.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    # All of it before the first byte is written: the library cannot stop in the middle.
    safe: list[list[list[Cell | date]]] = [
        [
            [str(_safe(name, sheet, 1, name)) for name in sheet.header],
            *(
                [_safe(cell, sheet, number, name) for cell, name in zip(row, sheet.header, strict=True)]
                for number, row in enumerate(sheet.rows, start=2)
            ),
        ]
        for sheet in sheets
    ]
    book = Workbook(write_only=True)
    for sheet, (names, *rows) in zip(sheets, safe, strict=True):
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        for number, width in enumerate(sheet.widths, start=1):
            page.column_dimensions[get_column_letter(number)].width = width
        header = [WriteOnlyCell(page, value=str(name)) for name in names]
        for cell in header:
            cell.font = Font(bold=True)
        page.append(header)
        for row in rows:
            page.append([_exact(page, cell) if isinstance(cell, float) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue() if made is None else _dated(out.getvalue(), made)


def _exact(page: Any, number: float) -> Any:
    """The number with all its digits; the library writes sixteen, and one double in two needs seventeen."""
    if float(f"{number:.16g}") == number:
        return number
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(page, value=repr(number))
    cell.data_type = "n"
    return cell


def _safe(cell: Cell | date, sheet: Sheet, row: int, column: str) -> Cell | date:
    if isinstance(cell, bool) or cell is None:
        return cell
    if isinstance(cell, date):
        return cell if cell >= _FIRST_DAY else cell.isoformat()
    if isinstance(cell, int):
        return cell if abs(cell) < _EXACT else str(cell)
    if isinstance(cell, float):
        return cell
    text = excel_escaped(str(neutral(cell)))
    if len(text) > LONGEST:
        raise InputError.of(
            "the text in column {column} of row {row} has {n} characters",
            expected="at most {longest}, which is what a cell of Excel holds",
            do="take CSV or JSON, or shorten the text",
            column=repr(column),
            row=row,
            n=len(text),
            longest=LONGEST,
        )
    return text


def _dated(content: bytes, made: date) -> bytes:
    """The same workbook with `made` wherever the library wrote the time of day."""
    import zipfile

    out = io.BytesIO()
    stamp = f"{made.isoformat()}T00:00:00Z".encode()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            data = before.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, data)
            # ZIP counts from 1980.
            day = max(made, date(1980, 1, 1))
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(info, data)
    return out.getvalue()
