"""Links of records followed backwards; a link to a merged record counts for the one it was merged into."""

from __future__ import annotations

from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import visible
from foretrack.registry.actions.reading import find_record, visible_to
from foretrack.registry.models import Pointer, Record
from foretrack.registry.registry import Registry


def merged_group(record: Record) -> list[Record]:
    """The record and every record that was merged into it, by whatever chain, the oldest merge first."""
    group = [record]
    for one in group:
        group += Record.objects.filter(merged_into=one).order_by("pk")
    return group


def pointing_at(registry: Registry, actor: Actor, key: str) -> dict[str, list[str]]:
    """Keys of the records that point at one, by the name of the field, as far as the actor may see record and field.

    A record that was itself merged into another counts as that other one, once.
    """
    _, record, _ = find_record(registry, actor, key)
    keys = [one.key for one in merged_group(record)]
    found: dict[str, list[str]] = {}
    rows = (
        Pointer.objects.filter(visible_to(actor, "record__"), unit="record", target__in=keys)
        .select_related("record")
        .order_by("field", "record_id")
    )
    for pointer in rows:
        source = pointer.record
        while source.merged_into_id is not None:
            source = Record.objects.get(pk=source.merged_into_id)
        kind, _, reached = find_record(registry, actor, pointer.record.key, follow=False)
        declared = kind.by_name.get(pointer.field)
        if declared is None or not visible(declared.visibility, reached):
            continue
        keys_of_field = found.setdefault(pointer.field, [])
        if source.key not in keys_of_field and source.key not in keys:
            keys_of_field.append(source.key)
    return {name: sources for name, sources in found.items() if sources}
