"""RIS text as records of tagged values, each with its place in the file.

rispy is not used: it silently loses the last record when `ER` is missing, swallows the record after a
missing `ER`, keeps no line numbers and holds the whole file (see the closing test in tests/sources/ris).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_FIELD = re.compile(r"([A-Z][A-Z0-9])(  ?)-(?: (.*)|\s*)$", re.DOTALL)
_KNOWN = re.compile(
    "TY|ER|A[BDNUV1-4]|BT|C[ANPTY1-8]|D[ABOP]|E[DPT]|I[DS]|J[AFO12]|KW|L[ABK1-4]|M[1-3]|N[V12]|OP|P[BPY]"
    "|R[INP]|S[ENOPT]|T[AIT1-3]|U[R1-5]|V[LO]|W[PTV]|Y[12]"
)
LONGEST_RECORD = 8_000_000
"""Characters. More in one record means that the marks between records are missing."""


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
    _more: list[str] = field(default_factory=list)
    _size: int = 0

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

    @property
    def oversize(self) -> bool:
        """True when the record was too long to be one; what came after the limit is not kept."""
        return self._size > LONGEST_RECORD

    def add(self, tag: str, value: str) -> None:
        """Begins a value."""
        self._flush()
        self.fields.setdefault(tag, []).append(value)
        self.last_tag = tag
        self._size += len(value)

    def extend(self, text: str) -> None:
        """Adds a continuation line to the value begun last."""
        self._size += len(text) + 1
        if self.last_tag and text.strip() and not self.oversize:
            self._more.append(text.strip())

    def end(self, *, closed: bool) -> RisRecord:
        """The finished record."""
        self._flush()
        self.closed = closed
        return self

    def _flush(self) -> None:
        # Joined once: a value of a million lines must not be copied a million times.
        if self._more:
            values = self.fields[self.last_tag]
            values[-1] = "\n".join([values[-1], *self._more])
            self._more = []


def tag_and_value(line: str) -> tuple[str, str] | None:
    """The tag and value of a RIS line, or None when the line continues the one before.

    >>> tag_and_value("TY  - JOUR"), tag_and_value("ER  -"), tag_and_value("and so on")
    (('TY', 'JOUR'), ('ER', ''), None)
    """
    line = line.replace("\u00a0", " ").lstrip("\ufeff")
    match = _FIELD.match(line)
    # With one space it may be a line of prose ("IT - based"), so only known tags count.
    if match is None or (len(match[2]) == 1 and not _KNOWN.fullmatch(match[1])):
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
                current.extend(line)
            continue
        tag, value = pair
        if tag == "ER":
            if current is not None:
                yield current.end(closed=True)
            current = None
            continue
        if current is not None and tag == "TY":
            yield current.end(closed=False)
            current = None
        if current is None:
            count += 1
            current = RisRecord(count, number)
        current.add(tag, value)
    if current is not None:
        yield current.end(closed=False)
