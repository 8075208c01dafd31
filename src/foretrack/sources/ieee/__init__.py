"""IEEE Xplore: CSV export of search results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.ieee.documents import document
from foretrack.sources.kit.building import BadValue, reject
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.kit.tables import csv_rows, header_in, named_rows


def is_header(names: Sequence[str]) -> bool:
    """Whether these folded column names are those of an IEEE Xplore export."""
    found = {name.replace("_", " ") for name in names}
    return {"document title", "publication title", "publication year"} <= found and bool(
        found
        & {"pdf link", "ieee terms", "document identifier", "date added to xplore", "author affiliations"}
    )


def _detect(sample: Sample) -> float:
    return 0.95 if sample.text and header_in(sample.text, is_header) else 0.0


def _parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    rows = named_rows(
        csv_rows(file, ","),
        is_header=is_header,
        file_name=file.name,
        expected="the columns Document Title, Publication Title and Publication Year",
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
        name="ieee-csv",
        title="IEEE Xplore, CSV",
        kinds=("paper", "standard"),
        licence="Abstracts and metadata belong to IEEE and its partners: use under the terms of Xplore.",
        detect=_detect,
        parse=_parse,
    ),
)
