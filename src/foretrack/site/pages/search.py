"""One search box over everything: hits with their reasons, facets, and what a reader should know about the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from foretrack.registry.declaring.fields import Choice, Term, YesNo
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.registry import Registry
from foretrack.search.actions.records import seen_by
from foretrack.search.actions.searching import search
from foretrack.search.actions.suggesting import suggest as suggestions
from foretrack.search.shapes import Answer, Facet, Hit, Match, Note, Span
from foretrack.watch.conditions import Trait
from foretrack.watch.watchable import OFFER
from foretrack.web.addresses import address, address_of_thing
from foretrack.web.queries import PAGE, changed, page_number, paged, toggled
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, say

HITS = 20
"""Hits on a page."""
QUESTION, ORDER = "q", "order"
ORDERS = {"relevance": "The best first", "newest": "The newest first"}
UNITS = {
    "record": "Records", "concept": "Concepts", "technology": "Technologies", "document": "Documents",
    "organisation": "Organisations", "list": "Lists",
}  # fmt: skip
UNIT = Words(
    {"record": "Record", "concept": "Concept", "technology": "Technology", "document": "Document", "list": "List"}
)  # fmt: skip
FACETS = {
    "unit": "What it is",
    "kind": "Kind",
    "language": "Language",
    "status": "Status",
    "region": "Region",
    "source": "Source",
    "year": "Year",
    "country": "Country",
}
WAYS = {
    "identifier": "by its identifier", "words": "by its words", "some words": "by some of the words",
    "meaning": "by its meaning", "listed": "",
}  # fmt: skip
LANGUAGE_WORDS = {"en": "English", "zh": "Chinese"}
NOTES = {
    "no_vectors": "Meanings were not compared: nothing is prepared for it on this installation.",
    "vectors_behind": "{n} new or changed things are not compared by meaning yet.",
    "no_full_match": "Nothing has all the words; these come nearest.",
    "translated": "Also looked for {text}.",
    "first_only": "Only the first {n} hits can be paged through; narrow the question.",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, marked or not."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class HitLine:
    """One hit in words."""

    href: str
    title: tuple[Piece, ...]
    other: str
    unit: str
    snippet: tuple[Piece, ...]
    way: str
    reasons: tuple[str, ...]
    visibility: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One value of a facet."""

    href: str
    label: str
    n: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetLines:
    """One facet."""

    label: str
    values: tuple[ValueLine, ...]
    open: bool
    """Whether it shows its values at once: there is something to choose between, or something is chosen."""


@dataclass(frozen=True, slots=True)
class HitGroup:
    """Hits that answer equally well."""

    heading: str
    apart: bool
    """They are only near: told apart from hits that have all the words."""
    hits: tuple[HitLine, ...]


@dataclass(frozen=True, slots=True)
class TryLine:
    """Another question."""

    href: str
    query: str


@dataclass(frozen=True, slots=True)
class SuggestLine:
    """One thing that may be meant."""

    href: str
    title: str
    unit: str


@dataclass(frozen=True)
class SearchPage(Page):
    """A question and its answer."""

    template: ClassVar[str] = "foretrack/search.html"

    query: str
    total: int
    n_words: int
    hits: tuple[HitLine, ...]
    groups: tuple[HitGroup, ...]
    """The same hits, apart by how well they answer."""
    facets: tuple[FacetLines, ...]
    notes: tuple[str, ...]
    orders: tuple[ValueLine, ...]
    before: str
    after: str
    chosen: bool
    without: str
    """The question without its filters; empty where there are none."""
    tries: tuple[TryLine, ...]
    """What else could be asked, where nothing was found."""
    bare: bool
    """Nothing at all is indexed."""


@dataclass(frozen=True)
class SuggestPage(Page):
    """What somebody who types may mean; a part of a page where htmx asks."""

    template: ClassVar[str] = "foretrack/suggest.html"
    table: ClassVar[str] = "lines"

    query: str
    lines: tuple[SuggestLine, ...]
    all_href: str
    part: bool


def marked(text: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    """A text in runs, with the places marked that a search found.

    >>> [(p.text, p.marked) for p in marked("solid cells", [Span(0, 5)])]
    [('solid', True), (' cells', False)]
    """
    made, at = [], 0
    for span in sorted(spans, key=lambda s: s.start):
        start = max(span.start, at)
        if start >= span.end:
            continue
        if start > at:
            made.append(Piece(text[at:start], False))
        made.append(Piece(text[start : span.end], True))
        at = span.end
    if at < len(text):
        made.append(Piece(text[at:], False))
    return tuple(made)


def _reason(match: Match) -> str:
    if not match.found:
        return say("{said}: not found", said=match.said)
    if match.because == "translation":
        return say("{said}: stands there as {found}", said=match.said, found=match.found)
    return say("{found}: {n} times", found=match.found, n=match.times)


def _reasons(hit: Hit) -> Iterator[str]:
    yield from (_reason(match) for match in hit.why.matches)
    if hit.why.similarity is not None and hit.why.way in ("meaning", "some words"):
        yield say("likeness of meaning {n}", n=f"{hit.why.similarity:.2f}")


def _unit(registry: Registry, hit: Hit, language: str) -> str:
    if hit.unit == "record" and hit.kind in registry.kinds.kinds:
        return registry.kinds.get(hit.kind).label.text(language)
    return say(UNIT[hit.unit]) if hit.unit in UNIT else hit.unit


def _line(request: Request, hit: Hit) -> HitLine:
    language = request.actor.language
    other = hit.title_en if language == "zh" else hit.title_zh
    return HitLine(
        address_of_thing(hit.unit, hit.key), marked(hit.title, hit.why.title),
        other if other != hit.title else "", _unit(request.registry, hit, language),
        marked(hit.why.snippet, hit.why.marked) if hit.why.snippet.strip() not in (hit.title, other) else (),
        say(WAYS[hit.why.way]) if WAYS[hit.why.way] else "",
        tuple(_reasons(hit)), hit.visibility, hit.changed_at,
    )  # fmt: skip


GROUPS = Words({"some words": "With some of the words", "meaning": "Similar in meaning"})
"""Ways of answering that stand apart from hits with all the words."""


def _groups(hits: Sequence[tuple[str, HitLine]]) -> tuple[HitGroup, ...]:
    """Hits with all the words first, then those that are only near, each under a heading of its own."""
    parts: dict[str, list[HitLine]] = {}
    for way, line in hits:
        parts.setdefault(way if way in GROUPS else "", []).append(line)
    return tuple(
        HitGroup(say(GROUPS[way]) if way else say("Hits"), bool(way), tuple(parts[way]))
        for way in ("", *GROUPS)
        if way in parts
    )


def _tries(request: Request, query: str) -> tuple[TryLine, ...]:
    """Parts of a question that found nothing, as questions: without quotes, then word by word."""
    words = query.replace('"', " ").replace("“", " ").replace("”", " ").split()
    asked = [" ".join(words)] if " ".join(words) != query else []
    asked += [word for word in words if not word.startswith("-")] if len(words) > 1 else []
    return tuple(
        TryLine(f"{address('search')}?{urlencode({QUESTION: one})}", one) for one in dict.fromkeys(asked)
    )[:6]


def _value_label(request: Request, facet: str, value: str) -> str:
    kinds, language = request.registry.kinds.kinds, request.actor.language
    if facet == "kind" and value in kinds:
        return kinds[value].plural.text(language)
    if facet == "unit" and value in UNITS:
        return say(UNITS[value])
    if facet == "language" and value in LANGUAGE_WORDS:
        return say(LANGUAGE_WORDS[value])
    if (trait := _trait(facet)) is not None:
        if value in trait.labels:
            return trait.labels[value].text(language)
        return _of_packs(value, language)
    for kind in kinds.values():
        if facet == "status":
            for state in kind.states:
                if state.name == value:
                    return state.label.text(language)
        elif isinstance(field := kind.by_name.get(facet), Choice | Term):
            return field.show_one(value, language)
        elif isinstance(field, YesNo):
            return field.show_one(value == "yes", language)
    return value


def _trait(facet: str) -> Trait | None:
    """What the lookout calls a facet of its things."""
    return next((one.traits[facet] for one in OFFER.by_name.values() if facet in one.traits), None)


def _of_packs(value: str, language: str) -> str:
    """The label of a track that is named without its pack."""
    tracks = PACK_TERMS("tracks")
    found = next((label for name, label in tracks.items() if value in (name, name.partition("/")[2])), None)
    return found.text(language) if found else value


def _facet(request: Request, facet: Facet) -> FacetLines:
    language = request.actor.language
    trait = _trait(facet.name)
    label = next(
        (
            k.by_name[facet.name].label.text(language)
            for k in request.registry.kinds
            if facet.name in k.by_name
        ),
        trait.label.text(language) if trait else facet.name,
    )
    chosen = request.GET.getlist(facet.name)
    return FacetLines(
        say(FACETS[facet.name]) if facet.name in FACETS else label,
        open=len(facet.values) > 1 or bool(chosen), values=tuple(
            ValueLine(
                toggled(request.GET, facet.name, v.value), _value_label(request, facet.name, v.value), v.n,
                v.value in chosen,
            )
            for v in facet.values[:12]
        ),
    )  # fmt: skip


def _narrows(facet: Facet, given: QueryDict, total: int) -> bool:
    """Whether a filter would leave something out, or is one that the reader has chosen."""
    return len(facet.values) > 1 or facet.name in given or any(value.n < total for value in facet.values)


def _note(note: Note) -> str:
    return say(NOTES[note.code]).format(n=note.n, text=note.text)


@require_safe
def find(request: Request) -> HttpResponse:
    """What answers a question; everything, the newest first, where nothing is asked."""
    given = request.GET
    number = page_number(given, digits=4)
    offset = (number - 1) * HITS
    order = given.get(ORDER, "relevance")
    filters = {name: given.getlist(name) for name in given if name not in (QUESTION, ORDER, PAGE)}
    answer: Answer = search(
        given.get(QUESTION, ""), viewer=seen_by(request.actor), filters=filters, limit=HITS, offset=offset,
        language=request.actor.language, order="newest" if order == "newest" else "relevance",
    )  # fmt: skip
    query = given.get(QUESTION, "")
    lines = [(hit.why.way, _line(request, hit)) for hit in answer.hits]
    return render(
        request,
        SearchPage(
            query=query, total=answer.total, n_words=answer.n_words, hits=tuple(line for _, line in lines),
            groups=_groups(lines),
            facets=tuple(_facet(request, facet) for facet in answer.facets if _narrows(facet, given, answer.total)),
            notes=tuple(_note(note) for note in answer.notes),
            orders=tuple(
                ValueLine(changed(given, **{ORDER: name}), say(word), 0, name == order)
                for name, word in ORDERS.items()
            ),
            before=paged(given, number - 1) if number > 1 else "",
            after=paged(given, number + 1) if offset + len(answer.hits) < answer.total else "",
            chosen=bool(filters),
            without=f"{address('search')}?{urlencode({QUESTION: query})}" if filters else "",
            tries=() if lines else _tries(request, query), bare=not (lines or query or filters),
        ),
    )  # fmt: skip


@require_safe
def suggest(request: Request) -> HttpResponse:
    """What somebody may mean who has typed so much."""
    query = request.GET.get(QUESTION, "")[:200]
    language, kinds = request.actor.language, request.registry.kinds.kinds
    found = suggestions(query, viewer=seen_by(request.actor), language=language)
    lines = tuple(
        SuggestLine(
            address_of_thing(one.unit, one.key) or f"{address('search')}?{urlencode({QUESTION: one.title})}", one.title,
            kinds[one.kind].label.text(language) if one.kind in kinds else say(UNIT.get(one.unit, one.unit)),
        )
        for one in found
    )  # fmt: skip
    return render(
        request,
        SuggestPage(
            query=query.strip(), lines=lines,
            all_href=f"{address('search')}?{urlencode({QUESTION: query.strip()})}" if query.strip() else "",
            part=request.headers.get("HX-Request") == "true",
        ),
    )  # fmt: skip
