"""Figures wanted, promised and measured, side by side, and what of them is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from foretrack.domains.missions.kinds.parts import AT_LEAST, AT_MOST

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of a task or of a bid."""

    measure: str
    unit: str
    sense: str
    """`at least` or `at most`."""
    wanted: float | None
    """By the task; None for a measure that only the bid names."""
    promised: float | None
    measured: float | None
    enough: bool | None
    """Whether the promise reaches what is wanted; None where either is missing."""
    met: bool | None
    """Whether what was measured reaches the promise (or, without one, what is wanted); None before the test."""


def compare(wanted: Sequence[Row], promised: Sequence[Row], measured: Sequence[Row] = ()) -> tuple[Line, ...]:
    """The measures of a task in its order, then those that only the bid names.

    A measure is known by its name, whatever its case and outer spaces. Where task and bid differ in unit or sense, the
    task's hold and the promise does not count as enough: figures of two units cannot be compared.

    >>> lines = compare(
    ...     [{"measure": "Speed", "unit": "m/s", "wanted": 1.5}, {"measure": "Weight", "sense": "at most", "wanted": 60}],
    ...     [{"measure": "speed", "unit": "m/s", "promised": 2},
    ...      {"measure": "Weight", "sense": "at most", "promised": 55}],
    ...     [{"measure": "Speed", "measured": 1.8}, {"measure": "Weight", "measured": 54.5}],
    ... )
    >>> [(one.measure, one.enough, one.met) for one in lines]
    [('Speed', True, False), ('Weight', True, True)]
    """
    offers = {_name(row): row for row in promised}
    found = {_name(row): row for row in measured}
    lines = []
    for row in wanted:
        lines.append(_line(row, offers.pop(_name(row), None), found.get(_name(row))))
    lines += [_line(None, row, found.get(_name(row))) for row in offers.values()]
    return tuple(lines)


def _name(row: Row) -> str:
    return str(row["measure"]).strip().casefold()


def _line(wanted: Row | None, promised: Row | None, measured: Row | None) -> Line:
    first: Row = wanted or promised or {}
    sense, unit = first.get("sense") or AT_LEAST, str(first.get("unit") or "")
    want = wanted.get("wanted") if wanted else None
    promise = promised.get("promised") if promised else None
    value = measured.get("measured") if measured else None
    enough = None
    if wanted and promised:
        alike = (promised.get("sense") or AT_LEAST) == sense and str(promised.get("unit") or "") == unit
        enough = alike and _reaches(promise, want, sense)
    limit = promise if promise is not None else want
    met = None if value is None else _reaches(value, limit, sense)
    return Line(str(first["measure"]), unit, sense, want, promise, value, enough, met)


def _reaches(value: Any, limit: Any, sense: str) -> bool:
    return bool(value <= limit) if sense == AT_MOST else bool(value >= limit)


def years_later(day: date, years: int) -> date:
    """The same day so many years later; the last of February where there is no 29th.

    >>> years_later(date(2024, 2, 29), 2)
    datetime.date(2026, 2, 28)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
