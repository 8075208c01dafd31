"""The opened registry: what every action needs beside the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from foretrack.foundation.clock import Clock
from foretrack.registry.declaring.kind import Catalogue


@dataclass(frozen=True, slots=True)
class Registry:
    """Kinds, clock, calendar and the folder of attachments of one installation."""

    kinds: Catalogue
    clock: Clock
    attachments: Path
    add_working_days: Callable[[date, int], date]
    """The day that lies so many working days after another."""
    working_days: Callable[[str, date], int]
    """How many working days a named duration has for what begins on a day, as the packs say."""

    def ends_on(self, duration: str, begins: date) -> date | None:
        """The last day of a duration that begins on a day; None where none is named."""
        if not duration:
            return None
        return self.add_working_days(begins, self.working_days(duration, begins))

    def now(self) -> datetime:
        """The present moment in UTC."""
        return self.clock().astimezone(UTC)


def moment(at: datetime) -> str:
    """A moment as revisions and the log have it: UTC in microseconds, 27 characters, sortable.

    >>> moment(datetime(2026, 3, 1, 12, tzinfo=UTC))
    '2026-03-01T12:00:00.000000Z'
    """
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
