"""Parts of pages about a profile that ask the index, fetched when they come into view; and the small forms in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from foretrack.domains.exchange.actions.backing import confirm_signals, numbers_of, proposals_for
from foretrack.domains.exchange.actions.browsing import show_profile
from foretrack.domains.exchange.actions.copies import copies_of
from foretrack.domains.exchange.actions.expiring import renew
from foretrack.foundation.errors import NotThereError
from foretrack.web.addresses import address, address_of_thing
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import say


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A patent or standard, and the document that bears it."""

    said: str
    known: bool
    """Whether it is such a number at all."""
    href: str
    title: str
    year: str


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """A concept or technology that the text names."""

    link: str
    href: str
    title: str
    words: str


@dataclass(frozen=True)
class BackingPage(Page):
    """What backs a profile."""

    template: ClassVar[str] = "exchange/backing.html"

    key: str
    title: str
    numbers: tuple[NumberLine, ...]
    proposed: tuple[ProposedLine, ...]
    may_confirm: bool
    part: bool


@dataclass(frozen=True, slots=True)
class CopyLine:
    """A profile that is nearly the same."""

    href: str
    title: str
    status: str
    since: str
    earlier: bool
    share: float


@dataclass(frozen=True)
class CopiesPage(Page):
    """Profiles that are nearly the same as one, as far as the reader may see them."""

    template: ClassVar[str] = "exchange/copies.html"
    table: ClassVar[str] = "lines"

    key: str
    title: str
    lines: tuple[CopyLine, ...]
    part: bool


@require_safe
def backing(request: Request, key: str) -> HttpResponse:
    """Patents and standards found among the documents, and concepts that the text names."""
    page = show_profile(request.registry, request.actor, key)
    numbers = tuple(
        NumberLine(
            one.said, bool(one.scheme), address_of_thing("document", one.key) if one.key else "", one.title, one.year
        )
        for one in numbers_of(request.actor, page.values)
    )  # fmt: skip
    proposed = tuple(
        ProposedLine(one.link, address_of_thing(one.unit, one.key), one.title, one.words)
        for one in proposals_for(request.actor, page)
    )
    return render(
        request, BackingPage(page.key, page.title, numbers, proposed, page.may_edit, _is_part(request))
    )


@require_safe
def copies(request: Request, key: str) -> HttpResponse:
    """For the owner and officers in charge: what the profile may have been copied from, or who has copied it."""
    page = show_profile(request.registry, request.actor, key)
    if page.circle != "private":
        raise NotThereError.of(
            "there is no comparison of {key} that you may see", expected="a profile of yours or in your charge",
            do="ask an officer", key=key[:40],
        )  # fmt: skip
    lines = tuple(
        CopyLine(
            address("profile of", one.key), one.title, one.status_label, one.since, one.earlier, one.likeness
        )
        for one in copies_of(request.registry, request.actor, page.key)
    )
    return render(request, CopiesPage(page.key, page.title, lines, _is_part(request)))


def _is_part(request: Request) -> bool:
    return request.headers.get("HX-Request") == "true"


@require_POST
def confirm(request: Request, key: str) -> HttpResponse:
    """Links what was ticked among the proposed concepts."""
    confirm_signals(request.registry, request.actor, key, request.POST.getlist("link")[:20])
    messages.success(request, say("Linked to the profile."))
    return HttpResponseRedirect(address("profile of", key))


@require_POST
def renew_profile(request: Request, key: str) -> HttpResponse:
    """Renews a profile for as long as profiles usually hold."""
    page = renew(request.registry, request.actor, key)
    messages.success(request, say("Renewed: valid until {day}.", day=page.values["valid_until"]))
    return HttpResponseRedirect(address("profile of", key))
