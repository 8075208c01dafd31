"""Crossref works in JSON: `message.items`, one `message`, a list, a data file's `items`, or lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from foretrack.records.document import Kind, Organisation, Parsed, Rejected
from foretrack.sources.kit.building import as_doi, person_name, try_document
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.jsonstream import at, items, json_records, objects, text_in
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.kit.retraction import status_of

_FIELDS = ('"date-parts"', '"is-referenced-by-count"', '"container-title"', '"reference-count"', '"DOI"')
_DATES = ("issued", "published", "published-online", "published-print", "posted", "award-start", "created")


def detect(sample: Sample) -> float:
    """.95 with the API's envelope, .9 with field names that only Crossref (and CSL JSON in part) has."""
    text = (sample.text or "").lstrip()
    if not text.startswith(("{", "[")):
        return 0.0
    if '"message-type"' in text and '"message-version"' in text:
        return 0.95
    signs = sum(field in text for field in _FIELDS)
    if '"DOI"' not in text or signs < 3:
        return 0.0
    return 0.9 if '"is-referenced-by-count"' in text or '"indexed"' in text else 0.6


def parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every work of the file as a document."""
    for entry in json_records(file, [("message", "items"), ("items",)]):
        if isinstance(entry, Rejected):
            yield entry
            continue
        position, work = entry
        message = work.get("message")
        yield document_of(position, message if isinstance(message, dict) else work)


def document_of(position: str, work: dict[str, Any]) -> Parsed | Rejected:
    """The document of one work. Grants become projects."""
    grant = work.get("type") == "grant"
    project = at(work, "project", 0)
    title = _first(work.get("title")) or (at(project, "project-title", 0, "title") if grant else None)
    subtitle = _first(work.get("subtitle"))
    authors = objects(work.get("author")) or objects(at(project, "investigator"))
    organisations = [
        Organisation(name=text_in(a, "name") or "", id=_ror(a), country=text_in(a, "country"))
        for author in authors
        for a in objects(author.get("affiliation"))
    ]
    return try_document(
        position,
        raw=work,
        kind=_kind(work.get("type")),
        source="crossref",
        source_id=as_doi(work.get("DOI")) or "",
        title=f"{title}: {subtitle}" if title and subtitle and subtitle not in title else title,
        published=_published(work),
        abstract=work.get("abstract") or (at(project, "project-description", 0, "description")),
        language=work.get("language"),
        doi=work.get("DOI"),
        ids=[f"isbn:{i}" for i in items(work.get("ISBN")) if isinstance(i, str)],
        subtype=work.get("type"),
        authors=[_name(author) for author in authors],
        organisations=organisations,
        venue=_first(work.get("container-title")),
        publisher=work.get("publisher"),
        classes=[f"crossref-subject:{s}" for s in items(work.get("subject")) if isinstance(s, str)],
        references=[
            f"doi:{as_doi(r.get('DOI'))}" for r in objects(work.get("reference")) if as_doi(r.get("DOI"))
        ],
        cited_by=work.get("is-referenced-by-count"),
        funding=at(project, "award-amount", "amount") if grant else None,
        currency=at(project, "award-amount", "currency") if grant else None,
        funder=at(project, "funding", 0, "funder", "name") if grant else None,
        status=_status(work, title),
        updated=text_in(work, "deposited", "date-time") or text_in(work, "indexed", "date-time"),
        url=text_in(work, "resource", "primary", "URL") or work.get("URL"),
        licence=text_in(work, "license", 0, "URL"),
    )


def _kind(type_: object) -> Kind:
    return "standard" if type_ == "standard" else "project" if type_ == "grant" else "paper"


def _first(value: object) -> str | None:
    return text_in(value, 0) if isinstance(value, list) else value if isinstance(value, str) else None


def _published(work: dict[str, Any]) -> Any:
    """The first date that has a year; Crossref writes [[None]] where it knows none."""
    for name in _DATES:
        parts = at(work, name, "date-parts", 0)
        if isinstance(parts, list) and parts and parts[0]:
            return parts
    return None


def _name(author: dict[str, Any]) -> str | None:
    given, family = text_in(author, "given"), text_in(author, "family")
    return person_name(family, given) or text_in(author, "name")


def _ror(affiliation: dict[str, Any]) -> str | None:
    for identifier in objects(affiliation.get("id")):
        value = text_in(identifier, "id")
        if value and "ror.org/" in value:
            return f"ror:{value.rsplit('/', 1)[-1]}"
    return None


def _status(work: dict[str, Any], title: str | None) -> str:
    """From the notices that update this work, or from the publisher's mark in the title."""
    types = {str(update.get("type")).lower() for update in objects(work.get("updated-by"))}
    return status_of(
        title, retracted="retraction" in types, withdrawn=bool(types & {"withdrawal", "removal"})
    )
