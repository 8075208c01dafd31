"""Values of cases and opportunities as their pages tell them: measures as lines, tracks and regions by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from foretrack.domains.scenarios.comparing import Compared, relative_change
from foretrack.packs.positions import load_position_rules
from foretrack.registry.declaring.terms import PACK_TERMS
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


def in_words(value: Mapping[str, str] | None) -> str:
    """Text in two languages in the page's, or in the other one where it is missing."""
    if not value:
        return ""
    first, second = ("zh", "en") if page_language() == "zh" else ("en", "zh")
    return value.get(first) or value.get(second, "")


def tracks_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Tracks by their names."""
    known = PACK_TERMS("tracks")
    return tuple(
        known[one].text(page_language()) if one in known else one for one in values.get("tracks") or ()
    )


def region_named(code: str) -> str:
    """A region by its name where a pack has one."""
    label = load_position_rules(PACK_TERMS.paths).regions.get(code)
    return label.text(page_language()) if label else code


def money(value: Mapping[str, str] | None) -> str:
    """An amount as its field shows it."""
    return f"{value['currency']} {float(value['amount']):,.0f}" if value else ""
