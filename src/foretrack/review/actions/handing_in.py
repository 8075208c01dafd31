"""Handing in: a submission is made for a record of one's own, checked beforehand, and followed through its call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import find_record
from foretrack.registry.actions.records import create
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.bodies import Problem, incomplete
from foretrack.registry.declaring.fields import Json
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.calls import find_call
from foretrack.review.eligibility import eligibility_of
from foretrack.review.kinds import SUBMISSION


def hand_in(
    registry: Registry, actor: Actor, call_key: str, subject_key: str, *, partners: Sequence[str] = (),
    years: int | None = None, avoid: Sequence[str] = (), avoid_reason: str = "", promise: bool | None = None,
) -> RecordPage:  # fmt: skip
    """A submission of one's own record to a call, as a draft: it can be changed until it is submitted.

    Title, region and tracks are taken from the record. InputError for a record of another kind than the call asks for.
    """
    call = find_call(registry, actor, call_key)
    kind, subject, _ = find_record(registry, actor, subject_key)
    if kind.name != call.body["of_kind"]:
        raise InputError.of(
            "{key} is a {kind}", key=subject.key, kind=kind.name, expected="a {wanted}", wanted=call.body["of_kind"],
            do="choose one of your own records of that kind, or make one",
        )  # fmt: skip
    values: dict[str, Json] = {
        "title": {"en": subject.title_en, "zh": subject.title_zh}, "call": call.key, "subject": subject.key,
        "organisation": subject.organisation, "region": subject.region, "tracks": subject.body.get("tracks"),
        "partners": list(partners), "years": years, "avoid": list(avoid), "avoid_reason": avoid_reason,
        "promise": promise,
    }  # fmt: skip
    return create(registry, actor, SUBMISSION.name, values, visibility="public")


def beforehand(
    registry: Registry, actor: Actor, call_key: str, subject_key: str
) -> tuple[tuple[Problem, ...], Mapping[str, Json]]:
    """What a record still lacks to be handed in, and what the rule of the call says about it today."""
    call = find_call(registry, actor, call_key)
    kind, subject, _ = find_record(registry, actor, subject_key)
    rule = call.body.get("rule")
    found = eligibility_of(registry, rule, subject, registry.now().date()) if rule else {}
    return tuple(incomplete(kind, subject.body)), found


def own_records(registry: Registry, actor: Actor, call_key: str) -> tuple[tuple[str, str, str], ...]:
    """(key, title, state) of the actor's records that the call asks for, the newest first."""
    call = find_call(registry, actor, call_key)
    kind = registry.kinds.get(str(call.body["of_kind"]))
    rows = Record.objects.filter(
        kind=kind.name, organisation__in=list(actor.organisations), merged_into=None
    ).order_by("-updated_at")
    may = [s.name for s in kind.states if s.listable or any(t.name == "submit" for t in kind.leaving(s.name))]
    return tuple(
        (row.key, (row.title_zh if actor.language == "zh" else row.title_en) or row.key, row.status)
        for row in rows.filter(status__in=may)[:200]
    )
