"""Links of records followed backwards; a link to a merged record counts for the one it was merged into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may
from foretrack.registry.actions.reading import find_record, seen_whole, title_of, visible_to
from foretrack.registry.models import Pointer, Record
from foretrack.registry.models.record import PARTNER, PUBLIC
from foretrack.registry.registry import Registry

RECORD = "record"
"""The unit of links to records; the others are those of the lookout: concept, technology, document."""


@dataclass(frozen=True, slots=True)
class Pointing:
    """A record that points at something."""

    key: str
    kind: str
    title: str
    status: str
    status_label: str
    field: str
    """Name of the field that holds the link."""
    unit: str
    target: str
    """What it points at: a key of a record, or a name within the unit."""


def merged_group(record: Record) -> list[Record]:
    """The record and every record that was merged into it, by whatever chain, the oldest merge first."""
    group = [record]
    for one in group:
        group += Record.objects.filter(merged_into=one).order_by("pk")
    return group


def pointing_to(
    registry: Registry, actor: Actor, targets: Iterable[tuple[str, str]], *, most: int = 200
) -> tuple[Pointing, ...]:
    """Records that point at any of the targets, as far as the actor may see record and field: the newest links first.

    Indexes alone are asked, whatever the number of records. A record that was merged into another counts as that other.

    Args:
        targets: (unit, name) pairs: `("record", KEY)`, `("concept", ID)`; of a record name the merged ones as well.
        most: links that are looked at, at most.
    """
    by_unit: dict[str, list[str]] = {}
    for unit, name in targets:
        by_unit.setdefault(unit, []).append(name)
    found: list[Pointer] = []
    for unit, names in by_unit.items():
        rows = Pointer.objects.filter(
            visible_to(actor, "record__"), _visible_link(actor), unit=unit, target__in=names
        )
        rows = rows.select_related("record").defer("record__body", "record__provenance")
        found += rows.order_by("-pk")[:most]
    found = found[:most]
    ends = _survivors(actor, [pointer.record for pointer in found])
    made: dict[tuple[str, str, str], Pointing] = {}
    for pointer in found:
        source = ends.get(pointer.record_id)
        kind = registry.kinds.kinds.get(pointer.record.kind)
        if source is None or kind is None or source.key == pointer.target:
            continue
        declared = kind.by_name.get(pointer.field)
        if declared is None or (declared.personal and declared.visibility != "public"):
            continue
        made.setdefault(
            (source.key, pointer.field, pointer.target),
            Pointing(
                source.key, kind.name, title_of(source, actor.language), source.status,
                kind.state(source.status).label.text(actor.language), pointer.field, unit=pointer.unit,
                target=pointer.target,
            ),
        )  # fmt: skip
    return tuple(made.values())


def pointed_at(registry: Registry, actor: Actor, key: str) -> tuple[tuple[str, str], ...]:
    """(unit, name) of everything that a record points at, as far as the actor may see its links, in their order."""
    _, record, _ = find_record(registry, actor, key)
    rows = Pointer.objects.filter(_visible_link(actor), record=record).order_by("pk")
    return tuple(dict.fromkeys(rows.values_list("unit", "target")))


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the lookout that a record points at, itself or through another."""

    unit: str
    name: str
    through: str
    """Key of the record between; empty where it points there itself."""
    through_title: str


def findings_of(registry: Registry, actor: Actor, key: str, *, most: int = 50) -> tuple[Found, ...]:
    """The findings that a record points at; of one that points at none, those of the identities that point at it.

    So the findings of an organisation are those of the technologies that name it.
    """
    own = [Found(unit, name, "", "") for unit, name in pointed_at(registry, actor, key) if unit != RECORD]
    if own:
        return tuple(own[:most])
    between = {
        one.key: one.title
        for one in pointing_to(
            registry, actor, [(RECORD, k) for k in keys_of(registry, actor, key)], most=most
        )
        if registry.kinds.get(one.kind).identity
    }
    rows = Pointer.objects.filter(_visible_link(actor), record__key__in=between).exclude(unit=RECORD)
    found = rows.order_by("pk").values_list("unit", "target", "record__key")[:most]
    return tuple(Found(unit, name, via, between[via]) for unit, name, via in found)


def keys_of(registry: Registry, actor: Actor, key: str) -> tuple[str, ...]:
    """The key of a record, and the keys of those that were merged into it: what links to it may hold."""
    _, record, _ = find_record(registry, actor, key)
    return tuple(one.key for one in merged_group(record))


def _visible_link(actor: Actor) -> Q:
    """Links in fields that the actor may see, for records that the actor may see."""
    shared = Q(audience__lte=PARTNER if may(actor, "read partner") else PUBLIC)
    return shared | seen_whole(actor, "record__")


def _survivors(actor: Actor, records: Sequence[Record]) -> dict[int, Record]:
    """Number of a record to what it was merged into, as far as the actor may see that; itself where it was not."""
    ends = {}
    for record in records:
        end = record
        while end.merged_into_id is not None:
            end = Record.objects.get(pk=end.merged_into_id)
        if end is record or Record.objects.filter(visible_to(actor), pk=end.pk).exists():
            ends[record.pk] = end
    return ends
