"""The form of a ladder: what it asks, grouped as its rules group it, and what was typed, understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foretrack.domains.enterprises.blocks import Asked
from foretrack.domains.enterprises.doors.web.shown import Mark, mark_of
from foretrack.foundation.errors import InputError
from foretrack.packs.rule_shapes import ANSWERED, Indicator, Value, leaves_of
from foretrack.web.speech import page_language, say, speak

BEFORE = "before-"
"""In front of the name of a figure as it was in the answer with which one compares."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a box."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Box:
    """One figure that is asked for."""

    name: str
    label: str
    help: str
    unit: str
    sort: str
    """`number`, `date` or `choice`."""
    value: str
    options: tuple[Choice, ...]
    problem: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together."""

    title: str
    boxes: tuple[Box, ...]
    open: bool
    """Whether anything stands in its boxes, or is wrong there."""


def sections(
    asked: Asked, given: Mapping[str, str], problems: Mapping[str, InputError]
) -> tuple[Section, ...]:
    """The form with what was typed, and what is wrong beside it."""
    places: dict[str, str] = {}
    language = page_language()
    for echelon, rule in asked.steps.rules.items():
        overlay = asked.steps.overlays.get(echelon)
        laid = overlay.rule if overlay is not None and overlay.rule is not None else rule
        for group in laid.groups:
            for item in group.items:
                for name in item.indicators():
                    places.setdefault(name, group.label.text(language))
        for condition in laid.exclusions:
            for leaf in leaves_of(condition):
                if (name := getattr(leaf, "indicator", "")) in asked.indicators:
                    places.setdefault(name, say("What excludes"))
    grouped: dict[str, list[Box]] = {}
    for name, indicator in asked.indicators.items():
        place = places.get(name, say("Conditions and shortcuts"))
        grouped.setdefault(place, []).append(_box(name, indicator, given.get(name, ""), problems.get(name)))
    last = say("What excludes")
    order = sorted(grouped, key=lambda title: title == last)
    return tuple(
        Section(title, tuple(grouped[title]), any(box.value or box.problem for box in grouped[title]))
        for title in order
    )


def _box(name: str, indicator: Indicator, value: str, problem: InputError | None) -> Box:
    language = page_language()
    options: tuple[tuple[str, str], ...] = ()
    if indicator.type in ANSWERED:
        options = (("yes", say("yes")), ("no", say("no")))
    elif indicator.choices:
        options = tuple((c.id, c.label.text(language)) for c in indicator.choices)
    unit = "%" if indicator.type == "share" else indicator.unit
    question = indicator.question.text(language)
    return Box(
        name, indicator.label.text(language), question if question != indicator.label.text(language) else "",
        say("years") if unit == "years" else say("CNY") if unit == "CNY" else unit,
        "choice" if options else "date" if indicator.type == "date" else "number", value,
        tuple(Choice(key, text, key == value) for key, text in (("", "–"), *options)) if options else (),
        problem.told(speak(language)) if problem else "", mark_of(indicator.confidence),
    )  # fmt: skip


def typed(asked: Asked, form: Mapping[str, str], prefix: str = "") -> dict[str, str]:
    """What was typed into the boxes, empty ones left out."""
    return {
        name: text
        for name in asked.indicators
        if (text := str(form.get(f"{prefix}{name}", "")).strip()[:200])
    }


def as_given(asked: Asked, boxes: Mapping[str, str]) -> dict[str, str]:
    """What was typed as the reader of figures takes it: the box of a share is in per cent."""
    return {
        name: f"{text}%"
        if asked.indicators[name].type == "share" and not text.endswith(("%", "％"))
        else text
        for name, text in boxes.items()
    }


def as_typed(asked: Asked, values: Mapping[str, Value]) -> dict[str, str]:
    """Figures as the boxes hold them."""
    found = {}
    for name, value in values.items():
        if name not in asked.indicators:
            continue
        if isinstance(value, bool):
            found[name] = "yes" if value else "no"
        elif isinstance(value, str):
            found[name] = value
        else:
            share = asked.indicators[name].type == "share"
            found[name] = f"{round(value * 100, 9) if share else value:.12g}"
    return found
