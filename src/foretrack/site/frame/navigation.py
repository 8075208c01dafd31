"""The frame around a page: where one can go, who one is, the same page in the other language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from foretrack.foundation.messages import LANGUAGES
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.registry.access.permission import Act, may
from foretrack.site.speech import CODES, NAMES, TAGS, page_language, say

ENTRIES: tuple[tuple[str, str], ...] = (
    ("tasks", "My tasks"),
    ("records", "Records"),
    ("lists", "Lists"),
    ("targets", "Targets"),
    ("packs", "Policy"),
    ("alerts", "Alerts"),
    ("duplicates", "Duplicates"),
    ("audit", "Audit log"),
)
"""Name of an address and its word, in the order of the navigation."""
NEEDED: Mapping[str, Act] = {
    "tasks": "watch",
    "alerts": "acknowledge alert",
    "duplicates": "judge duplicate",
    "audit": "read audit",
}
"""What somebody must be allowed to do for an entry to be of use; the pages themselves decide nothing by it."""


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
    found = []
    for name, text in ENTRIES:
        if name in NEEDED and not may(actor, NEEDED[name]):
            continue
        href = address(name)
        found.append(Entry(href, say(text), request.path.startswith(href)))
    return {
        "frame": Frame(
            language=language,
            tag=TAGS[language],
            home=address("home"),
            entries=tuple(found),
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


def address(name: str, *parts: object) -> str:
    """The address of a page in the language of the one that is being answered."""
    return reverse(name, args=parts)
