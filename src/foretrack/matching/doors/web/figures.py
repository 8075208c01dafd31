"""The dashboard of matching: time to match, match rate, the way from a suggestion to an agreement, and who is shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.foundation.spreadsheets import Cell
from foretrack.matching.actions.figures import figures
from foretrack.matching.doors.web.telling import GROUPS, reason_told
from foretrack.web.charts import PALETTE, ROWS, Chart, Column
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say

STAGES = Words({
    "suggested": "Suggested by itself",
    "told": "Told to an owner",
    "looked into": "Looked into",
    "interested": "Interest sent",
    "seen": "Seen by the other side",
    "accepted": "Accepted",
    "meeting": "Meeting agreed",
    "agreement": "Agreement reached",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A reason and how often it was given."""

    reason: str
    declined: int
    put_aside: int


@dataclass(frozen=True, slots=True)
class SpreadLine:
    """How exposure is spread over a group."""

    group: str
    members: int
    gini: float
    top: float


@dataclass(frozen=True)
class FiguresPage(Page):
    """Figures of matching."""

    template: ClassVar[str] = "matching/figures.html"
    table: ClassVar[str] = "reasons"

    needs: int
    offers: int
    n_matched: int
    n_published: int
    match_rate: float | None
    days: tuple[float, float, float] | None
    funnel: Chart
    reasons: tuple[ReasonLine, ...]
    exposure: tuple[SpreadLine, ...]
    weights: str


@require_safe
def figures_page(request: Request) -> HttpResponse:
    """Sums over the whole installation, for officers, auditors and administrators."""
    found = figures(request.registry, request.actor)
    rows: tuple[dict[str, Cell], ...] = tuple(
        {"stage": say(STAGES[one.name]), "n": one.n, "share": one.n / one.of if one.of else None}
        for one in found.funnel
    )
    funnel = Chart(
        name="funnel", title=say("From a suggestion to an agreement"),
        about=say("How many matches and interests reached each step; the share is of the step that it begins from."),
        shown=(
            Column("stage", say("Step")), Column("n", say("Number"), "count"), Column("share", say("Share"), "share"),
        ),
        rows=rows, spec=_bars(page_language()), height=280,
    )  # fmt: skip
    reasons = sorted({*found.declined, *found.put_aside})
    return render(
        request,
        FiguresPage(
            found.on_shelf.get("need", 0), found.on_shelf.get("offer", 0), found.n_matched, found.n_published,
            found.n_matched / found.n_published if found.n_published else None, found.days_to_match, funnel,
            tuple(
                ReasonLine(reason_told(name), found.declined.get(name, 0), found.put_aside.get(name, 0))
                for name in reasons
            ),
            tuple(SpreadLine(say(GROUPS[one.group]), one.members, one.gini, one.top) for one in found.exposure),
            found.weights,
        ),
    )  # fmt: skip


@cache
def _bars(language: str) -> dict[str, Any]:
    import altair as alt

    bars = (
        alt.Chart(alt.NamedData(name=ROWS), width="container", height=250)
        .mark_bar(color=PALETTE[0])
        .encode(
            x=alt.X("n:Q", title=say("Number"), axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y("stage:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)),
            tooltip=[alt.Tooltip("stage:N", title=say("Step")), alt.Tooltip("n:Q", title=say("Number"))],
        )
    )
    return dict(bars.to_dict())
