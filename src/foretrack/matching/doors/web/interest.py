"""Expressing interest, and the page of an interest: its steps, both sides, and whom to turn to after acceptance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.matching.actions.interests import InterestPage as Found
from foretrack.matching.actions.interests import Party, express_interest, show_interest
from foretrack.matching.doors.web.telling import reason_told
from foretrack.registry.access.permission import refusal
from foretrack.registry.actions.records import show
from foretrack.web.addresses import address
from foretrack.web.asking import Asked, AskPage, Crumb, ask, in_both
from foretrack.web.naming import in_words
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import say

MOST_MESSAGE = 4000


@dataclass(frozen=True, slots=True)
class PartyCard:
    """One side in words."""

    name: str
    href: str
    profile: str
    profile_href: str
    contacts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StepLine:
    """A state that was reached."""

    label: str
    at: str


@dataclass(frozen=True, slots=True)
class MoveLink:
    """What the reader can do next."""

    label: str
    href: str


@dataclass(frozen=True)
class InterestView(Page):
    """One interest."""

    template: ClassVar[str] = "matching/interest.html"
    table: ClassVar[str] = "steps"

    key: str
    title: str
    status: str
    open: bool
    own_side: str
    sender: PartyCard
    addressee: PartyCard
    message: str
    declined_for: str
    meeting_on: str
    outcome: str
    steps: tuple[StepLine, ...]
    moves: tuple[MoveLink, ...]


@require_safe
def interest(request: Request, key: str) -> HttpResponse:
    """One interest, for its two sides and the officers in charge; the addressee's first look marks it as seen."""
    return render(request, view_of(show_interest(request.registry, request.actor, key)))


def view_of(found: Found) -> InterestView:
    """An interest in words."""
    record, values = found.record, found.record.values
    return InterestView(
        record.key, record.title, record.status_label, found.open, found.own_side, party_of(found.sender),
        party_of(found.addressee), in_words(values.get("message")),
        reason_told(values["declined_for"]) if values.get("declined_for") else "", values.get("meeting_on", ""),
        in_words(values.get("outcome")), tuple(StepLine(one.label, one.at) for one in found.steps),
        tuple(MoveLink(one.label, address("move", record.key, one.name)) for one in record.moves if one.name != "view"),
    )  # fmt: skip


def party_of(party: Party) -> PartyCard:
    """A side in words."""
    return PartyCard(
        party.name, address("record", party.organisation) if party.organisation else "", party.profile_title,
        address("record", party.profile) if party.profile else "", tuple(party.contacts.items()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def express(request: Request, key: str, other: str = "") -> HttpResponse:
    """Expresses interest in `other` with one's own need or offer `key`; without `other`, in the record `key`."""
    registry, actor = request.registry, request.actor
    target, mine = show(registry, actor, other or key), show(registry, actor, key) if other else None
    if not actor.organisations:
        raise refusal(actor, "express interest")
    form = Asked(
        in_both("message", say("Message to the other side"), rows=6, most=MOST_MESSAGE),
        {"{label} is missing": "message"}, data=request.POST if request.method == "POST" else None,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            made = express_interest(
                registry, actor, target.key, form.both("message"), mine=mine.key if mine is not None else ""
            )
        except (InputError, EvidenceError) as error:
            form.refuse(error)
        else:
            messages.success(request, say("Your interest was sent."))
            return HttpResponseRedirect(address("interest", made.key))
    crumbs = [Crumb(address("matches"), say("Matches"))]
    if mine is not None:
        crumbs.append(Crumb(address("match list", mine.key), mine.title))
    points = [
        say(
            "The other side and the officers in charge read the message; nobody else sees that you are interested."
        ),
        say("Contacts of both sides are shown to each other only after the other side accepted."),
    ]
    if mine is not None:
        points.insert(0, say("You answer with: {title}", title=mine.title))
    return ask(
        request,
        AskPage(
            say("Express interest"), target.title, tuple(crumbs), form, say("Send"),
            address("match list", mine.key) if mine is not None else address("record", target.key), tuple(points),
        ),
    )  # fmt: skip
