"""Statuses that end: warned of in time, lapsed on their day, and told as lapsed even where no worker runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from foretrack.accounts.actors import OPERATOR
from foretrack.domains.enterprises.kinds.echelon_status import ECHELON_STATUS, HELD
from foretrack.registry.actions.records import move
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

WARNING = "lapse-warning"
"""Name of the duration, in a pack, before the end of a status at which its re-check opens."""
LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Watched:
    """What was moved on."""

    opened: int
    """Re-checks that were opened."""
    lapsed: int


def standing_on(status: str, valid_until: str | None, today: date) -> str:
    """The state in which a status stands on a day: one whose last day is over has lapsed, whoever has noticed.

    >>> standing_on("recognised", "2026-03-01", date(2026, 3, 2)), standing_on("recheck", "2026-03-01", date(2026, 3, 1))
    ('lapsed', 'recheck')
    """
    over = valid_until is not None and valid_until < today.isoformat()
    return LAPSED if over and status in HELD else status


def watch_statuses(registry: Registry) -> Watched:
    """Opens the re-check of every status that ends within the warning, and lets those lapse whose last day is over.

    Each record in a transaction of its own: what was done before an error stays done, and the next run goes on.
    """
    today = registry.now().date()
    warned = registry.ends_on(WARNING, today) or today
    system = replace(OPERATOR, via="system")
    lapsed = opened = 0
    for key, revision, last in _ending(HELD):
        if last < today.isoformat():
            move(registry, system, key, "lapse", revision=revision, reason=f"valid until {last}")
            lapsed += 1
    for key, revision, last in _ending(("recognised",)):
        if last <= warned.isoformat():
            move(registry, system, key, "ask-recheck", revision=revision)
            opened += 1
    return Watched(opened, lapsed)


def _ending(states: tuple[str, ...]) -> list[tuple[str, int, str]]:
    """(key, revision, last day) of the statuses in some states."""
    rows = Record.objects.filter(kind=ECHELON_STATUS.name, status__in=states, merged_into=None)
    found = rows.order_by("pk").values_list("key", "revision", "body__valid_until")
    return [(key, revision, last) for key, revision, last in found if last is not None]
