"""The library of cases: found by words and meaning, by facets, sorted by what they changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.scenarios.actions.library import FACETS, KIND, find_cases
from foretrack.domains.scenarios.doors.web.telling import Measured, measures_of
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.answers import RecordLine
from foretrack.web.addresses import address
from foretrack.web.facets import Box, boxes_of, chosen_of
from foretrack.web.listing import Chosen
from foretrack.web.naming import in_words, region_named, tracks_named
from foretrack.web.queries import changed, kept, page_number, paged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, say

SHOWN = 24
WORDS, SORT = "q", "sort"
SORT_WORDS = Words({
    "relevance": "Closest to the words",
    "newest": "Newest",
    "maturity": "Most mature",
    "change": "Greatest change",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One case."""

    key: str
    href: str
    title: str
    who: str
    problem: str
    maturity: int | None
    tracks: tuple[str, ...]
    region: str
    measures: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One order of the library."""

    href: str
    label: str
    here: bool


@dataclass(frozen=True)
class LibraryPage(Page):
    """A page of the library."""

    template: ClassVar[str] = "scenarios/cases.html"
    table: ClassVar[str] = "cards"

    total: int
    words: str
    cards: tuple[Card, ...]
    facets: tuple[Box, ...]
    chosen: tuple[Chosen, ...]
    sorts: tuple[Way, ...]
    kept: tuple[tuple[str, str], ...]
    before: str
    after: str
    may_create: bool


@require_safe
def library(request: Request) -> HttpResponse:
    """Cases that were recognised."""
    given, actor = request.GET, request.actor
    number, words = page_number(given), given.get(WORDS, "")[:200]
    facets = {name: given.getlist(name) for name in FACETS if name in given}
    found = find_cases(
        request.registry, actor, words=words, facets=facets, sort=given.get(SORT, ""), offset=(number - 1) * SHOWN,
        limit=SHOWN,
    )  # fmt: skip
    boxes = boxes_of(given, found.facets, opened="tracks")
    sorts = [name for name in SORT_WORDS if name != "relevance" or words.strip()]
    return render(
        request,
        LibraryPage(
            total=found.total, words=words, cards=cards_of(request, found.lines), facets=boxes,
            chosen=chosen_of(boxes),
            sorts=tuple(Way(changed(given, sort=name), say(SORT_WORDS[name]), name == found.sort) for name in sorts),
            kept=kept(given, WORDS), before=paged(given, number - 1) if number > 1 else "",
            after=paged(given, number + 1) if number * SHOWN < found.total else "",
            may_create=may_create_somewhere(actor, request.registry.kinds.get(KIND)),
        ),
    )  # fmt: skip


def cards_of(request: Request, lines: tuple[RecordLine, ...]) -> tuple[Card, ...]:
    """Lines of the library as cards."""
    keys = [line.values["organisation"] for line in lines if "organisation" in line.values]
    titles = titles_of(request.actor, keys)
    return tuple(
        Card(
            line.key, address("case", line.key), line.title, titles.get(line.values.get("organisation", ""), ""),
            in_words(line.values.get("problem")), line.values.get("maturity"), tracks_named(line.values.get("tracks")),
            region_named(line.values.get("region", "")), measures_of(line.values.get("measures")),
        )
        for line in lines
    )  # fmt: skip
