"""Reads the two text exports of Wanfang into records with one set of field names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from foretrack.sources.kit import fieldmarks
from foretrack.sources.kit.fieldmarks import MarkedRecord

_NOTEEXPRESS_FIELDS = {
    "reference type": "type",
    "title": "title",
    "translated title": "alt title",
    "author": "author",
    "author address": "organ",
    "journal": "venue",
    "secondary title": "venue",
    "conference name": "venue",
    "year": "year",
    "date": "date",
    "keywords": "keywords",
    "translated keywords": "alt keywords",
    "abstract": "abstract",
    "translated abstract": "alt abstract",
    "url": "link",
    "doi": "doi",
    "publisher": "publisher",
    "language": "language",
    "subject": "clc",
    "call number": "clc",
    "type of work": "work",
}
_REFWORKS_FIELDS = {
    "RT": "type",
    "T1": "title",
    "OT": "alt title",
    "TT": "alt title",
    "A1": "author",
    "AD": "organ",
    "JF": "venue",
    "T2": "venue",
    "YR": "year",
    "FD": "date",
    "K1": "keywords",
    "AB": "abstract",
    "LK": "link",
    "UL": "link",
    "DO": "doi",
    "PB": "publisher",
    "LA": "language",
    "CL": "clc",
}


def noteexpress_records(lines: Iterable[tuple[int, str]]) -> Iterator[MarkedRecord]:
    """Records that begin with `{Reference Type}`; a field comes once per value."""
    return fieldmarks.noteexpress_records(lines, _NOTEEXPRESS_FIELDS)


def refworks_records(lines: Iterable[tuple[int, str]]) -> Iterator[MarkedRecord]:
    """Records that begin with `RT`."""
    return fieldmarks.refworks_records(lines, _REFWORKS_FIELDS)
