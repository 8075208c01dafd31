"""Whether two organisations are one party: the same, one above the other, or under one parent, as the registry knows."""

from __future__ import annotations

from datetime import date

from foretrack.packs.thresholds import load_thresholds
from foretrack.registry.access.actor import Actor
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Pointer, Revision

MOST_STEPS = 20
"""Parents above parents that are followed."""


def above(organisation: str) -> tuple[str, ...]:
    """The parents of an organisation, the nearest first; a circle ends where it closes."""
    found: list[str] = []
    at = organisation
    while len(found) < MOST_STEPS:
        rows = Pointer.objects.filter(
            field="parent", unit="record", record__key=at, record__kind="organisation"
        )
        parent = rows.values_list("target", flat=True).first()
        if parent is None or parent in found or parent == organisation:
            break
        found.append(parent)
        at = parent
    return tuple(found)


def one_party(first: str, second: str, on: date) -> bool:
    """Whether the two are the same, one owns the other through any number of steps, or, where the packs count
    siblings as one group (`siblings-count`), both are owned by a third."""
    if first == second:
        return True
    over, under = above(first), above(second)
    if second in over or first in under:
        return True
    siblings = load_thresholds(PACK_TERMS.paths).on("siblings-count", on.isoformat()).value >= 1
    return siblings and bool(set(over) & set(under))


def belongs_to(actor: Actor, *organisations: object) -> bool:
    """Whether somebody acts for one of some organisations."""
    return bool(actor.organisations & {str(one) for one in organisations if one})


def last_by(record_pk: int, *acts: str) -> str:
    """Key of whoever wrote the newest of some acts on a record; empty where nobody did."""
    rows = Revision.objects.filter(record_id=record_pk, act__in=acts).order_by("-number")
    return rows.values_list("by", flat=True).first() or ""


def wrote(record_pk: int, actor: Actor) -> bool:
    """Whether somebody wrote any revision of a record."""
    return Revision.objects.filter(record_id=record_pk, by=actor.key).exists()
