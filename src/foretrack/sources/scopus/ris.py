"""Reads the RIS export, in which notes carry what RIS has no tag for: `N1  - Cited By :26`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from foretrack.sources.scopus.record import ScopusRecord

_FIELD = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?$")
_CITED = re.compile(r"cited by\s*:?\s*([\d,]+)", re.IGNORECASE)
_PUBMED = re.compile(r"(\d+)\s*\(pubmed(?: id)?\)", re.IGNORECASE)
_REFERENCES = re.compile(r"references?\s*:\s*", re.IGNORECASE)

_JOINED = {
    "TI": "title",
    "T1": "title",
    "PY": "year",
    "T2": "source title",
    "JO": "source title",
    "DO": "doi",
    "UR": "link",
    "AB": "abstract",
    "N2": "abstract",
    "PB": "publisher",
    "LA": "language of original document",
    "M3": "document type",
    "AN": "eid",
}
_LISTED = {"AU": "authors", "A1": "authors", "AD": "affiliations", "KW": "author keywords"}


def ris_records(lines: Iterable[tuple[int, str]]) -> Iterator[ScopusRecord]:
    """Every record, with its fields under the column names of the CSV export.

    >>> text = "TY  - JOUR\\nTI  - T\\nAU  - Li, A.\\nN1  - Cited By :3\\nC2  - 77 (PubMed ID)\\nER  -"
    >>> [r.values for r in ris_records(enumerate(text.split("\\n"), 1))]
    [{'title': 'T', 'authors': 'Li, A.;', 'cited by': '3', 'pubmed id': '77'}]
    """
    count = 0
    record: ScopusRecord | None = None
    tag = ""
    for number, line in lines:
        match = _FIELD.match(line.lstrip("\ufeff").replace("\u00a0", " "))
        if match is None:
            if record is not None and line.strip():
                _add(record, tag, line.strip(), continues=True)
            continue
        tag, value = match[1], (match[2] or "").strip()
        if tag == "ER":
            if record is not None:
                yield record
            record = None
            continue
        if record is not None and tag == "TY":
            record.complete = False
            yield record
            record = None
        if record is None:
            count += 1
            record = ScopusRecord(f"record {count}, line {number}")
        _add(record, tag, value, continues=False)
    if record is not None:
        record.complete = False
        yield record


def _add(record: ScopusRecord, tag: str, value: str, *, continues: bool) -> None:
    values = record.values
    if tag in _LISTED:
        name = _LISTED[tag]
        values[name] = f"{values.get(name, '')} {value.rstrip(';')};".lstrip()
    elif tag in _JOINED:
        name = _JOINED[tag]
        if continues:
            values[name] = f"{values.get(name, '')} {value}".strip()
        elif not values.get(name):
            values[name] = value
    elif tag == "N1":
        _note(values, value)
    elif tag == "C2" and (match := _PUBMED.search(value)):
        values["pubmed id"] = match[1]


def _note(values: dict[str, str], note: str) -> None:
    if cited := _CITED.search(note):
        values.setdefault("cited by", cited[1])
    if _REFERENCES.match(note) or "references" in values:
        values["references"] = f"{values.get('references', '')} {_REFERENCES.sub('', note, count=1)}".strip()
