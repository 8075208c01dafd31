"""What happens to interests when a profile is settled or withdrawn: they are closed, and both sides are told."""

from __future__ import annotations

from dataclasses import replace

from foretrack.accounts.actors import OPERATOR
from foretrack.jobs.queueing import enqueue
from foretrack.matching.actions.interests import about
from foretrack.matching.kinds import OPEN
from foretrack.matching.telling import tell_lapsed
from foretrack.registry.actions.records import move
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

SYSTEM = replace(OPERATOR, via="system")


def close_what_is_open(registry: Registry, record: Record) -> int:
    """How many interests were closed because the need or offer that they are about came to its end."""
    kind = registry.kinds.get(record.kind)
    if kind.side is None or not kind.state(record.status).closed:
        return 0
    found = list(about([record.key]).filter(status__in=OPEN).order_by("pk"))
    for one in found:
        move(
            registry,
            SYSTEM,
            one.key,
            "lapse",
            revision=one.revision,
            reason=kind.state(record.status).label.en,
        )
        enqueue(tell_lapsed, one.key)
    return len(found)
