"""Reads the two text exports of Wanfang into records with one set of field names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_NOTEEXPRESS = re.compile(r"\{([A-Za-z][A-Za-z/ ]*)\}\s*[:：]\s?(.*)$")
_REFWORKS = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|\s*)$")

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
_REFWORKS_OTHER = re.compile("A[23]|C[NOR]|D[BS]|ED|I[DPS]|NO|OP|PP|S[NPR]|U[12]|V[LO]")

LONGEST_RECORD = 8_000_000
"""Characters. More in one record means that the marks between records are missing."""


@dataclass(slots=True)
class WanfangRecord:
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


def noteexpress_records(lines: Iterable[tuple[int, str]]) -> Iterator[WanfangRecord]:
    """Records that begin with `{Reference Type}`; a field comes once per value.

    >>> text = "{Reference Type}: Journal Article\\n{Title}: 甲\\n{Keywords}: 一\\n{Keywords}:  二"
    >>> [r.values for r in noteexpress_records(enumerate(text.split("\\n"), 1))]
    [{'type': ['Journal Article'], 'title': ['甲'], 'keywords': ['一', ' 二']}]
    """
    return _records(lines, _NOTEEXPRESS, _NOTEEXPRESS_FIELDS, None)


def refworks_records(lines: Iterable[tuple[int, str]]) -> Iterator[WanfangRecord]:
    """Records that begin with `RT`.

    >>> text = "RT Journal\\nA1 张三\\nA1 李四\\nT1 甲\\nYR 2020\\nDS 北京万方数据股份有限公司"
    >>> [r.values for r in refworks_records(enumerate(text.split("\\n"), 1))]
    [{'type': ['Journal'], 'author': ['张三', '李四'], 'title': ['甲'], 'year': ['2020']}]
    """
    return _records(lines, _REFWORKS, _REFWORKS_FIELDS, _REFWORKS_OTHER)


def _records(
    lines: Iterable[tuple[int, str]],
    pattern: re.Pattern[str],
    names: Mapping[str, str],
    other: re.Pattern[str] | None,
) -> Iterator[WanfangRecord]:
    count = size = 0
    more: list[str] = []
    record: WanfangRecord | None = None
    current: list[str] | None = None
    for number, line in lines:
        match = pattern.match(line.lstrip("\ufeff").rstrip())
        tag = match[1] if match else ""
        name = names.get(tag) or names.get(tag.lower())
        if match is None or (other is not None and name is None and not other.fullmatch(tag)):
            size += len(line)
            if current is not None and line.strip() and size <= LONGEST_RECORD:
                more.append(line.strip())
            continue
        _join(current, more)
        if record is None or name == "type":
            if record is not None:
                record.oversize = size > LONGEST_RECORD
                yield record
            count, size = count + 1, 0
            record = WanfangRecord(f"record {count}, line {number}")
        # Fields that we do not use still end the field before them.
        current = record.values.setdefault(name, []) if name else []
        current.append(match[2] or "")
        size += len(current[-1])
    _join(current, more)
    if record is not None:
        record.oversize = size > LONGEST_RECORD
        yield record


def _join(values: list[str] | None, more: list[str]) -> None:
    """Puts continuation lines behind their value, once: a million lines must not be copied a million times."""
    if values is not None and more:
        values[-1] = " ".join([values[-1], *more]).strip()
    more.clear()
