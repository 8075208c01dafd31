"""One submission for whoever runs its call: eligibility with its trace, sheets, discussion, decisions, objections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.foundation.errors import InputError, NotThereError
from foretrack.registry.actions.records import show
from foretrack.review.actions.boarding import tasks_of_submission
from foretrack.review.actions.deciding import FOLLOWS
from foretrack.review.actions.looking import submission_page
from foretrack.review.actions.reviewing import discussion, remark
from foretrack.review.answers import OtherSheet, RemarkLine, SubmissionPage
from foretrack.review.board_answers import StageTask
from foretrack.review.doors.web.heads import Head, head_of, run, stage_name
from foretrack.review.doors.web.objections import ObjectionRow, row_of
from foretrack.review.doors.web.tracing import Trace, trace_of
from foretrack.review.doors.web.words import OUTCOMES, TASK
from foretrack.review.rubrics import rubric_called
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, lines
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One sheet, with who sent it."""

    alias: str
    name: str
    total: float
    marks: tuple[tuple[str, str], ...]
    """(criterion, points of most)."""
    comment: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Somebody who was asked."""

    line: StageTask
    state: str
    replace_href: str


@dataclass(frozen=True, slots=True)
class StagePart:
    """What a stage has about the submission."""

    number: int
    name: str
    sheets: tuple[SheetRow, ...]
    tasks: tuple[TaskRow, ...]
    remarks: tuple[RemarkLine, ...]
    outcome: str
    reasons: str
    dissent: str


@dataclass(frozen=True)
class JudgedPage(Page):
    """A submission with everything that the review knows of it."""

    template: ClassVar[str] = "review/judged.html"

    head: Head
    title: str
    page: SubmissionPage
    record_href: str
    subject_href: str
    trace: Trace | None
    stages: tuple[StagePart, ...]
    objections: tuple[ObjectionRow, ...]
    moves: tuple[tuple[str, str, str], ...]
    """(address, label, waits until) of what can be done to it now, beside deciding."""
    decide_href: str
    """Of its stage; empty where it is not under review."""
    form: Asked


@require_http_methods(["GET", "HEAD", "POST"])
def judged(request: Request, key: str, submission: str) -> HttpResponse:
    """One submission; a POST adds a remark to the discussion of its stage."""
    call = run(request, key)
    page = submission_page(request.registry, request.actor, submission)
    if page.call != call.key:
        raise NotThereError.of(
            "{key} is no submission of this call", key=submission, expected="submissions of the call",
            do="look at the table again",
        )  # fmt: skip
    record = show(request.registry, request.actor, submission)
    form = Asked(
        {"text": lines(say("Your remark"), say("Reviewers who have sent their sheets read it."), most=8000, needed=True)},
        {"a remark of {n} characters": "text"}, data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    stages = _stages(request, page)
    now = next((one.number for one in reversed(stages) if one.tasks), 1)
    if form.is_bound and form.is_valid():
        try:
            remark(request.registry, request.actor, submission, now, form.text("text"))
        except InputError as error:
            form.refuse(error)
        else:
            return HttpResponseRedirect(f"{request.path}#discussion")
    view = JudgedPage(
        head=head_of(request, call, ""), title=record.title, page=page, record_href=address("record", submission),
        subject_href=address("record", page.subject), trace=trace_of(page.eligibility),
        stages=stages, objections=tuple(row_of(key, one) for one in page.objections),
        moves=tuple(
            (address("move", submission, one.name), one.label, one.waits_until or "")
            for one in record.moves
            if record.status != "reviewing" or one.name not in FOLLOWS.values()
        ),
        decide_href=address("decide stage", call.key, now) if record.status == "reviewing" else "", form=form,
    )  # fmt: skip
    return render(request, view, status=400 if form.is_bound and form.errors else 200)


def _stages(request: Request, page: SubmissionPage) -> tuple[StagePart, ...]:
    call = run(request, page.call)
    tasks = tasks_of_submission(request.registry, request.actor, page.submission)
    found = []
    for stage in call.stages:
        sheets, remarks = discussion(request.registry, request.actor, page.submission, stage.number)
        of_stage = tuple(one for one in tasks if one[0] == stage.number)
        decision = next((one for one in reversed(page.decisions) if one.stage == stage.number), None)
        if not sheets and not of_stage and decision is None:
            continue
        names = {one.alias: one.name for _, one in of_stage}
        found.append(
            StagePart(
                stage.number, stage_name(stage), tuple(_sheet(one, names, stage.rubric) for one in sheets),
                tuple(
                    TaskRow(
                        one, say(TASK[one.state]),
                        address("replace reviewer", call.key, one.task) if one.state in ("open", "overdue") else "",
                    )
                    for _, one in of_stage
                ),
                remarks, say(OUTCOMES[decision.outcome]) if decision else "", decision.reasons if decision else "",
                decision.dissent if decision else "",
            )
        )  # fmt: skip
    return tuple(found)


def _sheet(sheet: OtherSheet, names: Mapping[str, str], rubric: str) -> SheetRow:
    marks = tuple(
        (one.label.text(page_language()), f"{sheet.scores.get(one.id, 0):g} / {one.most}")
        for one in rubric_called(rubric).criteria
    )
    return SheetRow(sheet.alias, names.get(sheet.alias, ""), sheet.total, marks, sheet.comment)
