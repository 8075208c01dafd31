"""An issue as linked data: JSON-LD in the vocabulary DCAT 3, with the hash of every file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from foretrack.foundation.canonical import Json, digest
from foretrack.lists.issue import Issue
from foretrack.lists.rendering.addresses import Addresses
from foretrack.packs.shapes import Bilingual

CONTEXT: dict[str, Json] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True)
class File:
    """A file in which an issue is offered."""

    name: str
    media_type: str
    content: bytes


def linked_data_of(issue: Issue, addresses: Addresses, files: Sequence[File] = ()) -> bytes:
    """The series (dcat:DatasetSeries), the issue (dcat:Dataset) and its files (dcat:Distribution) as JSON-LD.

    The context is written out, so that nothing has to be fetched to read it. Equal issues and files give equal bytes.
    """
    series = issue.series
    terms = _terms(series.licence)
    publisher: Json = {"@type": "foaf:Agent", "foaf:name": _words(series.publisher)}
    graph: list[Json] = [
        {
            "@id": addresses.series(series),
            "@type": "dcat:DatasetSeries",
            "dcterms:identifier": f"urn:uuid:{series.uid}",
            "dcterms:title": _words(series.title),
            "dcterms:description": _words(series.description),
            "dcterms:publisher": publisher,
            "dcterms:license": terms,
        },
        _issue(issue, addresses, terms, publisher, [addresses.file(issue, file.name) for file in files]),
        *(_file(issue, addresses, file, terms) for file in files),
    ]
    told: Json = {"@context": {**CONTEXT}, "@graph": graph}
    return json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"


def _issue(issue: Issue, addresses: Addresses, terms: Json, publisher: Json, files: Sequence[str]) -> Json:
    series = issue.series
    told: dict[str, Json] = {
        "@id": addresses.issue(series, issue.number),
        "@type": "dcat:Dataset",
        "dcterms:identifier": f"urn:uuid:{issue.uid}",
        "dcterms:title": _words(series.title, f" {issue.label}"),
        "dcterms:description": _words(series.description),
        "dcterms:publisher": publisher,
        "dcterms:license": terms,
        "dcterms:issued": _typed(issue.published_on.isoformat(), "date"),
        "dcterms:accrualPeriodicity": {
            "@id": "http://publications.europa.eu/resource/authority/frequency/NEVER"
        },
        "dcterms:language": [
            {"@id": "http://publications.europa.eu/resource/authority/language/ENG"},
            {"@id": "http://publications.europa.eu/resource/authority/language/ZHO"},
        ],
        "dcat:version": str(issue.number),
        "adms:versionNotes": {"@value": issue.label},
        "dcat:inSeries": {"@id": addresses.series(series)},
        "dcat:landingPage": {"@id": addresses.issue(series, issue.number)},
        "dcat:distribution": [{"@id": address} for address in files],
    }
    if issue.number > 1:
        told["dcat:prev"] = {"@id": addresses.issue(series, issue.number - 1)}
    if issue.valid_from or issue.valid_to:
        ends: dict[str, Json] = {"@type": "dcterms:PeriodOfTime"}
        if issue.valid_from:
            ends["dcat:startDate"] = _typed(issue.valid_from.isoformat(), "date")
        if issue.valid_to:
            ends["dcat:endDate"] = _typed(issue.valid_to.isoformat(), "date")
        told["dcterms:temporal"] = ends
    if issue.basis:
        told["dcterms:conformsTo"] = {
            "@type": "dcterms:Standard",
            "dcterms:identifier": f"{issue.basis.pack} {issue.basis.version} {issue.basis.clause}",
        }
    return told


def _file(issue: Issue, addresses: Addresses, file: File, terms: Json) -> Json:
    address = addresses.file(issue, file.name)
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dcterms:title": file.name,
        "dcat:accessURL": {"@id": addresses.issue(issue.series, issue.number)},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": _MEDIA + file.media_type},
        "dcat:byteSize": _typed(str(len(file.content)), "nonNegativeInteger"),
        "dcterms:license": terms,
        "dcterms:issued": _typed(issue.published_on.isoformat(), "date"),
        "spdx:checksum": _checksum(digest(file.content)),
    }


def _checksum(value: str) -> Json:
    return {
        "@type": "spdx:Checksum",
        "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
        "spdx:checksumValue": _typed(value, "hexBinary"),
    }


def _terms(licence: str) -> Json:
    known = licence.lower().startswith(("http://", "https://"))
    return {"@id": licence if known else f"http://spdx.org/licenses/{licence}"}


def _words(text: Bilingual, after: str = "") -> Json:
    return [
        {"@value": words + after, "@language": language}
        for words, language in ((text.en, "en"), (text.zh, "zh-Hans"))
        if words
    ]


def _typed(value: str, kind: str) -> Json:
    return {"@value": value, "@type": f"xsd:{kind}"}
