"""RIS text as records of tagged values, each with its place in the file.

rispy is not used: it silently loses the last record when `ER` is missing, swallows the record after a
missing `ER`, keeps no line numbers and holds the whole file (see the closing test in tests/sources/ris).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_FIELD = re.compile(r"([A-Z][A-Z0-9])(  ?)-(?: (.*)|\s*)$", re.DOTALL)
_TAGS = frozenset(
    [
        "TY",
        "ER",
        "AB",
        "AD",
        "AN",
        "AU",
        "A1",
        "A2",
        "A3",
        "A4",
        "AV",
        "BT",
        "CA",
        "CN",
        "CP",
        "CT",
        "CY",
        "C1",
        "C2",
        "C3",
        "C4",
        "C5",
        "C6",
        "C7",
        "C8",
        "DA",
        "DB",
        "DO",
        "DP",
        "ED",
        "EP",
        "ET",
        "ID",
        "IS",
        "JA",
        "JF",
        "JO",
        "J1",
        "J2",
        "KW",
        "LA",
        "LB",
        "LK",
        "L1",
        "L2",
        "L3",
        "L4",
        "M1",
        "M2",
        "M3",
        "NV",
        "N1",
        "N2",
        "OP",
        "PB",
        "PP",
        "PY",
        "RI",
        "RN",
        "RP",
        "SE",
        "SN",
        "SO",
        "SP",
        "ST",
        "TA",
        "TI",
        "TT",
        "T1",
        "T2",
        "T3",
        "UR",
        "U1",
        "U2",
        "U3",
        "U4",
        "U5",
        "VL",
        "VO",
        "WP",
        "WT",
        "WV",
        "Y1",
        "Y2",
    ]
)


@dataclass(slots=True)
class RisRecord:
    """The values of one record in file order, by tag."""

    number: int
    """1 for the first record of the file."""
    line: int
    """1-based line of its first tag."""
    closed: bool = False
    """True when `ER` was read."""
    fields: dict[str, list[str]] = field(default_factory=dict)
    """Tag -> values; continuation lines are joined to their value with a newline."""
    last_tag: str = ""

    @property
    def position(self) -> str:
        """Where a person finds it: `record 3, line 41`."""
        return f"record {self.number}, line {self.line}"

    @property
    def excerpt(self) -> str:
        """The first 200 characters, as written."""
        raw = "\n".join(f"{tag}  - {value}" for tag, values in self.fields.items() for value in values[:3])
        return raw[:200]

    def all(self, *tags: str) -> list[str]:
        """Every non-empty value of these tags, in the order of the tags given."""
        return [value for tag in tags for value in self.fields.get(tag, ()) if value.strip()]

    def first(self, *tags: str) -> str:
        """The first non-empty value among these tags, or an empty string."""
        return next(iter(self.all(*tags)), "")

    def _add(self, tag: str, value: str) -> None:
        self.fields.setdefault(tag, []).append(value)
        self.last_tag = tag

    def _continue(self, text: str) -> None:
        if self.last_tag and text.strip():
            values = self.fields[self.last_tag]
            values[-1] = f"{values[-1]}\n{text.strip()}"


def tag_and_value(line: str) -> tuple[str, str] | None:
    """The tag and value of a RIS line, or None when the line continues the one before.

    >>> tag_and_value("TY  - JOUR"), tag_and_value("ER  -"), tag_and_value("and so on")
    (('TY', 'JOUR'), ('ER', ''), None)
    """
    line = line.replace("\u00a0", " ").lstrip("\ufeff")
    match = _FIELD.match(line)
    # With one space it may be a line of prose ("IT - based"), so only known tags count.
    if match is None or (len(match[2]) == 1 and match[1] not in _TAGS):
        return None
    return match[1], (match[3] or "").strip()


def records(lines: Iterable[tuple[int, str]]) -> Iterator[RisRecord]:
    """Every record of a RIS text, also one without its start or end mark.

    >>> [(r.position, r.first("TI"), r.closed) for r in records([(1, "TY  - JOUR"), (2, "TI  - A"),
    ...     (3, "  and B"), (4, "TY  - JOUR"), (5, "TI  - C"), (6, "ER  - ")])]
    [('record 1, line 1', 'A\\nand B', False), ('record 2, line 4', 'C', True)]
    """
    count = 0
    current: RisRecord | None = None
    for number, line in lines:
        pair = tag_and_value(line)
        if pair is None:
            if current is not None:
                current._continue(line)
            continue
        tag, value = pair
        if tag == "ER":
            if current is not None:
                current.closed = True
                yield current
            current = None
            continue
        if current is not None and tag == "TY":
            yield current
            current = None
        if current is None:
            count += 1
            current = RisRecord(count, number)
        current._add(tag, value)
    if current is not None:
        yield current
