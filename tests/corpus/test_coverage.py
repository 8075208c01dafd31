"""Breaks in coverage are found where they are, and not where research merely changes."""

from __future__ import annotations

import pytest

from foretrack.corpus.coverage import coverage_breaks


def breaks(*counts: int, first: int = 2000, last: int | None = None) -> list[tuple[int, str]]:
    rows = [("V", 2000 + i, n) for i, n in enumerate(counts)]
    found = coverage_breaks("venue", rows, first, 2000 + len(counts) - 1 if last is None else last)
    return [(b.year, b.kind) for b in found]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((900, 930, 940, 48, 900, 910), [(2003, "collapses")]),
        ((100, 110, 0, 120, 115), [(2002, "skips")]),
        ((100, 110, 120, 115, 0, 0), [(2004, "stops")]),
        ((0, 0, 100, 110, 120), [(2002, "starts")]),
        ((50, 55, 900, 52, 50), [(2002, "jumps")]),
        ((50, 55, 52, 600, 640, 660), [(2003, "jumps")]),
        ((600, 620, 640, 60, 50, 55), [(2003, "collapses")]),
        ((100, 110, 120, 130), []),
        ((30, 48, 77, 123, 197, 315, 503), []),
        ((3, 0, 2, 0, 9, 0, 4), []),
        ((100, 0, 110, 0, 120, 0, 115), []),
        ((100, 0, 110, 0, 120, 115, 130, 140), []),
        ((5, 8, 12, 25, 60, 140, 200), []),
        ((), []),
    ],
)
def test_series(counts: tuple[int, ...], expected: list[tuple[int, str]]) -> None:
    assert breaks(*counts) == expected


def test_before_and_after_are_the_medians_around() -> None:
    (found,) = coverage_breaks(
        "venue", [("V", 2000 + i, n) for i, n in enumerate((900, 930, 940, 48, 900, 910))], 2000, 2005
    )
    assert (found.count, found.before, found.after) == (48, 930.0, 905.0)


def test_a_group_that_changes_wildly_has_no_breaks() -> None:
    assert breaks(30, 200, 25, 260, 30, 180, 28, 240) == []


def test_years_outside_the_complete_ones_are_not_judged() -> None:
    assert breaks(100, 110, 120, 3, last=2002) == []
