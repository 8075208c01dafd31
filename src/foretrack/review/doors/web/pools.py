"""Reviewers of a stage: who is in the pool, drawing it, what must keep a reviewer away, and the assignment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.review.actions.assigning import assign_stage, conflicts_in
from foretrack.review.actions.boarding import pool
from foretrack.review.actions.drawing import draw_reviewers, draws_of
from foretrack.review.answers import ConflictLine, DrawLine
from foretrack.review.assigning.conflicts import REASONS
from foretrack.review.board_answers import Pool, PoolLine
from foretrack.review.doors.web.heads import Head, crumbs_of, head_of, run, stage_name
from foretrack.review.doors.web.words import in_words
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, line, yes
from foretrack.web.naming import tracks_named
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say

AT_DRAW = {
    "the seed {seed!r} cannot be published as one line": "seed",
    "a pool of {n}": "size",
    "the pool comes out short: {short}": "size",
}


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    """A reviewer in words."""

    line: PoolLine
    tracks: tuple[str, ...]
    tasks_href: str


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A submission that lacked reviewers."""

    href: str
    title: str
    n: int


@dataclass(frozen=True)
class PoolPage(Page):
    """Reviewers of a stage."""

    template: ClassVar[str] = "review/pool.html"
    table: ClassVar[str] = "lines"

    head: Head
    pool: Pool
    rows: tuple[ReviewerRow, ...]
    lines: tuple[PoolLine, ...]
    inside: int
    draws: tuple[DrawLine, ...]
    draw_hrefs: tuple[str, ...]
    may_draw: bool
    """As long as nobody was assigned."""
    draw_href: str
    assign_href: str
    share: float | None
    """Fit of the newest assignment, of the highest that any could have."""
    missing: tuple[MissingRow, ...]


@require_safe
def reviewers(request: Request, key: str, stage: str) -> HttpResponse:
    """The pool of a stage."""
    call, number = run(request, key), int(stage)
    found = pool(request.registry, request.actor, key, number)
    draws = tuple(one for one in draws_of(call) if one.stage == number)
    last = found.last
    tasks = address("stage tasks", key, number)
    return render(
        request,
        PoolPage(
            head=head_of(request, call, "stage reviewers", number), pool=found,
            rows=tuple(
                ReviewerRow(one, tracks_named(one.tracks), f"{tasks}?reviewer={one.reviewer}")
                for one in found.reviewers
            ),
            lines=found.reviewers, inside=sum(1 for one in found.reviewers if one.inside), draws=draws,
            draw_hrefs=tuple(address("draw", key, one.draw) for one in draws),
            may_draw=not any(one.tasks for one in found.reviewers), draw_href=address("draw reviewers", key, number),
            assign_href=address("assign reviewers", key, number),
            share=last.total / last.bound if last is not None and last.bound else None,
            missing=tuple(
                MissingRow(address("judged submission", key, one), title, n) for one, title, n in last.missing
            )
            if last is not None
            else (),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def draw_stage(request: Request, key: str, stage: str) -> HttpResponse:
    """Draws the pool of a stage."""
    call, number = run(request, key), int(stage)
    the_stage = call.stage(number)
    form = Asked(
        {
            "size": _number(say("How many reviewers"), needed=True),
            "seed": line(
                say("Seed"),
                say("Any text that nobody could steer: numbers of a public lottery, with their day. It is published."),
                most=200, needed=True,
            ),
            "most": _number(
                say("Of one organisation at most"), say("By the first employer of a reviewer; empty: no limit."),
                needed=False,
            ),
        },
        AT_DRAW, data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            drawn = draw_reviewers(
                request.registry, request.actor, key, number, size=form.cleaned_data["size"], seed=form.text("seed"),
                most_per_organisation=form.cleaned_data["most"],
            )  # fmt: skip
        except (InputError, EvidenceError) as error:
            form.refuse(error)
        else:
            messages.success(request, say("Reviewers drawn: {n}", n=drawn.drawn))
            return HttpResponseRedirect(address("draw", key, drawn.draw))
    points = (
        say("Drawn from everybody with the role of a reviewer who is not away today."),
        say(
            "Tickets, seed and result are public at once, without names; anybody can draw again and compare."
        ),
        say("A stage can be drawn again until somebody is assigned; every draw stays to be seen."),
    )
    way = _way(request, key, number)
    return ask(
        request,
        AskPage(
            say("Draw reviewers"), stage_name(the_stage), way, form, say("Draw"),
            address("stage reviewers", key, number), points,
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: Request, key: str, stage: str) -> HttpResponse:
    """Assigns the reviewers of a stage."""
    call, number = run(request, key), int(stage)
    the_stage = call.stage(number)
    drawn = [one for one in draws_of(call) if one.stage == number]
    form = Asked(
        {
            "seed": line(
                say("Seed"), say("Tells reviewers of equal fit apart; that of the draw will do."), most=200,
                initial=drawn[-1].seed if drawn else "",
            ),
            "partial": yes(
                say("Assign what can be assigned"), say("Otherwise nothing is assigned where reviewers are missing.")
            ),
        },
        data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            found = assign_stage(
                request.registry, request.actor, key, number, seed=form.text("seed"),
                partial=bool(form.cleaned_data["partial"]),
            )  # fmt: skip
        except (InputError, EvidenceError) as error:
            form.refuse(error)
        else:
            told = say(
                "Reviews assigned: {n}; pairs kept apart: {conflicts}",
                n=found.given,
                conflicts=found.conflicts,
            )
            messages.success(request, told)
            if found.missing:
                messages.warning(
                    request, say("Reviews for which nobody was found: {n}", n=sum(found.missing.values()))
                )
            return HttpResponseRedirect(address("stage reviewers", key, number))
    now = pool(request.registry, request.actor, key, number)
    points = (
        say("Submissions: {n}, reviewers each: {each}; {given} of {needed} reviews are assigned.", n=now.submissions,
            each=the_stage.reviewers, given=now.given, needed=now.needed),
        say("What was assigned before stays. Whoever stepped back is not asked about the same submission again."),
        say("Of all assignments without a conflict and within everybody's load, the one with the highest fit is taken."),
        say("Reviewers are told by mail."),
    )  # fmt: skip
    return ask(
        request,
        AskPage(
            say("Assign reviewers"), stage_name(the_stage), _way(request, key, number), form, say("Assign"),
            address("stage reviewers", key, number), points,
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """Why a reviewer must not judge, in words."""

    line: ConflictLine
    reason: str
    evidence: str
    href: str


@dataclass(frozen=True)
class ConflictsPage(Page):
    """Who must not judge what."""

    template: ClassVar[str] = "review/conflicts.html"
    table: ClassVar[str] = "lines"

    head: Head
    rows: tuple[ConflictRow, ...]
    lines: tuple[ConflictLine, ...]
    pairs: int
    more: int


SHOWN = 500


@require_safe
def conflicts(request: Request, key: str, stage: str) -> HttpResponse:
    """Conflicts of a stage with what shows them."""
    call, number = run(request, key), int(stage)
    found = conflicts_in(request.registry, request.actor, key, number)
    words = {str(name): in_words(sentence) for name, sentence in REASONS.items()}
    return render(
        request,
        ConflictsPage(
            head=head_of(request, call, "stage conflicts", number),
            rows=tuple(
                ConflictRow(
                    one, words.get(one.reason, one.reason), in_words(one.evidence),
                    address("judged submission", key, one.submission),
                )
                for one in found[:SHOWN]
            ),
            lines=found, pairs=len({(one.submission, one.reviewer) for one in found}), more=max(0, len(found) - SHOWN),
        ),
    )  # fmt: skip


def _way(request: Request, key: str, stage: int) -> tuple[Crumb, ...]:
    call = run(request, key)
    return crumbs_of(
        call, page_language(), Crumb(address("stage reviewers", key, stage), stage_name(call.stage(stage)))
    )


def _number(label: str, help: str = "", *, needed: bool) -> forms.IntegerField:
    words = {"required": say("This is needed."), "invalid": say("This is no number."),
             "min_value": say("At least {n}.", n=1), "max_value": say("At most {n}.", n=100000)}  # fmt: skip
    return forms.IntegerField(
        label=label, help_text=help, required=needed, min_value=1, max_value=100000, error_messages=words
    )
