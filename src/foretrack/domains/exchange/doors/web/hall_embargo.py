"""Under the embargo: guests and breaches for whoever runs a session; terms and achievements for a guest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foretrack.domains.exchange.doors.web.hall_achievement import (
    Fact,
    Paper,
    Paragraph,
    Picture,
    facts_of,
    handed_out,
    media_of,
    paragraphs_of,
)
from foretrack.domains.exchange.embargo import moment_in
from foretrack.domains.exchange.hall import guests as hall_guests
from foretrack.domains.exchange.hall.following import zone
from foretrack.domains.exchange.hall.guests import BreachLine, GuestLine
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.registry.actions.links import titles_of
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, choice, line, lines
from foretrack.web.naming import in_words, tracks_named
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say


@dataclass(frozen=True, slots=True)
class Held:
    """An achievement under embargo, in short."""

    href: str
    title: str
    who: str
    text: str


@dataclass(frozen=True)
class EmbargoPage(Page):
    """The embargo of one session."""

    template: ClassVar[str] = "hall/embargo.html"
    table: ClassVar[str] = "held"

    key: str
    title: str
    at: str
    zone: str
    runs: bool
    in_charge: bool
    accepted: bool
    terms: str
    held: tuple[Held, ...]
    guests: tuple[GuestLine, ...]
    breaches: tuple[BreachLine, ...]


@require_http_methods(["GET", "HEAD", "POST"])
def embargo(request: Request, key: str) -> HttpResponse:
    """The embargo of a session; sent, the reader accepts its terms."""
    registry, actor = request.registry, request.actor
    if request.method == "POST":
        hall_guests.accept_terms(registry, actor, key)
        messages.success(request, say("You have accepted the terms."))
        return HttpResponseRedirect(address("embargo", key))
    found = hall_guests.standing(registry, actor, key)
    open_to = found.runs and (found.in_charge or found.accepted)
    held = hall_guests.under_embargo(registry, actor, key) if open_to else ()
    titles = titles_of(actor, [str(one.values.get("organisation", "")) for one in held])
    guests, breaches = hall_guests.guests_of(registry, actor, key) if found.in_charge else ((), ())
    at = moment_in(found.session.values, zone())
    return render(
        request,
        EmbargoPage(
            found.session.key, found.session.title, at.isoformat() if at else "", zone(), found.runs, found.in_charge,
            found.accepted, hall_guests.plain_terms(found.terms, page_language()),
            tuple(
                Held(
                    address("under embargo", found.session.key, one.key), one.title,
                    titles.get(one.values.get("organisation", ""), ""),
                    in_words(one.values.get("plain")) or in_words(one.values.get("summary")),
                )
                for one in held
            ),
            guests, breaches,
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class UnderEmbargoPage(Page):
    """One achievement under embargo."""

    template: ClassVar[str] = "hall/under_embargo.html"

    session: str
    session_title: str
    at: str
    zone: str
    key: str
    title: str
    who: str
    tracks: tuple[str, ...]
    plain: str
    paragraphs: tuple[Paragraph, ...]
    facts: tuple[Fact, ...]
    pictures: tuple[Picture, ...]
    papers: tuple[Paper, ...]


@require_safe
def under_embargo(request: Request, key: str, achievement: str) -> HttpResponse:
    """One achievement, as far as everybody will see it, to a guest who has accepted the terms."""
    registry, actor = request.registry, request.actor
    page = hall_guests.show_under_embargo(registry, actor, key, achievement)
    found = hall_guests.standing(registry, actor, key)
    kind, values = registry.kinds.get(page.kind), page.values
    pictures, papers = media_of(
        page,
        hall_guests.files_under_embargo(registry, actor, key, achievement),
        lambda sha: address("embargo file", key, page.key, sha),
    )
    at = moment_in(found.session.values, zone())
    titles = titles_of(actor, [str(values.get("organisation", ""))])
    return render(
        request,
        UnderEmbargoPage(
            found.session.key, found.session.title, at.isoformat() if at else "", zone(), page.key, page.title,
            titles.get(values.get("organisation", ""), ""), tracks_named(values.get("tracks")),
            in_words(values.get("plain")) or in_words(values.get("summary")), paragraphs_of(kind, values),
            facts_of(kind, values), pictures, papers,
        ),
    )  # fmt: skip


@require_safe
def embargo_file(request: Request, key: str, achievement: str, sha256: str) -> HttpResponseBase:
    """A picture or paper of an achievement under embargo."""
    return handed_out(
        hall_guests.file_under_embargo(request.registry, request.actor, key, achievement, sha256)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def invite_guest(request: Request, key: str) -> HttpResponse:
    """Asks whom to invite; sent, that person may accept the terms."""
    hall_guests.guests_of(request.registry, request.actor, key)  # refuses whoever does not run the session
    back = address("embargo", key)
    form = Asked(
        {"email": line(say("E-mail address"), say("Of somebody who has an account here."), needed=True)},
        {"there is no account {email!r}": "email", "{email} is invited already": "email"},
        data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            hall_guests.invite_guest(request.registry, request.actor, key, form.text("email"))
        except (InputError, EvidenceError) as error:
            form.refuse(error)
        else:
            messages.success(request, say("Invited. Nothing is shown before the terms were accepted."))
            return HttpResponseRedirect(back)
    return ask(
        request,
        AskPage(
            say("Invite a guest"), say("Press or partners who may look before the moment of release."),
            _crumbs(back), form, say("Invite"), back,
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def record_breach(request: Request, key: str) -> HttpResponse:
    """Asks what became known too early; sent, it is kept."""
    guests, _ = hall_guests.guests_of(request.registry, request.actor, key)
    back = address("embargo", key)
    form = Asked(
        {
            "what": lines(say("What became known, where and when"), most=4000, needed=True, rows=5),
            "guest": choice(
                say("By whom"), [("", say("Nobody knows")), *((str(g.number), f"{g.name} ({g.email})") for g in guests)],
                say("Whoever is named sees nothing from now on."), needed=False,
            ),
        },
        data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        guest = form.text("guest")
        try:
            hall_guests.record_breach(
                request.registry, request.actor, key, form.text("what"), guest=int(guest) if guest else None
            )
        except (InputError, EvidenceError) as error:
            form.refuse(error)
        else:
            messages.success(
                request, say("The breach is on record. You may now lift the embargo for everybody.")
            )
            return HttpResponseRedirect(back)
    return ask(
        request,
        AskPage(
            say("Record a breach"), say("Something became known before its moment."), _crumbs(back), form,
            say("Put it on record"), back,
        ),
    )  # fmt: skip


@require_POST
def end_guest(request: Request, key: str, number: str) -> HttpResponse:
    """Takes a guest's way in away."""
    hall_guests.end_guest(request.registry, request.actor, key, int(number))
    messages.success(request, say("The guest sees nothing from now on."))
    return HttpResponseRedirect(address("embargo", key))


def _crumbs(back: str) -> tuple[Crumb, ...]:
    return (Crumb(address("hall"), say("Release hall")), Crumb(back, say("Under embargo")))
