"""From a row of an IEEE Xplore export to a document."""

from __future__ import annotations

import re

from foretrack.records.document import Organisation, Parsed, Rejected
from foretrack.sources.kit.addresses import country_in, organisation_in
from foretrack.sources.kit.building import (
    as_date,
    as_doi,
    date_or_none,
    split_list,
    try_document,
    unique,
)
from foretrack.sources.kit.cleaning import is_placeholder
from foretrack.sources.kit.retraction import status_of
from foretrack.sources.kit.tables import Record

_ARTICLE = re.compile(r"(?:arnumber=|/document/)(\d+)")
_UNIVERSITY = re.compile(r"\buniv\.?\b|\bpolytech", re.IGNORECASE)


def document(row: Record) -> Parsed | Rejected:
    """The document of a row; BadValue when its text is damaged."""
    row = Record(row.position, {name.replace("_", " "): value for name, value in row.cells.items()})
    title = row.get("document title")
    article = _ARTICLE.search(row.get("pdf link"))
    subtype = row.get("document identifier")
    standard = "standard" in subtype.lower()
    keywords = (
        "author keywords",
        "ieee terms",
        "inspec controlled terms",
        "inspec non-controlled terms",
        "mesh terms",
    )
    return try_document(
        row.position,
        raw=row.excerpt(),
        kind="standard" if standard else "paper",
        source="ieee",
        source_id=article[1] if article else "",
        title=title,
        published=published(row),
        abstract=row.get("abstract"),
        keywords=unique(word for name in keywords for word in split_list(row.get(name))),
        doi=as_doi(row.get("doi")),
        subtype=subtype,
        authors=[name for name in split_list(row.get("authors")) if not is_placeholder(name)],
        organisations=affiliations(row.get("author affiliations")),
        venue=row.get("publication title"),
        publisher=row.get("publisher"),
        cited_by=row.get("article citation count"),
        status=status_of(title, retracted=title.lower().startswith("notice of retraction")),
        url=row.get("pdf link"),
        licence=row.get("license"),
    )


def published(row: Record) -> str:
    """The issue date when it is of the publication year, else the year; BadValue when there is none.

    >>> cells = {"publication year": "2019", "issue date": "Jan.-Feb. 2019"}
    >>> published(Record("row 2", cells)), published(Record("row 2", cells | {"issue date": "Dec 2018"}))
    ('2019-01', '2019')
    """
    year = row.get("publication year")
    for name in ("issue date", "online date", "date added to xplore"):
        date = date_or_none(row.get(name))
        if date and (not year or date[:4] == year[:4]):
            return date
        if date and name == "issue date":
            break
    return as_date(year)


def affiliations(cell: str) -> list[Organisation]:
    """The organisations of the authors, each once; `NA` stands for an unknown one.

    >>> [(o.name, o.country) for o in affiliations("Dept. X, Univ. of Y, Leeds, UK; NA; Z Corp., Japan")]
    [('Univ. of Y', 'GB'), ('Z Corp', 'JP')]
    """
    found = [_organisation(address) for address in split_list(cell) if not is_placeholder(address)]
    return list(dict.fromkeys(entry for entry in found if entry is not None))


def _organisation(address: str) -> Organisation | None:
    # IEEE abbreviates: "Dept. of Electr. Eng., Univ. of X".
    parts = [part.strip() for part in address.split(",")]
    university = next((part for part in parts if _UNIVERSITY.search(part)), None)
    if university:
        return Organisation(university, country_in(address))
    return organisation_in(address) or (Organisation(parts[0], country_in(address)) if parts[0] else None)
