"""Exports for reference managers whose lines each begin with the mark of a field: NoteExpress and RefWorks.

Chinese databases share the marks and differ in the fields they fill; each hands in its own names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from foretrack.foundation.errors import InputError
from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.opening import OpenedFile

_NOTEEXPRESS = re.compile(r"\{([A-Za-z][A-Za-z/ ]*)\}\s*[:：]\s?(.*)$")
# CNKI writes `vo` for the volume. Other lower-case pairs are words of an abstract: "is", "no".
_REFWORKS = re.compile(r"([A-Z][A-Z0-9]|vo)(?: (.*)|\s*)$")
_REFWORKS_OTHER = frozenset(
    "A2 A3 CN CO CR DB DS ED ID IP IS NO OP PP SN SP SR U1 U2 VL VO".split()  # noqa: SIM905
)
"""Marks of fields that no connector reads."""

LONGEST_RECORD = 8_000_000
"""Characters. More in one record means that the marks between records are missing."""


@dataclass(slots=True)
class MarkedRecord:
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


def noteexpress_records(lines: Iterable[tuple[int, str]], names: Mapping[str, str]) -> Iterator[MarkedRecord]:
    """Records that begin with `{Reference Type}`. `names`: lower-case mark -> field; other marks are passed over.

    >>> text = "{Reference Type}: Journal\\n{Title}: 甲\\n{Abstract}: 一\\n二\\n\\n{Reference Type}: Thesis"
    >>> found = noteexpress_records(enumerate(text.split("\\n"), 1), {"title": "title", "abstract": "abstract"})
    >>> [(r.position, r.first("title"), r.first("abstract")) for r in found]
    [('record 1, line 1', '甲', '一 二'), ('record 2, line 6', '', '')]
    """

    def split(line: str) -> tuple[str, str] | None:
        match = _NOTEEXPRESS.match(line)
        return (match[1].lower(), match[2]) if match else None

    return marked_records(lines, split, names, "reference type")


def refworks_records(lines: Iterable[tuple[int, str]], names: Mapping[str, str]) -> Iterator[MarkedRecord]:
    """Records that begin with `RT`. `names`: mark -> field; a line without a known mark continues the last.

    >>> text = "RT Journal\\nA1 张三\\nA1 李四\\nT1 甲\\nAB One\\nis two\\nvo 3\\nDS CNKI"
    >>> found = refworks_records(enumerate(text.split("\\n"), 1), {"A1": "author", "AB": "abstract"})
    >>> [r.values for r in found]
    [{'author': ['张三', '李四'], 'abstract': ['One is two']}]
    """
    known = {*names, *_REFWORKS_OTHER, "RT", "T1"}

    def split(line: str) -> tuple[str, str] | None:
        match = _REFWORKS.match(line)
        tag = match[1].upper() if match else ""
        return (tag, match[2] or "") if match and tag in known else None

    return marked_records(lines, split, names, "RT")


def marked_records(
    lines: Iterable[tuple[int, str]],
    split: Callable[[str], tuple[str, str] | None],
    names: Mapping[str, str],
    start: str,
) -> Iterator[MarkedRecord]:
    """Records that begin with the mark `start`. `split` parts a line into mark and value; None: it goes on."""
    count = size = 0
    more: list[str] = []
    record: MarkedRecord | None = None
    current: list[str] | None = None
    for number, line in lines:
        pair = split(line.lstrip("\ufeff").rstrip())
        if pair is None:
            size += len(line)
            if current is not None and line.strip() and size <= LONGEST_RECORD:
                more.append(line.strip())
            continue
        _join(current, more)
        mark, value = pair
        if mark == start:
            if record is not None:
                record.oversize = size > LONGEST_RECORD
                yield record
            record = None
        if record is None:
            count, size = count + 1, 0
            record = MarkedRecord(f"record {count}, line {number}")
        # Fields that nobody reads still end the field before them.
        current = record.values.setdefault(names[mark], []) if mark in names else [""]
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


def parser_of(
    database: str,
    read: Callable[[Iterable[tuple[int, str]]], Iterator[MarkedRecord]],
    document: Callable[[MarkedRecord], Parsed | Rejected],
    expected: str,
) -> Callable[[OpenedFile, ParseOptions], Iterator[Parsed | Rejected]]:
    """The `parse` of a connector whose exports are marked records.

    Args:
        read: the records of the numbered lines of a file; document: what becomes of one record.
        expected: how records of the format begin, for the InputError that a file without any of them raises.
    """

    def parse(file: OpenedFile, options: ParseOptions) -> Iterator[Parsed | Rejected]:
        none = True
        for record in read(file.lines()):
            none = False
            yield document(record)
        if none:
            raise InputError(
                f"{file.name}: no {database} record found",
                expected=expected,
                do="check the file, or name its format with --format",
            )

    return parse
