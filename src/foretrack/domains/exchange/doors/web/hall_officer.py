"""What waits for a moderator, and what owners learn of the attention that an achievement gets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.exchange.hall.asking import MOST, queues
from foretrack.domains.exchange.hall.counting import DAYS, Figures, figures_of
from foretrack.domains.exchange.hall.reading import show_achievement
from foretrack.domains.exchange.kinds.hall import ABUSES
from foretrack.foundation.spreadsheets import Cell
from foretrack.registry.actions.links import linked
from foretrack.registry.answers import RecordPage
from foretrack.web.addresses import address
from foretrack.web.charts import PALETTE, ROWS, Chart, Column
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say

QUEUES = Words({
    "reports": "Reports of abuse",
    "questions": "Questions to show",
    "answers": "Answers to show",
    "appeals": "Appeals",
    "achievements": "Achievements handed in",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the moderator may take."""

    href: str
    label: str
    reason: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits."""

    key: str
    href: str
    title: str
    text: str
    """What has to be read: a reply, what is wrong."""
    about: str
    about_href: str
    why: str
    since: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of work."""

    name: str
    label: str
    total: int
    items: tuple[Item, ...]


@dataclass(frozen=True)
class ModerationPage(Page):
    """Everything that waits."""

    template: ClassVar[str] = "hall/moderation.html"
    table: ClassVar[str] = "rows"

    lines: tuple[Line, ...]
    rows: tuple[Item, ...]
    most: int


@require_safe
def moderation(request: Request) -> HttpResponse:
    """What waits for the moderator, the oldest first; each step asks for its reason."""
    found = queues(request.registry, request.actor)
    abouts = linked(
        request.actor,
        [str(page.values["about"]) for line in found for page in line.items if "about" in page.values],
    )

    def item(page: RecordPage) -> Item:
        about = abouts.get(str(page.values.get("about", "")))
        why = ABUSES.get(str(page.values.get("why", "")))
        text = page.values.get("reply") if page.status == "replied" else page.values.get("answer", "")
        place = "achievement" if about is not None and about.kind == "achievement" else "record"
        return Item(
            page.key, address("record", page.key), str(page.values.get("question", page.title)), str(text or ""),
            about.title if about else "", address(place, about.key) if about else "",
            why.text(page_language()) if why else "", page.state_since,
            tuple(Step(address("move", page.key, m.name), m.label, m.reason) for m in page.moves if m.name != "withdraw"),
        )  # fmt: skip

    lines = tuple(
        Line(one.name, say(QUEUES[one.name]), one.total, tuple(map(item, one.items))) for one in found
    )
    return render(request, ModerationPage(lines, tuple(i for one in lines for i in one.items), MOST))


@dataclass(frozen=True)
class StatisticsPage(Page):
    """The attention that an achievement gets."""

    template: ClassVar[str] = "hall/statistics.html"

    key: str
    title: str
    figures: Figures
    chart: Chart | None
    days: int

    def as_table(self) -> tuple[Any, Any]:
        """A row for each day."""
        from foretrack.web.data import table_of

        return table_of(self.figures.days)


@require_safe
def statistics(request: Request, key: str) -> HttpResponse:
    """Views, downloads, questions and interests by day, for the owner and officers in charge."""
    page = show_achievement(request.registry, request.actor, key)
    figures = figures_of(request.registry, request.actor, page)
    return render(request, StatisticsPage(page.key, page.title, figures, days_chart(figures), DAYS))


def days_chart(figures: Figures) -> Chart | None:
    """Views and downloads by day; None where nothing was counted yet."""
    if not any(day.views or day.downloads for day in figures.days):
        return None
    rows: tuple[dict[str, Cell], ...] = tuple(
        {
            "day": day.day.isoformat(), "views": day.views, "downloads": day.downloads, "questions": day.questions,
            "interests": day.interests,
        }
        for day in figures.days
    )  # fmt: skip
    return Chart(
        name="days", title=say("Attention by day"),
        about=say("A bar for the views of each day, and a point for its downloads. Days are days in UTC."),
        shown=(
            Column("day", say("Day")), Column("views", say("Views"), "count"),
            Column("downloads", say("Downloads"), "count"), Column("questions", say("Questions"), "count"),
            Column("interests", say("Interests"), "count"),
        ),
        rows=rows, spec=_spec(page_language()), height=220,
    )  # fmt: skip


@cache
def _spec(language: str) -> dict[str, Any]:
    import altair as alt

    shown = alt.Axis(format="%-m月%-d日" if language == "zh" else "%-d %b", labelOverlap=True, grid=False)
    day = alt.X("day:T", timeUnit="utcyearmonthdate", title=None, axis=shown)
    middle = alt.X("day:T", timeUnit="utcyearmonthdate", title=None, axis=shown, bandPosition=0.5)
    base = alt.Chart(alt.NamedData(name=ROWS))
    views = alt.Y("views:Q", title=say("Views"), axis=alt.Axis(tickMinStep=1))
    bars = base.mark_bar().encode(x=day, y=views)
    points = base.mark_point(filled=True, size=60, opacity=1, color=PALETTE[1]).encode(
        x=middle, y=alt.Y("downloads:Q")
    )
    made: dict[str, Any] = alt.layer(bars, points).properties(width="container", height=200).to_dict()
    return made
