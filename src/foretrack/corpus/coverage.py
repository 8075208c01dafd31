"""Where the coverage of a venue or source breaks: a hole in the data is no trend. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import gcd
from typing import Literal, TypeAlias

import numpy as np

BreakKind: TypeAlias = Literal["starts", "stops", "skips", "collapses", "jumps"]

LEAST = 20
"""Documents a year. A group below this level varies by chance."""
FACTOR = 4.0
"""How many times more or fewer documents than in the years around are a break."""
SIGMAS = 4.0
"""How many times its usual change from year to year (robust standard deviation of log ratios)."""
AROUND = 3
"""Years on each side whose median is the level there."""
PARTIAL = 0.6
"""The newest year is taken as not yet complete if it has less than this share of the year before."""


@dataclass(frozen=True, slots=True)
class Break:
    """One year in which the coverage of a group changed in a way that research does not."""

    field: str
    """`venue` or `source`."""
    group: str
    year: int
    kind: BreakKind
    """`starts`: at full size from nothing; `stops`: to nothing, until the end; `skips`: nothing in this year,
    `collapses` and `jumps`: far fewer or more than around."""
    count: int
    """Documents in that year."""
    before: float
    """Median of the (up to three) years before; 0 when there is none."""
    after: float
    """Median of the (up to three) years after; 0 when there is none."""


def complete_until(totals: Mapping[int, int]) -> int:
    """The last year that can be taken as complete, from documents per year.

    >>> complete_until({2020: 900, 2021: 1000, 2022: 120}), complete_until({2020: 900, 2021: 1000})
    (2021, 2021)
    """
    newest = max(totals)
    return newest - 1 if totals[newest] < PARTIAL * totals.get(newest - 1, 0) else newest


def coverage_breaks(field: str, counts: Iterable[tuple[str, int, int]], first: int, last: int) -> list[Break]:
    """Breaks of all groups from (group, year, documents), sorted by group and year.

    `first` and `last` are the years of the corpus that are complete: a group that begins in `first` or
    ends in `last` is no break. A group that appears every n-th year only (a biennial conference) is
    judged in its own rhythm.

    The rule, with c the count of the year, b and a the medians of the three years before and after:
    skips when c = 0 and b, a >= 20 and it is not one of alternating empty years; collapses when
    4 c <= min(b, a); jumps when c >= 4 max(b, a) >= 1, or when c and a are both 4 times b (and the mirror
    image for a collapse that lasts). In each case the
    larger level is at least 20, and the log ratio exceeds 4 robust standard deviations of the group's
    log changes from year to year.

    >>> [(b.year, b.kind) for b in coverage_breaks("venue", [("J", 2000 + i, n) for i, n in
    ...     enumerate([900, 930, 940, 48, 900, 910, 950])], 2000, 2006)]
    [(2003, 'collapses')]
    """
    by_group: dict[str, dict[int, int]] = {}
    for group, year, n in counts:
        if first <= year <= last:
            by_group.setdefault(group, {})[year] = by_group.get(group, {}).get(year, 0) + n
    found: list[Break] = []
    for group in sorted(by_group):
        found += _breaks_of(field, group, by_group[group], first, last)
    return found


def _breaks_of(field: str, group: str, by_year: Mapping[int, int], first: int, last: int) -> list[Break]:
    years = sorted(y for y, n in by_year.items() if n > 0)
    if not years or max(by_year.values()) < LEAST:
        return []
    step = rhythm(years)
    axis = list(range(years[0], years[-1] + 1, step))
    series = np.array([by_year.get(y, 0) for y in axis], dtype=float)
    found = []
    for i, year in enumerate(axis):
        before, after = _level(series[max(0, i - AROUND) : i]), _level(series[i + 1 : i + 1 + AROUND])
        # Without the year itself: in a short series its own leap would count as usual.
        tolerance = max(float(np.log(FACTOR)), SIGMAS * _usual_change(np.delete(series, i)))
        kind = _kind(series, i, before, after, tolerance)
        if kind is None and i == 0 and year - step >= first and series[0] >= max(LEAST, after / 2):
            kind = "starts"
        if kind is not None:
            found.append(Break(field, group, year, kind, int(series[i]), before, after))
    ended = axis[-1] + step
    level = _level(series[-AROUND:])
    if ended <= last and min(level, series[-1]) >= LEAST:
        found.append(Break(field, group, ended, "stops", 0, level, 0.0))
    return found


def rhythm(years: list[int]) -> int:
    """Years from one appearance to the next: 2 for a biennial conference, 1 when in doubt.

    >>> rhythm([2010, 2012, 2014, 2018]), rhythm([2010, 2012]), rhythm([2010, 2011, 2014])
    (2, 1, 1)
    """
    return gcd(*(b - a for a, b in pairwise(years))) if len(years) > 3 else 1


def _level(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return float(np.median(values)) if len(values) else 0.0


def _usual_change(series: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Robust standard deviation of log changes: 1.4826 times the median absolute change around its median."""
    changes = np.diff(np.log(series[series > 0]))
    if len(changes) < 3:
        return 0.0
    return 1.4826 * float(np.median(np.abs(changes - np.median(changes))))


def _alternates(series: np.ndarray[tuple[int], np.dtype[np.float64]], i: int) -> bool:
    """True if an empty year is one of several that come every second year, as in a biennial stretch."""
    others = [j for j in (i - 2, i + 2) if 0 <= j < len(series)]
    return bool(series[i - 1] and series[i + 1]) and any(series[j] == 0 for j in others)


def _kind(
    series: np.ndarray[tuple[int], np.dtype[np.float64]],
    i: int,
    before: float,
    after: float,
    tolerance: float,
) -> BreakKind | None:
    if i in (0, len(series) - 1):
        return None
    count, previous = float(series[i]), float(series[i - 1])
    low, high = min(before, after), max(before, after)
    if count == 0:
        return "skips" if low >= LEAST and not _alternates(series, i) else None
    if low >= LEAST and np.log(low / count) >= tolerance:
        return "collapses"
    if count >= LEAST and high > 0 and np.log(count / high) >= tolerance:
        return "jumps"
    lasting = np.exp(tolerance)
    if min(count, after) >= LEAST and previous > 0 and min(count, after) >= lasting * max(before, previous):
        return "jumps"
    if min(before, previous) >= LEAST and max(count, after) * lasting <= min(before, previous):
        return "collapses"
    return None
