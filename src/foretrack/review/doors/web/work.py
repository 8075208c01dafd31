"""How much work reviewers have: everybody's for officers, the own for a reviewer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.foundation.spreadsheets import Cell
from foretrack.registry.access.permission import may
from foretrack.review.actions.workload import workload
from foretrack.review.answers import WorkloadLine
from foretrack.web.charts import ROWS, Chart, Column
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say, speak

SHOWN = 40
"""Reviewers in the chart; the table has all."""
PARTS = Words({"overdue": "Overdue", "open": "Open", "done": "Sent"})


@dataclass(frozen=True)
class WorkPage(Page):
    """Work of reviewers."""

    template: ClassVar[str] = "review/workload.html"
    table: ClassVar[str] = "lines"

    lines: tuple[WorkloadLine, ...]
    everybody: bool
    reviews: bool
    """The reader is a reviewer too."""
    chart: Chart | None


@require_safe
def work(request: Request) -> HttpResponse:
    """One line a reviewer, those with overdue work first."""
    found = workload(request.registry, request.actor)
    busy = [one for one in found if one.open or one.done]
    chart = work_chart(busy[:SHOWN]) if busy else None
    return render(
        request, WorkPage(found, may(request.actor, "assign"), request.actor.holds("reviewer"), chart)
    )


def work_chart(lines: list[WorkloadLine]) -> Chart:
    """Bars of what is overdue, open and sent, one a reviewer."""
    told = speak(page_language())
    rows: list[dict[str, Cell]] = [
        {"name": one.name, "part": told(PARTS[part]), "order": order, "n": n}
        for one in lines
        for order, (part, n) in enumerate(
            (("overdue", one.overdue), ("open", one.open - one.overdue), ("done", one.done))
        )
    ]
    return Chart(
        name="workload", title=say("Sheets of each reviewer"),
        about=say("One bar a reviewer: sheets that are overdue, open and sent, over all calls."),
        shown=(Column("name", say("Reviewer")), Column("part", say("Sheets")), Column("n", say("Number"), "count")),
        rows=tuple(rows), spec=_bars(page_language()), height=260,
    )  # fmt: skip


@cache
def _bars(language: str) -> dict[str, Any]:
    import altair as alt

    told = speak(language)
    return dict(
        alt.Chart(alt.NamedData(name=ROWS), width="container")
        .mark_bar()
        .encode(
            y=alt.Y("name:N", title=None, sort=None),
            x=alt.X("n:Q", title=told("Sheets"), axis=alt.Axis(tickMinStep=1)),
            color=alt.Color(
                "part:N", title=None, scale=alt.Scale(domain=[told(word) for word in PARTS.values()],
                range=["#a8322d", "#c2571a", "#2b7a52"]), legend=alt.Legend(orient="bottom"),
            ),
            order=alt.Order("order:Q"),
            tooltip=[alt.Tooltip("name:N", title=told("Reviewer")), alt.Tooltip("part:N", title=told("Sheets")),
                     alt.Tooltip("n:Q", title=told("Number"))],
        )
        .to_dict()
    )  # fmt: skip
