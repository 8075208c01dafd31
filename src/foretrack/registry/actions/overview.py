"""What there is and what waits: the kinds with their counts, and the records that wait for the actor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from django.db.models import Count, F, Q

from foretrack.registry.access.actor import EVERYWHERE, Actor, Grant
from foretrack.registry.access.permission import Subject, allowed, may
from foretrack.registry.actions.reading import (
    addressed_to,
    moves_of,
    seen_whole,
    subjects_of,
    title_of,
    visible_to,
)
from foretrack.registry.answers import Move
from foretrack.registry.declaring.fields import Term
from foretrack.registry.declaring.kind import ROLES, Kind, Role
from foretrack.registry.models import Facet, Record
from foretrack.registry.models.record import PARTNER, PUBLIC
from foretrack.registry.registry import Registry, moment

MOST_TASKS = 200
"""Records that a list of tasks names at most; the most urgent come first."""


@dataclass(frozen=True, slots=True)
class KindCount:
    """One kind, and how many of its records the actor may see."""

    name: str
    n: int
    may_create: bool


What: TypeAlias = Literal["review", "decide", "complete"]


@dataclass(frozen=True, slots=True)
class Task:
    """A record that the actor may move on."""

    key: str
    kind: str
    title: str
    status: str
    status_label: str
    since: str
    due_on: str | None
    overdue: bool
    moves: tuple[Move, ...]
    what: What
    """Why it waits for the actor: asked to review it, in charge of deciding, or the record is one's own to complete."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """What waits for the actor, the most urgent first; `more` where not all are named."""

    tasks: tuple[Task, ...]
    more: bool


def count_kinds(registry: Registry, actor: Actor) -> tuple[KindCount, ...]:
    """Every kind in the order of the catalogue; merged records are not counted."""
    counts = dict(
        Record.objects.filter(visible_to(actor), merged_into=None)
        .values_list("kind")
        .annotate(n=Count("pk", distinct=True))
    )
    return tuple(
        KindCount(kind.name, counts.get(kind.name, 0), may_create_somewhere(actor, kind))
        for kind in registry.kinds
    )


def count_labelled(registry: Registry, actor: Actor, part: str, value: str) -> Mapping[tuple[str, str], int]:
    """(kind, field) to the number of records that the actor may see and that name an entry of a pack's part there."""
    shared = Q(audience__lte=PARTNER if may(actor, "read partner") else PUBLIC)
    made = {}
    for kind in registry.kinds:
        for f in kind.facets:
            if isinstance(f, Term) and f.part == part:
                rows = Facet.objects.filter(kind=kind.name, name=f.name, value=value)
                n = rows.filter(visible_to(actor, "record__"), shared | seen_whole(actor, "record__")).count()
                if n:
                    made[kind.name, f.name] = n
    return made


def may_create_somewhere(actor: Actor, kind: Kind) -> bool:
    """Whether the actor may make a record of the kind for some organisation or region at least."""
    return any(role in kind.creators and _creates(actor, role) for role in ROLES)


def _creates(actor: Actor, role: Role) -> bool:
    return any(
        allowed(
            actor, role, "create",
            Subject(
                organisation=grant.organisation or next(iter(grant.bodies), None),
                region=next(iter(grant.regions), None),
                created_by=actor.key,
            ),
        )
        for grant in actor.grants
        if grant.role == role
    )  # fmt: skip


def find_tasks(registry: Registry, actor: Actor) -> Tasks:
    """Records that the actor may move on now, or after a notice that runs: those that are due first, then the oldest.

    States in which nothing is expected to happen any more are left out, although a way may lead back.
    """
    wanted = Q(pk__in=())
    for grant in actor.grants:
        reach = _reach(actor, grant)
        if reach is not None:
            for kind in registry.kinds:
                if states := _waiting(kind, grant.role):
                    wanted |= Q(kind=kind.name, status__in=states) & reach
    rows = (
        Record.objects.filter(visible_to(actor), wanted, merged_into=None)
        .order_by(F("due_on").asc(nulls_last=True), "state_since", "pk")
        .distinct()[: MOST_TASKS + 1]
    )
    today = registry.now().date()
    by_kind: dict[str, list[Record]] = {}
    for record in rows:
        by_kind.setdefault(record.kind, []).append(record)
    subjects = {
        pk: subject
        for name, of_kind in by_kind.items()
        for pk, subject in subjects_of(registry.kinds.get(name), of_kind).items()
    }
    found = []
    for record in rows:
        kind = registry.kinds.get(record.kind)
        subject = subjects[record.pk]
        moves = moves_of(registry, actor, kind, record, subject)
        if moves:
            found.append(
                Task(
                    record.key, kind.name, title_of(record, actor.language), record.status,
                    kind.state(record.status).label.text(actor.language), moment(record.state_since),
                    record.due_on.isoformat() if record.due_on else None,
                    record.due_on is not None and record.due_on < today, moves, _what(actor, subject),
                )
            )  # fmt: skip
    return Tasks(tuple(found[:MOST_TASKS]), len(rows) > MOST_TASKS)


def _what(actor: Actor, subject: Subject) -> What:
    if actor.key in subject.assigned:
        return "review"
    own = subject.organisation in actor.organisations or subject.created_by == actor.key
    return "complete" if own and not actor.holds("officer") else "decide"


def _waiting(kind: Kind, role: Role) -> list[str]:
    """States of a kind out of which the role is expected to lead a record: on to somewhere, or anywhere by a due day.

    Where the only ways out lead to an end (a recognised product that could be removed), nobody waits for anything.
    """
    closed = {state.name for state in kind.states if state.closed}
    due = {state.name for state in kind.states if state.due or state.due_field}
    return sorted(
        {
            name
            for t in kind.transitions
            if role in t.who
            for name in t.before
            if t.after not in closed or name in due
        }
        - closed
    )


def _reach(actor: Actor, grant: Grant) -> Q | None:
    """Where a grant lets its holder decide; None for a role that decides nowhere."""
    if grant.role in ("member", "manager"):
        own = Q(organisation=grant.organisation) | Q(organisation=None, created_by=actor.key)
        return own | Q(pk__in=addressed_to((grant.organisation,))) if grant.organisation else own
    if grant.role == "reviewer":
        return Q(assignments__actor=actor.key, assignments__ended_at=None)
    if grant.role == "officer":
        if EVERYWHERE in grant.regions or EVERYWHERE in grant.bodies:
            return Q()
        reach = Q(organisation__in=grant.bodies)
        for region in grant.regions:
            reach |= Q(region__startswith=region)
        return reach
    return None
