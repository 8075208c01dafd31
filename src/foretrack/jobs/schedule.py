"""What is due again and again: every worker looks, and the key of the slot lets only one job be made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from foretrack.jobs.queueing import enqueue

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """One job that is due in every slot of time."""

    name: str
    work: Any
    every: timedelta
    offset: timedelta = timedelta()
    """How long after the beginning of its slot it is due: a day's slot begins at midnight UTC."""

    def slot(self, now: datetime) -> int:
        """The number of the slot in which a moment lies.

        >>> daily = Plan("night", None, timedelta(days=1), timedelta(hours=2))
        >>> one, two = datetime(2026, 3, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, 2, tzinfo=UTC)
        >>> daily.slot(two) - daily.slot(one)
        1
        """
        return (now - EPOCH - self.offset) // self.every


PLANS: dict[str, Plan] = {}
"""Filled by each application when Django is ready."""


def repeat(name: str, work: Any, every: timedelta, offset: timedelta = timedelta()) -> None:
    """Makes a job due in every slot of time."""
    PLANS[name] = Plan(name, work, every, offset)


@dataclass(slots=True)
class Clockwork:
    """Remembers, for one worker, for which slots it has looked already."""

    seen: dict[str, int] = field(default_factory=dict)

    def wind(self, now: datetime) -> None:
        """Enqueues what is due and has not been."""
        for plan in PLANS.values():
            slot = plan.slot(now)
            if self.seen.get(plan.name) != slot:
                enqueue(plan.work, key=f"plan:{plan.name}:{slot}")
                self.seen[plan.name] = slot
