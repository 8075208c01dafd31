"""The frame around a page: where one can go, who one is, the same page in the other language."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from foretrack.foundation.messages import LANGUAGES
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.registry.access.permission import may
from foretrack.site.rooms import ROOMS
from foretrack.web.addresses import address
from foretrack.web.places import Place
from foretrack.web.speech import CODES, NAMES, TAGS, page_language, say

OWN = (
    Place("tasks", "My tasks", needs="watch", own=True),
    Place("alerts", "Alerts", needs="acknowledge alert", own=True),
)
PLACES = (
    *(place for room in ROOMS for place in room.PLACES if not place.own and not place.seldom),
    Place("records", "Records"),
    Place("lists", "Lists"),
    Place("targets", "Targets"),
    *(place for room in ROOMS for place in room.PLACES if place.own),
    *OWN,
)
"""In the order of the navigation."""
MORE = (
    *(place for room in ROOMS for place in room.PLACES if place.seldom),
    Place("packs", "Policy"),
    Place("duplicates", "Duplicates", needs="judge duplicate"),
    Place("audit", "Audit log", needs="read audit"),
    Place("accounts", "Accounts", needs="manage accounts"),
    Place("jobs", "Jobs", needs="operate"),
    Place("api", "For programs"),
)
"""What few need every day; it opens on demand."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One place to go."""

    href: str
    text: str
    here: bool


@dataclass(frozen=True, slots=True)
class InLanguage:
    """The same page in a language."""

    href: str
    name: str
    tag: str
    here: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What the base template is given."""

    language: str
    tag: str
    home: str
    entries: tuple[Entry, ...]
    more: tuple[Entry, ...]
    languages: tuple[InLanguage, ...]
    actor: Actor
    account: str
    search: str
    query: str
    """What was searched for, to stand in the box again."""
    path: str
    """Where to come back to after logging in."""
    open_registration: bool


def frame(request: HttpRequest) -> dict[str, object]:
    """The frame, for every template; also for one that answers before anybody was recognised."""
    actor: Actor = getattr(request, "actor", VISITOR)
    language = page_language()
    full = request.get_full_path()

    def entries(places: tuple[Place, ...]) -> tuple[Entry, ...]:
        return tuple(
            Entry(href, say(place.text), request.path.startswith(href))
            for place in places
            if (place.needs is None or may(actor, place.needs))
            and (place.role is None or actor.holds(place.role))
            for href in [address(place.address)]
        )

    return {
        "frame": Frame(
            language=language,
            tag=TAGS[language],
            home=address("home"),
            entries=entries(PLACES),
            more=entries(MORE),
            languages=tuple(
                InLanguage(in_language(full, one), NAMES[one], TAGS[one], one == language)
                for one in LANGUAGES
            ),
            actor=actor,
            account=address("profile"),
            search=address("search"),
            query=request.GET.get("q", "")[:200] if request.path == address("search") else "",
            path=full,
            open_registration=bool(getattr(settings, "FORETRACK_OPEN_REGISTRATION", False)),
        )
    }


def in_language(full_path: str, language: str) -> str:
    """The same address, with its query, in another language; the first page for one that has no language.

    >>> in_language("/en/records/plan/?page=2", "zh"), in_language("/static/x", "zh"), in_language("/en", "zh")
    ('/zh-hans/records/plan/?page=2', '/zh-hans/', '/zh-hans/')
    """
    for code in CODES.values():
        if full_path.startswith(f"/{code}/"):
            return f"/{CODES[language]}/{full_path.removeprefix(f'/{code}/')}"
    return f"/{CODES[language]}/"
