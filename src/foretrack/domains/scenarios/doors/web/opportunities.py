"""Opportunities by deadline, with a way to answer each; the others by state; and what grows out of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from foretrack.domains.scenarios.actions.growing import grow_record
from foretrack.domains.scenarios.actions.opportunities import KIND, Open, board
from foretrack.domains.scenarios.doors.web.telling import money
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.answers import RecordLine
from foretrack.web.addresses import address
from foretrack.web.naming import in_words, region_named, tracks_named
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure of success in short."""

    measure: str
    unit: str
    now: float | None
    wanted: float


@dataclass(frozen=True, slots=True)
class OpportunityCard:
    """One opportunity that takes answers."""

    key: str
    href: str
    title: str
    who: str
    tracks: tuple[str, ...]
    region: str
    budget: str
    deadline: str
    days_left: int
    measures: tuple[MeasureLine, ...]
    answer: str
    """Where to answer it; empty for whoever may not, or when the deadline is over."""


@dataclass(frozen=True, slots=True)
class Item:
    """An opportunity on the board."""

    href: str
    title: str
    who: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One state of the board."""

    name: str
    label: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class OpportunitiesPage(Page):
    """What is open, and how the others stand."""

    template: ClassVar[str] = "scenarios/opportunities.html"
    table: ClassVar[str] = "open"

    open: tuple[OpportunityCard, ...]
    lanes: tuple[Lane, ...]
    may_create: bool
    may_answer: bool


@require_safe
def opportunities(request: Request) -> HttpResponse:
    """The list with deadlines, and the board."""
    registry, actor = request.registry, request.actor
    found, kind = board(registry, actor), registry.kinds.get(KIND)
    may_answer = may_create_somewhere(actor, registry.kinds.get("response"))
    lines = [one.line for one in found.open] + [line for lane in found.by_state.values() for line in lane]
    titles = titles_of(
        actor, [line.values["organisation"] for line in lines if "organisation" in line.values]
    )
    return render(
        request,
        OpportunitiesPage(
            tuple(_card(one, titles.get(one.line.values.get("organisation", ""), ""), may_answer) for one in found.open),
            tuple(
                Lane(
                    name, kind.state(name).label.text(page_language()),
                    tuple(
                        Item(address("record", line.key), line.title, titles.get(line.values.get("organisation", ""), ""))
                        for line in lane
                    ),
                )
                for name, lane in found.by_state.items()
            ),
            may_create_somewhere(actor, kind), may_answer,
        ),
    )  # fmt: skip


def _card(one: Open, who: str, may_answer: bool) -> OpportunityCard:
    line = one.line
    return OpportunityCard(
        line.key, address("record", line.key), line.title, who, tracks_named(line.values.get("tracks")),
        region_named(line.values.get("region", "")), money(line.values.get("budget")), one.deadline.isoformat(),
        one.days_left,
        tuple(
            MeasureLine(in_words(row["measure"]), str(row.get("unit", "")), row.get("now"), row["wanted"])
            for row in line.values.get("measures", ())
        ),
        answer_address(line) if may_answer and one.days_left >= 0 else "",
    )  # fmt: skip


def answer_address(line: RecordLine) -> str:
    """The form of an answer, with the opportunity filled in."""
    return f"{address('new', 'response')}?{urlencode({'opportunity': line.key})}"


@require_POST
def grow(request: Request, key: str) -> HttpResponse:
    """Makes the draft of a scenario or a case of what was proved in a pilot, and leads to its form."""
    made = grow_record(request.registry, request.actor, key, request.POST.get("to", ""))
    messages.success(request, say("A draft was made of it. Complete it, then hand it in."))
    return HttpResponseRedirect(address("edit", made.key))
