"""Asking a question and reporting an abuse in one step, and what waits for a moderator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from django.db import transaction
from django.db.models import Q, QuerySet

from foretrack.domains.exchange.kinds.achievements import ACHIEVEMENT
from foretrack.domains.exchange.kinds.hall import ABUSE_REPORT, QUESTION
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import may, refusal
from foretrack.registry.actions.reading import seen_whole
from foretrack.registry.actions.records import create, move, show
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

Waiting: TypeAlias = Literal["reports", "questions", "answers", "appeals", "achievements"]
QUEUE: dict[Waiting, tuple[tuple[str, str], ...]] = {
    "reports": ((ABUSE_REPORT.name, "open"),),
    "questions": ((QUESTION.name, "asked"),),
    "answers": ((QUESTION.name, "replied"),),
    "appeals": ((QUESTION.name, "appealed"), (ACHIEVEMENT.name, "appealed")),
    "achievements": ((ACHIEVEMENT.name, "submitted"),),
}
"""What waits, and the (kind, state) in which it waits; the most urgent first."""
MOST = 50


@dataclass(frozen=True, slots=True)
class Queue:
    """One line of the moderators' work: the oldest first."""

    name: Waiting
    total: int
    items: tuple[RecordPage, ...]


def ask(registry: Registry, actor: Actor, about: str, text: str, *, private: bool = False) -> RecordPage:
    """Asks a question about a released achievement.

    A private one is read by the two sides (and officers in charge) alone. InputError for a text that will not do, or an
    achievement that was not released; EvidenceError for too many in a day; AccessError for whoever may not ask.
    """
    with transaction.atomic():
        made = create(
            registry, actor, QUESTION.name, {"question": text, "about": about},
            visibility="private" if private else "public",
        )  # fmt: skip
        move(registry, actor, made.key, "ask", revision=made.revision)
    return show(registry, actor, made.key)


def report(registry: Registry, actor: Actor, about: str, why: str, text: str) -> RecordPage:
    """Reports something in the hall to the officers in charge. Errors as of `ask`."""
    with transaction.atomic():
        made = create(
            registry,
            actor,
            ABUSE_REPORT.name,
            {"about": about, "why": why, "text": text},
            visibility="private",
        )
        move(registry, actor, made.key, "report", revision=made.revision)
    return show(registry, actor, made.key)


def queues(registry: Registry, actor: Actor) -> tuple[Queue, ...]:
    """What waits for the moderator, as far as the officer is in charge; AccessError for everybody else."""
    if not moderates(actor):
        raise refusal(actor, "moderate the release hall")
    made = []
    for name, places in QUEUE.items():
        rows = _waiting(actor, places)
        keys = rows.order_by("state_since", "pk").values_list("key", flat=True)[:MOST]
        made.append(Queue(name, rows.count(), tuple(show(registry, actor, key) for key in keys)))
    return tuple(made)


def moderates(actor: Actor) -> bool:
    """Whether the actor is an officer who may decide."""
    return actor.holds("officer") and may(actor, "decide")


def how_many_wait(actor: Actor) -> int:
    """How much waits for a moderator, in one statement."""
    return _waiting(actor, [place for places in QUEUE.values() for place in places]).count()


def _waiting(actor: Actor, places: Sequence[tuple[str, str]]) -> QuerySet[Record]:
    stands = Q(pk__in=())
    for kind, status in places:
        stands |= Q(kind=kind, status=status)
    return Record.objects.filter(stands, seen_whole(actor), merged_into=None)
