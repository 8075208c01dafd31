"""Small charts as SVG text. Colours come from the page's style sheet, so light, dark and print all fit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

# Small, so that the lettering stays readable when a phone scales the drawing down.
WIDTH, HEIGHT = 460, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 14, 24


@dataclass(frozen=True, slots=True)
class Point:
    """One year of a series."""

    year: int
    value: float
    told: str
    """What a reader sees on pointing at it."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """One coming year: a median with the ranges that hold half and four fifths of what may come."""

    year: int
    low: float
    """Lower end of the 80 % range."""
    lower: float
    """Lower end of the 50 % range."""
    middle: float
    upper: float
    high: float
    told: str
    """What a reader sees on pointing at it."""


def nice_top(peak: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is not below the peak; 1 for no peak.

    >>> nice_top(0.031), nice_top(7), nice_top(0)
    (0.05, 10.0, 1.0)
    """
    # Less than one in a million million is nothing that a chart could show.
    if peak < 1e-12 or not math.isfinite(peak):
        return 1.0
    power = math.floor(math.log10(peak))
    for step in (1, 2, 2.5, 5, 10):
        # The power is divided by, not multiplied with, when negative: 5 / 100 is exact, 5 * 0.01 is not.
        top = step * 10**power if power >= 0 else step / 10**-power
        if top >= peak:
            return float(top)
    return float(peak)


def year_ticks(first: int, last: int, most: int = 7) -> list[int]:
    """Round years from first to last, at most `most` of them.

    >>> year_ticks(2001, 2022)
    [2004, 2008, 2012, 2016, 2020]
    """
    span = max(last - first, 1)
    step = next(s for s in (1, 2, 4, 5, 10, 20, 50, 100, 1000) if span / s < most)
    return [year for year in range(first, last + 1) if year % step == 0] or [last]


def sparkline(values: Sequence[float], *, described: str) -> str:
    """A word-sized line from 0 to the series' own peak, with a dot at its end; empty text for no values."""
    if not values:
        return ""
    width, height, edge = 110, 26, 4
    peak = max(max(values), 1e-12)
    step = (width - 2 * edge) / max(len(values) - 1, 1)
    spots = [
        (edge + i * step, height - edge - (height - 2 * edge) * max(value, 0) / peak)
        for i, value in enumerate(values)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    x, y = spots[-1]
    return (
        f'<svg class="spark" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(described)}">'
        f'<polyline points="{path}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="2.6"/></svg>'
    )


def line_chart(
    points: Sequence[Point],
    *,
    described: str,
    as_percent: bool = True,
    ahead: Sequence[Ahead] = (),
    ahead_named: str = "",
) -> str:
    """A series over the years as an area with a dot per year; empty text for no points.

    Years without a point leave a gap in the line: nothing is drawn where nothing is known.

    Args:
        ahead: the years that follow, drawn as a fan behind a dividing line; none for no forecast.
        ahead_named: the word that stands over the fan.
    """
    if not points:
        return ""
    top = nice_top(max(*(point.value for point in points), 0.0, *(each.high for each in ahead)))
    last = ahead[-1].year if ahead else points[-1].year
    x, y = _scales(points[0].year, last, top)
    parts = [_open(described), _grid(top, y, as_percent), _years(points[0].year, last, x)]
    if ahead:
        parts.append(_fan(points[-1], ahead, x, y, ahead_named))
    for run in _runs(points):
        line = " ".join(f"{x(p.year):.1f},{y(p.value):.1f}" for p in run)
        base = f"{x(run[-1].year):.1f},{y(0):.1f} {x(run[0].year):.1f},{y(0):.1f}"
        parts.append(
            f'<polygon class="area" points="{line} {base}"/><polyline class="line" points="{line}"/>'
        )
    parts += [
        f'<circle class="dot" cx="{x(p.year):.1f}" cy="{y(p.value):.1f}" r="3">'
        f"<title>{escape(p.told)}</title></circle>"
        for p in points
    ]
    return "".join(parts) + "</svg>"


def stacked_bars(years: Mapping[int, Mapping[str, int]], parts: Sequence[str], *, described: str) -> str:
    """Counts per year as bars stacked in the order of `parts`; empty text for no years."""
    if not years:
        return ""
    first, last = min(years), max(years)
    top = nice_top(max(sum(counts.values()) for counts in years.values()))
    x, y = _scales(first, last, top)
    width = max(min(0.8 * (WIDTH - LEFT - RIGHT) / (last - first + 1), 26.0), 1.0)
    drawn = [_open(described), _grid(top, y, as_percent=False), _years(first, last, x)]
    for year, counts in sorted(years.items()):
        below = 0
        for place, part in enumerate(parts, start=1):
            n = counts.get(part, 0)
            if n:
                drawn.append(
                    f'<rect class="k{place}" x="{x(year) - width / 2:.1f}" y="{y(below + n):.1f}" '
                    f'width="{width:.1f}" height="{max(y(below) - y(below + n), 0.5):.1f}">'
                    f"<title>{year}: {n:,} {escape(part)}</title></rect>"
                )
            below += n
    return "".join(drawn) + "</svg>"


@dataclass(frozen=True, slots=True)
class _Scale:
    start: float
    unit: float

    def __call__(self, value: float) -> float:
        return self.start + self.unit * value


def _scales(first: int, last: int, top: float) -> tuple[_Scale, _Scale]:
    inset = 14
    room = WIDTH - LEFT - RIGHT - 2 * inset
    per_year = room / (last - first) if last > first else 0.0
    start = LEFT + inset + (0 if last > first else room / 2)
    return _Scale(start - per_year * first, per_year), _Scale(HEIGHT - BOTTOM, -(HEIGHT - TOP - BOTTOM) / top)


def _open(described: str) -> str:
    return f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(described)}">'


def _grid(top: float, y: _Scale, as_percent: bool) -> str:
    drawn = []
    for part in (0.0, 0.5, 1.0):
        value = top * part
        if not as_percent and value != round(value):
            continue
        text = f"{100 * value:.3g} %" if as_percent else f"{value:,.0f}"
        drawn.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
            f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{text}</text>'
        )
    return "".join(drawn)


def _years(first: int, last: int, x: _Scale) -> str:
    return "".join(
        f'<text x="{x(year):.1f}" y="{HEIGHT - 6}" text-anchor="middle">{year}</text>'
        for year in year_ticks(first, last)
    )


def _fan(now: Point, ahead: Sequence[Ahead], x: _Scale, y: _Scale, named: str) -> str:
    """The 80 % range, the 50 % range on it, the median on both; a column per year to point at."""
    start = Ahead(now.year, now.value, now.value, now.value, now.value, now.value, "")
    spots = [start, *ahead]

    def band(upper: Sequence[float], lower: Sequence[float], name: str) -> str:
        there = [f"{x(spot.year):.1f},{y(value):.1f}" for spot, value in zip(spots, upper, strict=True)]
        back = [f"{x(spot.year):.1f},{y(value):.1f}" for spot, value in zip(spots, lower, strict=True)]
        return f'<polygon class="{name}" points="{" ".join([*there, *reversed(back)])}"/>'

    width = (x(spots[-1].year) - x(now.year)) / (spots[-1].year - now.year)
    middle = " ".join(f"{x(spot.year):.1f},{y(spot.middle):.1f}" for spot in spots)
    drawn = [
        f'<line class="now" x1="{x(now.year):.1f}" x2="{x(now.year):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>',
        f'<text class="ahead" x="{WIDTH - RIGHT}" y="{TOP - 3}" text-anchor="end">{escape(named)}</text>',
        band([spot.high for spot in spots], [spot.low for spot in spots], "fan80"),
        band([spot.upper for spot in spots], [spot.lower for spot in spots], "fan50"),
        f'<polyline class="median" points="{middle}"/>',
    ]
    for each in ahead:
        drawn.append(
            f'<circle class="ahead" cx="{x(each.year):.1f}" cy="{y(each.middle):.1f}" r="2.4"/>'
            f'<rect class="hover" x="{x(each.year) - width / 2:.1f}" y="{TOP}" width="{width:.1f}" '
            f'height="{HEIGHT - TOP - BOTTOM}"><title>{escape(each.told)}</title></rect>'
        )
    return "".join(drawn)


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    runs: list[list[Point]] = []
    for point in points:
        if runs and point.year == runs[-1][-1].year + 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs
