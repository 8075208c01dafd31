"""Rows of a Google Patents download as documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import reject, try_document
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.patents import kind_of, office, read_publication
from foretrack.sources.kit.tables import Record, csv_records, header_in

if TYPE_CHECKING:
    from foretrack.sources.kit.opening import OpenedFile

_HEADER = {"id", "title", "assignee", "publication date"}
_OWN = {"inventor/author", "filing/creation date", "result link"}
_EXPECTED = "the columns id, title, assignee, inventor/author, priority date, publication date"
_SUFFIX = re.compile(
    r"(?:inc|llc|l\.?l\.?c|ltd|limited|co|company|corp|corporation|gmbh|ag|kg|s\.?a|s\.?a\.?s|s\.?r\.?l|"
    r"s\.?p\.?a|b\.?v|n\.?v|l\.?p|plc|pte|pty|k\.?k|a\.?s|oy|ab|inc\. co)\b\.?",
    re.IGNORECASE,
)


def _is_header(names: Sequence[str]) -> bool:
    return set(names) >= _HEADER and bool(_OWN & set(names))


def detect(sample: Sample) -> float:
    """1 for the `search URL:` line above the columns, .95 for the columns alone."""
    if sample.text is None or not header_in(sample.text, _is_header):
        return 0.0
    return 1.0 if sample.text.lstrip("\ufeff\"' ").lower().startswith("search url") else 0.95


def parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every row of the download; rows that are no patent publication are rejected."""
    for record in csv_records(file, _is_header, _EXPECTED):
        yield record if isinstance(record, Rejected) else _parsed(record, options.language)


def _parsed(record: Record, language: str | None) -> Parsed | Rejected:
    written = record.get("id")
    publication = read_publication(written)
    if publication is None:
        return reject(
            record.position,
            f"id {written!r} is no patent publication. Expected: such as US-10123456-B2",
            record.excerpt(),
        )
    country, number, kind = publication
    return try_document(
        record.position,
        raw=record.excerpt(),
        kind="patent",
        source="googlepatents",
        source_id=number,
        title=record.get("title"),
        published=record.get("publication date"),
        abstract=record.get("abstract"),
        # The link ends with the language in which the site showed the title: .../patent/CN108765432A/en
        language=language or record.get("result link").rpartition("/")[2],
        subtype=kind_of(country, kind),
        authors=tuple(name.strip() for name in record.get("inventor/author").split(",")),
        organisations=assignees(record.get("assignee")),
        venue=office(country),
        filed=record.get("filing/creation date"),
        granted=record.get("grant date"),
        url=record.get("result link"),
    )


def assignees(cell: str) -> tuple[str, ...]:
    """The names in an assignee cell; commas separate names, but not a name from its legal form.

    >>> assignees("Halden Aerial, Inc., Feldmark Gmbh, 甲公司")
    ('Halden Aerial, Inc.', 'Feldmark Gmbh', '甲公司')
    """
    names: list[str] = []
    for part in (part.strip() for part in cell.split(",")):
        if names and _SUFFIX.fullmatch(part):
            names[-1] = f"{names[-1]}, {part}"
        elif part:
            names.append(part)
    return tuple(names)
