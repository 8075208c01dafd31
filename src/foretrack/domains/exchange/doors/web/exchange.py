"""Offers and needs side by side: found by words and meaning, by facets, fresh ones first, nothing that is over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.exchange.actions.browsing import FACETS, Side, find_profiles
from foretrack.domains.exchange.actions.copies import PROFILES
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.web.addresses import address
from foretrack.web.facets import MOST_VALUES, Box, Value, chosen_of
from foretrack.web.listing import Chosen
from foretrack.web.naming import in_words, region_named, tracks_named
from foretrack.web.queries import changed, kept, page_number, paged, toggled
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say

WORDS, SIDE = "q", "side"
TOGETHER, ALONE = 8, 24
"""Profiles of each side where both are shown, and of one side alone."""
HEADINGS = Words({"offer": "Published offers", "need": "Published needs"})
SHOW_ALL = Words({"offer": "Offers alone", "need": "Needs alone"})
PUBLISH = Words({"offer": "Publish an offer", "need": "Publish a need"})
NONE_YET = Words({"offer": "No offer is published yet.", "need": "No need is published yet."})
NONE_FITS = Words({"offer": "No offer fits.", "need": "No need fits."})


@dataclass(frozen=True, slots=True)
class Card:
    """One profile."""

    key: str
    kind: str
    href: str
    title: str
    who: str
    region: str
    summary: str
    stage: str
    maturity: int | None
    tracks: tuple[str, ...]
    cooperation: tuple[str, ...]
    day: str
    """Moment of its last change."""
    until: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """One side."""

    kind: str
    heading: str
    total: int
    cards: tuple[Card, ...]
    alone: str
    """The page with this side alone; empty where it is."""
    alone_text: str
    publish: str
    publish_text: str
    none: str


@dataclass(frozen=True)
class ExchangePage(Page):
    """Offers and needs."""

    template: ClassVar[str] = "exchange/exchange.html"
    table: ClassVar[str] = "cards"

    words: str
    side: str
    shelves: tuple[Shelf, ...]
    cards: tuple[Card, ...]
    """All that are shown, as a table."""
    facets: tuple[Box, ...]
    chosen: tuple[Chosen, ...]
    kept: tuple[tuple[str, str], ...]
    both: str
    before: str
    after: str


@require_safe
def exchange(request: Request) -> HttpResponse:
    """Published offers and needs that hold today."""
    given, actor = request.GET, request.actor
    side = given.get(SIDE, "") if given.get(SIDE, "") in PROFILES else ""
    words, number = given.get(WORDS, "")[:200], page_number(given) if side else 1
    kinds = (side,) if side else PROFILES
    shown = ALONE if side else TOGETHER
    names = tuple(dict.fromkeys(name for kind in kinds for name in FACETS[kind]))
    facets = {name: given.getlist(name) for name in names if name in given}
    found = [
        find_profiles(
            request.registry,
            actor,
            kind,
            words=words,
            facets=facets,
            offset=(number - 1) * shown,
            limit=shown,
        )
        for kind in kinds
    ]
    shelves = tuple(_shelf(request, one, bool(words.strip() or facets), bool(side)) for one in found)
    boxes = tuple(_boxes(request, found, names))
    alone = found[0] if side else None
    return render(
        request,
        ExchangePage(
            words=words, side=side, shelves=shelves, cards=tuple(card for one in shelves for card in one.cards),
            facets=boxes,
            chosen=chosen_of(boxes),
            kept=kept(given, WORDS), both=changed(given, side=None) if side else "",
            before=paged(given, number - 1) if number > 1 else "",
            after=paged(given, number + 1) if alone and number * shown < alone.total else "",
        ),
    )  # fmt: skip


def _shelf(request: Request, found: Side, asked: bool, alone: bool) -> Shelf:
    kind = found.kind
    may = may_create_somewhere(request.actor, request.registry.kinds.get(kind))
    return Shelf(
        kind, say(HEADINGS[kind]), found.total, cards_of(request, found),
        "" if alone else changed(request.GET, side=kind), say(SHOW_ALL[kind]), address("new", kind) if may else "",
        say(PUBLISH[kind]), say(NONE_FITS[kind]) if asked else say(NONE_YET[kind]),
    )  # fmt: skip


def cards_of(request: Request, found: Side) -> tuple[Card, ...]:
    """The lines of a side as cards."""
    kind, language = request.registry.kinds.get(found.kind), page_language()
    titles = titles_of(
        request.actor,
        [line.values["organisation"] for line in found.lines if "organisation" in line.values],
    )

    def label(name: str, value: object) -> str:
        return kind.by_name[name].show(value, language) if value else ""

    return tuple(
        Card(
            line.key, found.kind, address("profile of", line.key), line.title,
            titles.get(line.values.get("organisation", ""), ""), region_named(line.values.get("region", "")),
            in_words(line.values.get("summary")),
            label("stage", line.values.get("stage")) if "stage" in kind.by_name else "", line.values.get("maturity"),
            tracks_named(line.values.get("tracks")),
            tuple(label("cooperation", [one]) for one in line.values.get("cooperation") or ()), line.updated_at,
            line.values.get("valid_until", ""),
        )
        for line in found.lines
    )  # fmt: skip


def _boxes(request: Request, found: list[Side], names: tuple[str, ...]) -> list[Box]:
    """Facets of all sides together: the numbers of both are added."""
    language, made = page_language(), []
    for name in names:
        counts: Counter[str] = Counter()
        labels: dict[str, str] = {}
        heading, chosen = "", set()
        for facet in (facet for one in found for facet in one.facets if facet.name == name):
            heading = facet.labels.get(language, name)
            for count in facet.counts:
                counts[count.value] += count.n
                labels[count.value] = (
                    region_named(count.value) if name == "region" else count.labels.get(language, count.label)
                )
                chosen |= {count.value} if count.chosen else set()
        values = tuple(
            Value(toggled(request.GET, name, value), labels[value], n, value in chosen)
            for value, n in counts.most_common(MOST_VALUES)
        )
        if values:
            made.append(Box(name, heading, values, bool(chosen) or name == "tracks"))
    return made
