"""Reads the BibTeX export, in which every field begins a line: `Keywords-Plus = {{A; B}},`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from foretrack.sources.wos.record import LISTS, WosRecord

_ENTRY = re.compile(r"@\s*(\w+)\s*\{\s*([^,\s]*)\s*,?\s*$")
_FIELD = re.compile(r"([A-Z][A-Za-z0-9_()-]*(?: [A-Za-z]+){0,3})\s*=\s*\{(.*)$")
_ESCAPED = re.compile(r"\\([&%#_${}~^])")
_BRACED = re.compile(r"\{(\[|\]|''|\"|\\?\^|\\?~)\}")

TAGS = {
    "author": "AU",
    "title": "TI",
    "booktitle": "SO",
    "journal": "SO",
    "year": "PY",
    "month": "PD",
    "abstract": "AB",
    "publisher": "PU",
    "type": "DT",
    "language": "LA",
    "affiliation": "C1",
    "doi": "DI",
    "keywords": "DE",
    "keywords-plus": "ID",
    "research-areas": "SC",
    "web-of-science-categories": "WC",
    "cited-references": "CR",
    "times-cited": "TC",
    "unique-id": "UT",
    "early access date": "EA",
    "earlyaccessdate": "EA",
    "early-access-date": "EA",
    "book-author": "BA",
    "book-group-author": "CA",
    "pubmed-id": "PM",
    "note": "CT",
}
"""BibTeX field, lower case -> tag of the plain text export."""

_ENDS = {"}},": 3, "}}": 2, "},": 2, "}": 1}


def bibtex_records(lines: Iterable[tuple[int, str]]) -> Iterator[WosRecord]:
    """Every entry, with its fields under the tags of the plain text export.

    >>> text = "@article{ WOS:1,\\nAuthor = {Li, A and Wang, B},\\nTitle = {{R \\\\& D\\n   lines}},\\n}"
    >>> [(r.position, r.tags, r.complete) for r in bibtex_records(enumerate(text.split("\\n"), 1))]
    [('record 1, line 1', {'UT': ['WOS:1'], 'AU': ['Li, A', 'Wang, B'], 'TI': ['R & D lines']}, True)]
    """
    count = 0
    record: WosRecord | None = None
    name, held = "", list[str]()
    for number, line in lines:
        entry = _ENTRY.match(line.lstrip("\ufeff "))
        if entry is not None:
            if record is not None:
                _close(record, name, held)
                record.complete = False
                yield record
            count += 1
            record = WosRecord(f"record {count}, line {number}")
            name, held = "", []
            if entry[2]:
                record.tags["UT"] = [entry[2]]
            continue
        if record is None:
            continue
        field = _FIELD.match(line) if _ended(held) else None
        if field is not None:
            _close(record, name, held)
            name, held = field[1].lower(), [field[2].removeprefix("{")]
        elif line.strip() == "}" and _ended(held):
            _close(record, name, held)
            yield record
            record, name, held = None, "", []
        elif line.strip():
            held.append(line.strip())
    if record is not None:
        record.complete = False
        _close(record, name, held)
        yield record


def _ended(held: list[str]) -> bool:
    return not held or held[-1].endswith(("},", "}"))


def _close(record: WosRecord, name: str, held: list[str]) -> None:
    tag = TAGS.get(name)
    if tag is None or not held or (tag != "UT" and tag in record.tags):
        return
    last = held[-1]
    for end, size in _ENDS.items():
        if last.endswith(end):
            held[-1] = last[:-size]
            break
    if tag in ("C1", "CR"):
        values = [_text(line) for line in held]
    elif tag in LISTS:
        values = [_text(value) for value in re.split(r"\s+and\s+", " ".join(held))]
    else:
        values = [_text(" ".join(held))]
    record.tags[tag] = [value for value in values if value]


def _text(written: str) -> str:
    return _ESCAPED.sub(r"\1", _BRACED.sub(r"\1", written)).replace("``", '"').replace("''", '"').strip()
