"""Technical parameters of a product against those that an entry of a catalogue asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Row: TypeAlias = Mapping[str, Any]
Standing: TypeAlias = Literal["reached", "not reached", "not said", "other unit"]


@dataclass(frozen=True, slots=True)
class Line:
    """One parameter that the entry asks for."""

    parameter: str
    unit: str
    sense: str
    """`at least` or `at most`."""
    asked: float
    has: float | None
    standing: Standing


def against(asked: Sequence[Row], given: Sequence[Row]) -> tuple[Line, ...]:
    """Every parameter that is asked for, with what the product reaches.

    Parameters are known by name, whatever their case. A value in another unit is not compared: nobody converts here.

    >>> lines = against(
    ...     [{"parameter": "Accuracy", "sense": "at most", "value": 2, "unit": "µm"},
    ...      {"parameter": "Speed", "sense": "at least", "value": 40, "unit": "m/min"}],
    ...     [{"parameter": "accuracy ", "value": 2, "unit": "µm"},
    ...      {"parameter": "Speed", "value": 39.9, "unit": "m/min"}],
    ... )
    >>> [line.standing for line in lines], overall(lines)
    (['reached', 'not reached'], False)
    """
    known = {_name(row): row for row in given}
    return tuple(_line(row, known.get(_name(row))) for row in asked)


def _name(row: Row) -> str:
    return " ".join(str(row["parameter"]).split()).casefold()


def _line(row: Row, own: Row | None) -> Line:
    unit, asked = str(row.get("unit") or ""), float(row["value"])
    has = None if own is None else float(own["value"])
    standing: Standing
    if own is None or has is None:
        standing = "not said"
    elif str(own.get("unit") or "").casefold() != unit.casefold():
        standing = "other unit"
    else:
        enough = has <= asked if row.get("sense") == "at most" else has >= asked
        standing = "reached" if enough else "not reached"
    return Line(str(row["parameter"]), unit, str(row.get("sense") or "at least"), asked, has, standing)


def overall(lines: Sequence[Line]) -> bool | None:
    """Whether all are reached: no as soon as one is not, None while one cannot be told or nothing is asked for."""
    standings = {line.standing for line in lines}
    if "not reached" in standings:
        return False
    return True if standings == {"reached"} else None
