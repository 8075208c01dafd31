"""Reads the three text exports of CNKI into records with one set of field names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

NOTEEXPRESS = re.compile(r"\{([A-Za-z][A-Za-z/ ]*)\}\s*[:：]\s?(.*)$")
ESTUDY = re.compile(r"([A-Z][A-Za-z]*)(?:-[^:：\s]{1,12})?\s?[:：]\s?(.*)$")
REFWORKS = re.compile(r"([A-Za-z][A-Z0-9a-z]) (.*)$|([A-Z][A-Z0-9])$")

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


LONGEST_RECORD = 8_000_000
"""Characters. More in one record means that the marks between records are missing."""


@dataclass(slots=True)
class CnkiRecord:
    """The values of one record by field, and where it stands in the file."""

    position: str
    values: dict[str, list[str]] = field(default_factory=dict)
    oversize: bool = False
    """True when the record was too long to be one; what came after the limit is not kept."""

    @property
    def excerpt(self) -> str:
        """The first 200 characters of the values."""
        return " | ".join("; ".join(values) for values in self.values.values())[:200]

    def all(self, name: str) -> list[str]:
        """The values of a field that are not empty."""
        return [value.strip() for value in self.values.get(name, ()) if value.strip()]

    def first(self, name: str) -> str:
        """The first value of a field, or an empty string."""
        return next(iter(self.all(name)), "")


def noteexpress_records(lines: Iterable[tuple[int, str]]) -> Iterator[CnkiRecord]:
    """Records that begin with `{Reference Type}`.

    >>> text = "{Reference Type}: Journal\\n{Title}: 甲\\n{Abstract}: 一\\n二\\n\\n{Reference Type}: Thesis"
    >>> [(r.position, r.first("title"), r.first("abstract"))
    ...  for r in noteexpress_records(enumerate(text.split("\\n"), 1))]
    [('record 1, line 1', '甲', '一 二'), ('record 2, line 6', '', '')]
    """

    def split(line: str) -> tuple[str, str] | None:
        match = NOTEEXPRESS.match(line)
        return (match[1].lower(), match[2]) if match else None

    return _records(lines, split, _NOTEEXPRESS_FIELDS, frozenset({"reference type"}))


def estudy_records(lines: Iterable[tuple[int, str]]) -> Iterator[CnkiRecord]:
    """Records that begin with `DataType:`; fields are called in two languages, as in `Title-题名: ...`.

    >>> text = "DataType: 1\\nTitle-题名: 甲\\nPubTime-出版时间: 2021-01-15 16:54"
    >>> [r.values for r in estudy_records(enumerate(text.split("\\n"), 1))]
    [{'data type': ['1'], 'title': ['甲'], 'date': ['2021-01-15 16:54']}]
    """

    def split(line: str) -> tuple[str, str] | None:
        match = ESTUDY.match(line)
        # A line of an abstract may begin with a word and a colon, so unknown names are text.
        return (match[1], match[2]) if match and match[1] in _ESTUDY_FIELDS else None

    return _records(lines, split, _ESTUDY_FIELDS, frozenset({"DataType"}))


def refworks_records(lines: Iterable[tuple[int, str]]) -> Iterator[CnkiRecord]:
    """Records that begin with `RT`; some tags are in lower case (`vo`).

    >>> text = "RT Journal Article\\nSR 1\\nA1 张三;李四;\\nT1 甲\\nvo 3\\nDS CNKI"
    >>> [r.values for r in refworks_records(enumerate(text.split("\\n"), 1))]
    [{'type': ['Journal Article'], 'author': ['张三;李四;'], 'title': ['甲'], 'database': ['CNKI']}]
    """
    known = {
        *_REFWORKS_FIELDS,
        "SR",
        "VO",
        "OP",
        "SP",
        "SN",
        "CN",
        "ID",
        "PP",
        "A2",
        "A3",
        "ED",
        "VL",
        "IP",
        "U1",
        "U2",
    }

    def split(line: str) -> tuple[str, str] | None:
        match = REFWORKS.match(line)
        tag = (match[1] or match[3]).upper() if match else ""
        return (tag, match[2] or "") if match and tag in known else None

    return _records(lines, split, _REFWORKS_FIELDS, frozenset({"RT"}))


def _records(
    lines: Iterable[tuple[int, str]],
    split: Callable[[str], tuple[str, str] | None],
    names: Mapping[str, str],
    starts: frozenset[str],
) -> Iterator[CnkiRecord]:
    count = size = 0
    more: list[str] = []
    record: CnkiRecord | None = None
    current: list[str] | None = None
    for number, line in lines:
        pair = split(line.lstrip("\ufeff").rstrip())
        if pair is None:
            size += len(line)
            if current is not None and line.strip() and size <= LONGEST_RECORD:
                more.append(line.strip())
            continue
        _join(current, more)
        name, value = pair
        if name in starts:
            if record is not None:
                record.oversize = size > LONGEST_RECORD
                yield record
            record = None
        if record is None:
            count, size = count + 1, 0
            record = CnkiRecord(f"record {count}, line {number}")
        # Fields that we do not use still end the field before them.
        current = record.values.setdefault(names[name], []) if name in names else [""]
        current.append(value)
        size += len(value)
    _join(current, more)
    if record is not None:
        record.oversize = size > LONGEST_RECORD
        yield record


def _join(values: list[str] | None, more: list[str]) -> None:
    """Puts continuation lines behind their value, once: a million lines must not be copied a million times."""
    if values is not None and more:
        values[-1] = " ".join([values[-1], *more]).strip()
    more.clear()
