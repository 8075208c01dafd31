"""Handing in: a submission is made for a record of one's own, checked beforehand, and followed through its call."""

from __future__ import annotations

from collections.abc import Sequence

from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import refusal
from foretrack.registry.actions.reading import find_record, title_of
from foretrack.registry.actions.records import create
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.bodies import incomplete
from foretrack.registry.declaring.fields import Json, Term
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.answers import Beforehand, OpenCall, OwnRecord
from foretrack.review.calls import Call, find_call
from foretrack.review.eligibility import eligibility_of
from foretrack.review.following import why_not
from foretrack.review.kinds import CALL, SUBMISSION
from foretrack.review.models import Entry
from foretrack.web.speech import speak

MOST_RECORDS = 200
"""Records that are offered to be handed in, the newest."""


def hand_in(
    registry: Registry, actor: Actor, call_key: str, subject_key: str, *, partners: Sequence[str] = (),
    years: int | None = None, avoid: Sequence[str] = (), avoid_reason: str = "", promise: bool | None = None,
) -> RecordPage:  # fmt: skip
    """A submission of one's own record to a call, as a draft: it can be changed until it is submitted.

    Title, region, tracks and direction are taken from the record; partners and years of work too, where not given.
    InputError for a record of another kind than the call asks for.
    """
    call = find_call(registry, actor, call_key)
    kind, subject, _ = find_record(registry, actor, subject_key)
    if kind.name != call.body["of_kind"]:
        raise InputError.of(
            "{key} is a {kind}", key=subject.key, kind=kind.name, expected="a {wanted}", wanted=call.body["of_kind"],
            do="choose one of your own records of that kind, or make one",
        )  # fmt: skip
    values = _values(call, kind, subject, partners, years) | {
        "avoid": list(avoid), "avoid_reason": avoid_reason, "promise": promise,
    }  # fmt: skip
    return create(registry, actor, SUBMISSION.name, values, visibility="public")


def _values(
    call: Call, kind: Kind, subject: Record, partners: Sequence[str], years: int | None
) -> dict[str, Json]:
    named = kind.by_name.get("direction")
    of_the_round = isinstance(named, Term) and named.part == "call_directions"
    return {
        "title": {"en": subject.title_en, "zh": subject.title_zh}, "call": call.key, "subject": subject.key,
        "organisation": subject.organisation, "region": subject.region, "tracks": subject.body.get("tracks"),
        "direction": subject.body.get("direction") if of_the_round else None,
        "partners": list(partners or subject.body.get("partners") or ()),
        "years": subject.body.get("years") if years is None else years,
    }  # fmt: skip


def beforehand(
    registry: Registry, actor: Actor, call_key: str, subject_key: str, *, partners: Sequence[str] = (),
    years: int | None = None,
) -> Beforehand:  # fmt: skip
    """What a record still lacks to be handed in, and what the rule of the call says of it today; writes nothing."""
    call = find_call(registry, actor, call_key)
    kind, subject, circle = find_record(registry, actor, subject_key)
    if circle != "private":
        raise refusal(actor, "hand in this record")
    rule = call.body.get("rule")
    told = speak(actor.language)
    problem = why_not(registry, actor, _values(call, kind, subject, partners, years))
    return Beforehand(
        call=call.key, subject=subject.key,
        missing=tuple(one.error.told(told) for one in incomplete(kind, subject.body)),
        limits=(problem.told(told),) if problem else (),
        eligibility=eligibility_of(registry, str(rule), subject, registry.now().date()) if rule else {},
    )  # fmt: skip


def own_records(registry: Registry, actor: Actor, call_key: str) -> tuple[OwnRecord, ...]:
    """The actor's records that the call asks for and that can be handed in, the newest first."""
    call = find_call(registry, actor, call_key)
    kind = registry.kinds.get(str(call.body["of_kind"]))
    rows = Record.objects.filter(
        kind=kind.name, organisation__in=list(actor.organisations), merged_into=None
    ).order_by("-updated_at")
    may = [s.name for s in kind.states if s.listable or any(t.name == "submit" for t in kind.leaving(s.name))]
    found = list(rows.filter(status__in=may)[:MOST_RECORDS])
    held = dict(
        Entry.objects.filter(subject__in=[row.key for row in found], held=True).values_list(
            "subject", "submission"
        )
    )
    return tuple(
        OwnRecord(
            row.key, title_of(row, actor.language), row.status, kind.state(row.status).label.text(actor.language),
            held.get(row.key, ""),
        )
        for row in found
    )  # fmt: skip


def open_calls_for(registry: Registry, actor: Actor, kind: str) -> tuple[OpenCall, ...]:
    """The calls whose window is open today and that ask for records of a kind."""
    today = registry.now().date().isoformat()
    rows = Record.objects.filter(kind=CALL.name, status="open", merged_into=None).order_by("pk")
    asking = [
        row
        for row in rows
        if row.body.get("of_kind") == kind and row.body["opens_on"] <= today <= row.body["closes_on"]
    ]
    return tuple(
        OpenCall(row.key, title_of(row, actor.language), str(row.body["closes_on"])) for row in asking
    )
