"""Who is asked about what in a stage, how far they are, and giving one task to somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.review.actions.assigning import replace_reviewer
from foretrack.review.actions.boarding import pool, show_task, tasks_of_stage
from foretrack.review.board_answers import StageTask
from foretrack.review.doors.web.heads import (
    Head,
    Option,
    Pager,
    crumbs_of,
    figure,
    head_of,
    page_in,
    pager_of,
    run,
    stage_name,
)
from foretrack.review.doors.web.words import ENDED, TASK
from foretrack.web.addresses import address, named_in_address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice, reason
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in words."""

    line: StageTask
    href: str
    """Of the submission."""
    state: str
    why: str
    total: str
    replace_href: str
    """Empty for one that is done or ended."""


@dataclass(frozen=True)
class TasksPage(Page):
    """Tasks of a stage."""

    template: ClassVar[str] = "review/tasks.html"
    table: ClassVar[str] = "lines"

    head: Head
    rows: tuple[TaskRow, ...]
    lines: tuple[StageTask, ...]
    total: int
    pager: Pager
    states: tuple[Option, ...]
    reviewer: str
    reviewer_name: str


@require_safe
def tasks(request: Request, key: str, stage: str) -> HttpResponse:
    """Tasks of a stage, open ones first."""
    call, number = run(request, key), int(stage)
    state = request.GET.get("state", "") if request.GET.get("state", "") in TASK else ""
    reviewer = request.GET.get("reviewer", "")[:26]
    found = tasks_of_stage(
        request.registry, request.actor, key, number, state=state, reviewer=reviewer, page=page_in(request)
    )
    rows = tuple(
        TaskRow(
            one, address("judged submission", key, one.submission), say(TASK[one.state]),
            say(ENDED[one.why]) if one.why in ENDED else "", figure(one.total),
            address("replace reviewer", key, one.task) if one.state in ("open", "overdue") else "",
        )
        for one in found.lines
    )  # fmt: skip
    return render(
        request,
        TasksPage(
            head=head_of(request, call, "stage tasks", number), rows=rows, lines=found.lines, total=found.total,
            pager=pager_of(request, found.page, found.pages),
            states=tuple(
                Option(name, f"{say(word)} ({found.counts[name]})", name == state) for name, word in TASK.items()
            ),
            reviewer=reviewer, reviewer_name=next((one.name for one in found.lines), "") if reviewer else "",
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: Request, key: str, task: str) -> HttpResponse:
    """Takes a task from a reviewer, and gives it to another one."""
    call = run(request, key)
    with named_in_address():
        stage, found = show_task(request.registry, request.actor, int(task))
    others = {
        one.reviewer: f"{one.name} ({one.tasks})"
        for one in pool(request.registry, request.actor, key, stage).reviewers
        if one.inside and one.reviewer != found.reviewer
    }
    form = Asked(
        {
            "by": choice(
                say("Give it to"), {"": say("Nobody yet: the next assignment finds somebody"), **others},
                say("Behind each name, the tasks in this stage."), needed=False,
            ),
            "reason": reason(),
        },
        {
            "{reviewer} is not in the pool of this stage": "by", "{reviewer} has a conflict: {evidence}": "by",
            "{reviewer} was asked about it already": "by", "no reason": "reason",
        },
        data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    back = address("stage tasks", key, stage)
    if form.is_bound and form.is_valid():
        try:
            replace_reviewer(
                request.registry, request.actor, found.task, reason=form.text("reason"), by=form.text("by")
            )
        except (InputError, EvidenceError) as error:
            form.refuse(error)
        else:
            messages.success(request, say("The task was taken from {name}.", name=found.name))
            return HttpResponseRedirect(back)
    points = (
        say("Now with {name}: {code} {title}", name=found.name, code=found.code, title=found.title),
        say("A reviewer with a conflict is refused, with the reason."),
    )
    return ask(
        request,
        AskPage(
            say("Replace a reviewer"), stage_name(call.stage(stage)),
            crumbs_of(call, page_language(), Crumb(back, say("Tasks"))), form, say("Replace"), back, points,
        ),
    )  # fmt: skip
