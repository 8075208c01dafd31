"""Profiles that end: their owners are told in time, they leave public view on their day, and one click renews them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from foretrack.accounts.actors import OPERATOR
from foretrack.domains.exchange.actions.copies import PROFILES
from foretrack.domains.exchange.terms import limit
from foretrack.jobs.queueing import enqueue
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import move, show
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

RENEW = "renew"


@dataclass(frozen=True, slots=True)
class Expired:
    """What a night has done."""

    expired: int
    warned: int
    """Warnings that are due; each is sent once."""


def watch_profiles(registry: Registry) -> Expired:
    """Lets every published profile expire whose last day is over, and has the owners of those warned that end soon.

    Each record in a transaction of its own: what was done before an error stays done, and the next run goes on.
    """
    from foretrack.domains.exchange.actions.jobs import warn

    today = registry.now().date()
    system = replace(OPERATOR, via="system")
    warnings = warning_days(today)
    rows = Record.objects.filter(
        kind__in=PROFILES,
        status="published",
        merged_into=None,
        due_on__lte=today + timedelta(days=warnings[0]),
    )
    expired = warned = 0
    for key, revision, last in rows.order_by("pk").values_list("key", "revision", "body__valid_until"):
        if last is None:
            continue
        if last < today.isoformat():
            move(registry, system, key, "expire", revision=revision)
            expired += 1
        elif (ahead := due_warning(last, today, warnings)) is not None:
            # The queue keeps its keys for a fortnight, so a warning is due within less than that.
            enqueue(warn, key, last, key=f"exchange:warn:{key}:{last}:{ahead}")
            warned += 1
    return Expired(expired, warned)


def warning_days(today: date) -> tuple[int, int]:
    """Days before the end at which owners are warned first and again."""
    return int(limit("profile-first-warning", today)), int(limit("profile-second-warning", today))


WITHIN = 10
"""Days after its day within which a warning is sent that a sleeping worker has missed."""


def due_warning(last: str, today: date, warnings: tuple[int, ...]) -> int | None:
    """Which warning is due today of a profile whose last day is `last`; None for none.

    >>> [due_warning("2026-03-31", date(2026, 3, day), (30, 7)) for day in (1, 5, 20, 24, 31)]
    [30, 30, None, 7, 7]
    """
    left = (date.fromisoformat(last) - today).days
    return next((ahead for ahead in sorted(warnings) if ahead - WITHIN < left <= ahead), None)


def renew(
    registry: Registry, actor: Actor, key: str, *, revision: int | None = None, until: str = ""
) -> RecordPage:
    """Renews a profile: until a day, or for as long as a pack says profiles usually hold.

    AccessError for whoever may not, InvalidRecord for a day that is too far, and what `move` raises else.
    """
    read = show(registry, actor, key).revision if revision is None else revision
    return move(registry, actor, key, RENEW, revision=read, values={"valid_until": until} if until else None)
