"""The places where the answer of a rule can change, found in the rule itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import Condition, Indicator, Rule, Test, leaves_of

DAY = "2025-06-30"

ENTERPRISE = tuple(
    rule
    for pack in load_packs()
    for rule in pack.rules
    if rule.in_force(DAY) and not rule.template and pack.jurisdiction == "CN"
)
"""Every rule about enterprises that comes with Foretrack and decides something."""


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """The conditions of a rule, those of its items too."""
    yield from rule.conditions()
    for group in rule.groups:
        for item in group.items:
            yield from (case.when for case in item.cases)


def tests_of(rule: Rule) -> Iterator[Test]:
    """The tests of indicators of a rule, not those of rules that it names."""
    for condition in conditions_of(rule):
        for leaf in leaves_of(condition):
            if isinstance(leaf, Test):
                yield leaf


def edges_of(rule: Rule) -> dict[str, set[float]]:
    """Indicator -> the numbers at which its bands, steps and tests end; ages in years."""
    found: dict[str, set[float]] = defaultdict(set)
    for group in rule.groups:
        for item in group.items:
            name = item.indicator or ""
            for band in item.bands:
                found[name] |= ends_of(band.ends)
            if item.per is not None:
                steps = round(item.maximum / item.per.points)
                found[name] |= {item.per.start + n * item.per.every for n in range(1, steps + 1)}
    for test in tests_of(rule):
        found[test.indicator] |= ends_of(test.ends) | ends_of(test.age)
    return {name: numbers for name, numbers in found.items() if numbers}


def ends_of(ends: object) -> set[float]:
    """The ends of a stretch that are numbers."""
    return {end for end in (getattr(ends, "low", None), getattr(ends, "high", None)) if end is not None}


def whole_edges(rule: Rule) -> dict[str, set[float]]:
    """The edges of a rule and of the rules that it names."""
    found = {name: set(numbers) for name, numbers in edges_of(rule).items()}
    for other in rule.others.values():
        for name, numbers in whole_edges(other).items():
            found.setdefault(name, set()).update(numbers)
    return found


def near(indicator: Indicator, edge: float) -> list[object]:
    """Values at an edge and on both sides of it that the indicator can have."""
    if indicator.type == "date":
        day = date.fromisoformat(DAY)
        # Ages are years, the ends of dates the numbers of days.
        at = int(edge) if edge > 1000 else day.replace(year=day.year - int(edge)).toordinal()
        return [date.fromordinal(n).isoformat() for n in (at - 1, at, at + 1)]
    step = 1 if indicator.type == "count" else max(abs(edge), 1) / 1000
    low = -float("inf") if indicator.minimum is None else indicator.minimum
    high = float("inf") if indicator.maximum is None else indicator.maximum
    return [value for value in (edge - step, edge, edge + step) if low <= value <= high]
