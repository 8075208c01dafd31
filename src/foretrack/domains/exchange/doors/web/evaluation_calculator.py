"""The calculator of levels for everybody: tick what can be shown, see the level and the gaps. Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.exchange.doors.web.marks import Mark, mark_of
from foretrack.domains.exchange.maturity.assessing import Assessed, assess
from foretrack.domains.exchange.maturity.readiness import parted
from foretrack.domains.exchange.scales import READINESS, Scale, known_scales, scale_called
from foretrack.foundation.errors import InputError
from foretrack.web.addresses import address, named_in_address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language


@dataclass(frozen=True, slots=True)
class ScaleWay:
    """A scale that can be chosen."""

    name: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ItemBox:
    """One thing that a level asks to be shown."""

    value: str
    """`level/item`."""
    id: str
    label: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One level."""

    level: str
    label: str
    definition: str
    market: bool
    first_of_market: bool
    standing: str
    """`reached`, `next`, `beyond` (something is shown that does not count yet) or empty."""
    items: tuple[ItemBox, ...]


@dataclass(frozen=True)
class CalculatorPage(Page):
    """A scale with what was ticked, and what follows."""

    template: ClassVar[str] = "exchange/maturity.html"
    table: ClassVar[str] = "levels"

    scales: tuple[ScaleWay, ...]
    scale: str
    label: str
    pack: str
    pack_href: str
    mark: Mark
    levels: tuple[LevelRow, ...]
    ticked: int
    reached: str
    """Empty for none."""
    reached_label: str
    counts_as: int | None
    market: bool
    following: str
    following_label: str
    missing: tuple[str, ...]
    beyond: tuple[str, ...]


@require_safe
def calculator(request: Request) -> HttpResponse:
    """The page: everything stands in the address, so that an answer can be sent to somebody."""
    given, language = request.GET, page_language()
    known = known_scales()
    with named_in_address():
        scale = scale_called(
            given.get("scale") or (READINESS if READINESS in known else next(iter(known), READINESS))
        )
        found = assess(scale.scheme, ticked(scale, given.getlist("has")))
    shown = {f"{step.level}/{check.id}" for step in found.steps for check in step.proved}
    market = set(parted(scale.scheme, scale.walk)[1])
    following = found.following
    return render(
        request,
        CalculatorPage(
            scales=tuple(
                ScaleWay(name, one.scheme.label.text(language), name == scale.name) for name, one in known.items()
            ),
            scale=scale.name, label=scale.scheme.label.text(language), pack=scale.version,
            pack_href=address("pack", scale.pack.id), mark=mark_of(scale.scheme.confidence),
            levels=_rows(scale, found, shown, market, language), ticked=len(shown), reached=found.reached or "",
            reached_label=scale.level(found.reached).label.text(language) if found.reached else "",
            counts_as=scale.counts_as(found.reached), market=found.reached in market,
            following=following.level if following else "",
            following_label=following.label.text(language) if following else "",
            missing=tuple(check.label.text(language) for check in following.missing) if following else (),
            beyond=tuple(step.level for step in found.beyond),
        ),
    )  # fmt: skip


def _rows(
    scale: Scale, found: Assessed, shown: set[str], market: set[str], language: str
) -> tuple[LevelRow, ...]:
    names = [step.level for step in found.steps]
    top = names.index(found.reached) if found.reached is not None else -1
    following = found.following.level if found.following else ""
    beyond = {step.level for step in found.beyond}
    first = next((name for name in names if name in market), "")
    return tuple(
        LevelRow(
            one.id, one.label.text(language), one.definition.text(language), one.id in market, one.id == first,
            "reached" if names.index(one.id) <= top else "next" if one.id == following
            else "beyond" if one.id in beyond else "",
            tuple(
                ItemBox(
                    f"{one.id}/{check.id}", f"has-{one.id}-{check.id}", check.label.text(language),
                    f"{one.id}/{check.id}" in shown,
                )
                for check in one.checklist
            ),
        )
        for one in scale.scheme.concepts
    )  # fmt: skip


def ticked(scale: Scale, items: Iterable[str]) -> dict[str, list[str]]:
    """Level to the items that were named as `level/item`. InputError for one that the scale does not have.

    >>> ticked(scale_called("trl-iso16290/trl"), ["2/need", "2/concept"])
    {'2': ['need', 'concept']}
    """
    found: dict[str, list[str]] = {}
    for one in items:
        level, _, item = one.partition("/")
        known = [check.id for check in scale.level(level).checklist]
        if item not in known:
            raise InputError.of(
                "level {level} of {scale} has no item {item!r}", level=level[:20], scale=scale.name, item=item[:40],
                expected="one of {known}", known=", ".join(known) or "-", do="correct the item",
            )  # fmt: skip
        if item not in found.setdefault(level, []):
            found[level].append(item)
    return found
