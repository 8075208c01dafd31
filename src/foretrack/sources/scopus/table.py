"""Reads the CSV export, whose columns are named by year of export and language of the interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foretrack.records.document import Rejected
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.kit.tables import Record, csv_rows, delimiter_of, named_rows
from foretrack.sources.scopus.record import ScopusRecord, column


def is_header(names: Sequence[str]) -> bool:
    """Whether these folded column names are those of a Scopus export.

    >>> is_header(["title", "year", "source title", "cited by", "eid"]), is_header(["title", "year"])
    (True, False)
    """
    found = {column(name) for name in names}
    marks = found & {"eid", "cited by", "link", "source", "author(s) id", "document type", "affiliations"}
    return {"title", "year", "source title"} <= found and ("eid" in found or len(marks) >= 3)


def table_records(file: OpenedFile) -> Iterator[ScopusRecord | Rejected]:
    """Every row below the header."""
    delimiter = delimiter_of(next((line for _, line in file.lines() if line.strip()), ""))
    rows = named_rows(
        csv_rows(file, delimiter),
        is_header=is_header,
        file_name=file.name,
        expected="the columns Title, Year, Source title and EID (or their Chinese names)",
    )
    for row in rows:
        yield ScopusRecord(row.position, _values(row)) if isinstance(row, Record) else row


def _values(row: Record) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, cell in row.cells.items():
        key = column(name)
        if cell.strip() and not values.get(key):
            values[key] = cell
    return values
