"""The standings of a stage: places by corrected scores beside the raw ones, how far reviewers agree, what looks odd."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.packs.thresholds import load_thresholds
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.review.actions.standings import standings as standings_in
from foretrack.review.answers import FlagLine, ReviewerEffect, Standing, Standings
from foretrack.review.doors.web.charts import scores_chart
from foretrack.review.doors.web.heads import Head, Pager, figure, head_of, page_in, pager_of, run
from foretrack.review.doors.web.words import OUTCOMES, STATUS, in_words
from foretrack.web.addresses import address
from foretrack.web.charts import Chart
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import say

MOST = 100
AT_ONCE = 1500
"""With more sheets, signs are looked for when somebody asks: it takes seconds then."""
SIGNS = "signs"


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A submission in the table."""

    line: Standing
    href: str
    score: str
    """Corrected where it is known, with its error."""
    error: str
    raw: str
    spread: str
    outcome: str
    status: str


@dataclass(frozen=True, slots=True)
class EffectRow:
    """A reviewer's habit in words."""

    line: ReviewerEffect
    told: str
    href: str


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A flag in words."""

    line: FlagLine
    title: str
    evidence: str


@dataclass(frozen=True)
class StandingsPage(Page):
    """A stage after its scores."""

    template: ClassVar[str] = "review/standings.html"
    table: ClassVar[str] = "lines"

    head: Head
    found: Standings
    lines: tuple[Standing, ...]
    rows: tuple[StandingRow, ...]
    pager: Pager
    grouped: bool
    corrected: bool
    """Whether scores are corrected here at all."""
    signs_href: str
    """Where signs are looked for; empty where they were."""
    sheets: int
    asked: int
    agreement: str
    alpha: str
    effects: tuple[EffectRow, ...]
    flags: tuple[FlagRow, ...]
    chart: Chart | None
    decide_href: str


@require_safe
def standings(request: Request, key: str, stage: str) -> HttpResponse:
    """Submissions of a stage by their places."""
    call, number = run(request, key), int(stage)
    found = standings_in(request.registry, request.actor, key, number, signs=False)
    sheets = sum(one.sheets for one in found.lines)
    watched = SIGNS in request.GET or sheets <= AT_ONCE
    if watched:
        found = standings_in(request.registry, request.actor, key, number)
    page, pages = page_in(request), max(1, -(-len(found.lines) // MOST))
    page = min(page, pages)
    part = found.lines[(page - 1) * MOST : page * MOST]
    tasks = address("stage tasks", key, number)
    return render(
        request,
        StandingsPage(
            head=head_of(request, call, "standings", number), found=found, lines=found.lines,
            rows=tuple(_row(key, one) for one in part), pager=pager_of(request, page, pages),
            grouped=any(one.group for one in found.lines),
            corrected=any(one.corrected is not None for one in found.lines),
            signs_href="" if watched else f"?{SIGNS}=on#flags", sheets=sheets,
            asked=sum(one.asked for one in found.lines),
            agreement=agreement(found, request.registry.now().date().isoformat()), alpha=_alpha(found),
            effects=tuple(
                EffectRow(one, _habit(one), f"{tasks}?reviewer={one.reviewer}") for one in found.reviewers
            ),
            flags=tuple(FlagRow(one, in_words(one.label), in_words(one.evidence)) for one in found.flags),
            chart=scores_chart(found.lines), decide_href=address("decide stage", key, number),
        ),
    )  # fmt: skip


def _row(key: str, line: Standing) -> StandingRow:
    return StandingRow(
        line, address("judged submission", key, line.submission),
        figure(line.corrected if line.corrected is not None else line.raw),
        f"± {line.error:.1f}" if line.error is not None else "", figure(line.raw), figure(line.spread),
        say(OUTCOMES[line.outcome]) if line.outcome in OUTCOMES else "",
        say(STATUS[line.status]) if line.status in STATUS else line.status,
    )  # fmt: skip


def agreement(found: Standings, day: str) -> str:
    """Krippendorff's alpha in words, by the thresholds of the packs; empty where it is not defined."""
    if found.alpha is None:
        return ""
    thresholds = load_thresholds(PACK_TERMS.paths)
    if found.alpha >= thresholds.on("alpha-good", day).value:
        return say("Reviewers agree well: the order can be relied on.")
    if found.alpha >= thresholds.on("alpha-fair", day).value:
        return say("Reviewers agree fairly: near places are not certain.")
    return say("Reviewers agree little: read the sheets before you decide by places.")


def _alpha(found: Standings) -> str:
    if found.alpha is None:
        return ""
    if found.alpha_low is None or found.alpha_high is None:
        return f"α = {found.alpha:.2f}"
    return f"α = {found.alpha:.2f} ({found.alpha_low:.2f}–{found.alpha_high:.2f})"


def _habit(one: ReviewerEffect) -> str:
    points = f"{abs(one.effect):.1f}"
    if one.error is None or abs(one.effect) < one.error:
        return say("about as the others")
    if one.effect > 0:
        return say("{n} points higher than the others", n=points)
    return say("{n} points lower than the others", n=points)
