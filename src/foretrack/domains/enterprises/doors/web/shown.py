"""An answer about an enterprise in the reader's words: for the page of the self-assessment and those that compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foretrack.domains.enterprises.levels import EchelonAnswer, LevelAnswer
from foretrack.packs.rule_shapes import Indicator, Interval, Value
from foretrack.packs.shapes import Bilingual
from foretrack.rules.answers import ConditionResult, Gap, Used
from foretrack.web.speech import Words, page_language, say

STANDINGS = Words({"met": "met", "not met": "not met", "undecided": "undecided"})
LEVELS = Words({"city": "City", "province": "Province", "ministry": "Ministry"})
MARKS = Words({
    "V2": "read in at least two places", "V": "read in one place", "K": "known from the official text",
    "k": "taken from general knowledge",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A confidence mark with its meaning."""

    code: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One line of a score sheet."""

    label: str
    value: str
    points: str
    low: float
    high: float
    maximum: float
    full: bool
    mark: Mark


@dataclass(frozen=True, slots=True)
class GroupLines:
    """A group of a score sheet."""

    label: str
    points: str
    maximum: str
    needs_overlay: bool
    items: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class GapLine:
    """What stands in the way."""

    label: str
    has: str
    needs: str
    short: str
    alternative: bool


@dataclass(frozen=True, slots=True)
class StepLine:
    """The next better band of one item."""

    label: str
    has: str
    next: str
    gain: str


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition of a gate, shortcut or exclusion."""

    label: str
    has: str
    needs: str
    standing: str
    standing_word: str
    depth: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class EchelonView:
    """One echelon in words."""

    echelon: str
    label: str
    standing: str
    standing_word: str
    points: str
    low: float
    high: float
    maximum: float
    groups: tuple[GroupLines, ...]
    conditions: tuple[ConditionLine, ...]
    gaps: tuple[GapLine, ...]
    steps: tuple[StepLine, ...]
    missing: tuple[str, ...]
    note: str
    rule: str
    confidence: Mark


@dataclass(frozen=True, slots=True)
class LevelView:
    """Where an enterprise stands, in words."""

    level: str
    """Empty below the first echelon."""
    possible: str
    """What the figures that were not given might still allow; empty where that is the level itself."""
    echelons: tuple[EchelonView, ...]


def mark_of(code: str) -> Mark:
    """A confidence mark with its meaning."""
    return Mark(code, say(MARKS[code]) if code in MARKS else "")


def interval_text(points: Interval) -> str:
    """Points, or from where to where.

    >>> interval_text(Interval(5, 5)), interval_text(Interval(5, 7.5))
    ('5', '5–7.5')
    """
    return f"{points.low:g}" if points.decided else f"{points.low:g}–{points.high:g}"


def value_text(value: Value | Interval | None, unit: str, indicator: Indicator | None = None) -> str:
    """A value as a reader writes it: a share in per cent, a choice by its label."""
    if value is None:
        return say("not given")
    if isinstance(value, Interval):
        return interval_text(value)
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, str):
        choices = {c.id: c.label for c in indicator.choices} if indicator else {}
        return choices[value].text(page_language()) if value in choices else value
    if indicator is not None and indicator.type == "share":
        return f"{value * 100:.12g}%"
    if unit == "%":
        return f"{value:.12g}%"
    return f"{value:,}" + (f" {unit}" if unit else "")


def level_view(answer: LevelAnswer, indicators: Mapping[str, Indicator]) -> LevelView:
    """The whole answer in words."""
    names = {one.echelon: _text(one.label) for one in answer.echelons}
    possible = answer.possible if answer.possible != answer.level else None
    return LevelView(
        names[answer.level] if answer.level else "",
        names[possible] if possible else "",
        tuple(_echelon(one, indicators) for one in answer.echelons),
    )


def _text(label: Bilingual) -> str:
    return label.text(page_language())


def _echelon(one: EchelonAnswer, indicators: Mapping[str, Indicator]) -> EchelonView:
    a = one.assessment
    conditions = [
        ("", a.gate),
        *((say("Shortcut"), c) for c in a.shortcuts),
        *((say("Exclusion"), c) for c in a.exclusions),
    ]
    return EchelonView(
        one.echelon, _text(one.label), one.standing, say(STANDINGS[one.standing]), interval_text(a.score), a.score.low,
        a.score.high, a.maximum,
        tuple(
            GroupLines(
                _text(group.label), interval_text(group.points), f"{group.maximum:g}", group.needs_overlay,
                tuple(
                    ItemLine(
                        _text(item.label), ", ".join(_used(used, indicators) for used in item.used),
                        interval_text(item.points), item.points.low, item.points.high, item.maximum,
                        item.points.low == item.maximum, mark_of(item.confidence),
                    )
                    for item in a.items
                    if item.group == group.id
                ),
            )
            for group in a.groups
        ),
        tuple(line for place, c in conditions for line in _conditions(c, indicators, place, 0)),
        tuple(_gap(gap, indicators) for gap in a.gaps),
        tuple(
            StepLine(
                _text(step.label),
                value_text(step.has, _unit(step.indicator, indicators), indicators.get(step.indicator)),
                _needs(step.next, step.indicator, indicators), interval_text(step.gain),
            )
            for step in a.steps
        ),
        tuple(_text(indicators[name].label) for name in a.missing if name in indicators),
        _text(a.note), one.rule, mark_of(a.confidence),
    )  # fmt: skip


def _unit(name: str, indicators: Mapping[str, Indicator]) -> str:
    return indicators[name].unit if name in indicators else ""


def _used(used: Used, indicators: Mapping[str, Indicator]) -> str:
    return value_text(used.value, used.unit, indicators.get(used.indicator))


def _needs(needs: str, name: str, indicators: Mapping[str, Indicator]) -> str:
    """What a value must be: the choice by its label, a number with its unit."""
    indicator = indicators.get(name)
    if indicator is None or not needs:
        return needs
    labels = {c.id: _text(c.label) for c in indicator.choices} | {"yes": say("yes"), "no": say("no")}
    told = say("; ").join(labels.get(part.strip(), part.strip()) for part in needs.split(" | "))
    if indicator.choices or indicator.type in ("yes-no", "text-condition", "date"):
        return told
    return f"{needs} {indicator.unit}".strip()


def _gap(gap: Gap, indicators: Mapping[str, Indicator]) -> GapLine:
    indicator = indicators.get(gap.name)
    return GapLine(
        _text(gap.label), value_text(gap.has, gap.unit, indicator),
        _needs(gap.needs, gap.name, indicators) if gap.what == "indicator" else gap.needs,
        interval_text(gap.short) if gap.short is not None else "", gap.alternative,
    )  # fmt: skip


def _conditions(
    result: ConditionResult, indicators: Mapping[str, Indicator], place: str, depth: int
) -> list[ConditionLine]:
    """A condition and its parts, each deeper one indented."""
    word = {
        "all": say("all of these"), "any": say("any of these"), "not": say("not this"),
        "at least": say("at least {n} of these", n=result.needs), "if": say("if the first holds, the second"),
    }.get(result.what, "")  # fmt: skip
    label = _text(result.label) or word
    test = result.what in ("indicator", "score")
    line = ConditionLine(
        say("{place}: {label}", place=place, label=label) if place else label,
        value_text(result.has, result.unit, indicators.get(result.name)) if test else "",
        _needs(result.needs, result.name, indicators) if test else "", result.standing,
        say(STANDINGS[result.standing]), depth, mark_of(result.confidence),
    )  # fmt: skip
    return [
        line,
        *(below for part in result.parts for below in _conditions(part, indicators, "", depth + 1)),
    ]
