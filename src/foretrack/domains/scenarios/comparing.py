"""Measures of success against what was promised or measured. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from foretrack.packs.shapes import Bilingual

Row: TypeAlias = Mapping[str, Any]
Verdict: TypeAlias = Literal["met", "not met", "undecided", "missing"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of success, and what was promised or measured of it."""

    measure: Bilingual
    unit: str
    now: float | None
    wanted: float
    value: float | None
    verdict: Verdict
    """`undecided` where nobody said how it stands now, so that more may be better or worse; `missing` without a value."""


def against(wanted: Iterable[Row], given: Iterable[Row], *, value: str) -> tuple[Compared, ...]:
    """Each wanted measure with the value that bears its name and unit.

    Args:
        wanted: rows of `measure`, `unit`, `now`, `wanted`.
        given: rows of `measure`, `unit` and the column named by `value`.

    Whether more or less is better follows from where it stands now: from 10 to 2, less is.

    >>> falls = {"measure": {"en": "Falls"}, "now": 10, "wanted": 2}
    >>> [c.verdict for c in against([falls], [{"measure": {"en": "falls"}, "after": 1}], value="after")]
    ['met']
    >>> [c.verdict for c in against([falls], [], value="after")]
    ['missing']
    """
    rows = list(given)
    made = []
    for one in wanted:
        found = next((row for row in rows if _same(one, row)), None)
        got = None if found is None else found.get(value)
        made.append(
            Compared(
                _name(one), str(one.get("unit", "")), one.get("now"), float(one["wanted"]), got,
                _verdict(one.get("now"), float(one["wanted"]), got),
            )
        )  # fmt: skip
    return tuple(made)


def _verdict(now: float | None, wanted: float, got: float | None) -> Verdict:
    if got is None:
        return "missing"
    if got == wanted:
        return "met"
    if now is None or now == wanted:
        return "undecided"
    return "met" if (got > wanted) == (wanted > now) else "not met"


def _same(one: Row, other: Row) -> bool:
    if one.get("unit", "") != other.get("unit", ""):
        return False
    first, second = one["measure"], other["measure"]
    return any(
        first[language].casefold() == second[language].casefold() for language in first if language in second
    )


def _name(row: Row) -> Bilingual:
    return Bilingual(row["measure"].get("en", ""), row["measure"].get("zh", ""))


def relative_change(row: Row) -> float | None:
    """(after - before) / |before| of a measure; None without a value before, or where it was 0.

    >>> relative_change({"before": 8, "after": 2}), relative_change({"after": 2})
    (-0.75, None)
    """
    before = row.get("before")
    if not before:
        return None
    return float((row["after"] - before) / abs(before))
