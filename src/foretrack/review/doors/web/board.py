"""The board of whoever runs a call: how many stand where, what is used up, how far each stage is, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.review.actions.boarding import waiting
from foretrack.review.actions.looking import call_page
from foretrack.review.answers import CallPage, QuotaLine
from foretrack.review.board_answers import Waiting
from foretrack.review.doors.web.heads import Head, head_of, run, stage_name
from foretrack.review.doors.web.words import STATUS
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, say

ONE = Words(
    {
        "recommended": "One recommended submission waits for admission.",
        "submitted": "One submission waits for recommendation or admission.",
        "objections": "One objection waits for an answer.",
        "notice over": "The notice of one submission is over: it can be confirmed.",
        "unpublished": "One selected record is on no published list yet.",
    }
)
MANY = Words(
    {
        "recommended": "{n} recommended submissions wait for admission.",
        "submitted": "{n} submissions wait for recommendation or admission.",
        "objections": "{n} objections wait for an answer.",
        "notice over": "The notice of {n} submissions is over: they can be confirmed.",
        "unpublished": "{n} selected records are on no published list yet.",
    }
)


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing that waits, in words, and where it is done."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class StateCount:
    """Submissions in one state."""

    status: str
    label: str
    n: int
    href: str


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far a stage is."""

    name: str
    submissions: int
    tasks: int
    done: int
    missing: int
    """Reviews that are wanted and not assigned."""
    until: str | None
    reviewers_href: str
    tasks_href: str
    standings_href: str
    decide_href: str


@dataclass(frozen=True)
class BoardPage(Page):
    """A call for whoever runs it."""

    template: ClassVar[str] = "review/board.html"
    table: ClassVar[str] = "counts"

    head: Head
    page: CallPage
    waiting: Waiting
    steps: tuple[NextStep, ...]
    counts: tuple[StateCount, ...]
    total: int
    quotas: tuple[QuotaLine, ...]
    stages: tuple[StageProgress, ...]
    moves: tuple[NextStep, ...]


@require_safe
def board(request: Request, key: str) -> HttpResponse:
    """The board of a call."""
    call = run(request, key)
    page = call_page(request.registry, request.actor, key)
    waits = waiting(request.registry, request.actor, key)
    table = address("call submissions", key)
    progress = tuple(
        StageProgress(
            stage_name(stage), line.submissions or 0, line.tasks or 0, line.done or 0,
            waits.without_reviewers[stage.number], line.until, address("stage reviewers", key, stage.number),
            address("stage tasks", key, stage.number), address("standings", key, stage.number),
            address("decide stage", key, stage.number),
        )
        for stage, line in zip(call.stages, page.stages, strict=True)
    )  # fmt: skip
    return render(
        request,
        BoardPage(
            head=head_of(request, call, "board"), page=page, waiting=waits,
            steps=next_steps(page, waits, today=request.registry.now().date()),
            counts=tuple(
                StateCount(status, say(word), page.counts[status], f"{table}?status={status}")
                for status, word in STATUS.items()
                if page.counts.get(status)
            ),
            total=sum(page.counts.values()), quotas=page.quotas, stages=progress,
            moves=(*_moves(page), *_recommending(page, bool(call.body.get("recommended")))),
        ),
    )  # fmt: skip


def _moves(page: CallPage) -> tuple[NextStep, ...]:
    """What an officer may do to the call itself."""
    names = {
        "draft": (("publish", say("Publish the call")), ("cancel", say("Cancel the call"))),
        "open": (("extend", say("Extend the window")), ("cancel", say("Cancel the call"))),
        "reviewing": (("cancel", say("Cancel the call")),),
    }
    return tuple(
        NextStep(text, address("move", page.call, name)) for name, text in names.get(page.status, ())
    )


def _recommending(page: CallPage, asks: bool) -> tuple[NextStep, ...]:
    if not asks or page.status != "open":
        return ()
    return (NextStep(say("Recommend"), address("recommend", page.call)),)


def next_steps(page: CallPage, waits: Waiting, *, today: date | None = None) -> tuple[NextStep, ...]:
    """What waits in a call, in the order in which it is done.

    Args:
        today: without it, whether the window is over is not said.
    """
    key, counts = page.call, page.counts
    found: list[NextStep] = []
    if page.status == "draft":
        found.append(NextStep(say("The call is not published yet."), address("move", key, "publish")))
        return tuple(found)
    if page.status == "open" and not page.takes and today is not None:
        over = today.isoformat() > page.closes_on
        found.append(
            NextStep(say("The window is over: the review can begin."), address("move", key, "close"))
            if over
            else NextStep(say("The call opens on {day}.", day=page.opens_on), address("call", key))
        )
    table = address("call submissions", key)
    found += _counted("recommended", counts.get("recommended", 0), f"{table}?status=recommended")
    found += _counted("submitted", counts.get("submitted", 0), f"{table}?status=submitted")
    for stage in page.stages:
        found += _of_stage(page, waits, stage.number)
    found += _counted("objections", waits.objections, address("objections", key))
    found += _counted("notice over", waits.notice_over, address("confirm selected", key))
    if page.series and not waits.in_notice:
        found += _counted("unpublished", waits.unpublished, address("next issue", page.series))
    running = sum(counts.get(one, 0) for one in ("submitted", "recommended", "reviewing", "notice"))
    if page.status == "reviewing" and not running and not waits.unpublished:
        found.append(
            NextStep(say("Everything is decided: the call can be finished."), address("move", key, "finish"))
        )
    return tuple(found)


def _of_stage(page: CallPage, waits: Waiting, number: int) -> list[NextStep]:
    line = page.stages[number - 1]
    key = page.call
    if page.status != "reviewing" or not line.submissions:
        return []
    found = []
    missing, open_tasks = waits.without_reviewers[number], (line.tasks or 0) - (line.done or 0)
    if missing:
        found.append(
            NextStep(
                say("Stage {stage}: reviews not assigned: {n}.", stage=number, n=missing),
                address("stage reviewers", key, number),
            )
        )
    if open_tasks:
        found.append(
            NextStep(
                say(
                    "Stage {stage}: {n} of {all} score sheets are missing.",
                    stage=number,
                    n=open_tasks,
                    all=line.tasks,
                ),
                address("stage tasks", key, number),
            )
        )
    if ready := waits.ready[number]:
        found.append(
            NextStep(
                say(
                    "Stage {stage}: to decide, with all their sheets: {n}.",
                    stage=number,
                    n=ready,
                ),
                address("decide stage", key, number),
            )
        )
    return found


def _counted(what: str, n: int, href: str) -> list[NextStep]:
    if not n:
        return []
    return [NextStep(say(ONE[what]) if n == 1 else say(MANY[what], n=n), href)]
