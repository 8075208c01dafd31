"""What if: the same rule with some values changed, and the difference."""

from __future__ import annotations

from collections.abc import Mapping

from foretrack.packs.rule_shapes import Overlay, Rule
from foretrack.rules.answers import Assessment, Comparison, PointsChange, ValueChange
from foretrack.rules.assessing import assess


def what_if(
    rule: Rule,
    given: Mapping[str, object],
    changes: Mapping[str, object],
    *,
    on: str,
    overlay: Overlay | None = None,
) -> Comparison:
    """What would follow if the values of `changes` were so; a change to None takes a value away.

    Errors as `assess`.

    >>> from foretrack.packs.loading import load_packs
    >>> from foretrack.rules.choosing import choose_rule
    >>> rule = choose_rule(load_packs(), "innovative-sme", "2025-06-30")
    >>> answer = what_if(rule, {"rd-ratio": 2.9}, {"rd-ratio": 3}, on="2025-06-30")
    >>> [(c.item, c.before.low, c.after.low) for c in answer.items]
    [('rd-points', 10, 15)]
    """
    before = assess(rule, given, on=on, overlay=overlay)
    return compared(before, assess(rule, {**given, **changes}, on=on, overlay=overlay))


def compared(before: Assessment, after: Assessment) -> Comparison:
    """The difference between two assessments by the same rule."""
    names = sorted({*before.values, *after.values})
    moved = [
        ValueChange(name, before.values.get(name), after.values.get(name))
        for name in names
        if before.values.get(name) != after.values.get(name)
    ]
    items = [
        PointsChange(one.id, one.points, two.points)
        for one, two in zip(before.items, after.items, strict=True)
        if one.points != two.points
    ]
    return Comparison(
        before,
        after,
        tuple(moved),
        tuple(items),
        round(after.score.low - before.score.low, 9),
        round(after.score.high - before.score.high, 9),
        before.outcome != after.outcome,
    )
