"""The public register of bodies that were recognised once: where each stands, since when, and what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foretrack.domains.exchange.actions.overseeing import reports_of
from foretrack.domains.exchange.kinds.bodies import ON_REGISTER, SERVICE_BODY
from foretrack.domains.exchange.kinds.evaluations import CURRENT, EVALUATION, PAST
from foretrack.domains.exchange.kinds.oversight import COMPLAINT, OWED
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import title_of, visible_to
from foretrack.registry.models import Pointer, Record, Revision
from foretrack.registry.registry import Registry

MOST = 500
"""Bodies of one answer."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change of state that was public."""

    status: str
    label: str
    on: str


@dataclass(frozen=True, slots=True)
class Body:
    """One body."""

    key: str
    title: str
    organisation: str
    """Key; empty for none."""
    region: str
    services: tuple[str, ...]
    status: str
    label: str
    since: str
    """The day on which it was recognised first."""
    steps: tuple[Step, ...]
    """Its history, the newest first."""
    reports: tuple[int, ...]
    """Years whose reports were accepted, the newest first."""
    overdue: tuple[int, ...]
    """Years whose reports are missing."""
    evaluations: int
    """That it brought to a recognised result."""
    complaints: int
    """That were answered; upheld: of those, with an outcome against it, in whole or in part."""
    upheld: int


def register(
    registry: Registry, actor: Actor, *, service: str = "", region: str = "", status: str = ""
) -> tuple[Body, ...]:
    """Bodies that were recognised once, those on the register today first; complaints as numbers only."""
    wanted = Record.objects.filter(
        visible_to(actor), kind=SERVICE_BODY.name, status__in=ON_REGISTER, merged_into=None
    )
    if region:
        wanted = wanted.filter(region__startswith=region)
    if status:
        wanted = wanted.filter(status=status)
    found = [
        body_of(registry, actor, one)
        for one in wanted.order_by("pk")[:MOST]
        if not service or service in (one.body.get("services") or ())
    ]
    return tuple(sorted(found, key=lambda one: (ON_REGISTER.index(one.status), one.title)))


def body_of(registry: Registry, actor: Actor, record: Record) -> Body:
    """One body for the register."""
    steps = _steps(record, actor.language)
    reports = reports_of(record.key)
    done = [int(one.body["year"]) for one in reports if one.status == "accepted"]
    missing = [int(one.body["year"]) for one in reports if one.status == OWED[1]]
    answered = _pointing("body", record.key, COMPLAINT.name, ("answered",))
    return Body(
        record.key, title_of(record, actor.language), record.organisation or "", record.region or "",
        tuple(record.body.get("services") or ()), record.status,
        SERVICE_BODY.state(record.status).label.text(actor.language),
        next((one.on for one in reversed(steps) if one.status == "recognised"), ""), steps, tuple(done), tuple(missing),
        len(_pointing("evaluated_by", record.key, EVALUATION.name, (CURRENT, *PAST))), len(answered),
        sum(1 for one in answered if one.get("outcome") in ("upheld", "partly")),
    )  # fmt: skip


def _pointing(field: str, key: str, kind: str, states: tuple[str, ...]) -> list[Mapping[str, object]]:
    keys = Pointer.objects.filter(field=field, unit="record", target=key, record__kind=kind)
    rows = Record.objects.filter(pk__in=keys.values("record_id"), status__in=states, merged_into=None)
    return list(rows.values_list("body", flat=True))


def _steps(record: Record, language: str) -> tuple[Step, ...]:
    """Changes of state since the first recognition: what came before is nobody else's."""
    steps: list[Step] = []
    for row in Revision.objects.filter(record=record).order_by("number").values("status", "at"):
        known = row["status"] in ON_REGISTER
        if known and (not steps or steps[-1].status != row["status"]):
            label = SERVICE_BODY.state(row["status"]).label.text(language)
            steps.append(Step(row["status"], label, row["at"][:10]))
    return tuple(reversed(steps))
