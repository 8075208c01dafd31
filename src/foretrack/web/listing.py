"""What lists and tables of every room show above their rows: headings to sort by, filters that hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """One column."""

    label: str
    href: str
    """The list sorted by it; empty where it cannot be."""
    sorted: str
    """`ascending`, `descending` or empty, as aria-sort has it."""
    number: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that holds, and the list without it."""

    href: str
    label: str
    value: str
