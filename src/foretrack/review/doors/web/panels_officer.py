"""What calls add to records: to a call's record where it stands, to a submission's its place in the review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foretrack.registry.actions.reading import title_of
from foretrack.registry.models import Record
from foretrack.review.actions.boarding import waiting
from foretrack.review.actions.looking import call_page
from foretrack.review.calls import call_of, in_charge
from foretrack.review.doors.web.board import NextStep, next_steps
from foretrack.review.doors.web.words import days_left
from foretrack.review.kinds import CALL, SUBMISSION
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, Panel, Subject
from foretrack.web.rendering import Request


@dataclass(frozen=True)
class CallFragment(Fragment):
    """A call's page, and for whoever runs it what comes next."""

    template: ClassVar[str] = "review/panels/call.html"

    href: str
    board_href: str
    left: str
    steps: tuple[NextStep, ...]


@dataclass(frozen=True)
class SubmissionFragment(Fragment):
    """The call that a submission is in, and for whoever runs it the sheets."""

    template: ClassVar[str] = "review/panels/submission.html"

    call_href: str
    call_title: str
    judged_href: str


def _call(request: Request, subject: Subject) -> Fragment | None:
    record = Record.objects.filter(key=subject.name, kind=CALL.name).first()
    if record is None:
        return None
    page = call_page(request.registry, request.actor, record.key)
    steps = next_steps(page, waiting(request.registry, request.actor, record.key)) if page.in_charge else ()
    return CallFragment(
        address("call", record.key), address("board", record.key) if page.in_charge else "",
        days_left(page.days_left) if page.days_left else "", steps,
    )  # fmt: skip


def _submission(request: Request, subject: Subject) -> Fragment | None:
    record = Record.objects.filter(key=subject.name, kind=SUBMISSION.name).first()
    if record is None or "call" not in record.body:
        return None
    call = call_of(record)
    return SubmissionFragment(
        address("call", call.key), title_of(call.record, request.actor.language),
        address("judged submission", call.key, record.key) if in_charge(request.actor, call) else "",
    )  # fmt: skip


PANELS: tuple[Panel, ...] = (
    Panel("call", "The call", frozenset(("record",)), _call, order=4, wide=True),
    Panel("in-call", "In which call", frozenset(("record",)), _submission, order=4),
)
