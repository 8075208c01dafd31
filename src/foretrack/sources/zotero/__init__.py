"""Zotero: CSV export of a library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import BadValue, reject
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.kit.tables import csv_rows, header_in, named_rows
from foretrack.sources.zotero.documents import document


def is_header(names: Sequence[str]) -> bool:
    """Whether these folded column names are those of a Zotero export."""
    return {"key", "item type", "publication year", "title"} <= set(names)


def _detect(sample: Sample) -> float:
    return 0.95 if sample.text and header_in(sample.text, is_header) else 0.0


def _parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    rows = named_rows(
        csv_rows(file, ","),
        is_header=is_header,
        file_name=file.name,
        expected="the columns Key, Item Type, Publication Year and Title",
    )
    for row in rows:
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            yield document(row)
        except BadValue as error:
            yield reject(row.position, str(error), row.excerpt())


CONNECTORS = (
    Connector(
        name="zotero-csv",
        title="Zotero, CSV",
        kinds=("paper", "patent", "standard", "policy", "news"),
        licence="A personal library: each record keeps the terms of the database it was taken from.",
        detect=_detect,
        parse=_parse,
    ),
)
