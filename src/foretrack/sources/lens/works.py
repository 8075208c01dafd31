"""From a row of the export of scholarly works to a document."""

from __future__ import annotations

import re

from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.building import as_date, as_doi, date_or_none, split_list, try_document, unique
from foretrack.sources.kit.cleaning import is_placeholder
from foretrack.sources.kit.retraction import status_of
from foretrack.sources.kit.tables import Record

_PARAGRAPH = re.compile(r"\s*; ;\s*")
_LENS_ID = re.compile(r"\d{3}-\d{3}-\d{3}-\d{3}-\d{2}[\dX]")


def cell(row: Record, *names: str) -> str:
    """The first of the named columns that holds something; `NA` is nothing."""
    for name in names:
        value = row.get(name)
        if value and not is_placeholder(value):
            return value
    return ""


def work(row: Record) -> Parsed | Rejected:
    """The document of a scholarly work; BadValue when its text is damaged."""
    title = cell(row, "title")
    pmid = cell(row, "pmid")
    pmcid = cell(row, "pmcid")
    return try_document(
        row.position,
        raw=row.excerpt(),
        kind="paper",
        source="lens",
        source_id=cell(row, "lens id"),
        title=title,
        published=published(cell(row, "date published"), cell(row, "publication year")),
        abstract=_PARAGRAPH.sub(" ", cell(row, "abstract")),
        keywords=unique((*split_list(cell(row, "keywords")), *split_list(cell(row, "mesh terms")))),
        doi=as_doi(cell(row, "doi")),
        ids=[
            *([f"pmid:{pmid}"] if pmid.isdecimal() else []),
            *([f"pmcid:{pmcid.upper()}"] if pmcid.upper().startswith("PMC") else []),
        ],
        subtype=cell(row, "publication type"),
        authors=split_list(cell(row, "author/s", "authors", "author")),
        venue=cell(row, "source title", "conference name", "series title"),
        publisher=cell(row, "publisher"),
        classes=[f"lens-field:{name}" for name in split_list(cell(row, "fields of study"))],
        references=unique(f"lens:{found}" for found in _LENS_ID.findall(cell(row, "references"))),
        # "Citing Patents Count" counts patents; documents are counted in "Citing Works Count".
        cited_by=cell(row, "citing works count", "scholarly citation count"),
        status=status_of(title),
        url=cell(row, "external url") or next(iter(cell(row, "source urls").split()), ""),
        licence=cell(row, "open access license"),
    )


def published(date: str, year: str) -> str:
    """The date when it agrees with the year, else the year; BadValue when there is neither.

    >>> published("2020-11-22", "2020"), published("2021-01-04", "2020"), published("", "2019")
    ('2020-11-22', '2020', '2019')
    """
    exact = date_or_none(date)
    if exact and (not year or exact[:4] == year[:4]):
        return exact
    return as_date(year)
