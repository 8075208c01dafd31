"""Facets beside a list: their values with numbers, and the list with each taken in or out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from foretrack.registry.answers import Facet
from foretrack.web.listing import Chosen
from foretrack.web.naming import region_named
from foretrack.web.queries import toggled
from foretrack.web.speech import page_language

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


def boxes_of(given: QueryDict, facets: Sequence[Facet], *, opened: str = "") -> tuple[Box, ...]:
    """Facets that have values; open where a value is chosen.

    Args:
        opened: the facet that is open in any case; the first one where none is named.
    """
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
            is_open = facet.name == opened if opened else not made
            is_open |= any(value.chosen for value in values)
            made.append(Box(facet.name, facet.labels.get(language, facet.name), values, is_open))
    return tuple(made)


def chosen_of(boxes: Iterable[Box]) -> tuple[Chosen, ...]:
    """The filters that hold."""
    return tuple(
        Chosen(value.href, box.label, value.label) for box in boxes for value in box.values if value.chosen
    )
