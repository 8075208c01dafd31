"""Calls, and the submissions of one, in short and all at once: for commands and files."""

from __future__ import annotations

from dataclasses import dataclass

from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import title_of, visible_to
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.review.calls import Call, run_call, submissions_of
from foretrack.review.kinds import CALL, SUBMISSION
from foretrack.review.models import Entry
from foretrack.review.naming import told_titles
from foretrack.review.stages import stages_now


@dataclass(frozen=True, slots=True)
class CallShort:
    """A call in one line."""

    call: str
    title: str
    status: str
    status_label: str
    of_kind: str
    region: str
    opens_on: str
    closes_on: str
    takes: bool
    """Whether its window is open today."""
    based_on: str
    series: str


@dataclass(frozen=True, slots=True)
class SubmissionShort:
    """A submission in one line, for whoever runs its call."""

    submission: str
    code: str
    title: str
    organisation: str
    """Title of the leading organisation."""
    region: str
    recommended_by: str
    eligibility: str
    """`met`, `not met`, `undecided`; empty where no rule is asked, or nothing was handed in."""
    status: str
    status_label: str
    stage: int | None
    """In which it is judged now; None where it is not under review."""
    subject: str


def calls_in_short(registry: Registry, actor: Actor) -> tuple[CallShort, ...]:
    """The calls that the actor may see: those that take submissions today first, the others the latest first."""
    rows = Record.objects.filter(visible_to(actor), kind=CALL.name, merged_into=None).order_by("-pk")
    today = registry.now().date()
    lines = [_call(record, Call(record).takes(today), actor.language) for record in rows]
    return tuple(sorted(lines, key=lambda one: not one.takes))


def _call(record: Record, takes: bool, language: str) -> CallShort:
    body = record.body
    return CallShort(
        call=record.key, title=title_of(record, language), status=record.status,
        status_label=CALL.state(record.status).label.text(language), of_kind=str(body.get("of_kind") or ""),
        region=record.region or "", opens_on=str(body.get("opens_on") or ""), closes_on=str(body.get("closes_on") or ""),
        takes=takes, based_on=str(body.get("based_on") or ""), series=str(body.get("series") or ""),
    )  # fmt: skip


def submissions_in_short(registry: Registry, actor: Actor, call_key: str) -> tuple[SubmissionShort, ...]:
    """The submissions of a call in the order in which they were made, for whoever runs it; drafts are not among them."""
    call = run_call(registry, actor, call_key)
    records = [one for one in submissions_of(call) if not SUBMISSION.state(one.status).draft]
    entries = {one.submission: one for one in Entry.objects.filter(call=call.key)}
    now = stages_now(one.key for one in records if one.status == "reviewing")
    owners = told_titles((one.organisation for one in records if one.organisation), actor.language)
    found = []
    for record in records:
        entry = entries.get(record.key)
        found.append(
            SubmissionShort(
                submission=record.key, code=entry.code if entry else "", title=title_of(record, actor.language),
                organisation=owners.get(record.organisation or "", ""), region=record.region or "",
                recommended_by=str(record.body.get("recommended_by") or ""),
                eligibility=str(entry.eligibility.get("outcome") or "") if entry else "", status=record.status,
                status_label=SUBMISSION.state(record.status).label.text(actor.language), stage=now.get(record.key),
                subject=str(record.body.get("subject") or ""),
            )
        )  # fmt: skip
    return tuple(found)
