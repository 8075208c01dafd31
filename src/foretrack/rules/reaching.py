"""The cheapest way to `met`: which values to change, and to what, at the least cost.

Every indicator has a finite number of stretches between the places where an answer can change; inside a stretch the
answer of the rule is the same, so the nearest value of each is all that needs to be looked at. Which of them to take is
decided in `programming`, to the end and not by a rule of thumb, and the answer is assessed again before it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, inf, log10
from typing import TypeAlias

from foretrack.foundation.errors import HouseError
from foretrack.packs.rule_shapes import (
    ANSWERED,
    WHOLE,
    Ends,
    Indicator,
    Overlay,
    Rule,
    Test,
    Value,
    leaves_of,
)
from foretrack.packs.shapes import Bilingual
from foretrack.rules.answers import Assessment
from foretrack.rules.assessing import assess
from foretrack.rules.choosing import laid_over
from foretrack.rules.programming import Option, Programme

Cost: TypeAlias = Callable[[Indicator, Value | None, Value], float | None]
"""What it costs to bring an indicator from one value to another, never below 0; None where it cannot be done. It must not
fall as the value to reach lies further away on the same side: only the nearest value of a stretch is looked at."""
STEPS_BEYOND = 1000
"""A bound that a value must pass is passed by a thousandth of its power of ten, or by one of what is counted."""
AT_MOST = 10**6
"""Costs above it, and points, would lose their digits beside each other."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value to change."""

    indicator: str
    label: Bilingual
    before: Value | None
    after: Value
    unit: str
    cost: float


@dataclass(frozen=True, slots=True)
class Way:
    """The cheapest way from some values to the outcome `met`."""

    reachable: bool
    """Whether there is one among what may be changed."""
    cost: float
    """The sum over the changes; 0 where it is met already or not reachable."""
    changes: tuple[Change, ...]
    before: Assessment
    after: Assessment | None
    """The assessment of the changed values, which is `met`; None where it is not reachable."""
    kept: tuple[str, ...]
    """Indicators that the rule looks at and that were not to be changed."""


def relative_distance(indicator: Indicator, before: Value | None, after: Value) -> float:
    """How far a value is from another, in parts of the greater of the two, at most 1: the cost where none is declared.

    It never falls as a value lies further away, on whichever side. A choice or answer that is changed costs 1, and so
    does a value that was not given, whose distance nobody knows.

    >>> growth = Indicator("growth", Bilingual("Growth"), "", (), "k", type="number", unit="%")
    >>> relative_distance(growth, 4, 5), relative_distance(growth, -3, 0), relative_distance(growth, None, 5)
    (0.2, 1.0, 1.0)
    """
    if before is None or indicator.type not in ("number", "share", "count"):
        return 1.0
    one, two = float(before), float(after)
    return min(1.0, abs(two - one) / (max(abs(one), abs(two)) or 1.0))


def cheapest_way(
    rule: Rule,
    given: Mapping[str, object],
    *,
    on: str,
    overlay: Overlay | None = None,
    cost: Cost = relative_distance,
    fixed: Collection[str] = (),
) -> Way:
    """The changes of least cost after which a rule is `met` on an ISO date.

    Only what the pack calls changeable is changed, never a date, and an indicator with `better` only in that direction.
    Of ways that cost the same the one with the fewest changes is taken, of those the one whose changes stand first.

    Args:
        cost: of one change; `relative_distance` where nothing is declared.
        fixed: indicators that are not to be changed.

    Errors as `assess`.

    >>> from foretrack.packs.loading import load_packs
    >>> from foretrack.rules.choosing import choose_rule
    >>> rule = choose_rule(load_packs(), "gazelle", "2025-06-30")
    >>> firm = {"founded": "2018-01-01", "base-revenue-enough": True, "revenue-cagr-3y": 16, "st-intensity-4y": 3}
    >>> way = cheapest_way(rule, firm, on="2025-06-30")
    >>> [(change.indicator, change.before, change.after) for change in way.changes], way.cost, way.after.outcome
    ([('revenue-cagr-3y', 16, 20)], 0.2, 'met')
    """
    before = assess(rule, given, on=on, overlay=overlay)
    whole = laid_over(rule, overlay) if overlay is not None else rule
    indicators = whole.known_indicators()
    kept = tuple(n for n, i in indicators.items() if n in fixed or not i.changeable or i.type == "date")
    if before.outcome == "met":
        return Way(True, 0.0, (), before, before, kept)
    edges = _edges(whole)
    choices = {
        name: [Option(before.values.get(name), 0.0, False)]
        if name in kept
        else _options(indicator, before.values.get(name), edges.get(name, []), cost)
        for name, indicator in indicators.items()
    }
    chosen = Programme(whole, date.fromisoformat(on), choices).solve()
    if chosen is None:
        return Way(False, 0.0, (), before, None, kept)
    changes = tuple(
        Change(name, indicators[name].label, before.values.get(name), option.value, indicators[name].unit, option.cost)
        for name, option in chosen.items()
        if option.value is not None and option.changed
    )  # fmt: skip
    after = assess(rule, {**before.values, **{c.indicator: c.after for c in changes}}, on=on, overlay=overlay)
    if after.outcome != "met":
        raise HouseError(f"the cheapest way of {rule.full_id} leads to {after.outcome}, not to met")
    return Way(True, round(sum(change.cost for change in changes), 9), changes, before, after, kept)


def _edges(rule: Rule) -> dict[str, list[Ends]]:
    """Indicator -> the stretches of bands, steps and tests, of the rules that it names as well."""
    found: dict[str, list[Ends]] = {}
    conditions = [*rule.conditions()]
    for group in rule.groups:
        for item in group.items:
            conditions += [case.when for case in item.cases]
            stretches = [band.ends for band in item.bands if band.ends is not None]
            if item.per is not None:
                steps = range(1, floor(round(item.maximum / item.per.points, 9)) + 2)
                stretches += [
                    Ends(round(item.per.start + n * item.per.every, 9), False, None, False) for n in steps
                ]
            if stretches:
                found.setdefault(item.indicator or "", []).extend(stretches)
    for condition in conditions:
        for leaf in leaves_of(condition):
            if isinstance(leaf, Test) and leaf.ends is not None:
                found.setdefault(leaf.indicator, []).append(leaf.ends)
    for other in rule.others.values():
        for name, stretches in _edges(other).items():
            found.setdefault(name, []).extend(stretches)
    return found


def _beyond(bound: float, indicator: Indicator, up: bool) -> float:
    """The nearest value past a bound that must be passed."""
    if indicator.type in WHOLE:
        return (floor(bound) + 1) if up else (floor(bound) if bound != floor(bound) else bound - 1)
    step = 10.0 ** (floor(log10(abs(bound))) if bound else 0) / STEPS_BEYOND
    return round(bound + step if up else bound - step, 12)


def _candidates(indicator: Indicator, stretches: Sequence[Ends]) -> list[float]:
    """One value at, below and above each place where an answer can change, among those that there are."""
    bounds = sorted({end for stretch in stretches for end in (stretch.low, stretch.high) if end is not None})
    found: set[float] = set()
    for place, bound in enumerate(bounds):
        found.add(bound)
        for up in (False, True):
            value = _beyond(bound, indicator, up)
            neighbour = (
                bounds[place + 1]
                if up and place + 1 < len(bounds)
                else bounds[place - 1]
                if not up and place
                else None
            )
            if neighbour is not None and (value >= neighbour if up else value <= neighbour):
                if indicator.type in WHOLE:
                    continue  # nothing lies between the two
                value = (bound + neighbour) / 2
            found.add(value)
    low = -inf if indicator.minimum is None else indicator.minimum
    high = inf if indicator.maximum is None else indicator.maximum
    return sorted(
        value
        for value in found
        if low <= value <= high and (indicator.type not in WHOLE or value == floor(value))
    )


def _options(indicator: Indicator, now: Value | None, stretches: Sequence[Ends], cost: Cost) -> list[Option]:
    """The values that an indicator may have afterwards, that of now first."""
    found = [Option(now, 0.0, False)]
    after: list[Value]
    if indicator.type == "choice":
        after = [choice.id for choice in indicator.choices]
    elif indicator.type in ANSWERED:
        after = [True, False]
    else:
        after = [
            int(value) if value == floor(value) else value for value in _candidates(indicator, stretches)
        ]
    for value in after:
        if value == now:
            continue
        if (
            now is not None
            and indicator.better is not None
            and (float(value) < float(now)) == (indicator.better == "higher")
        ):
            continue
        price = cost(indicator, now, value)
        if price is not None:
            found.append(Option(value, round(min(max(price, 0.0), AT_MOST), 9), True))
    return found
