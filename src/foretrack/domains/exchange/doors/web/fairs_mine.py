"""A participant's own pages: the agenda (made for a phone), wishes and time, what came of a meeting, the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import segno
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.domains.exchange.actions.attending import (
    FeedOf,
    agenda,
    agenda_file,
    end_feed,
    fed,
    meeting_of,
    new_feed,
)
from foretrack.domains.exchange.actions.concluding import tell_outcome, told_by
from foretrack.domains.exchange.actions.exhibitions import fair, mine
from foretrack.domains.exchange.actions.scheduling import take
from foretrack.domains.exchange.actions.wishing import Other, tell_wishes, wishes
from foretrack.domains.exchange.doors.web.fairs_telling import (
    WEIGHTS,
    When,
    absolute,
    by_day,
    side_of,
    way,
    when,
)
from foretrack.domains.exchange.kinds.exhibitions import RESULTS
from foretrack.domains.exchange.meetings.calendars import Entry, calendar_of
from foretrack.foundation.errors import InputError
from foretrack.matching.kinds import DECLINED
from foretrack.registry.answers import RecordPage
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice, lines, several
from foretrack.web.naming import in_words
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting in the own agenda."""

    code: str
    when: When
    table: str
    title: str
    whom: str
    cancelled: bool
    gone: bool
    sat: bool
    told: str
    """What was told of it; empty while nothing was."""
    tell: str
    """Where to tell; empty before the exhibition runs."""


@dataclass(frozen=True, slots=True)
class OfferLine:
    """Somebody who asks for a meeting, and when both are free."""

    whom: str
    title: str
    slots: tuple[When, ...]


@dataclass(frozen=True)
class AgendaPage(Page):
    """One's own day."""

    template: ClassVar[str] = "exchange/agenda.html"
    table: ClassVar[str] = "meetings"

    title: str
    crumbs: tuple[Crumb, ...]
    fair: str
    zone: str
    place: str
    online: str
    version: int
    meetings: tuple[MeetingLine, ...]
    cancelled: tuple[MeetingLine, ...]
    offers: tuple[OfferLine, ...]
    code: str
    code_picture: str
    arrived: bool
    has_feed: bool
    feed: str
    """The calendar's address, in the answer that made it; empty in every other."""
    address: str
    wishes: str
    file: str
    drop_out: str


def _agenda_page(request: Request, key: str, part: str, *, secret: str = "") -> HttpResponse:
    found = fair(request.registry, request.actor, key)
    told = agenda(request.registry, request.actor, part)
    record = mine(request.registry, request.actor, part)
    said = told_by(key, part)
    talks = found.page.status in ("running", "held", "evaluated")
    every = [
        MeetingLine(
            one.code, when(found.timetable, one.begins), one.table, one.title, one.whom, one.cancelled, one.gone, one.sat,
            RESULTS[said[one.code].body["result"]].text(page_language()) if one.code in said else "",
            address("outcome", key, part, one.code) if talks and one.code not in said and not one.cancelled else "",
        )
        for one in told.appointments
    ]  # fmt: skip
    values = found.page.values
    picture = segno.make(told.code, micro=False).svg_inline(scale=4, border=2) if told.code else ""
    inside = mine_sees_online(request, key) if record.status == "confirmed" else ""
    response = render(
        request,
        AgendaPage(
            title=told.title, crumbs=way(found), fair=found.page.title, zone=values.get("timezone", ""),
            place=values.get("place", ""), online=inside, version=told.version,
            meetings=tuple(one for one in every if not one.cancelled),
            cancelled=tuple(one for one in every if one.cancelled),
            offers=tuple(
                OfferLine(one.whom, one.title, tuple(when(found.timetable, slot) for slot in one.slots))
                for one in told.offers
            ),
            code=f"{told.code[:4]} {told.code[4:]}".strip(), code_picture=mark_safe(picture),
            arrived=told.arrived, has_feed=told.has_feed,
            feed=absolute(request, address("meeting feed", secret)) if secret else "",
            address=address("agenda", key, part), wishes=address("wishes", key, part),
            file=address("agenda file", key, part),
            drop_out=address("move", part, "drop-out") if record.status == "confirmed" else "",
        ),
    )  # fmt: skip
    response.headers["Cache-Control"] = "private, no-store"
    return response


def mine_sees_online(request: Request, key: str) -> str:
    """The address of the online room, which is told to participants only: whoever asks has been found to be one."""
    from foretrack.domains.exchange.actions.exhibitions import SYSTEM

    return str(fair(request.registry, SYSTEM, key).page.values.get("online", ""))


@require_http_methods(["GET", "HEAD", "POST"])
def agenda_page(request: Request, key: str, part: str) -> HttpResponse:
    """The agenda; a free slot is taken, and the calendar's address made or ended, by a button."""
    if request.method != "POST":
        return _agenda_page(request, key, part)
    act = request.POST.get("act", "")
    if act == "feed":
        return _agenda_page(request, key, part, secret=new_feed(request.registry, request.actor, part))
    if act == "no-feed":
        end_feed(request.registry, request.actor, part)
        messages.success(request, say("The calendar's address is worth nothing any more."))
    else:
        try:
            take(
                request.registry, request.actor, part,
                whom=request.POST.get("whom", ""), begins=request.POST.get("begins", ""),
            )  # fmt: skip
        except InputError as error:
            messages.error(request, error.told(speak(page_language())))
        else:
            messages.success(request, say("The meeting stands in both agendas."))
    return HttpResponseRedirect(address("agenda", key, part))


@dataclass(frozen=True, slots=True)
class Weight:
    """One answer to "do you want to meet"."""

    value: int
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class OtherLine:
    """Another participant, with the own wish."""

    key: str
    href: str
    title: str
    side: str
    shows: str
    asks: bool
    weights: tuple[Weight, ...]


@dataclass(frozen=True, slots=True)
class SlotBox:
    """A slot to tick."""

    when: When
    free: bool


@dataclass(frozen=True, slots=True)
class DayBoxes:
    """The slots of a day to tick."""

    day: str
    slots: tuple[SlotBox, ...]


@dataclass(frozen=True)
class WishesPage(Page):
    """When there is time, and whom to meet."""

    template: ClassVar[str] = "exchange/wishes.html"
    table: ClassVar[str] = "others"

    title: str
    crumbs: tuple[Crumb, ...]
    zone: str
    revision: int
    days: tuple[DayBoxes, ...]
    others: tuple[OtherLine, ...]
    n_asks: int
    agenda: str


def _other(one: Other) -> OtherLine:
    return OtherLine(
        one.key, address("record", one.key), one.title, side_of(one.side), in_words(one.shows), one.asks,
        tuple(Weight(int(value), say(word), int(value) == one.weight) for value, word in WEIGHTS.items()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def wishes_page(request: Request, key: str, part: str) -> HttpResponse:
    """Keeps wishes and free time."""
    registry, actor = request.registry, request.actor
    found = fair(registry, actor, key)
    if request.method == "POST":
        ticked = set(request.POST.getlist("free"))
        tell_wishes(
            registry, actor, part,
            weights={
                name.removeprefix("wish-"): int(value) if value.lstrip("-").isdigit() and len(value) < 4 else 99
                for name, value in request.POST.items()
                if name.startswith("wish-") and isinstance(value, str)
            },
            away=[slot.name for slot in found.timetable.slots if slot.name not in ticked],
            revision=int(request.POST.get("revision", "0")) if request.POST.get("revision", "").isdigit() else 0,
        )  # fmt: skip
        messages.success(request, say("Your wishes and your time are kept."))
        return HttpResponseRedirect(address("wishes", key, part))
    told = wishes(registry, actor, part)
    away = set(told.away)
    return render(
        request,
        WishesPage(
            found.page.title, way(found, Crumb(address("agenda", key, part), say("My agenda"))),
            found.page.values.get("timezone", ""), told.revision,
            tuple(
                DayBoxes(one.day, tuple(SlotBox(slot, slot.name not in away) for slot in one.slots))
                for one in by_day(found.timetable)
            ),
            tuple(_other(one) for one in told.others), sum(1 for one in told.others if one.asks and not one.weight),
            address("agenda", key, part),
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def outcome_page(request: Request, key: str, part: str, code: str) -> HttpResponse:
    """Asks one side what came of a meeting."""
    registry, actor = request.registry, request.actor
    found = fair(registry, actor, key)
    told = agenda(registry, actor, part)
    row = meeting_of(key, code)
    other = next((one for one in told.appointments if one.code == row["code"]), None)
    form = Asked(
        {
            "result": choice(
                say("What came of it"), {name: label.text(page_language()) for name, label in RESULTS.items()}
            ),
            "because": several(
                say("Because"), {name: label.text(page_language()) for name, label in DECLINED.items()}
            ),
            "satisfaction": choice(
                say("Was it worth the time?"),
                {"": say("I do not say")} | {str(n): str(n) for n in range(1, 6)},
                say("From 1, not at all, to 5, very much."), needed=False,
            ),
            "next_step": lines(say("Next step"), needed=False),
        },
        {"the outcome of this meeting was told already": "result"},
        data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    back = address("agenda", key, part)
    if form.is_bound and form.is_valid():
        try:
            tell_outcome(registry, actor, part, meeting=code, values=_told(form))
        except InputError as error:
            form.refuse(error)
        else:
            messages.success(
                request, say("Thank you. Only the two sides and the officers in charge can read it.")
            )
            return HttpResponseRedirect(back)
    at = when(found.timetable, row["begins"])
    points = (
        say("With {name}, {day} {clock}", name=other.title if other else "-", day=at.day, clock=at.begins),
        say("Only the two sides and the officers in charge can read it; everybody else sees sums."),
    )
    return ask(
        request,
        AskPage(
            say("What came of the meeting"), found.page.title, way(found, Crumb(back, say("My agenda"))), form,
            say("Send the outcome"), back, points,
        ),
    )  # fmt: skip


def _told(form: Asked) -> dict[str, object]:
    values: dict[str, object] = {
        "result": form.text("result"),
        "because": form.cleaned_data.get("because") or [],
    }
    if form.text("satisfaction"):
        values["satisfaction"] = int(form.text("satisfaction"))
    if form.text("next_step"):
        values["next_step"] = {page_language(): form.text("next_step")}
    return values


@require_safe
def agenda_ics(request: Request, key: str, part: str) -> HttpResponse:
    """The agenda as a file for a calendar."""
    return calendar_answer(request, agenda_file(request.registry, request.actor, part))


@require_safe
def feed(request: Request, secret: str) -> HttpResponse:
    """The agenda for a calendar that subscribes; whoever has the secret needs no account."""
    return calendar_answer(request, fed(request.registry, secret, page_language()))


def calendar_answer(request: Request, told: FeedOf) -> HttpResponse:
    """A participation's meetings as iCalendar."""
    own = told.agenda
    page: RecordPage = told.fair.page
    link = absolute(request, address("agenda", own.exhibition, own.participation))
    slots = told.timetable.by_name
    made = calendar_of(
        page.title, told.timetable.zone,
        [
            Entry(
                f"{one.code}.{own.participation}@foretrack", slots[one.begins].begins, slots[one.begins].ends,
                one.title, ", ".join(part for part in (page.values.get("place", ""), one.table) if part), link,
                one.sequence, one.cancelled, datetime.fromisoformat(told.updated_at),
            )
            for one in own.appointments
            if one.begins in slots
        ],
    )  # fmt: skip
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="meetings.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
