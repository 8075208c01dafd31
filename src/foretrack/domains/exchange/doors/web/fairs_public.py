"""Exhibitions for everybody: the list, one event, its catalogue, its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.exchange.actions.concluding import Share, statistics
from foretrack.domains.exchange.actions.exhibitions import (
    TAKES_PART,
    Fair,
    fair,
    own_participations,
    participations,
)
from foretrack.domains.exchange.doors.web.fairs_telling import DaySlots, by_day, purpose_of, side_of, way
from foretrack.domains.exchange.kinds.exhibitions import ENDED, EXHIBITION, FORMS, PARTICIPATION, RESULTS
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.actions.reading import records_with, title_of, visible_to
from foretrack.registry.actions.tables import Filters, table
from foretrack.registry.answers import RecordLine
from foretrack.web.addresses import address
from foretrack.web.asking import Crumb
from foretrack.web.naming import in_words
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say

MOST = 200
"""Exhibitions on the page."""
FIGURES = Words(
    {
        "exhibitors": "Exhibitors",
        "visitors": "Visitors",
        "dropped out": "Dropped out",
        "attended": "Came, of those confirmed",
        "meetings": "Meetings in the schedule",
        "held": "Meetings held",
        "no-shows": "Places at tables that stayed empty",
    }
)
COMING = ("announced", "registration", "scheduled", "running")


@dataclass(frozen=True, slots=True)
class FairCard:
    """One exhibition in the list."""

    key: str
    href: str
    title: str
    who: str
    purpose: str
    form: str
    status: str
    first_day: str
    last_day: str
    register: str
    """Where to register; empty for whoever may not, or when it is not open."""


@dataclass(frozen=True)
class FairsPage(Page):
    """What is coming and what was."""

    template: ClassVar[str] = "exchange/fairs.html"
    table: ClassVar[str] = "coming"

    coming: tuple[FairCard, ...]
    past: tuple[FairCard, ...]
    drafts: tuple[FairCard, ...]
    may_create: bool


@require_safe
def fairs(request: Request) -> HttpResponse:
    """The list of exhibitions."""
    registry, actor = request.registry, request.actor
    columns = ("organisation", "purpose", "form", "days", "region")
    lines = table(registry, actor, EXHIBITION.name, Filters(), limit=MOST, facets=(), columns=columns).lines
    titles = titles_of(actor, [line.values.get("organisation", "") for line in lines])
    joins = may_create_somewhere(actor, registry.kinds.get(PARTICIPATION.name))
    cards = [_card(line, titles, joins) for line in lines]
    ordered = sorted(cards, key=lambda one: (one.first_day, one.key))
    states = {line.key: line.status for line in lines}
    return render(
        request,
        FairsPage(
            tuple(one for one in ordered if states[one.key] in COMING),
            tuple(one for one in reversed(ordered) if states[one.key] not in (*COMING, "draft")),
            tuple(one for one in ordered if states[one.key] == "draft"),
            may_create_somewhere(actor, registry.kinds.get(EXHIBITION.name)),
        ),
    )


def _card(line: RecordLine, titles: Mapping[str, str], joins: bool) -> FairCard:
    days = sorted(row["day"] for row in line.values.get("days") or ())
    open_now = joins and line.status == "registration"
    return FairCard(
        line.key, address("exhibition", line.key), line.title, titles.get(line.values.get("organisation", ""), ""),
        purpose_of(line.values.get("purpose", "")), _form(line.values.get("form", "")),
        EXHIBITION.state(line.status).label.text(page_language()), days[0] if days else "", days[-1] if days else "",
        register_address(line.key) if open_now else "",
    )  # fmt: skip


def _form(name: str) -> str:
    return FORMS[name].text(page_language()) if name in FORMS else ""


def register_address(key: str) -> str:
    """The form of a participation, with the exhibition filled in."""
    return f"{address('new', PARTICIPATION.name)}?{urlencode({'exhibition': key})}"


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A participation of the reader's organisation."""

    title: str
    status: str
    href: str
    agenda: str
    """Empty while it is not confirmed."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something that the event is bound to."""

    href: str
    title: str


@dataclass(frozen=True)
class FairPage(Page):
    """One event."""

    template: ClassVar[str] = "exchange/fair.html"

    key: str
    title: str
    crumbs: tuple[Crumb, ...]
    status: str
    who: str
    about: str
    purpose: str
    form: str
    place: str
    zone: str
    days: tuple[DaySlots, ...]
    n_slots: int
    minutes: int
    tables: int
    most: int
    registration_from: str
    registration_until: str
    bound_to: tuple[Named, ...]
    exhibitors: int
    visitors: int
    conclusions: str
    own: tuple[OwnLine, ...]
    register: str
    runs: bool
    has_figures: bool
    record: str


@require_safe
def fair_page(request: Request, key: str) -> HttpResponse:
    """One event: when and where, who comes, and what the reader can do."""
    registry, actor = request.registry, request.actor
    found = fair(registry, actor, key)
    values = found.page.values
    there = participations(key, TAKES_PART)
    own = own_participations(actor, key)
    joins = found.page.status == "registration" and may_create_somewhere(
        actor, registry.kinds.get(PARTICIPATION.name)
    )
    bound = [*(values.get("opportunities") or ()), *(values.get("needs") or ())]
    bound += [values["leader"]] if "leader" in values else []
    titles = titles_of(actor, [*bound, values.get("organisation", "")])
    return render(
        request,
        FairPage(
            key=key, title=found.page.title, crumbs=way(found)[:1], status=found.page.status_label,
            who=titles.get(values.get("organisation", ""), ""), about=in_words(values.get("about")),
            purpose=purpose_of(values.get("purpose", "")), form=_form(values.get("form", "")),
            place=values.get("place", ""), zone=values.get("timezone", ""), days=by_day(found.timetable),
            n_slots=len(found.timetable.slots), minutes=int(values.get("slot_minutes") or 0),
            tables=len(found.timetable.tables), most=int(values.get("most_meetings") or 0),
            registration_from=values.get("registration_from", ""),
            registration_until=values.get("registration_until", ""),
            bound_to=tuple(Named(address("record", one), titles[one]) for one in bound if one in titles),
            exhibitors=sum(1 for one in there if one.body["side"] == "exhibitor"),
            visitors=sum(1 for one in there if one.body["side"] == "visitor"),
            conclusions=in_words(values.get("conclusions")),
            own=tuple(
                OwnLine(
                    title_of(one, page_language()), PARTICIPATION.state(one.status).label.text(page_language()),
                    address("record", one.key),
                    address("agenda", key, one.key) if one.status == TAKES_PART else "",
                )
                for one in own
            ),
            register=register_address(key) if joins else "", runs=found.runs,
            has_figures=found.runs or found.page.status in ENDED, record=address("record", key),
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One participant in the catalogue: what everybody may see of it."""

    key: str
    href: str
    title: str
    side: str
    who: str
    stand: str
    shows: str
    profiles: tuple[Named, ...]


@dataclass(frozen=True)
class CataloguePage(Page):
    """Who is there."""

    template: ClassVar[str] = "exchange/catalogue.html"
    table: ClassVar[str] = "entries"

    title: str
    crumbs: tuple[Crumb, ...]
    entries: tuple[Entry, ...]
    pdf: str
    csv: str


@require_safe
def catalogue(request: Request, key: str) -> HttpResponse:
    """The catalogue, which prints well; `.csv` is its table."""
    actor = request.actor
    found = fair(request.registry, actor, key)
    return render(
        request,
        CataloguePage(
            found.page.title, way(found), tuple(entries_of(request, found)), address("fair catalogue pdf", key),
            address("fair catalogue", key).rstrip("/") + ".csv",
        ),
    )  # fmt: skip


def entries_of(request: Request, found: Fair) -> list[Entry]:
    """The participants that the reader may see, exhibitors first."""
    actor = request.actor
    there = participations(found.page.key, TAKES_PART)
    seen = records_with([one.key for one in there], visible_to(actor))
    links = {key for one in there for key in one.body.get("profiles") or ()}
    titles = titles_of(actor, [*links, *(one.organisation or "" for one in there)])
    made = [
        Entry(
            one.key, address("record", one.key), title_of(one, page_language()), side_of(one.body["side"]),
            titles.get(one.organisation or "", ""), one.body.get("stand", ""), in_words(one.body.get("shows")),
            tuple(
                Named(address("record", key), titles[key]) for key in one.body.get("profiles") or () if key in titles
            ),
        )
        for one in there
        if one.key in seen
    ]  # fmt: skip
    first = side_of("exhibitor")
    return sorted(made, key=lambda one: (one.side != first, one.title, one.key))


@require_safe
def catalogue_pdf(request: Request, key: str) -> HttpResponse:
    """The catalogue to print, in the language of the page."""
    from foretrack.lists.fonts import find_fonts
    from foretrack.lists.rendering.pdf import set_table

    found = fair(request.registry, request.actor, key)
    entries = entries_of(request, found)
    values, today = found.page.values, request.registry.now().date()
    days = ", ".join(one.day for one in by_day(found.timetable))
    about = [(say("When"), days), (say("Address"), values.get("place", ""))]
    told = {
        "lang": page_language(), "date": [today.year, today.month, today.day], "author": "Foretrack",
        "title": found.page.title, "other": "", "issue": say("Catalogue"), "page": "",
        "about": [pair for pair in about if pair[1]], "listed_title": say("Participants"),
        "nothing": say("Nobody is confirmed yet."), "removed": [], "removed_title": "", "changes": None,
        "changes_title": "",
        "listed": [
            {
                "position": str(n), "title": one.title, "other": one.who if one.who != one.title else "",
                "facts": [
                    (label, text)
                    for label, text in (
                        (say("Stand"), one.stand), (say("What is shown or looked for"), one.shows),
                        (say("Offers, needs and achievements"), ", ".join(link.title for link in one.profiles)),
                    )
                    if text
                ],
            }
            for n, one in enumerate(entries, start=1)
        ],
    }  # fmt: skip
    response = HttpResponse(
        set_table(told, find_fonts(), today, f"the catalogue of {key}"), content_type="application/pdf"
    )
    response.headers["Content-Disposition"] = 'inline; filename="catalogue.pdf"'
    return response


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, its part and its whole; None where it is too small to be shown."""

    label: str
    n: int | None
    of: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class ResultLine:
    """How often something came of a meeting, with what was told."""

    label: str
    n: int | None
    records: tuple[str, ...]


@dataclass(frozen=True)
class FiguresPage(Page):
    """What became of an exhibition."""

    template: ClassVar[str] = "exchange/figures.html"
    table: ClassVar[str] = "figures"

    title: str
    crumbs: tuple[Crumb, ...]
    whole: bool
    figures: tuple[Figure, ...]
    results: tuple[ResultLine, ...]
    satisfaction: float | None
    n_satisfaction: int | None


@require_safe
def figures(request: Request, key: str) -> HttpResponse:
    """Attendance, meetings held, places left empty, what came of them."""
    found = fair(request.registry, request.actor, key)
    told = statistics(request.registry, request.actor, key)
    lines = (
        ("exhibitors", Share(told.exhibitors, None)),
        ("visitors", Share(told.visitors, None)),
        ("dropped out", Share(told.dropped_out, None)),
        ("attended", told.attended),
        ("meetings", Share(told.meetings, None)),
        ("held", told.held),
        ("no-shows", told.no_shows),
    )
    return render(
        request,
        FiguresPage(
            found.page.title, way(found), told.whole,
            tuple(Figure(say(FIGURES[name]), one.n, one.of, one.share) for name, one in lines),
            tuple(
                ResultLine(RESULTS[one.result].text(page_language()), one.n, one.records) for one in told.results
            ),
            told.satisfaction, told.n_satisfaction,
        ),
    )  # fmt: skip
