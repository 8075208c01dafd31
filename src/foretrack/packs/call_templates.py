"""Templates of calls as dated data: limits, stages and quotas that a published measure sets for its calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from foretrack.packs.reading import Node
from foretrack.packs.shapes import Bilingual, Entry

_FIELDS = (
    "of_kind", "tracks", "rule", "per_applicant", "partners_most", "years_most", "third_party_test", "recommended",
    "quota", "stages", "selected_most", "selected_per", "series",
)  # fmt: skip
"""Fields of a call that a template may set."""


@dataclass(frozen=True, slots=True)
class Category(Entry):
    """One of the sorts of thing that the call asks for."""


@dataclass(frozen=True, slots=True)
class CallDirection(Entry):
    """One of the directions that a round of calls names; not the directions of a policy."""


@dataclass(frozen=True, slots=True)
class CallTemplate(Entry):
    """What a measure says about its calls."""

    values: Mapping[str, Any] = field(default_factory=dict)
    """Field of a call to the value that the measure sets."""
    unknown: Bilingual = field(default_factory=Bilingual)
    """What the measure sets and could not be read, so that it must be filled in by hand."""
    categories: tuple[Category, ...] = ()
    directions: tuple[CallDirection, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    note: Bilingual = field(default_factory=Bilingual)


def read_call_template(node: Node) -> CallTemplate:
    """The checked template of a node."""
    node.only(
        ("id", "label", "clause", "source", "confidence", "note", "unknown", "categories", "directions", "valid_from",
        "valid_to", "call")
    )  # fmt: skip
    values = node.node("call", "{partners_most: 4, selected_most: 5, selected_per: direction}")
    values.only(_FIELDS)
    first, last = node.period()
    return CallTemplate(
        **node.entry("2023"), values=dict(values.value),
        unknown=node.bilingual("unknown", "{en: How many win}", required=False),
        categories=tuple(_category(one) for one in node.nodes("categories")),
        directions=tuple(_direction(one) for one in node.nodes("directions")), valid_from=first, valid_to=last,
        note=node.note(),
    )  # fmt: skip


def _category(node: Node) -> Category:
    node.only(("id", "label", "clause", "source", "confidence"))
    return Category(**node.entry("key-product"))


def _direction(node: Node) -> CallDirection:
    node.only(("id", "label", "clause", "source", "confidence"))
    return CallDirection(**node.entry("humanoid-robots"))
