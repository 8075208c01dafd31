"""Looks now instead of at night."""

from __future__ import annotations

from foretrack.jobs.queueing import enqueue
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import require


def look_now(actor: Actor) -> tuple[str, ...]:
    """Enqueues what is otherwise due at night, every hour and every quarter of an hour; identifiers of the jobs."""
    from foretrack.watch.actions.looking import sweep, versions
    from foretrack.watch.delivery.sending import digests

    require(actor, "operate")
    return tuple(enqueue(work) for work in (sweep, versions, digests))
