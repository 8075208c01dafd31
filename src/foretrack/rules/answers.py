"""What an assessment says: values only, each with the reason and the source that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal, TypeAlias

from foretrack.packs.rule_shapes import Interval, Value
from foretrack.packs.shapes import CONFIDENCES, Bilingual

Standing: TypeAlias = Literal["met", "not met", "undecided"]
STANDINGS: tuple[Standing, ...] = ("not met", "met", "undecided")
"""The standing of a code in a column: 0, 1 and -1."""
What: TypeAlias = Literal["all", "any", "at least", "not", "if", "indicator", "score", "rule"]


@dataclass(frozen=True, slots=True)
class Used:
    """An indicator that was looked at, with the value that was given for it."""

    indicator: str
    label: Bilingual
    value: Value | None
    """None where nothing was given: it is never taken for zero or no."""
    unit: str
    source: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What one line of the score sheet gave, and why."""

    id: str
    group: str
    label: Bilingual
    points: Interval
    maximum: float
    band: str | None
    """The band or case that was chosen, in signs (`[3, 5)`); None where no single one is decided."""
    used: tuple[Used, ...]
    source: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class GroupResult:
    """The sum of a group's items, capped at its maximum."""

    id: str
    label: Bilingual
    points: Interval
    maximum: float
    needs_overlay: bool
    """Whether a region sets its items and no overlay was laid over the rule."""


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition with what it found, down to its tests."""

    what: What
    standing: Standing
    label: Bilingual
    name: str = ""
    """Of a test: the indicator, score or rule that it looks at."""
    has: Value | Interval | None = None
    needs: str = ""
    """Of a test: what the value must be, in signs (`≥ 60`); of `at least`: the number of parts."""
    unit: str = ""
    short: Interval | None = None
    """Of a test with an end: how much is missing to it; 0 where it is met, None where no value was given."""
    source: tuple[str, ...] = ()
    confidence: str = ""
    parts: tuple[ConditionResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that stands between the values and the outcome `met`."""

    place: str
    """`gate`, or `shortcut` or `exclusion` with its number."""
    what: Literal["indicator", "score", "rule", "overlay"]
    name: str
    label: Bilingual
    has: Value | Interval | None
    needs: str
    """What it must be; of an exclusion, what it must not be, after `≠`."""
    unit: str
    short: Interval | None
    standing: Standing
    alternative: bool
    """Whether another way past it exists: a shortcut, or one of several conditions of which not all are needed."""


@dataclass(frozen=True, slots=True)
class Step:
    """The next better band of an item."""

    item: str
    label: Bilingual
    indicator: str
    has: Value | None
    next: str
    """The band to reach, in signs, or the choice."""
    gain: Interval
    """Points more than now."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer of a rule to some values on a date."""

    rule: str
    """`pack/rule`."""
    label: Bilingual
    on: str
    overlay: str | None
    outcome: Standing
    score: Interval
    """The sum of the groups; low = high where it is decided."""
    maximum: float
    """The most points there are; 0 of a rule without points."""
    groups: tuple[GroupResult, ...]
    items: tuple[ItemResult, ...]
    gate: ConditionResult
    shortcuts: tuple[ConditionResult, ...]
    exclusions: tuple[ConditionResult, ...]
    gaps: tuple[Gap, ...]
    steps: tuple[Step, ...]
    missing: tuple[str, ...]
    """Indicators that the rule looks at and that were not given."""
    values: Mapping[str, Value]
    """What was given, as it was understood."""
    superseded_by: str | None
    note: Bilingual
    source: tuple[str, ...]
    confidence: str
    """The weakest mark of the rule and of the indicators that were looked at."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What an assessment says, without the trace of how it came about."""

    outcome: Standing
    score: Interval
    maximum: float
    groups: Mapping[str, Interval]
    gaps: tuple[Gap, ...]
    missing: tuple[str, ...]


def brief_of(answer: Assessment) -> Brief:
    """An assessment without its trace."""
    groups = {group.id: group.points for group in answer.groups}
    return Brief(answer.outcome, answer.score, answer.maximum, groups, answer.gaps, answer.missing)


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value that was changed."""

    indicator: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class PointsChange:
    """An item whose points changed."""

    item: str
    before: Interval
    after: Interval


@dataclass(frozen=True, slots=True)
class Comparison:
    """What would follow if some values were others."""

    before: Assessment
    after: Assessment
    values: tuple[ValueChange, ...]
    items: tuple[PointsChange, ...]
    score_low: float
    """Change of the least that the score can be."""
    score_high: float
    """Change of the most that the score can be; equal to `score_low` where both scores are decided."""
    outcome_changes: bool


def weakest(marks: list[str]) -> str:
    """The weakest of some confidence marks; empty for none.

    >>> weakest(["V2", "K", "V"])
    'K'
    """
    known = [mark for mark in marks if mark in CONFIDENCES]
    return max(known, key=CONFIDENCES.index) if known else ""


def interval_json(points: Interval) -> dict[str, Any]:
    """As `to_json`."""
    return {"low": points.low, "high": points.high}


def gap_json(gap: Gap) -> dict[str, Any]:
    """As `to_json`, for the many gaps of a table.

    >>> gap = Gap("gate", "score", "total", Bilingual("a", "甲"), Interval(1, 2), "≥ 3", "", None, "not met", False)
    >>> gap_json(gap) == to_json(gap)
    True
    """
    return {
        "place": gap.place, "what": gap.what, "name": gap.name, "label": {"en": gap.label.en, "zh": gap.label.zh},
        "has": interval_json(gap.has) if isinstance(gap.has, Interval) else gap.has,
        "needs": gap.needs, "unit": gap.unit, "short": None if gap.short is None else interval_json(gap.short),
        "standing": gap.standing, "alternative": gap.alternative,
    }  # fmt: skip


def to_json(answer: Any) -> Any:
    """An answer as JSON values: dataclasses become objects, tuples lists.

    >>> to_json((Interval(1, 2), Bilingual("a", "甲")))
    [{'low': 1, 'high': 2}, {'en': 'a', 'zh': '甲'}]
    """
    if is_dataclass(answer) and not isinstance(answer, type):
        return {field.name: to_json(getattr(answer, field.name)) for field in fields(answer)}
    if isinstance(answer, Mapping):
        return {str(key): to_json(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [to_json(item) for item in answer]
    return answer
