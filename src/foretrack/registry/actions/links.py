"""The records at the other end of links: what they are called, and which may be pointed at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import title_of, visible_to
from foretrack.registry.declaring.fields import ANY_KIND
from foretrack.registry.models import Record


@dataclass(frozen=True, slots=True)
class Linked:
    """A record at the other end of a link."""

    key: str
    kind: str
    title: str


def linked(actor: Actor, keys: Iterable[str]) -> Mapping[str, Linked]:
    """Key to record, of those that the actor may see."""
    wanted = {key for key in keys if ":" not in key}
    if not wanted:
        return {}
    rows = Record.objects.filter(visible_to(actor), key__in=wanted).distinct()
    return {record.key: Linked(record.key, record.kind, title_of(record, actor.language)) for record in rows}


def titles_of(actor: Actor, keys: Iterable[str]) -> Mapping[str, str]:
    """Key to title, of those records that the actor may see."""
    return {key: one.title for key, one in linked(actor, keys).items()}


def linkable(actor: Actor, kinds: Iterable[str], *, most: int = 200) -> tuple[tuple[str, str], ...]:
    """(key, title) of records that a link may point at, as far as the actor may see them: the newest, at most so many."""
    wanted = tuple(kinds)
    rows = Record.objects.filter(visible_to(actor), merged_into=None).distinct()
    if ANY_KIND not in wanted:
        rows = rows.filter(kind__in=wanted)
    return tuple(
        (record.key, title_of(record, actor.language)) for record in rows.order_by("-updated_at", "pk")[:most]
    )
