"""Rows of a CSV or Excel export as named cells, with the row number a person sees in a spreadsheet."""

from __future__ import annotations

import csv
import io
import itertools
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from foretrack.foundation.errors import InputError, SourceError
from foretrack.records.document import Rejected

if TYPE_CHECKING:
    from openpyxl import Workbook

    from foretrack.sources.kit.opening import OpenedFile

PREAMBLE_ROWS = 40
"""A header row stands within the first 40 rows, or the table is not the export it seemed to be."""

LONGEST_FIELD = 8 * 1024**2
"""Characters of one cell. Longer means an unclosed quote."""

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    SyntaxError,
    LookupError,
    ValueError,
    OSError,
    TypeError,
    AttributeError,
    RuntimeError,
    OverflowError,
    AssertionError,
)
"""What openpyxl raises on damaged workbooks: nearly anything."""

WORKBOOK_LIMIT = 4 * 1024**3
"""Bytes of a workbook unpacked; openpyxl holds its shared texts in memory."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, before its cells have names."""

    position: str
    """`row 8` (CSV; blank lines count) or `sheet A row 8` (Excel)."""
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table below its header: the cells by the header's folded names."""

    position: str
    cells: dict[str, str]

    def get(self, *names: str) -> str:
        """The first of the named columns that is not empty, stripped; "" if none.

        >>> Record("row 2", {"title": " A ", "name": "B"}).get("label", "title", "name")
        'A'
        """
        for name in names:
            value = self.cells.get(name, "").strip()
            if value:
                return value
        return ""

    def excerpt(self) -> str:
        """The first 200 characters of the row, cells joined by ` | `."""
        return " | ".join(cell for cell in self.cells.values() if cell)[:200]


def folded(name: str) -> str:
    """A column name as it is compared: lower case, white space and no-break spaces folded, BOM removed.

    >>> folded("\\ufeff Award  Title ")
    'award title'
    """
    return re.sub(r"\s+", " ", name.replace("\ufeff", "")).strip().casefold()


def delimiter_of(line: str) -> str:
    """The delimiter of a header line: the most frequent of comma, semicolon, tab and bar outside quotes.

    >>> delimiter_of('"id";"title, long";"objective"')
    ';'
    >>> delimiter_of("title")
    ','
    """
    bare = re.sub(r'"[^"]*"', "", line)
    return max((",", ";", "\t", "|"), key=bare.count)


def csv_rows(file: OpenedFile, delimiter: str) -> Iterator[Row | Rejected]:
    """Every row of a CSV file, blank ones too, read strictly; a row with stray quotes is read leniently.

    A quote that is never closed would swallow the rest of the file, so it raises SourceError with the
    line where the row begins, after the rows before it.
    """
    feed = _Feed(file)
    waiting, taken = feed.waiting, feed.taken
    # The limit is one number for the process; reference lists outgrow the standard 128 Ki.
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    number = 0
    while True:
        taken.clear()
        number += 1
        try:
            yield Row(f"row {number}", tuple(next(reader)))
        except StopIteration:
            return
        except _LineTooLongError:
            begins, first = taken[0]
            reason = f"line {taken[-1][0]} is longer than {file.limits.line:,} characters"
            yield Rejected(f"row {number}", f"{reason}. Expected: a row within the limit", first[:200])
        except csv.Error as error:
            reason = str(error)
            begins, first = taken[0]
            if "field limit" in reason and len(taken) == 1:
                reason = f"a cell of line {begins} is longer than {LONGEST_FIELD:,} characters"
                yield Rejected(f"row {number}", f"{reason}. Expected: cells within the limit", first[:200])
                continue
            if "unexpected end of data" in reason or "field limit" in reason:
                raise SourceError(
                    f"{file.name}: a quote opened in row {number} (line {begins}) is never closed",
                    expected='every cell that begins with " to end with "',
                    do=f"look at line {begins}, mend the quote and ingest the file again",
                ) from error
            # The row is taken for its first line; what a stray quote swallowed after it is read again.
            waiting.extend(reversed(taken[1:]))
            cells = _leniently(first, delimiter) if len(taken) == 1 else None
            if cells is not None:
                yield Row(f"row {number}", cells)
            else:
                yield Rejected(
                    f"row {number}",
                    f"the quotes of line {begins} do not pair ({reason}). Expected: quotes in a cell doubled",
                    first[:200],
                )


class _LineTooLongError(Exception):
    """The line just taken exceeds the limit; it is given cut."""


class _Feed:
    """Lines for the csv module. It may raise in the middle and go on, as a generator could not."""

    def __init__(self, file: OpenedFile) -> None:
        self._source = file.lines(cut=True)
        self._limit = file.limits.line
        self.waiting: list[tuple[int, str]] = []
        """Lines to be read again, the next one last."""
        self.taken: list[tuple[int, str]] = []
        """Lines of the row that is being read."""

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        entry = self.waiting.pop() if self.waiting else next(self._source)
        self.taken.append(entry)
        if len(entry[1]) > self._limit:
            raise _LineTooLongError
        return entry[1] + "\n"


def _leniently(line: str, delimiter: str) -> tuple[str, ...] | None:
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter)))
    except csv.Error:
        return None


def excel_rows(file: OpenedFile, sheet: str | None) -> Iterator[Row]:
    """Every row of one sheet of an .xlsx workbook, cells as text (dates ISO, whole numbers without .0).

    Raises InputError when the sheet does not exist and SourceError when the workbook is damaged.
    """
    import openpyxl

    with Path(file.local_path()).open("rb") as stream:
        yield from _sheet_rows(file.name, stream, sheet, openpyxl.load_workbook)


def _sheet_rows(
    name: str, stream: BinaryIO, sheet: str | None, load: Callable[..., Workbook]
) -> Iterator[Row]:
    try:
        _refuse_bomb(name, stream)
        with warnings.catch_warnings():
            # openpyxl warns about styles and validations it does not read; neither is data.
            warnings.simplefilter("ignore", UserWarning)
            book = load(stream, read_only=True, data_only=True)
    except _BROKEN as error:
        raise SourceError(
            f"{name} is not a readable Excel workbook ({error})",
            expected="an undamaged .xlsx file",
            do="open it in a spreadsheet, save it as .xlsx or .csv, and ingest that",
        ) from error
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise InputError(
                f"{name} has no sheet {sheet!r}",
                expected="one of " + ", ".join(repr(name) for name in book.sheetnames),
                do="give one of these with --sheet",
            )
        worksheet = book[sheet if sheet is not None else book.sheetnames[0]]
        if hasattr(worksheet, "reset_dimensions"):
            # Some exporters write the dimension A1:A1, which would cut the table to one cell.
            worksheet.reset_dimensions()
        try:
            for number, values in enumerate(worksheet.iter_rows(values_only=True), start=1):
                yield Row(f"sheet {worksheet.title} row {number}", tuple(map(_cell_text, values)))
        except _BROKEN as error:
            raise SourceError(
                f"{name}: sheet {worksheet.title!r} breaks off ({error})",
                expected="an undamaged .xlsx file",
                do="download it again, or open and save it in a spreadsheet",
            ) from error
    finally:
        book.close()


def _refuse_bomb(name: str, stream: BinaryIO) -> None:
    with zipfile.ZipFile(stream) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
        packed = sum(info.compress_size for info in archive.infolist())
    stream.seek(0)
    if unpacked > WORKBOOK_LIMIT or (unpacked > 64 * 1024**2 and unpacked > 300 * max(packed, 1)):
        raise SourceError(
            f"{name} would unpack from {packed:,} to {unpacked:,} bytes",
            expected=f"a workbook of at most {WORKBOOK_LIMIT:,} bytes unpacked",
            do="save it as .csv and ingest that",
        )


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def named_rows(
    rows: Iterable[Row | Rejected],
    *,
    is_header: Callable[[Sequence[str]], bool],
    file_name: str,
    expected: str,
    padded: bool = False,
) -> Iterator[Record | Rejected]:
    """The rows below the header as records; empty rows are passed over, rows of a wrong width rejected.

    `is_header` gets the folded names of a row. `padded` accepts rows shorter than the header, for
    spreadsheets that leave out empty cells at the end. Raises InputError when none of the first
    40 rows is a header.
    """
    header: tuple[str, ...] = ()
    seen = 0
    for row in rows:
        if isinstance(row, Rejected):
            if header:
                yield row
            continue
        if not header:
            names = tuple(map(folded, row.cells))
            if is_header(names):
                while names and not names[-1]:
                    names = names[:-1]
                header = names
                continue
            seen += 1
            if seen >= PREAMBLE_ROWS:
                break
            continue
        if not any(cell.strip() for cell in row.cells):
            continue
        cells = row.cells
        while len(cells) > len(header) and not cells[-1].strip():
            cells = cells[:-1]
        if len(cells) != len(header) and not (padded and len(cells) < len(header)):
            yield Rejected(
                row.position,
                f"{len(cells)} cells. Expected: {len(header)}, as the header has",
                " | ".join(row.cells)[:200],
            )
            continue
        yield Record(row.position, dict(zip(header, cells, strict=False)))
    if not header:
        raise InputError(
            f"{file_name} has no header row among its first {PREAMBLE_ROWS} rows",
            expected=expected,
            do="ingest the file as it was exported, or name its format with --format",
        )


def csv_records(
    file: OpenedFile, is_header: Callable[[Sequence[str]], bool], expected: str
) -> Iterator[Record | Rejected]:
    """The records of a CSV file whose header satisfies `is_header`, under whatever delimiter it uses."""
    found = None
    for _, line in itertools.islice(file.lines(), PREAMBLE_ROWS):
        delimiter = delimiter_of(line)
        if any(is_header([folded(cell) for cell in row]) for row in first_rows(line, delimiter, 1)):
            found = delimiter
            break
    rows = csv_rows(file, found or ",")
    yield from named_rows(rows, is_header=is_header, file_name=file.name, expected=expected)


def excel_records(
    file: OpenedFile, sheet: str | None, is_header: Callable[[Sequence[str]], bool], expected: str
) -> Iterator[Record | Rejected]:
    """The records of one sheet of a workbook, below the row that satisfies `is_header`."""
    rows = excel_rows(file, sheet)
    yield from named_rows(rows, is_header=is_header, file_name=file.name, expected=expected, padded=True)


def first_rows(text: str, delimiter: str, count: int) -> list[list[str]]:
    """Up to `count` leading rows of CSV text, leniently, for detection; never raises.

    >>> first_rows("a,b\\n1,2\\n", ",", 1)
    [['a', 'b']]
    """
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) >= count:
                break
    except csv.Error:
        pass
    return rows


def any_header(rows: Iterable[Sequence[str]], is_header: Callable[[Sequence[str]], bool]) -> bool:
    """Whether one of the rows of a sample (`Sample.rows`) is a header. For detection.

    >>> any_header([["My list"], ["Id ", "TITLE"]], lambda names: "title" in names)
    True
    """
    return any(is_header([folded(cell) for cell in row]) for row in rows)


def header_in(text: str, is_header: Callable[[Sequence[str]], bool]) -> bool:
    """Whether one of the first 40 lines of CSV text, under its own delimiter, is a header. For detection."""
    for line in text.split("\n", PREAMBLE_ROWS)[:PREAMBLE_ROWS]:
        for row in first_rows(line, delimiter_of(line), 1):
            if is_header([folded(cell) for cell in row]):
                return True
    return False
