"""The first rows of files that are no text, so that detection knows them however large they are.

A Parquet file names its columns at its end, and a workbook keeps its texts apart from its sheets: the
beginning of the bytes shows neither.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TypeAlias

Rows: TypeAlias = tuple[tuple[str, ...], ...]

ROWS = 40
"""Rows looked at in each sheet: where a header row may stand."""
SHEETS = 10
CELLS = 400
"""Cells looked at in a row."""
TEXTS = 20_000
"""Shared texts looked at. A header row's are among the first, in the order of their first use."""
PARQUET = b"PAR1"
ZIP = b"PK\x03\x04"

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    RuntimeError,
    SyntaxError,
)
"""What zipfile and lxml raise on damaged workbooks (lxml's errors are SyntaxErrors)."""


def first_rows_of(path: Path, head: bytes) -> Rows:
    """The column names of a Parquet file as one row, or the first 40 rows of each sheet of a workbook.

    `head` are the first bytes of the file at `path`. Empty for any other file and for one that is damaged:
    reading it will say so. Reads the end of the Parquet file, and of a workbook no more than the rows need.
    """
    if head.startswith(PARQUET):
        return _parquet_names(path)
    return _workbook_rows(path) if head.startswith(ZIP) else ()


def _parquet_names(path: Path) -> Rows:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return (tuple(str(name) for name in pq.read_schema(path).names),)
    except (pa.ArrowException, OSError, ValueError):
        return ()


def _workbook_rows(path: Path) -> Rows:
    """Rows of cell texts; numbers, dates and formulas are left as empty cells."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
            raw: list[list[tuple[bool, str]]] = []
            for name in sorted(names, key=lambda name: (len(name), name))[:SHEETS]:
                with archive.open(name) as stream:
                    raw += _cells(stream)
            needed = {int(text) for row in raw for shared, text in row if shared and text.isdecimal()}
            texts: dict[int, str] = {}
            if needed and "xl/sharedStrings.xml" in archive.namelist():
                with archive.open("xl/sharedStrings.xml") as stream:
                    texts = _shared(stream, needed)
    except _BROKEN:
        return ()
    return tuple(
        tuple(texts.get(int(text), "") if shared and text.isdecimal() else text for shared, text in row)
        for row in raw
    )


def _elements(stream: IO[bytes], tag: str) -> Iterator[tuple[int, object]]:
    from lxml import etree

    found = etree.iterparse(
        stream, events=("end",), tag=(f"{{*}}{tag}", tag), resolve_entities=False, no_network=True
    )
    for number, (_, element) in enumerate(found):
        yield number, element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _cells(stream: IO[bytes]) -> list[list[tuple[bool, str]]]:
    """(whether a number of a shared text, text) of each cell of the first rows of a sheet."""
    rows: list[list[tuple[bool, str]]] = []
    for number, row in _elements(stream, "row"):
        cells = []
        for cell in list(row)[:CELLS]:  # type: ignore[call-overload]
            kind = cell.get("t")
            if kind == "inlineStr":
                cells.append((False, _text(cell)))
            elif kind in ("s", "str"):
                cells.append((kind == "s", cell.findtext("{*}v") or ""))
            else:
                cells.append((False, ""))
        rows.append(cells)
        if number + 1 >= ROWS:
            break
    return rows


def _shared(stream: IO[bytes], needed: set[int]) -> dict[int, str]:
    last = min(max(needed), TEXTS)
    texts: dict[int, str] = {}
    for number, entry in _elements(stream, "si"):
        if number in needed:
            texts[number] = _text(entry)
        if number >= last:
            break
    return texts


def _text(element: object) -> str:
    """The text of a cell, its runs joined; phonetic guides (`rPh`) are no part of it."""
    found = element.iterfind(".//{*}t")  # type: ignore[attr-defined]
    return "".join(t.text or "" for t in found if not t.getparent().tag.endswith("rPh"))
