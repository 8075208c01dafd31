"""Which field of a record could point at something, for those who may change the record: a way to link, not the link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may, reach
from foretrack.registry.actions.reading import changeable, may_edit, subjects_of, title_of, visible_to
from foretrack.registry.declaring.fields import Json, Link
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Way:
    """A record as the actor sees it, and where in it a link could stand."""

    key: str
    kind: str
    title: str
    status_label: str
    field: str
    """The field that could hold the link; empty where there is none, or the actor may not change the record now."""
    value: str
    """What the field would hold."""
    linked: bool
    """It points there already."""


def ways_to_link(
    registry: Registry, actor: Actor, keys: Sequence[str], links: Sequence[tuple[str, str]]
) -> Mapping[str, Way]:
    """Key to record, of those that the actor may see.

    Args:
        links: (what a field must be able to point at, what it would hold), the best first:
            `("lookout:concept", "concept:graph")`, `("technology", KEY)`.
    """
    made: dict[str, Way] = {}
    by_kind: dict[str, list[Record]] = {}
    for record in Record.objects.filter(visible_to(actor), key__in=list(keys), merged_into=None):
        by_kind.setdefault(record.kind, []).append(record)
    for name, records in by_kind.items():
        if name not in registry.kinds.kinds:
            continue
        kind = registry.kinds.get(name)
        subjects = subjects_of(kind, records)
        for record in records:
            on = subjects[record.pk]
            circle = reach(actor, on)
            if circle is None:
                continue
            free, linked = [], False
            for f, value in links_of(kind, links):
                if not changeable(f, circle, personal=may(actor, "read personal", on)):
                    continue
                held = f.facet_values(record.body.get(f.name))
                linked |= value in held
                if value not in held and (f.many or not held):
                    free.append((f.name, value))
            open_to = free if free and not linked and may_edit(actor, kind, record, on) else [("", "")]
            made[record.key] = Way(
                record.key, kind.name, title_of(record, actor.language),
                kind.state(record.status).label.text(actor.language), *open_to[0], linked,
            )  # fmt: skip
    return made


def links_of(kind: Kind, links: Iterable[tuple[str, str]]) -> list[tuple[Link, str]]:
    """The fields of a kind that could hold one of the links, each with what it would hold; the best link first."""
    return [(f, value) for to, value in links for f in kind.fields if isinstance(f, Link) and f.takes(to)]


def with_more(kind: Kind, values: Mapping[str, Json], more: Mapping[str, Json]) -> dict[str, Json]:
    """Values with others beside them: a field of many keeps what it holds, a field of one keeps it if it holds any."""
    made = dict(values)
    for name, value in more.items():
        held = made.get(name)
        if held is None:
            made[name] = value
        elif kind.by_name[name].many:
            made[name] = [*held, *(one for one in value if one not in held)]
    return made
