"""Exhibitions as their pages and the desk need them: who runs one, who takes part, the schedule, the slots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from foretrack.accounts.actors import OPERATOR
from foretrack.domains.exchange.kinds.exhibitions import BADGE, EXHIBITION, OUTCOME, PARTICIPATION, SCHEDULE
from foretrack.domains.exchange.meetings.slots import Timetable
from foretrack.foundation.errors import InputError, NotThereError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import Subject, may, refusal
from foretrack.registry.actions.reading import title_of
from foretrack.registry.actions.records import create, show
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Pointer, Record
from foretrack.registry.registry import Registry

SYSTEM = replace(OPERATOR, via="system")
"""Whoever looks at all wishes, so that nobody else has to; what it finds is handed on only to whom it concerns."""
TAKES_PART = "confirmed"


@dataclass(frozen=True)
class Fair:
    """An exhibition that the actor may see."""

    page: RecordPage
    timetable: Timetable
    runs: bool
    """The actor runs it: belongs to the organiser, or is an officer of its region."""


def fair(registry: Registry, actor: Actor, key: str) -> Fair:
    """The exhibition with a key; NotThereError for what is none."""
    page = show(registry, actor, key)
    if page.kind != EXHIBITION.name:
        raise NotThereError.of(
            "there is no exhibition {key!r} that you may see", key=key[:40], expected="the key of an exhibition",
            do="look at the exhibitions",
        )  # fmt: skip
    return Fair(
        page,
        timetable_of(page.key),
        may(actor, "edit", Subject(organisation=page.organisation, region=page.region)),
    )


def run(registry: Registry, actor: Actor, key: str) -> Fair:
    """The exhibition, for whoever runs it; AccessError for others."""
    found = fair(registry, actor, key)
    if not found.runs:
        raise refusal(actor, "run this exhibition")
    return found


def timetable_of(key: str) -> Timetable:
    """Slots and tables of an exhibition; none while its days are not told."""
    body = Record.objects.values_list("body", flat=True).get(key=key)
    whole = {"timezone", "days", "slot_minutes"} <= body.keys()
    return Timetable.of(body if whole else {"timezone": "UTC"})


def participations(key: str, *states: str) -> list[Record]:
    """Participations in an exhibition, in the order in which they were made; of all states but drafts without any."""
    return [
        one
        for one in _of("exhibition", key, PARTICIPATION.name)
        if (one.status in states if states else one.status not in ("draft", "invited"))
    ]


def badges(key: str) -> dict[str, Record]:
    """Participation to its badge."""
    return {one.body["of"]: one for one in _of("exhibition", key, BADGE.name)}


def outcomes(key: str) -> list[Record]:
    """What was said of the meetings of an exhibition; drafts left out."""
    return [one for one in _of("exhibition", key, OUTCOME.name) if one.status == "given"]


def schedule_of(key: str) -> Record | None:
    """The schedule of an exhibition, if anybody has begun one."""
    return next(iter(_of("exhibition", key, SCHEDULE.name)), None)


def begun_schedule(registry: Registry, found: Fair) -> Record:
    """The schedule of an exhibition, made when it is needed first."""
    key = found.page.key
    known = schedule_of(key)
    if known is None:
        create(
            registry,
            SYSTEM,
            SCHEDULE.name,
            {"title": key, "exhibition": key, "version": 0},
            visibility="private",
        )
        known = schedule_of(key)
    assert known is not None
    return known


def meetings_in(schedule: Record | None) -> list[dict[str, Any]]:
    """The published meetings, those cancelled among them."""
    return list(schedule.body.get("meetings") or ()) if schedule is not None else []


def mine(registry: Registry, actor: Actor, key: str) -> Record:
    """A participation for whoever it belongs to, or who runs the exhibition; NotThereError for others."""
    record = Record.objects.filter(key=key, kind=PARTICIPATION.name, merged_into=None).first()
    if record is not None:
        own = Subject(organisation=record.organisation, region=record.region, created_by=record.created_by)
        organiser = Subject(organisation=record.body.get("recipient"), region=record.region)
        sent = record.status not in ("draft", "invited")
        if may(actor, "edit", own) or (sent and may(actor, "edit", organiser)):
            return record
    raise NotThereError.of(
        "there is no participation {key!r} of yours", key=key[:40], expected="the key of your participation",
        do="look at the exhibition",
    )  # fmt: skip


def own_participations(actor: Actor, key: str) -> list[Record]:
    """Participations of the actor's organisations in an exhibition that have not ended."""
    return [
        one
        for one in _of("exhibition", key, PARTICIPATION.name)
        if one.organisation in actor.organisations and one.status not in ("turned-down", "dropped-out")
    ]


def names_of(records: Iterable[Record], language: str) -> dict[str, str]:
    """Key to what each is called in a language."""
    return {one.key: title_of(one, language) for one in records}


def check_state(found: Fair, *states: str) -> None:
    """InputError unless the exhibition stands in one of some states."""
    if found.page.status not in states:
        raise InputError.of(
            "the exhibition is {state}", state=found.page.status, expected="one that is {known}",
            known=" / ".join(states), do="look at the exhibition",
        )  # fmt: skip


def _of(field: str, target: str, kind: str) -> list[Record]:
    pointers = Pointer.objects.filter(field=field, unit="record", target=target, record__kind=kind)
    return list(Record.objects.filter(pk__in=pointers.values("record_id"), merged_into=None).order_by("pk"))
