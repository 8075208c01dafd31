"""Who came out of whom: the organisations that descend from one another by spin-offs, over all generations."""

from __future__ import annotations

from dataclasses import dataclass

from foretrack.domains.enterprises.kinds.launching import SPIN_OFF
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.reading import visible_to
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

MOST = 60
"""Organisations that one lineage names."""
MOST_GENERATIONS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation of a lineage."""

    key: str
    title: str
    depth: int
    """Generations from the oldest ancestor."""
    parent: str
    """Empty for the oldest ancestor."""
    way: str
    """How it came out of its parent, in words; empty for the oldest ancestor."""
    state: str
    spin_off: str
    """Key of the record that says so."""


def lineage_of(registry: Registry, actor: Actor, organisation: str) -> tuple[Line, ...]:
    """The whole lineage of an organisation from its oldest ancestor on, as far as the actor may see it.

    Each descendant stands below its parent; a circle, which the registry cannot hold as a whole but several records may
    close, is followed once. An organisation without spin-offs is its own lineage.
    """
    root, seen = organisation, {organisation}
    for _ in range(MOST_GENERATIONS):
        above = _spin_offs(actor, "venture", [root])
        if not above or above[0].body["parent"] in seen:
            break
        root = above[0].body["parent"]
        seen.add(root)
    found: list[tuple[str, int, str, Record | None]] = [(root, 0, "", None)]
    below: dict[str, list[Record]] = {}
    reached, layer = {root}, [root]
    for _ in range(MOST_GENERATIONS):
        next_layer = []
        for record in _spin_offs(actor, "parent", layer):
            child = record.body["venture"]
            if child not in reached and len(reached) < MOST:
                reached.add(child)
                below.setdefault(record.body["parent"], []).append(record)
                next_layer.append(child)
        layer = next_layer
        if not layer:
            break

    def walk(key: str, depth: int) -> None:
        for record in below.get(key, ()):
            child = record.body["venture"]
            found.append((child, depth + 1, key, record))
            walk(child, depth + 1)

    walk(root, 0)
    titles = titles_of(actor, [key for key, *_ in found])
    language = actor.language
    return tuple(
        Line(
            key, titles.get(key, "–"), depth, parent,
            SPIN_OFF.field("way").show(record.body.get("way"), language) if record else "",
            SPIN_OFF.state(record.status).label.text(language) if record else "", record.key if record else "",
        )
        for key, depth, parent, record in found
    )  # fmt: skip


def _spin_offs(actor: Actor, end: str, keys: list[str]) -> list[Record]:
    """Spin-offs with one of some organisations at an end, the oldest first."""
    rows = Record.objects.filter(
        visible_to(actor), kind=SPIN_OFF.name, merged_into=None, pointers__field=end, pointers__unit="record",
        pointers__target__in=keys,
    )  # fmt: skip
    return sorted(rows.distinct(), key=lambda one: (str(one.body.get("founded_on", "")), one.pk))
