"""Patent publications in SPARQL JSON answers of the EPO's linked open data service.

`fetch.py` asks for one row per publication, with lists joined by ` || `. Answers to a query of one's
own are read too if they have the variables `publication`, `title` and `date`; their rows are then one
per combination, and only the first row of a publication is kept whole, the others add their values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from foretrack.records.document import Organisation, Parsed, Rejected
from foretrack.records.patentnumbers import publication_id
from foretrack.sources.kit.building import try_document
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.jsonstream import json_records, text_in
from foretrack.sources.kit.opening import OpenedFile
from foretrack.sources.kit.patents import class_codes, kind_of

JOINER = " || "
_OFFICES = {"EP": "European Patent Office", "WO": "World Intellectual Property Organization"}
_URI = re.compile(r"/publication/([A-Z]{2})/([0-9A-Z]+)/([A-Z]\d?)/")


def detect(sample: Sample) -> float:
    """.95 for SPARQL JSON that names publications of the service."""
    text = (sample.text or "").replace("\\/", "/").lstrip()
    if not text.startswith("{") or '"bindings"' not in text:
        return 0.0
    if "data.epo.org/linked-data/" in text:
        return 0.95
    return 0.7 if '"publication"' in text and '"title"' in text and '"cpc"' in text else 0.0


def parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
    """Every publication of the answer as a document; neighbouring rows of one publication are one."""
    waiting: tuple[str, str, dict[str, list[str]]] | None = None
    for entry in json_records(file, [("results", "bindings")]):
        if isinstance(entry, Rejected):
            yield entry
            continue
        position, row = entry
        uri = text_in(row, "publication", "value") or ""
        values = {name: text_in(row, name, "value") or "" for name in row}
        if waiting and uri and waiting[1] == uri:
            for name, value in values.items():
                waiting[2].setdefault(name, []).append(value)
            continue
        if waiting:
            yield _document(*waiting)
        waiting = (position, uri, {name: [value] for name, value in values.items()})
    if waiting:
        yield _document(*waiting)


def _document(position: str, uri: str, row: dict[str, list[str]]) -> Parsed | Rejected:
    def first(name: str) -> str | None:
        return next((value for value in row.get(name, []) if value), None)

    def parts(name: str) -> list[str]:
        return [
            part.strip()
            for value in row.get(name, [])
            for part in value.split(JOINER.strip())
            if part.strip()
        ]

    match = _URI.search(uri + "/")
    office, number, kind = match.groups() if match else ("EP", first("number") or "", "")
    published = first("date")
    meaning = kind_of(office, kind)
    organisations = [
        Organisation(name=name, country=country.rsplit("/", 1)[-1] or None)
        for name, _, country in (part.partition("@@") for part in parts("applicants"))
    ]
    return try_document(
        position,
        raw=row,
        kind="patent",
        source="epo",
        source_id=publication_id(office, number, kind) if number else "",
        title=first("title"),
        published=published,
        abstract=first("abstract"),
        language=first("language"),
        family=_family(first("family"), parts("application")),
        ids=[f"epo-application:{_application(a)}" for a in parts("application")],
        subtype=meaning,
        authors=parts("inventors"),
        organisations=organisations,
        venue={"EP": "European Patent Office", "WO": "World Intellectual Property Organization"}.get(
            office, office
        ),
        classes=[
            *class_codes("cpc", (_symbol(code) for code in parts("cpc"))),
            *class_codes("ipc", (_symbol(code) for code in parts("ipc"))),
        ],
        filed=first("filed"),
        granted=published if meaning == "granted patent" else None,
        url=uri or None,
    )


def _application(uri: str) -> str:
    return uri.rsplit("/application/", 1)[-1].replace("/", "")


def _family(uri: str | None, applications: list[str]) -> str | None:
    """The family; without one the application, which application and grant of one invention share."""
    if uri:
        last = uri.rstrip("/").rsplit("/", 1)[-1]
        return f"docdb:{last}" if last.isdecimal() else f"epo-family:{last}"
    return f"epo-application:{_application(applications[0])}" if applications else None


def _symbol(uri: str) -> str:
    """The class symbol in its address: `.../def/cpc/B64C39-02` is B64C39/02.

    >>> _symbol("http://data.epo.org/linked-data/def/cpc/B64C39-02")
    'B64C39/02'
    """
    return uri.rsplit("/def/", 1)[-1].rsplit("/", 1)[-1].replace("-", "/") if "/def/" in uri else uri
