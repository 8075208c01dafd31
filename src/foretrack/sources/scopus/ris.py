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
    [{'title': 'T', 'authors': 'Li, A.', 'cited by': '3', 'pubmed id': '77'}]
    """
    count = 0
    position, parts = "", dict[str, list[str]]()
    tag = ""
    for number, line in lines:
        match = _FIELD.match(line.lstrip("\ufeff").replace("\u00a0", " "))
        if match is None:
            if position and line.strip():
                _add(parts, tag, line.strip(), continues=True)
            continue
        tag, value = match[1], (match[2] or "").strip()
        if position and tag in ("TY", "ER"):
            yield _record(position, parts, complete=tag == "ER")
            position, parts = "", {}
        if tag == "ER":
            continue
        if not position:
            count += 1
            position = f"record {count}, line {number}"
        _add(parts, tag, value, continues=False)
    if position:
        yield _record(position, parts, complete=False)


def _record(position: str, parts: dict[str, list[str]], *, complete: bool) -> ScopusRecord:
    joined = {name: ("; " if name in _LISTED.values() else " ").join(found) for name, found in parts.items()}
    return ScopusRecord(position, joined, complete)


def _add(parts: dict[str, list[str]], tag: str, value: str, *, continues: bool) -> None:
    if tag in _LISTED:
        parts.setdefault(_LISTED[tag], []).append(value.rstrip(";"))
    elif tag in _JOINED:
        found = parts.setdefault(_JOINED[tag], [])
        if continues or not found:
            found.append(value)
    elif tag == "N1":
        _note(parts, value)
    elif tag == "C2" and (match := _PUBMED.search(value)):
        parts["pubmed id"] = [match[1]]


def _note(parts: dict[str, list[str]], note: str) -> None:
    if cited := _CITED.search(note):
        parts.setdefault("cited by", [cited[1]])
    if _REFERENCES.match(note) or "references" in parts:
        parts.setdefault("references", []).append(_REFERENCES.sub("", note, count=1))
