"""Reads the tab-delimited export, whose header is the two-letter tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from foretrack.records.document import Rejected
from foretrack.sources.kit.building import reject
from foretrack.sources.wos.record import LISTS, WosRecord

_TAG = re.compile(r"[A-Z][A-Z0-9]")
_NEEDED = frozenset({"TI", "SO", "PY", "UT"})


def header_of(line: str) -> list[str] | None:
    """The tags of a header line, or None when the line is no Web of Science header.

    >>> header_of("PT\\tAU\\tTI\\tSO\\tPY\\tUT"), header_of("title\\tyear")
    (['PT', 'AU', 'TI', 'SO', 'PY', 'UT'], None)
    """
    cells = [cell.strip().strip('"') for cell in line.lstrip("\ufeff").rstrip("\t\r").split("\t")]
    tags = [cell for cell in cells if _TAG.fullmatch(cell)]
    return cells if set(tags) >= _NEEDED and len(tags) == len(cells) else None


def table_records(lines: Iterable[tuple[int, str]]) -> Iterator[WosRecord | Rejected]:
    """Every row as a record; quotes are text in this export, so a row is exactly one line.

    >>> text = "PT\\tAU\\tTI\\tSO\\tPY\\tUT\\nJ\\tLi, A; Wang, B\\tT\\tJ X\\t2020\\tWOS:1\\nJ\\tcut"
    >>> good, bad = table_records(enumerate(text.split("\\n"), 1))
    >>> good.tags["AU"], bad.reason
    (['Li, A', 'Wang, B'], '2 cells. Expected: 6, as the header has')
    """
    header: list[str] | None = None
    count = 0
    for number, line in lines:
        if header is None:
            header = header_of(line)
            continue
        if not line.strip():
            continue
        if header_of(line):
            # Several exports joined into one file repeat the header.
            continue
        count += 1
        position = f"row {number}"
        cells = line.split("\t")
        while len(cells) > len(header) and not cells[-1].strip():
            cells.pop()
        if len(cells) > len(header) or len(cells) < min(len(header), _last_needed(header)):
            yield reject(position, f"{len(cells)} cells. Expected: {len(header)}, as the header has", line)
            continue
        record = WosRecord(position)
        for tag, cell in zip(header, cells, strict=False):
            values = _values(tag, _unquoted(cell))
            if values:
                record.tags[tag] = values
        yield record


def _last_needed(header: Sequence[str]) -> int:
    """Cells at the end that are empty may be missing; those up to the last needed one may not."""
    return max(header.index(tag) for tag in _NEEDED) + 1


def _unquoted(cell: str) -> str:
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _values(tag: str, cell: str) -> list[str]:
    if tag == "C1":
        # Semicolons also separate the authors inside the brackets.
        return [part.strip() for part in re.split(r";\s+(?![^\[\]]*\])", cell) if part.strip()]
    if tag in LISTS:
        return [part.strip() for part in cell.split("; ") if part.strip()]
    return [cell] if cell else []
