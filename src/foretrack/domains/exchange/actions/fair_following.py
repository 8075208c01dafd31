"""What follows when a participation, an outcome or an exhibition moves, whichever door it was moved through."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from foretrack.domains.exchange.actions.attending import issue_badge
from foretrack.domains.exchange.actions.concluding import check_outcome
from foretrack.domains.exchange.actions.exhibitions import (
    TAKES_PART,
    meetings_in,
    participations,
    schedule_of,
)
from foretrack.domains.exchange.actions.fair_notices import (
    all_in,
    concerned_by,
    tell_cancelled,
    tell_schedule,
)
from foretrack.domains.exchange.actions.scheduling import propose
from foretrack.domains.exchange.kinds.exhibitions import EXHIBITION, MEETS, OUTCOME, PARTICIPATION, SCHEDULE
from foretrack.foundation.errors import InputError
from foretrack.jobs.queueing import enqueue
from foretrack.registry.declaring.fields import Json
from foretrack.registry.declaring.kind import Kind, Transition
from foretrack.registry.models import Record, Revision
from foretrack.registry.registry import Registry


def on_moving(
    kind: Kind, record: Record, transition: Transition, body: Mapping[str, Json], registry: Registry, **_: Any
) -> None:
    """Refuses what the exhibition does not allow."""
    if kind.name == PARTICIPATION.name and transition.name in ("register", "confirm"):
        _may_take_part(body, transition.name, registry.now().date())
    elif kind.name == OUTCOME.name and transition.name == "give":
        check_outcome(body)


def _may_take_part(body: Mapping[str, Json], step: str, today: date) -> None:
    exhibition = Record.objects.get(key=body["exhibition"])
    if exhibition.status not in MEETS:
        raise InputError.of(
            "the exhibition is {state}", state=exhibition.status, expected="one that is {known}",
            known=" / ".join(MEETS), do="look at the exhibition",
        )  # fmt: skip
    told = exhibition.body
    if (
        step == "register"
        and not told["registration_from"] <= today.isoformat() <= told["registration_until"]
    ):
        raise InputError.of(
            "the registration runs from {begins} to {ends}", begins=told["registration_from"],
            ends=told["registration_until"], expected="a day within it", do="ask the organiser",
        )  # fmt: skip
    most = told.get("capacity")
    if step == "confirm" and most and len(participations(exhibition.key, TAKES_PART)) >= most:
        raise InputError.of(
            "all {n} places are taken", n=most, expected="a free place", do="wait until somebody drops out"
        )


def on_moved(record: Record, transition: Transition, registry: Registry, **_: Any) -> None:
    """Gives a badge, asks for a schedule that is mended, tells of a cancellation."""
    if record.kind == PARTICIPATION.name and transition.name == "confirm":
        issue_badge(registry, record)
    elif record.kind == PARTICIPATION.name and transition.name == "drop-out":
        rows = meetings_in(schedule_of(record.body["exhibition"]))
        if any(record.key in (row["first"], row["second"]) for row in rows if "cancelled" not in row):
            enqueue(propose, record.body["exhibition"], True)
    elif record.kind == EXHIBITION.name and transition.name == "cancel":
        enqueue(tell_cancelled, record.key, key=f"exhibition cancelled:{record.key}")


def on_changed(records: list[Record], act: str, **_: Any) -> None:
    """A version of a schedule was published: queues the messages in the same transaction, once."""
    for record in records if act == "edit" else ():
        if record.kind != SCHEDULE.name or not record.body.get("version"):
            continue
        version, key = int(record.body["version"]), record.body["exhibition"]
        before = Revision.objects.filter(record=record, number=record.revision - 1).first()
        told = before.values if before is not None else {}
        if int(told.get("version") or 0) == version:
            continue
        whom = concerned_by(told.get("meetings") or (), meetings_in(record)) if before else all_in(record)
        if whom:
            enqueue(tell_schedule, key, version, whom, key=f"schedule:{key}:{version}")


def listen() -> None:
    """Lets exhibitions hear what moves."""
    from foretrack.registry.signals import changed, moved, moving

    moving.connect(on_moving, dispatch_uid="exhibitions.on_moving")
    moved.connect(on_moved, dispatch_uid="exhibitions.on_moved")
    changed.connect(on_changed, dispatch_uid="exhibitions.on_changed")
