"""What ends by itself: listings past their day, technologies past their time in the catalogue, first sets that no longer
are first. The worker looks once a day; what a page shows never waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from foretrack.accounts.actors import OPERATOR
from foretrack.domains.exchange.actions.firsts import EXIT, attempt
from foretrack.domains.exchange.kinds.applications import PROMOTED_APPLICATION
from foretrack.domains.exchange.kinds.deals import LISTING
from foretrack.domains.exchange.kinds.firsts import FIRST_SET
from foretrack.registry.actions.records import move
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

ON_THEIR_DAY = ((LISTING.name, "published", "expire"), (PROMOTED_APPLICATION.name, "recognised", "lapse"))
"""Kinds with `valid_until`: the state in which they hold, and the transition out of it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What was moved on."""

    days_over: int
    no_longer_first: int


def holds_on(valid_until: object, today: date) -> bool:
    """Whether what is valid until a day still holds on another, whoever has noticed.

    >>> holds_on("2026-03-01", date(2026, 3, 1)), holds_on("2026-03-01", date(2026, 3, 2))
    (True, False)
    """
    return not valid_until or str(valid_until) >= today.isoformat()


def end_what_is_over(registry: Registry) -> Ended:
    """Lets everything end whose day is over, and first sets that a rule of the packs no longer counts as first.

    Each record in a transaction of its own: what was done before an error stays done, and the next run goes on.
    """
    today = registry.now().date()
    system = replace(OPERATOR, via="system")
    over = leaving = 0
    for kind, state, step in ON_THEIR_DAY:
        for record in _standing(kind, state):
            last = record.body.get("valid_until")
            if not holds_on(last, today):
                move(
                    registry, system, record.key, step, revision=record.revision, reason=f"valid until {last}"
                )
                over += 1
    for key, revision, reason in _no_longer_first(today):
        move(registry, system, key, "lapse", revision=revision, reason=reason)
        leaving += 1
    return Ended(over, leaving)


def _standing(kind: str, state: str) -> list[Record]:
    return list(Record.objects.filter(kind=kind, status=state, merged_into=None).order_by("pk"))


def _no_longer_first(today: date) -> Iterator[tuple[str, int, str]]:
    for record in _standing(FIRST_SET.name, "recognised"):
        answer, _ = attempt(EXIT.format(sort=record.body["sort_of"]), record.body, today)
        if answer is not None and answer.outcome == "met":
            said = f"{answer.label.zh} / {answer.label.en} ({answer.rule}, {', '.join(answer.source)})"
            yield record.key, record.revision, said
