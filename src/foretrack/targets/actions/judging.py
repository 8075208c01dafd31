"""What people add to targets without a number: an indicator, its values, a rating. Nothing is ever replaced silently."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import CONFIDENCES
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import require
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.records import show
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.registry import Registry
from foretrack.targets.actions.counting import TargetPage, find_target, show_target
from foretrack.targets.models import Indicator, IndicatorValue, Rating

RATINGS = ("on track", "at risk", "off track", "reached", "missed")
OPERATORS = (">=", "<=")


def declare_indicator(
    registry: Registry, actor: Actor, name: str, *, label: Mapping[str, str], operator: str, threshold: float,
    owner: Mapping[str, str], source: str, unit: str = "",
) -> TargetPage:  # fmt: skip
    """Says what an outcome is measured by here; a later declaration replaces it from its day on."""
    require(actor, "rate target")
    pack, target = find_target(name)
    if target.operator != "outcome":
        raise InputError.of(
            "{name} is counted from lists",
            name=name,
            expected="a goal without a number",
            do="publish issues instead",
        )
    if operator not in OPERATORS:
        raise InputError.of(
            "the operator {operator}", operator=repr(operator), expected=">= or <=", do="choose one"
        )
    full = pack.full_id(target.id)
    with transaction.atomic():
        head = take_number()
        Indicator.objects.create(
            target=full, label=_words("label", label), unit=clean_text(unit)[:60], operator=operator,
            threshold=_number(threshold), owner=_words("owner", owner), source=_said("source", source),
            declared_at=registry.now(), declared_by=actor.key,
        )  # fmt: skip
        log(registry, actor, "declare indicator", f"target:{full}", head=head)
    return show_target(registry, full)


def add_value(
    registry: Registry, actor: Actor, name: str, *, on: date, value: float, source: str, confidence: str = "k"
) -> TargetPage:
    """A value of the target's indicator on a day, with its source."""
    require(actor, "rate target")
    pack, target = find_target(name)
    full = pack.full_id(target.id)
    if confidence not in CONFIDENCES:
        raise InputError.of(
            "the confidence {mark}", mark=repr(confidence), expected="one of {known}", known=", ".join(CONFIDENCES),
            do="choose one",
        )  # fmt: skip
    with transaction.atomic():
        head = take_number()
        indicator = Indicator.objects.filter(target=full).order_by("-id").first()
        if indicator is None:
            raise InputError.of(
                "{name} has no indicator yet", name=full, expected="a declared indicator",
                do="declare one with `foretrack target indicator`",
            )  # fmt: skip
        if on > registry.now().date():
            raise InputError.of(
                "a value of {day}, which is still to come", day=on.isoformat(), expected="today or earlier",
                do="correct the day",
            )  # fmt: skip
        IndicatorValue.objects.create(
            indicator=indicator, on=on, value=_number(value), source=_said("source", source), confidence=confidence,
            at=registry.now(), by=actor.key,
        )  # fmt: skip
        log(
            registry,
            actor,
            "add indicator value",
            f"target:{full}",
            details={"on": on.isoformat()},
            head=head,
        )
    return show_target(registry, full)


def rate(
    registry: Registry, actor: Actor, name: str, *, rating: str, narrative: Mapping[str, str],
    role: Mapping[str, str], evidence: Sequence[str] = (),
) -> TargetPage:  # fmt: skip
    """What somebody, in a named role, says about a target, and why; added to what was said before.

    Args:
        evidence: keys of records that the actor may see, or web addresses.
    """
    require(actor, "rate target")
    pack, target = find_target(name)
    full = pack.full_id(target.id)
    if rating not in RATINGS:
        raise InputError.of(
            "the rating {rating}", rating=repr(rating), expected="one of {known}", known=", ".join(RATINGS),
            do="choose one",
        )  # fmt: skip
    kept = [
        one if one.startswith(("http://", "https://")) else show(registry, actor, one).key for one in evidence
    ]
    with transaction.atomic():
        head = take_number()
        Rating.objects.create(
            target=full, rating=rating, narrative=_words("narrative", narrative), evidence=kept,
            role=_words("role", role), at=registry.now(), by=actor.key,
        )  # fmt: skip
        log(registry, actor, "rate target", f"target:{full}", details={"rating": rating}, head=head)
    return show_target(registry, full)


def _words(what: str, given: Mapping[str, str]) -> dict[str, str]:
    kept = {lang: clean_text(given[lang])[:4000] for lang in ("en", "zh") if given.get(lang)}
    if not kept:
        raise InputError.of(
            "the {what} is missing", what=what, expected="text in English, Chinese or both",
            do="give it with --{what}-en or --{what}-zh",
        )  # fmt: skip
    return kept


def _said(what: str, text: str) -> str:
    kept = clean_text(text)[:500]
    if not kept:
        raise InputError.of("the {what} is missing", what=what, expected="text", do="say where it comes from")
    return kept


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise InputError.of(
            "{value} is no number", value=repr(value), expected="a finite number", do="correct it"
        )
    return float(value)
