"""Reads the field-tagged plain text export (`savedrecs.txt`, `.ciw`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from foretrack.sources.wos.record import LISTS, WosRecord

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
    count = 0
    record: WosRecord | None = None
    tag = ""
    for number, line in lines:
        match = None if line.startswith("   ") else _FIELD.match(line.lstrip("\ufeff"))
        if match is None:
            if record is not None and tag and line.strip():
                _continue(record.tags[tag], line.strip(), is_list=tag in LISTS)
            continue
        found, value = match[1], (match[2] or "").strip()
        if found == "ER":
            if record is not None:
                yield record
            record, tag = None, ""
            continue
        if found in _FILE_MARKS and record is None:
            continue
        if record is not None and found == "PT":
            record.complete = False
            yield record
            record = None
        if found == "EF" and record is not None:
            continue
        if record is None:
            count += 1
            record = WosRecord(f"record {count}, line {number}")
        tag = found
        record.tags.setdefault(tag, []).append(value)
    if record is not None:
        record.complete = False
        yield record


def _continue(values: list[str], text: str, *, is_list: bool) -> None:
    if is_list:
        values.append(text)
    elif values[-1]:
        values[-1] = f"{values[-1]} {text}"
    else:
        values[-1] = text
