"""An assessment for people: the score sheet, the gates with their reasons, what is missing and the next steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import RenderableType

from foretrack.foundation.messages import Messages
from foretrack.packs.rule_shapes import Interval, Value
from foretrack.packs.shapes import Bilingual
from foretrack.rules.answers import Assessment, ConditionResult
from foretrack.rules.doors.speech import STANDINGS
from foretrack.terminal.tables import Column, table

Label = Callable[[Bilingual], str]


def interval_text(points: Interval) -> str:
    """Points as people write them.

    >>> interval_text(Interval(5, 5)), interval_text(Interval(5, 7.5))
    ('5', '5–7.5')
    """
    return f"{points.low:g}" if points.decided else f"{points.low:g}–{points.high:g}"


def points_text(points: Interval, maximum: float) -> str:
    """Points of the most there are; a dash for a rule without points."""
    return f"{interval_text(points)} / {maximum:g}" if maximum else "–"


def value_text(value: Value | Interval | None, say: Messages) -> str:
    """A value as people read it."""
    if value is None:
        return say("not given")
    if isinstance(value, Interval):
        return interval_text(value)
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return value if isinstance(value, str) else f"{value:.12g}"


def needs_text(needs: str, say: Messages) -> str:
    """What a condition needs, its words in the reader's language; signs, numbers and names of choices as they are."""
    words = {"yes": say("yes"), "no": say("no"), "met": say(STANDINGS["met"])}
    sign, word = ("≠ ", needs[2:]) if needs.startswith("≠ ") else ("", needs)
    return sign + words.get(word, word)


def assessment_parts(answer: Assessment, label: Label, say: Messages) -> list[RenderableType]:
    """The whole trace of one assessment."""
    parts: list[RenderableType] = []
    if answer.items:
        heads = [
            Column(say("Item")), Column(say("Value"), "right", wrap=False), Column(say("Band"), wrap=False),
            Column(say("Points"), "right", wrap=False), Column(say("Source"), wrap=False),
            Column(say("Confidence"), wrap=False),
        ]  # fmt: skip
        rows = []
        for group in answer.groups:
            rows.append([label(group.label), "", "", points_text(group.points, group.maximum), "", ""])
            for item in (item for item in answer.items if item.group == group.id):
                values = ", ".join(value_text(used.value, say) + _unit(used.unit) for used in item.used)
                rows.append(
                    [
                        "  " + label(item.label), values, item.band or "–", points_text(item.points, item.maximum),
                        ", ".join(item.source), item.confidence,
                    ]
                )  # fmt: skip
        parts.append(table(heads, rows, title=say("Points")))
    heads = [
        Column(say("Condition")), Column(say("Value"), "right", wrap=False), Column(say("Needs"), wrap=False),
        Column(say("Standing"), wrap=False), Column(say("Confidence"), wrap=False),
    ]  # fmt: skip
    rows = list(_condition_rows(answer.gate, say("Gate"), 0, label, say))
    for number, condition in enumerate(answer.shortcuts, start=1):
        rows += _condition_rows(condition, say("Shortcut {n}", n=number), 0, label, say)
    for number, condition in enumerate(answer.exclusions, start=1):
        rows += _condition_rows(condition, say("Exclusion {n}", n=number), 0, label, say)
    parts.append(table(heads, rows, title=say("Conditions")))
    if answer.gaps:
        heads = [
            Column(say("What stands in the way")), Column(say("Value"), "right", wrap=False),
            Column(say("Needs"), wrap=False), Column(say("Short by"), "right", wrap=False),
            Column(say("Another way"), wrap=False),
        ]  # fmt: skip
        parts.append(
            table(
                heads,
                [
                    [
                        label(gap.label), value_text(gap.has, say), needs_text(gap.needs, say) + _unit(gap.unit),
                        interval_text(gap.short) if gap.short else "–", say("yes") if gap.alternative else say("no"),
                    ]
                    for gap in answer.gaps
                ],
                title=say("Gaps"),
            )
        )  # fmt: skip
    if answer.steps:
        heads = [
            Column(say("Item")), Column(say("Value"), "right", wrap=False), Column(say("Next band"), wrap=False),
            Column(say("More points"), "right", wrap=False),
        ]  # fmt: skip
        parts.append(
            table(
                heads,
                [
                    [label(step.label), value_text(step.has, say), step.next, interval_text(step.gain)]
                    for step in answer.steps
                ],
                title=say("Next steps"),
            )
        )
    return parts


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""


def _condition_rows(
    result: ConditionResult, place: str, depth: int, label: Label, say: Messages
) -> Iterator[list[str]]:
    """A condition and its parts, each deeper one indented."""
    word = {
        "all": say("all of these"),
        "any": say("any of these"),
        "at least": say("at least {n} of these", n=result.needs),
        "not": say("not this"),
        "if": say("if the first holds, the second"),
    }.get(result.what, "")
    shown = label(result.label) or word
    test = result.what in ("indicator", "score", "rule")
    yield [
        "  " * depth + (f"{place}: " if place else "") + shown,
        value_text(result.has, say) + _unit(result.unit) if test and result.what != "rule" else "",
        needs_text(result.needs, say) if test else "",
        say(STANDINGS[result.standing]),
        result.confidence,
    ]
    for part in result.parts:
        yield from _condition_rows(part, "", depth + 1, label, say)
