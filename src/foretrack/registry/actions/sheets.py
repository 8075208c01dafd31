"""Opens a CSV or Excel file as a header and rows of cells, one at a time, within limits; nothing in it is run."""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeAlias

from foretrack.foundation.errors import InputError
from foretrack.foundation.spreadsheets import as_written, excel_unescaped
from foretrack.registry.declaring.fields import found

Cell: TypeAlias = str | int | float | None

PIECE = 1 << 20
DELIMITERS = (",", ";", "\t")
_XML_ENTITY = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be."""

    bytes: int = 100 * 1024 * 1024
    unpacked: int = 1024 * 1024 * 1024
    """Bytes of all parts of an Excel file together."""
    parts: int = 1000
    rows: int = 200_000
    columns: int = 500
    characters: int = 100_000
    """Of one cell."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An opened file. `rows` gives (line, cells), as many cells as the header has; it can be read once."""

    format: str
    encoding: str
    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[Cell]] | BadRow]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no row of this table."""

    line: int
    error: InputError


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


@contextmanager
def open_sheet(path: Path, known: Callable[[str], bool], limits: Limits | None = None) -> Iterator[Sheet]:
    """The file as a sheet.

    Args:
        known: whether a header is one that the reader knows; it tells the separator.

    Raises InputError, at once or while rows are read, for a file that is too large or is no table. Its content says which
    format it has, not its name.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size > limits.bytes:
        raise _too_much("the file has {n} bytes", size, limits.bytes)
    if not size:
        raise InputError.of("the file is empty", expected="a header and rows", do="take the template")
    with path.open("rb") as file:
        begins = file.read(8)
    if begins.startswith(b"PK\x03\x04"):
        with _excel(path, limits) as sheet:
            yield sheet
    elif begins.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError.of(
            "the file is an Excel workbook of the old kind (.xls), or one with a password",
            expected=".xlsx or .csv", do="save it as .xlsx without a password",
        )  # fmt: skip
    else:
        encoding = encoding_of(path)
        with path.open(encoding=encoding, newline="") as text:
            yield _csv(text, encoding, known, limits)


def _too_much(what: str, n: int, most: int) -> InputError:
    return InputError.of(what, expected="at most {most}", do="divide the file", n=n, most=most)


def encoding_of(path: Path) -> str:
    """`utf-8-sig`, `utf-16` or `gb18030`: the first in which the whole file can be read."""
    with path.open("rb") as file:
        begins = file.read(4)
    candidates = ("utf-16",) if begins[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in candidates:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        try:
            with path.open("rb") as file:
                while piece := file.read(PIECE):
                    decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise InputError.of(
        "the text of the file cannot be read", expected="UTF-8 or GB18030", do="save it as CSV in UTF-8"
    )


def _csv(text: Any, encoding: str, known: Callable[[str], bool], limits: Limits) -> Sheet:
    delimiter = _delimiter(text.readline(limits.characters), known)
    text.seek(0)
    reader = csv.reader(_lines(text, limits), delimiter=delimiter, strict=True)
    rows = _csv_rows(reader)
    try:
        start = next(rows)
    except StopIteration:
        raise InputError.of(
            "the file is empty", expected="a header and rows", do="take the template"
        ) from None
    _, cells = start
    header = tuple(str(cell).strip() for cell in cells)
    while header and not header[-1]:
        header = header[:-1]
    _check_columns(len(header), limits)
    return Sheet("csv", encoding, header, _even(rows, len(header), limits))


def _lines(text: Any, limits: Limits) -> Iterator[str]:
    """Lines of a bounded length: a file of one endless line fills no memory."""
    most = limits.characters * 10
    while line := text.readline(most + 1):
        if len(line) > most:
            raise _too_much("a line of more than {n} characters", most, most)
        yield line


def _delimiter(line: str, known: Callable[[str], bool]) -> str:
    def worth(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([line], delimiter=delimiter))
        except (csv.Error, StopIteration):
            return 0, 0
        return sum(known(cell.strip()) for cell in cells), len(cells)

    return max(DELIMITERS, key=worth)


def _csv_rows(reader: Any) -> Iterator[tuple[int, list[Any]]]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError.of(
                "line {line} is no line of a CSV file ({why})", expected="quotes that open and close around a cell",
                do="save the file as CSV again", line=line, why=str(error),
            ) from error  # fmt: skip
        if any(cell.strip() for cell in cells):
            yield line, [as_written(cell) for cell in cells]


def _even(
    rows: Iterator[tuple[int, list[Any]]], width: int, limits: Limits
) -> Iterator[tuple[int, list[Cell]] | BadRow]:
    for count, (line, cells) in enumerate(rows, start=1):
        if count > limits.rows:
            raise _too_much("more than {n} rows", limits.rows, limits.rows)
        while len(cells) > width and cells[-1] in (None, ""):
            cells.pop()
        bad = _bad_row(cells, width, limits)
        yield BadRow(line, bad) if bad else (line, cells)


def _bad_row(cells: Sequence[Any], width: int, limits: Limits) -> InputError | None:
    if len(cells) != width:
        return InputError.of(
            "the row has {n} cells",
            expected="{width}, as the header has",
            do="mend the row",
            n=len(cells),
            width=width,
        )
    for cell in cells:
        if isinstance(cell, str):
            if len(cell) > limits.characters:
                return _too_much("a cell has {n} characters", len(cell), limits.characters)
            if "\x00" in cell:
                return InputError.of(
                    "a cell holds a NUL character",
                    expected="text",
                    do="save the file again",
                    cell=found(cell),
                )
    return None


def _check_columns(n: int, limits: Limits) -> None:
    if n > limits.columns:
        raise _too_much("the header has {n} columns", n, limits.columns)
    if not n:
        raise InputError.of("the file has no header", expected="the names of columns", do="take the template")


@contextmanager
def _excel(path: Path, limits: Limits) -> Iterator[Sheet]:
    from openpyxl import load_workbook

    _check_parts(path, limits)
    file = path.open("rb")
    try:
        # Given the file and not its path, which would have to end in .xlsx.
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception as error:
        file.close()
        raise _no_workbook(error) from error
    try:
        if not book.worksheets:
            raise InputError.of(
                "the workbook has no sheet", expected="one with a header and rows", do="take the template"
            )
        page = book.worksheets[0]
        page.reset_dimensions()
        rows = _excel_rows(page)
        try:
            _, cells = next(rows)
        except StopIteration:
            raise InputError.of(
                "the file is empty", expected="a header and rows", do="take the template"
            ) from None
        header = ["" if cell is None else str(cell).strip() for cell in cells]
        while header and not header[-1]:
            header.pop()
        _check_columns(len(header), limits)
        width = len(header)
        padded = ((line, cells + [None] * (width - len(cells))) for line, cells in rows)
        yield Sheet("xlsx", "", tuple(header), _even(padded, width, limits))
    finally:
        book.close()
        file.close()


def _no_workbook(error: Exception) -> InputError:
    return InputError.of(
        "the file is no Excel workbook that can be read ({why})", expected=".xlsx or .csv", do="save it as .xlsx again",
        why=f"{type(error).__name__}: {str(error)[:100]}",
    )  # fmt: skip


def _check_parts(path: Path, limits: Limits) -> None:
    """Unpacks every part once and counts what really comes out, before any program reads it; entities are refused."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            if len(parts) > limits.parts:
                raise _too_much("the workbook has {n} parts", len(parts), limits.parts)
            total = 0
            for part in parts:
                with packed.open(part) as file:
                    tail = b""
                    while piece := file.read(PIECE):
                        total += len(piece)
                        if total > limits.unpacked:
                            raise _too_much(
                                "the workbook unpacks to more than {n} bytes",
                                limits.unpacked,
                                limits.unpacked,
                            )
                        # UTF-16 puts a zero between the letters.
                        plain = (tail + piece).replace(b"\x00", b"")
                        if part.filename.lower().endswith((".xml", ".rels")) and _XML_ENTITY.search(plain):
                            raise InputError.of(
                                "the workbook declares entities in {part}", expected="a workbook as Excel saves it",
                                do="save it as .xlsx again", part=part.filename[:60],
                            )  # fmt: skip
                        tail = piece[-40:]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise _no_workbook(error) from error
    except Exception as error:  # zlib.error and its like
        if isinstance(error, InputError):
            raise
        raise _no_workbook(error) from error


def _excel_rows(page: Any) -> Iterator[tuple[int, list[Any]]]:
    rows = page.iter_rows(values_only=True)
    line = 0
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except Exception as error:
            raise _no_workbook(error) from error
        line += 1
        if any(cell is not None and cell != "" for cell in cells):
            yield line, [_excel_cell(cell) for cell in cells]


def _excel_cell(cell: Any) -> Cell:
    if cell is None or (isinstance(cell, int) and not isinstance(cell, bool)):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    text = cell if isinstance(cell, str) else str(getattr(cell, "text", cell))
    return as_written(excel_unescaped(text))
