"""One search box over everything: hits with their reasons, facets, and what a reader should know about the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.foundation.errors import InputError
from foretrack.registry.declaring.fields import Choice, Term, YesNo
from foretrack.registry.registry import Registry
from foretrack.search.actions.records import seen_by
from foretrack.search.actions.searching import search
from foretrack.search.shapes import Answer, Facet, Hit, Match, Note, Span
from foretrack.web.addresses import address
from foretrack.web.queries import PAGE, changed, paged, toggled
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import say

HITS = 20
"""Hits on a page."""
QUESTION, ORDER = "q", "order"
ORDERS = {"relevance": "The best first", "newest": "The newest first"}
UNITS = {
    "record": "Records", "concept": "Concepts", "technology": "Technologies", "document": "Documents",
    "organisation": "Organisations", "list": "Lists",
}  # fmt: skip
FACETS = {
    "unit": "What it is",
    "kind": "Kind",
    "language": "Language",
    "status": "Status",
    "region": "Region",
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


@dataclass(frozen=True)
class SearchPage(Page):
    """A question and its answer."""

    template: ClassVar[str] = "foretrack/search.html"

    query: str
    total: int
    n_words: int
    hits: tuple[HitLine, ...]
    facets: tuple[FacetLines, ...]
    notes: tuple[str, ...]
    orders: tuple[ValueLine, ...]
    before: str
    after: str
    chosen: bool


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
    return say(UNITS[hit.unit]) if hit.unit in UNITS else hit.unit


def _address(hit: Hit) -> str:
    """Where a hit leads; empty for what has no page yet."""
    if hit.unit == "record":
        return address("record", hit.key)
    if hit.unit == "list":
        name, _, number = hit.key.partition("/")
        return address("issue", name, number) if number else address("series", name)
    return ""


def _line(request: Request, hit: Hit) -> HitLine:
    language = request.actor.language
    other = hit.title_en if language == "zh" else hit.title_zh
    return HitLine(
        _address(hit), marked(hit.title, hit.why.title),
        other if other != hit.title else "", _unit(request.registry, hit, language),
        marked(hit.why.snippet, hit.why.marked), say(WAYS[hit.why.way]) if WAYS[hit.why.way] else "",
        tuple(_reasons(hit)), hit.visibility, hit.changed_at,
    )  # fmt: skip


def _value_label(request: Request, facet: str, value: str) -> str:
    kinds, language = request.registry.kinds.kinds, request.actor.language
    if facet == "kind" and value in kinds:
        return kinds[value].plural.text(language)
    if facet == "unit" and value in UNITS:
        return say(UNITS[value])
    if facet == "language" and value in LANGUAGE_WORDS:
        return say(LANGUAGE_WORDS[value])
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


def _facet(request: Request, facet: Facet) -> FacetLines:
    language = request.actor.language
    label = next(
        (
            k.by_name[facet.name].label.text(language)
            for k in request.registry.kinds
            if facet.name in k.by_name
        ),
        facet.name,
    )
    return FacetLines(
        say(FACETS[facet.name]) if facet.name in FACETS else label,
        tuple(
            ValueLine(
                toggled(request.GET, facet.name, v.value), _value_label(request, facet.name, v.value), v.n,
                v.value in request.GET.getlist(facet.name),
            )
            for v in facet.values[:12]
        ),
    )  # fmt: skip


def _note(note: Note) -> str:
    return say(NOTES[note.code]).format(n=note.n, text=note.text)


@require_safe
def find(request: Request) -> HttpResponse:
    """What answers a question; everything, the newest first, where nothing is asked."""
    given = request.GET
    number = given.get(PAGE, "1")
    if not number.isdecimal() or not 1 <= len(number) <= 4 or int(number) < 1:
        raise InputError.of(
            "{name} is {found!r}",
            expected="a number",
            do="follow a link of the page",
            name=PAGE,
            found=number[:20],
        )
    offset = (int(number) - 1) * HITS
    order = given.get(ORDER, "relevance")
    filters = {name: given.getlist(name) for name in given if name not in (QUESTION, ORDER, PAGE)}
    answer: Answer = search(
        given.get(QUESTION, ""), viewer=seen_by(request.actor), filters=filters, limit=HITS, offset=offset,
        language=request.actor.language, order="newest" if order == "newest" else "relevance",
    )  # fmt: skip
    return render(
        request,
        SearchPage(
            query=given.get(QUESTION, ""), total=answer.total, n_words=answer.n_words,
            hits=tuple(_line(request, hit) for hit in answer.hits),
            facets=tuple(_facet(request, facet) for facet in answer.facets if facet.values),
            notes=tuple(_note(note) for note in answer.notes),
            orders=tuple(
                ValueLine(changed(given, **{ORDER: name}), say(word), 0, name == order)
                for name, word in ORDERS.items()
            ),
            before=paged(given, int(number) - 1) if number != "1" else "",
            after=paged(given, int(number) + 1) if offset + len(answer.hits) < answer.total else "",
            chosen=bool(filters),
        ),
    )  # fmt: skip
