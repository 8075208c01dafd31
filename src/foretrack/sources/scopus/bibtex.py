"""Reads the BibTeX export, in which every field begins a line: `author_keywords={A; B},`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from foretrack.sources.scopus.record import ScopusRecord

_ENTRY = re.compile(r"@\s*(\w+)\s*\{\s*([^,]*),?\s*$")
_FIELD = re.compile(r"\s*([a-z][a-z0-9_]*)\s*=\s*[{\"](.*)$")
_ENDS = ("},", '",', "}", '"')
_ESCAPED = re.compile(r"\\([&%#_$])")

_COLUMNS = {
    "author": "authors",
    "title": "title",
    "year": "year",
    "journal": "source title",
    "booktitle": "source title",
    "doi": "doi",
    "note": "cited by",
    "url": "link",
    "affiliation": "affiliations",
    "abstract": "abstract",
    "author_keywords": "author keywords",
    "keywords": "index keywords",
    "references": "references",
    "publisher": "publisher",
    "language": "language of original document",
    "document_type": "document type",
    "type": "document type",
    "pubmed_id": "pubmed id",
}


def bibtex_records(lines: Iterable[tuple[int, str]]) -> Iterator[ScopusRecord]:
    """Every entry, with its fields under the column names of the CSV export.

    >>> text = "Scopus\\nEXPORT DATE\\n\\n@ARTICLE{Li20,\\nauthor={Li, A. and Wu, B.},\\nyear={2020},\\n}"
    >>> [(r.position, r.values, r.complete) for r in bibtex_records(enumerate(text.split("\\n"), 1))]
    [('record 1, line 4', {'authors': 'Li, A.; Wu, B.', 'year': '2020'}, True)]
    """
    count = 0
    record: ScopusRecord | None = None
    name, held = "", list[str]()
    for number, line in lines:
        if _ENTRY.match(line.lstrip("\ufeff ")):
            if record is not None:
                _close(record, name, held)
                record.complete = False
                yield record
            count += 1
            record = ScopusRecord(f"record {count}, line {number}")
            name, held = "", []
            continue
        if record is None:
            continue
        field = _FIELD.match(line) if _ended(held) else None
        if field is not None:
            _close(record, name, held)
            name, held = field[1], [field[2].strip()]
        elif line.strip() == "}" and _ended(held):
            _close(record, name, held)
            yield record
            record, name, held = None, "", []
        elif line.strip():
            held.append(line.strip())
    if record is not None:
        # The last brace of the file may stand behind the last field.
        record.complete = bool(held) and held[-1].endswith(("}}", "},}", "} }"))
        if record.complete:
            held[-1] = held[-1][:-1].rstrip()
        _close(record, name, held)
        yield record


def _ended(held: list[str]) -> bool:
    return not held or held[-1].endswith(_ENDS)


def _close(record: ScopusRecord, name: str, held: list[str]) -> None:
    column = _COLUMNS.get(name)
    if column is None or not held:
        return
    value = " ".join(held)
    value = next((value[: -len(end)] for end in _ENDS if value.endswith(end)), value)
    value = _ESCAPED.sub(r"\1", value).replace("{", "").replace("}", "").strip()
    if name == "author":
        value = "; ".join(re.split(r"\s+and\s+", value))
    if value and (name == "document_type" or not record.values.get(column)):
        record.values[column] = value
