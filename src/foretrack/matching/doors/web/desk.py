"""One's own needs and offers with what was found for them, and the interests that run on either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from foretrack.matching.actions.desk import desk_of, set_mails
from foretrack.matching.actions.figures import WHO
from foretrack.matching.doors.web.telling import state_told
from foretrack.registry.access.permission import require
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say


@dataclass(frozen=True, slots=True)
class BestLine:
    """A match in short."""

    href: str
    title: str
    score: float
    state: str


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """A need or offer of one's own."""

    key: str
    href: str
    list_href: str
    title: str
    kind: str
    status: str
    until: str
    matched: bool
    new: int
    interests: int
    best: tuple[BestLine, ...]


@dataclass(frozen=True, slots=True)
class InterestRow:
    """An interest in short."""

    key: str
    href: str
    title: str
    status: str
    sender: str
    addressee: str
    way: str
    at: str


@dataclass(frozen=True)
class DeskPage(Page):
    """My matches."""

    template: ClassVar[str] = "matching/desk.html"
    table: ClassVar[str] = "profiles"

    profiles: tuple[ProfileCard, ...]
    received: tuple[InterestRow, ...]
    sent: tuple[InterestRow, ...]
    others: tuple[InterestRow, ...]
    mails: bool
    may_count: bool


@require_safe
def desk(request: Request) -> HttpResponse:
    """My needs and offers, and what others want of me."""
    registry, actor = request.registry, request.actor
    found = desk_of(registry, actor)
    cards = tuple(
        ProfileCard(
            one.key, address("record", one.key), address("match list", one.key), one.title,
            registry.kinds.get(one.kind).label.text(page_language()), one.status_label, one.until, one.matched, one.new,
            one.interests,
            tuple(BestLine(address("record", b.key), b.title, b.score, state_told(b.state)) for b in one.best),
        )
        for one in found.profiles
    )  # fmt: skip
    rows = [
        InterestRow(
            one.key,
            address("interest", one.key),
            one.title,
            one.status_label,
            one.sender,
            one.addressee,
            one.way,
            one.at,
        )
        for one in found.interests
    ]
    return render(
        request,
        DeskPage(
            cards, tuple(r for r in rows if r.way == "received"), tuple(r for r in rows if r.way == "sent"),
            tuple(r for r in rows if not r.way), found.mails, any(actor.holds(role) for role in WHO),
        ),
    )  # fmt: skip


@require_POST
def mails(request: Request) -> HttpResponse:
    """Switches the mail of the day on or off."""
    require(request.actor, "watch")
    wants = request.POST.get("wants") == "yes"
    set_mails(request.registry, request.actor.key, wants=wants)
    messages.success(
        request,
        say("You will get a message when matches are new.")
        if wants
        else say("No more messages about matches."),
    )
    return HttpResponseRedirect(address("matches"))
