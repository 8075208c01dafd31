"""From a Scopus record to a document: what each column means."""

from __future__ import annotations

import re
from collections.abc import Iterable

from foretrack.records.document import Organisation, Parsed, Rejected
from foretrack.sources.kit.addresses import country_in, organisation_in
from foretrack.sources.kit.building import (
    BadValue,
    as_doi,
    reject,
    split_list,
    try_document,
    unique,
)
from foretrack.sources.kit.retraction import status_of
from foretrack.sources.scopus.record import ScopusRecord

_EID = re.compile(r"2-s2\.0-\d+")
_PLACEHOLDER = re.compile(
    r"^\[?no (?:title|author|authors|author name|source)\b.*(?:available|found)\]?$", re.IGNORECASE
)
_DOI = re.compile(r"10\.\d{4,9}/[^\s;,]+")
_CITED = re.compile(r"\d[\d,]*")
_ID_IN_NAME = re.compile(r"\s*\(\d{6,}\)$")


def document(record: ScopusRecord) -> Parsed | Rejected:
    """The document of a record from any of the three exports, or the reason why there is none."""
    try:
        return _document(record)
    except BadValue as error:
        return reject(record.position, str(error), record.excerpt)


def _document(record: ScopusRecord) -> Parsed | Rejected:
    if not record.complete and not (record.get("title") and record.get("year") and eid(record)):
        raise BadValue("the file breaks off inside this record, before its title, year and EID are complete")
    title = record.get("title")
    subtype = record.get("document type")
    pubmed = record.get("pubmed id")
    cited = _CITED.search(record.get("cited by"))
    return try_document(
        record.position,
        raw=record.excerpt,
        kind="paper",
        source="scopus",
        source_id=eid(record),
        title=None if _PLACEHOLDER.match(title) else title,
        published=record.get("year"),
        abstract=record.get("abstract"),
        language=next(iter(split_list(record.get("language of original document"))), None),
        keywords=unique(
            (*split_list(record.get("author keywords")), *split_list(record.get("index keywords")))
        ),
        doi=as_doi(record.get("doi")),
        ids=[f"pmid:{pubmed}"] if pubmed.isdecimal() else [],
        subtype=subtype,
        authors=authors(record),
        organisations=affiliations(record.get("affiliations")),
        venue=record.get("source title") or record.get("conference name"),
        publisher=record.get("publisher"),
        references=references(record.get("references")),
        cited_by=cited[0] if cited else None,
        status=status_of(title, retracted=subtype.strip().casefold() in ("retracted", "retracted article")),
        url=record.get("link"),
    )


def eid(record: ScopusRecord) -> str:
    """Scopus's identifier, from its column or from the link; an empty string when there is none."""
    match = _EID.search(record.get("eid")) or _EID.search(record.get("link"))
    return match[0] if match else ""


def authors(record: ScopusRecord) -> tuple[str, ...]:
    """Full names where given, without the Scopus number behind each; else short names.

    >>> authors(ScopusRecord("", {"author full names": "Li, An (57000000001); Wang, Bo (57000000002)"}))
    ('Li, An', 'Wang, Bo')
    >>> [authors(ScopusRecord("", {"authors": names})) for names in ("Li A., Wang B.", "Li, A.")]
    [('Li A.', 'Wang B.'), ('Li, A.',)]
    """
    full = record.get("author full names")
    if full and not _PLACEHOLDER.match(full):
        return unique(_ID_IN_NAME.sub("", name) for name in split_list(full))
    short = record.get("authors")
    if not short or _PLACEHOLDER.match(short):
        return ()
    if ";" in short:
        return split_list(short)
    # Before 2023 names stood as "Li A., Wang B."; "Li, A." is one name.
    names = short.split(", ")
    return tuple(names) if all(" " in name.strip() for name in names) else (short,)


def affiliations(cell: str) -> list[Organisation]:
    """The organisations in a list of addresses, each once.

    >>> [(o.name, o.country) for o in affiliations("Department of X, University Y, Leeds, UK; Z Inc., USA")]
    [('University Y', 'GB'), ('Z Inc', 'US')]
    """
    found = [organisation(address) for address in split_list(cell)]
    return list(dict.fromkeys(entry for entry in found if entry is not None))


def organisation(address: str) -> Organisation | None:
    """The organisation of one address: the part that looks like one, else its first part."""
    first = address.split(",")[0].strip(" .")
    return organisation_in(address) or (Organisation(first, country_in(address)) if first else None)


def references(cell: str) -> tuple[str, ...]:
    """`doi:...` of every reference that prints one; most do not.

    >>> references("Li A., On X, (2020); Wu B., On Y, https://doi.org/10.1000/ABC.1, (2021)")
    ('doi:10.1000/abc.1',)
    """
    return unique(f"doi:{doi}" for doi in map(as_doi, _dois(cell)) if doi)


def _dois(cell: str) -> Iterable[str]:
    for written in _DOI.findall(cell):
        closing = written.endswith(")") and written.count(")") > written.count("(")
        yield written[:-1] if closing else written
