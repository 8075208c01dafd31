"""Values of deals, services and catalogues as their pages tell them, and the boxes of facets beside a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from foretrack.packs.positions import load_position_rules
from foretrack.registry.answers import Facet
from foretrack.registry.declaring.fields import Choice
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.web.listing import Chosen
from foretrack.web.queries import toggled
from foretrack.web.speech import page_language, say

MOST_VALUES = 30
"""Values of a facet that are shown."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet, and the list with it taken in or out."""

    href: str
    label: str
    n: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Box:
    """One facet."""

    name: str
    label: str
    values: tuple[Value, ...]
    open: bool


def boxes_of(given: QueryDict, facets: Sequence[Facet]) -> tuple[Box, ...]:
    """Facets that have values, the first one open."""
    language = page_language()
    made: list[Box] = []
    for facet in facets:
        values = tuple(
            Value(
                toggled(given, facet.name, count.value),
                region_named(count.value) if "region" in facet.name else count.labels.get(language, count.label),
                count.n, count.chosen,
            )
            for count in facet.counts[:MOST_VALUES]
        )  # fmt: skip
        if values:
            is_open = not made or any(value.chosen for value in values)
            made.append(Box(facet.name, facet.labels.get(language, facet.name), values, is_open))
    return tuple(made)


def chosen_of(boxes: Iterable[Box]) -> tuple[Chosen, ...]:
    """The filters that hold."""
    return tuple(
        Chosen(value.href, box.label, value.label) for box in boxes for value in box.values if value.chosen
    )


def in_words(value: Mapping[str, str] | None) -> str:
    """Text in two languages in the page's, or in the other one where it is missing."""
    if not value:
        return ""
    first, second = ("zh", "en") if page_language() == "zh" else ("en", "zh")
    return value.get(first) or value.get(second, "")


def tracks_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Tracks by their names."""
    return tuple(track_named(one) for one in values.get("tracks") or ())


def track_named(track: str) -> str:
    """A track by its name, where a pack has it."""
    known = PACK_TERMS("tracks")
    return known[track].text(page_language()) if track in known else track


def region_named(code: str) -> str:
    """A region by its name, where a pack has one."""
    label = load_position_rules(PACK_TERMS.paths).regions.get(code)
    return label.text(page_language()) if label else code


def option(kind: Kind, field: str, value: object) -> str:
    """The label of an option."""
    declared = kind.by_name[field]
    assert isinstance(declared, Choice)
    return declared.show_one(value, page_language()) if value else ""


def number(amount: Decimal | float) -> str:
    """An amount with marks between thousands and no cents that are nought.

    >>> number(Decimal("1250000.00")), number(99.5)
    ('1,250,000', '99.5')
    """
    text = f"{Decimal(str(amount)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Mapping[str, str] | None) -> str:
    """An amount with its currency in front."""
    return f"{value['currency']} {number(Decimal(value['amount']))}" if value else ""


def band_told(currency: str, low: float | None, high: float | None) -> str:
    """A band of amounts in words."""
    if low is None:
        return say("below {amount}", amount=f"{currency} {number(high or 0)}")
    if high is None:
        return say("{amount} or more", amount=f"{currency} {number(low)}")
    return say(
        "from {low} to below {high}", low=f"{currency} {number(low)}", high=f"{currency} {number(high)}"
    )
