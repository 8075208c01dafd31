"""The table of a call's submissions, with which many are admitted, returned or excluded at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.foundation.errors import InputError
from foretrack.review.actions import boarding
from foretrack.review.board_answers import Board, BoardLine
from foretrack.review.doors.web.heads import Head, Option, Pager, figure, head_of, page_in, pager_of, run
from foretrack.review.doors.web.words import ELIGIBLE, STATUS, TONE
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, say

ACTS = Words({"admit": "Admit to the review", "return": "Return for correction", "exclude": "Exclude"})
WAITING = ("submitted", "recommended")


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """A submission in the table."""

    line: BoardLine
    href: str
    eligible: str
    tone: str
    points: str
    mean: str
    may_tick: bool
    ticked: bool
    problem: str
    """Why it could not be moved."""


@dataclass(frozen=True)
class SubmissionsPage(Page):
    """Submissions of a call."""

    template: ClassVar[str] = "review/submissions.html"
    table: ClassVar[str] = "lines"

    head: Head
    rows: tuple[SubmissionRow, ...]
    lines: tuple[BoardLine, ...]
    total: int
    pager: Pager
    statuses: tuple[Option, ...]
    outcomes: tuple[Option, ...]
    regions: tuple[Option, ...]
    words: str
    asks_rule: bool
    recommended: bool
    acts: tuple[Option, ...]
    """What can be done to those that are ticked; none where nothing in the table waits."""
    reason: str
    problem: str
    left: int
    """How many of those ticked could not be moved."""


@require_http_methods(["GET", "HEAD", "POST"])
def submissions(request: Request, key: str) -> HttpResponse:
    """Submissions of a call; a POST moves those that are ticked."""
    call = run(request, key)
    ticked: tuple[str, ...] = ()
    left: Mapping[str, str] = {}
    problem = ""
    if request.method == "POST":
        ticked = tuple(request.POST.getlist("pick"))[: boarding.MOST]
        try:
            moved = boarding.move_many(
                request.registry, request.actor, key, ticked, request.POST.get("act", ""),
                reason=request.POST.get("reason", ""),
            )  # fmt: skip
        except InputError as error:
            problem = _told(error)
        else:
            if moved.done:
                messages.success(request, say("Moved: {n}", n=len(moved.done)))
            if not moved.left:
                return HttpResponseRedirect(request.get_full_path())
            left = moved.left
    page = _page(request, key, ticked, left, problem)
    page = replace(page, head=head_of(request, call, "call submissions"))
    return render(request, page, status=400 if problem or left else 200)


def _told(error: InputError) -> str:
    from foretrack.web.speech import page_language, speak

    return error.told(speak(page_language()))


def _page(
    request: Request, key: str, ticked: tuple[str, ...], left: Mapping[str, str], problem: str
) -> SubmissionsPage:
    given = request.GET
    call = run(request, key)
    status = given.get("status", "") if given.get("status", "") in STATUS else ""
    outcome = given.get("eligibility", "") if given.get("eligibility", "") in ELIGIBLE else ""
    region, words = given.get("region", "")[:20], given.get("q", "")[:200]
    found: Board = boarding.submissions(
        request.registry, request.actor, key, status=status, region=region, eligibility=outcome, words=words,
        page=page_in(request),
    )  # fmt: skip
    rows = tuple(_row(key, one, ticked, left) for one in found.lines)
    return SubmissionsPage(
        head=head_of(request, call, "call submissions"), rows=rows, lines=found.lines, total=found.total,
        pager=pager_of(request, found.page, found.pages),
        statuses=tuple(
            Option(name, f"{say(word)} ({found.counts[name]})", name == status)
            for name, word in STATUS.items()
            if found.counts.get(name)
        ),
        outcomes=tuple(Option(name, say(word), name == outcome) for name, word in ELIGIBLE.items()),
        regions=tuple(Option(one, one, one == region) for one in found.regions), words=words,
        asks_rule=bool(call.body.get("rule")), recommended=bool(call.body.get("recommended")),
        acts=tuple(Option(name, say(word), request.POST.get("act") == name) for name, word in ACTS.items())
        if any(one.may_tick for one in rows)
        else (),
        reason=request.POST.get("reason", ""), problem=problem, left=len(left),
    )  # fmt: skip


def _row(key: str, line: BoardLine, ticked: tuple[str, ...], left: Mapping[str, str]) -> SubmissionRow:
    points = ""
    if line.points is not None:
        low, high = line.points
        points = f"{low:g}" if low == high else f"{low:g}–{high:g}"
    return SubmissionRow(
        line=line, href=address("judged submission", key, line.submission),
        eligible=say(ELIGIBLE[line.eligibility]) if line.eligibility in ELIGIBLE else "",
        tone=TONE.get(line.eligibility, ""), points=points, mean=figure(line.mean), may_tick=line.status in WAITING,
        ticked=line.submission in ticked, problem=left.get(line.submission, ""),
    )  # fmt: skip
