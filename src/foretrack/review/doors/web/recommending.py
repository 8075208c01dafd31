"""A local body's page of a call: submissions of its region, the places that are left, and which of them it recommends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.foundation.errors import InputError
from foretrack.review.actions.recommending import OUTCOMES, recommend, recommendations
from foretrack.review.answers import RecommendLine, RecommendPage
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak

TICK, RANK = "tick", "rank-"


@dataclass(frozen=True, slots=True)
class Line:
    """A submission with what stands in its boxes."""

    line: RecommendLine
    eligible: str
    ticked: bool
    rank: str
    wrong: str


@dataclass(frozen=True)
class RecommendView(Page):
    """Recommending in a call."""

    template: ClassVar[str] = "review/recommend.html"
    table: ClassVar[str] = "waiting"

    page: RecommendPage
    waiting: tuple[Line, ...]
    recommended: tuple[Line, ...]
    body: str
    problem: str


@require_http_methods(["GET", "HEAD", "POST"])
def recommending(request: Request, key: str) -> HttpResponse:
    """Submissions that wait for a recommendation; sent, those that are ticked are recommended."""
    registry, actor = request.registry, request.actor
    page = recommendations(registry, actor, key)
    wrong: Mapping[str, str] = {}
    problem, body = "", page.bodies[0].body if page.bodies else ""
    if request.method == "POST":
        tell = speak(page_language())
        body = request.POST.get("body", "")[:40]
        try:
            done, left = recommend(registry, actor, key, body, _ranks(request))
        except InputError as error:
            problem = error.told(tell)
        else:
            if done:
                messages.success(request, say("{n} recommended.", n=len(done)))
            if not left:
                return HttpResponseRedirect(address("recommend", page.call))
            wrong = {name: error.told(tell) for name, error in left.items()}
            problem = say("{n} could not be recommended; why stands beside each.", n=len(left))
            page = recommendations(registry, actor, key)
    return render(
        request,
        RecommendView(
            page, tuple(_line(request, one, wrong) for one in page.waiting),
            tuple(_line(request, one, {}) for one in page.recommended), body, problem,
        ),
        status=400 if problem else 200,
    )  # fmt: skip


def _ranks(request: Request) -> dict[str, int | None]:
    """What is ticked, with its place."""
    found: dict[str, int | None] = {}
    for key in request.POST.getlist(TICK)[:500]:
        typed = request.POST.get(f"{RANK}{key}", "").strip()
        if typed and not (typed.isascii() and typed.isdecimal() and 0 < int(typed) < 100_000):
            raise InputError.of(
                "the place {typed!r} is no number", typed=typed[:20], expected="1 for the first, and so on",
                do="correct it, or leave it empty",
            )  # fmt: skip
        found[key] = int(typed) if typed else None
    return found


def _line(request: Request, one: RecommendLine, wrong: Mapping[str, str]) -> Line:
    return Line(
        one, OUTCOMES[one.eligibility].text(page_language()) if one.eligibility in OUTCOMES else "",
        one.submission in wrong or (request.method == "POST" and one.submission in request.POST.getlist(TICK)),
        request.POST.get(f"{RANK}{one.submission}", "") or str(one.rank or ""), wrong.get(one.submission, ""),
    )  # fmt: skip
