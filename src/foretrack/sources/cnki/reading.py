"""Reads the three text exports of CNKI into records with one set of field names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from foretrack.sources.kit import fieldmarks
from foretrack.sources.kit.fieldmarks import MarkedRecord, marked_records

ESTUDY = re.compile(r"([A-Z][A-Za-z]*)(?:-[^:：\s]{1,12})?\s?[:：]\s?(.*)$")

_NOTEEXPRESS_FIELDS = {
    "reference type": "type",
    "title": "title",
    "translated title": "alt title",
    "author": "author",
    "author address": "organ",
    "journal": "venue",
    "secondary title": "venue",
    "year": "year",
    "date": "date",
    "issue": "issue",
    "keywords": "keywords",
    "translated keywords": "alt keywords",
    "abstract": "abstract",
    "translated abstract": "alt abstract",
    "url": "link",
    "doi": "doi",
    "notes": "notes",
    "publisher": "publisher",
    "subject": "clc",
    "call number": "clc",
    "type of work": "work",
    "database provider": "database",
}
_ESTUDY_FIELDS = {
    "DataType": "data type",
    "Title": "title",
    "EnTitle": "alt title",
    "Author": "author",
    "Source": "venue",
    "Year": "year",
    "PubTime": "date",
    "Keyword": "keywords",
    "EnKeyword": "alt keywords",
    "Summary": "abstract",
    "EnSummary": "alt abstract",
    "Period": "issue",
    "Organ": "organ",
    "Link": "link",
    "DOI": "doi",
    "CLC": "clc",
    "SrcDatabase": "type",
    "Publisher": "publisher",
    "Roll": "volume",
    "PageCount": "pages",
    "Page": "pages",
    "Fund": "fund",
    "Teacher": "teacher",
    "Tutor": "teacher",
    "URL": "link",
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
    "IS": "issue",
    "K1": "keywords",
    "AB": "abstract",
    "LK": "link",
    "UL": "link",
    "DO": "doi",
    "NO": "notes",
    "PB": "publisher",
    "LA": "language",
    "DS": "database",
    "CL": "clc",
}


def noteexpress_records(lines: Iterable[tuple[int, str]]) -> Iterator[MarkedRecord]:
    """Records that begin with `{Reference Type}`."""
    return fieldmarks.noteexpress_records(lines, _NOTEEXPRESS_FIELDS)


def estudy_records(lines: Iterable[tuple[int, str]]) -> Iterator[MarkedRecord]:
    """Records that begin with `DataType:`; fields are called in two languages, as in `Title-题名: ...`.

    >>> text = "DataType: 1\\nTitle-题名: 甲\\nPubTime-出版时间: 2021-01-15 16:54"
    >>> [r.values for r in estudy_records(enumerate(text.split("\\n"), 1))]
    [{'data type': ['1'], 'title': ['甲'], 'date': ['2021-01-15 16:54']}]
    """

    def split(line: str) -> tuple[str, str] | None:
        match = ESTUDY.match(line)
        # A line of an abstract may begin with a word and a colon, so unknown names are text.
        return (match[1], match[2]) if match and match[1] in _ESTUDY_FIELDS else None

    return marked_records(lines, split, _ESTUDY_FIELDS, "DataType")


def refworks_records(lines: Iterable[tuple[int, str]]) -> Iterator[MarkedRecord]:
    """Records that begin with `RT`."""
    return fieldmarks.refworks_records(lines, _REFWORKS_FIELDS)
