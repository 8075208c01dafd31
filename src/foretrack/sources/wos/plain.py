"""Reads the field-tagged plain text export (`savedrecs.txt`, `.ciw`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from foretrack.sources.wos.record import LISTS, LONGEST_RECORD, WosRecord

_FIELD = re.compile(r"([A-Z][A-Z0-9])(?: (.*))?$")
_FILE_MARKS = frozenset({"FN", "VR", "EF"})


def plain_records(lines: Iterable[tuple[int, str]]) -> Iterator[WosRecord]:
    """Every record from `PT` to `ER`; one that the file or the next `PT` cuts off comes too, as incomplete.

    >>> text = "VR 1.0\\nPT J\\nAU Li, A\\n   Wang, B\\nTI Two\\n   lines\\nER\\n\\nPT J\\nTI Cut"
    >>> [(r.position, r.tags, r.complete) for r in plain_records(enumerate(text.split("\\n"), 1))]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('record 1, line 2', {'PT': ['J'], 'AU': ['Li, A', 'Wang, B'], 'TI': ['Two lines']}, True),
     ('record 2, line 9', {'PT': ['J'], 'TI': ['Cut']}, False)]
    """
    count = size = 0
    record: WosRecord | None = None
    tag = ""
    for number, line in lines:
        match = None if line.startswith("   ") else _FIELD.match(line.lstrip("\ufeff"))
        if match is None:
            size += len(line)
            if record is not None and tag and line.strip() and size <= LONGEST_RECORD:
                record.tags[tag].append(line.strip())
            continue
        found, value = match[1], (match[2] or "").strip()
        if found == "ER":
            if record is not None:
                yield _ended(record, size, complete=True)
            record, tag = None, ""
            continue
        if found in _FILE_MARKS:
            continue
        if record is not None and found == "PT":
            yield _ended(record, size, complete=False)
            record = None
        if record is None:
            count, size = count + 1, 0
            record = WosRecord(f"record {count}, line {number}")
        tag = found
        size += len(value)
        record.tags.setdefault(tag, []).append(value)
    if record is not None:
        yield _ended(record, size, complete=False)


def _ended(record: WosRecord, size: int, *, complete: bool) -> WosRecord:
    record.complete = complete
    record.oversize = size > LONGEST_RECORD
    # Joined once: a value of a million lines must not be copied a million times.
    for tag, lines in record.tags.items():
        if tag not in LISTS and len(lines) > 1:
            record.tags[tag] = [" ".join(lines).strip()]
    return record
