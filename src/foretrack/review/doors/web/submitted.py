"""A submission as the applicant follows it: steps, eligibility, what comes next and by when, what the reviewers said;
and the public notice, in which anybody may object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.records import show
from foretrack.registry.answers import Move, RecordPage
from foretrack.review.actions.looking import submission_page
from foretrack.review.actions.objecting import GROUNDS, object_to
from foretrack.review.answers import ObjectionLine, StageFeedback, Step, SubmissionPage
from foretrack.review.doors.web.tracing import Trace, trace_of
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice, line, lines
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say

NEXT = Words(
    {
        "draft": "It is a draft: submit it while the call is open.",
        "returned": "It came back to you for correction: mend it and submit it again.",
        "submitted": "Officers look at whether it is complete and eligible, then admit it to the review.",
        "waits for body": "Your local body looks at it and recommends it, or sends it back.",
        "recommended": "Your local body recommends it; the body that issued the call admits it to the review.",
        "reviewing": "Reviewers judge it. You learn what they said once it is decided.",
        "notice": "It is announced to the public. It is confirmed after the notice if no objection is upheld.",
        "selected": "It is selected.",
        "rechecking": "It is being checked again.",
        "declined": "It was not selected. What the reviewers said stands below.",
        "withdrawn": "It was withdrawn.",
        "removed": "It was removed from the list.",
    }
)
"""State of a submission to what happens next, for the applicant."""
OUTCOMES = Words(
    {
        "forward": "goes on to the next stage", "select": "selected", "reserve": "held in reserve",
        "decline": "not selected",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """What the reviewers gave for a criterion on average."""

    label: str
    mean: float
    most: int


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one stage."""

    feedback: StageFeedback
    outcome: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection in words."""

    line: ObjectionLine
    grounds: str


@dataclass(frozen=True)
class SubmissionView(Page):
    """One submission."""

    template: ClassVar[str] = "review/submission.html"

    title: str
    page: SubmissionPage
    subject_title: str
    """Empty where the reader may not see the record."""
    next: str
    due_on: str | None
    notice_until: str | None
    moves: tuple[Move, ...]
    may_edit: bool
    steps: tuple[Step, ...]
    trace: Trace | None
    told: tuple[Told, ...]
    objections: tuple[Objected, ...]
    inside: bool
    """The reader is the applicant, or an officer or auditor who reads all of it."""


@require_safe
def submission(request: Request, key: str) -> HttpResponse:
    """One submission, as far as the reader may see it."""
    registry, actor = request.registry, request.actor
    page = submission_page(registry, actor, key)
    record = show(registry, actor, page.submission)
    return render(
        request,
        SubmissionView(
            title=record.title, page=page, subject_title=titles_of(actor, [page.subject]).get(page.subject, ""),
            next=_next(request, page, record) if page.own else "", due_on=record.due_on, notice_until=record.notice_until,
            moves=record.moves, may_edit=record.may_edit, steps=page.steps, trace=trace_of(page.eligibility),
            told=tuple(_told(one) for one in page.feedback), objections=_objections(page.objections),
            inside=record.circle == "private",
        ),
    )  # fmt: skip


def _next(request: Request, page: SubmissionPage, record: RecordPage) -> str:
    from foretrack.review.calls import find_call

    call = find_call(request.registry, request.actor, page.call)
    if page.status == "submitted" and call.body.get("recommended"):
        return say(NEXT["waits for body"])
    return say(NEXT[page.status])


def _told(one: StageFeedback) -> Told:
    language = page_language()
    return Told(
        one, say(OUTCOMES[one.outcome]) if one.outcome in OUTCOMES else "",
        tuple(Bar(mark.label.text(language), mark.mean, mark.most) for mark in one.criteria),
    )  # fmt: skip


def _objections(found: Sequence[ObjectionLine]) -> tuple[Objected, ...]:
    return tuple(Objected(one, GROUNDS[one.grounds].text(page_language())) for one in found)


@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: Request, key: str) -> HttpResponse:
    """Objects to a submission that is announced: anybody, with an account or with an address for the answer."""
    registry, actor = request.registry, request.actor
    page = submission_page(registry, actor, key)
    if not page.may_object:
        raise EvidenceError.of(
            "no public notice runs for {key}", key=page.submission, expected="a submission that is announced",
            do="write to the body that issued the call",
        )  # fmt: skip
    boxes: dict[str, forms.Field] = {
        "grounds": choice(say("On what grounds"), {name: one.text(page_language()) for name, one in GROUNDS.items()}),
        "text": lines(
            say("The facts"),
            say("What is wrong, and how that can be seen. The applicant may read it, without your name."),
            most=8000, needed=True, rows=8,
        ),
    }  # fmt: skip
    if not actor.key:
        boxes["contact"] = line(
            say("Your e-mail address"),
            say("For the answer; only officers in charge see it."),
            most=254,
            needed=True,
        )
    at = {"there is no way to answer you": "contact", "an objection of {n} characters": "text"}
    form = Asked(boxes, at, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            object_to(
                registry, actor, page.submission, grounds=form.text("grounds"), text=form.text("text"),
                contact=form.text("contact") if "contact" in boxes else "",
            )  # fmt: skip
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(
                request, say("Your objection was handed in. Nothing is confirmed before it is answered.")
            )
            return HttpResponseRedirect(address("submission", page.submission))
    title = show(registry, actor, page.submission).title
    return ask(
        request,
        AskPage(
            say("Object"), title, (Crumb(address("submission", page.submission), title),), form, say("Hand it in"),
            address("submission", page.submission),
            (
                say("Every objection is answered with reasons before anything is confirmed."),
                say("Who objected is known to officers in charge only."),
            ),
        ),
    )  # fmt: skip
