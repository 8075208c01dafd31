"""Values of cases and opportunities as their pages tell them: measures as lines, tracks and regions by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from foretrack.domains.scenarios.comparing import Compared, relative_change
from foretrack.web.naming import in_words
from foretrack.web.speech import Words, page_language, say

VERDICTS = Words({
    "met": "met",
    "not met": "not met",
    "undecided": "cannot be told: nobody said how it stands now",
    "missing": "no value",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure before and after."""

    measure: str
    unit: str
    before: float | None
    after: float
    change: float | None
    """Relative, such as -.75; None where it cannot be told."""
    how: str


def measures_of(rows: Iterable[Mapping[str, Any]] | None) -> tuple[Measured, ...]:
    """The rows of a table of measures before and after."""
    return tuple(
        Measured(
            in_words(row["measure"]), str(row.get("unit", "")), row.get("before"), row["after"], relative_change(row),
            in_words(row["how"]) if "how" in row else "",
        )
        for row in rows or ()
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A measure of success beside what was promised or measured of it."""

    measure: str
    unit: str
    now: float | None
    wanted: float
    value: float | None
    verdict: str
    good: bool
    bad: bool


def told(compared: Iterable[Compared]) -> tuple[Wanted, ...]:
    """Comparisons in words."""
    return tuple(
        Wanted(
            one.measure.text(page_language()), one.unit, one.now, one.wanted, one.value, say(VERDICTS[one.verdict]),
            one.verdict == "met", one.verdict == "not met",
        )
        for one in compared
    )  # fmt: skip


def money(value: Mapping[str, str] | None) -> str:
    """An amount as its field shows it."""
    return f"{value['currency']} {float(value['amount']):,.0f}" if value else ""
