"""The ranked list: facets, words, order and pages stand in the address, and so does the year that it is as of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from foretrack.domains.foresight.actions.browsing import NO_TRACK, Browser, Choice, Found, ListFacet
from foretrack.domains.foresight.answers import ConceptItem, to_json
from foretrack.domains.foresight.doors import listing
from foretrack.domains.foresight.doors.web import words
from foretrack.domains.foresight.doors.web.as_of_control import AsOf, as_of_control
from foretrack.domains.foresight.doors.web.policy import Policy, TrackLine, policy
from foretrack.domains.foresight.doors.web.reading import AS_OF, SCAN, Reading, is_year, read
from foretrack.domains.foresight.doors.web.sparklines import Spark, spark
from foretrack.foundation.errors import NotThereError
from foretrack.foundation.spreadsheets import Row
from foretrack.web.addresses import address
from foretrack.web.data import CHART, asked_form
from foretrack.web.listing import Chosen, Heading
from foretrack.web.queries import PAGE, changed, kept, page_number, paged, toggled, unpaged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import say

LINES = 50
"""Lines of a page."""
SHOWN_VALUES = 8
"""Values of a facet that are shown at once; the others open on demand."""
WORDS, SORT = "words", "sort"
LONGEST_WORDS = 200
OPEN_FACETS = ("state", "direction", "growth", "p_eg3")
"""Facets that are open from the start."""


@dataclass(frozen=True, slots=True)
class FacetLine:
    """One value of a facet, and the list with it taken in or out."""

    href: str
    label: str
    n: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetBox:
    """One facet."""

    name: str
    label: str
    values: tuple[FacetLine, ...]
    more: tuple[FacetLine, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One concept or technology in a list."""

    href: str
    rank: int | None
    name: str
    other: str
    state: str
    tone: str
    track: TrackLine | None
    spark: Spark
    growth: float | None
    growth_low: float | None
    growth_high: float | None
    p_eg3: float | None
    chance: str
    n_documents: int
    n_recent: int
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class ConceptsPage(Page):
    """The ranked list as of a year."""

    template: ClassVar[str] = "lookout/concepts.html"

    as_of: AsOf
    total: int
    first: int
    last: int
    n_ranked: int
    n_unsure: int
    facets: tuple[FacetBox, ...]
    chosen: tuple[Chosen, ...]
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    words: str
    kept: tuple[tuple[str, str], ...]
    """What the box for words carries on."""
    before: str
    after: str
    without: str
    """The list without filters."""
    query: str
    """The filters as they stand in the address, for downloads."""
    found: Found | None
    """All that was found; None for a year that was not scanned."""

    def as_data(self) -> object:
        """The documented list, of everything found."""
        return to_json(self._all().answer())

    def as_table(self) -> tuple[Sequence[str], Sequence[Row]]:
        """The documented columns of everything found."""
        return listing.COLUMNS, [listing.row_of(item) for item in self._all().answer().items]

    def _all(self) -> Found:
        if self.found is None:
            raise NotThereError.of(
                "nothing was scanned as of {year}", expected="one of {years}", do="run `foretrack scan --as-of {year}`",
                year=self.as_of.year, years=", ".join(str(t.year) for t in self.as_of.ticks if t.scanned),
            )  # fmt: skip
        return self.found


@require_safe
def concepts(request: Request) -> HttpResponse:
    """The ranked concepts of a scan."""
    given = request.GET
    try:
        reading = read(given)
    except NotThereError:
        missing = _missing(request)
        if missing is None or asked_form(request):
            raise
        return render(request, missing)
    number = page_number(given)
    browser = reading.browser
    sort, asked = given.get(SORT, "rank"), given.get(WORDS, "")[:LONGEST_WORDS]
    found = browser.find(Choice(_facets(browser, given), asked, sort))
    return render(request, _page(request, reading, found, sort, asked, number))


def _missing(request: Request) -> ConceptsPage | None:
    """The page of a year that could be scanned but was not; None where the address asks for no such year."""
    given = request.GET.copy()
    asked = given.get(AS_OF, "")
    if given.get(SCAN) or not is_year(asked):
        return None
    given.pop(AS_OF)
    reading, year = read(given), int(asked)
    if not reading.scan.stored.manifest["first_year"] <= year <= reading.years[-1]:
        return None
    return ConceptsPage(
        as_of=as_of_control(request, reading, year=year), total=0, first=0, last=0, n_ranked=0, n_unsure=0, facets=(),
        chosen=(), headings=(), lines=(), words="", kept=(), before="", after="", without="?", query="", found=None,
    )  # fmt: skip


def _facets(browser: Browser, given: QueryDict) -> Mapping[str, Sequence[str]]:
    others = (PAGE, SORT, WORDS, AS_OF, SCAN, CHART)
    return {name: given.getlist(name) for name in given if name not in others}


def _page(
    request: Request, reading: Reading, found: Found, sort: str, asked: str, number: int
) -> ConceptsPage:
    given, scan, known = request.GET, reading.scan, policy(reading.workspace)
    start = (number - 1) * LINES
    rows = found.rows[start : start + LINES].tolist()
    boxes = tuple(box for facet in found.facets if (box := facet_box(given, facet, known)) is not None)
    n_ranked = len(scan.ranking)
    return ConceptsPage(
        as_of=as_of_control(request, reading), total=len(found.rows), first=start + 1 if rows else 0,
        last=start + len(rows), n_ranked=n_ranked, n_unsure=scan.concepts.num_rows - n_ranked, facets=boxes,
        chosen=tuple(
            Chosen(line.href, box.label, line.label) for box in boxes for line in (*box.values, *box.more) if line.chosen
        ),
        headings=headings(
            given, sort,
            (("rank", "Rank", True), ("label", "Concept", False), ("", "State", False), ("", "Track", False),
             ("-share", "Share over the years", False), ("-growth", "Growth a year", True),
             ("-p_eg3", "Chance of extreme growth", True), ("-documents", "Documents", True), ("", "Doubt", False)),
        ),
        lines=concept_lines(reading, rows, known), words=asked,
        kept=kept(given, WORDS),
        before=paged(given, number - 1) if number > 1 else "",
        after=paged(given, number + 1) if start + len(rows) < len(found.rows) else "",
        without=reading.held_query or "?", query=unpaged(given), found=found,
    )  # fmt: skip


def headings(given: QueryDict, sort: str, columns: Sequence[tuple[str, str, bool]]) -> tuple[Heading, ...]:
    """Column headings with the list ordered by each: (order or empty, word, whether it is a number)."""
    made = []
    for name, word, number in columns:
        bare = name.removeprefix("-")
        here = sort.removeprefix("-") == bare and bool(bare)
        turned = (bare if sort.startswith("-") else f"-{bare}") if here else name
        direction = ("descending" if sort.startswith("-") else "ascending") if here else ""
        href = changed(given, **{SORT: None if turned == "rank" else turned}) if name else ""
        made.append(Heading(say(word), href, direction, number))
    return tuple(made)


def concept_lines(reading: Reading, rows: Sequence[int], known: Policy) -> tuple[Line, ...]:
    """Lines of a list, for rows of the scan."""
    browser, query = reading.browser, reading.held_query
    years, shares = browser.years, browser.shares
    return tuple(
        _line(item, spark(years, shares[row].tolist()), query, known)
        for row, item in zip(rows, reading.scan.items(rows), strict=True)
    )


def _line(item: ConceptItem, drawn: Spark, query: str, known: Policy) -> Line:
    m = item.measures
    return Line(
        href=address("concept", item.concept) + query, rank=item.rank, name=words.named(item),
        other=words.other_name(item), state=say(words.STATE_WORDS[item.state]), tone=words.TONES.get(item.state, ""),
        track=known.first_track(item.tracks, query), spark=drawn, growth=m.growth, growth_low=m.growth_low,
        growth_high=m.growth_high, p_eg3=item.p_eg3, chance=words.chance_in_words(item.p_eg3),
        n_documents=m.n_documents, n_recent=m.n_recent, doubts=tuple(words.short_doubt(code) for code in item.doubt),
    )  # fmt: skip


def facet_box(given: QueryDict, facet: ListFacet, known: Policy) -> FacetBox | None:
    """A facet with its counts; None where every concept is alike in it and nothing is chosen."""
    if len(facet.values) < 2 and not any(value.chosen for value in facet.values):
        return None
    lines = tuple(
        FacetLine(toggled(given, facet.name, v.value), value_word(facet.name, v.value, known), v.n, v.chosen)
        for v in facet.values
    )
    if facet.name in ("direction", "track", "doubt"):
        lines = tuple(sorted(lines, key=lambda line: (not line.chosen, -line.n)))
    first = lines[:SHOWN_VALUES] + tuple(line for line in lines[SHOWN_VALUES:] if line.chosen)
    rest = tuple(line for line in lines[SHOWN_VALUES:] if not line.chosen)
    return FacetBox(
        facet.name, say(words.FACETS[facet.name]), first, rest,
        facet.name in OPEN_FACETS or any(line.chosen for line in lines),
    )  # fmt: skip


_VALUE_WORDS: Mapping[str, Mapping[str, str]] = {
    "state": words.STATE_WORDS, "stage": words.STAGE_WORDS, "growth": words.GROWTH, "p_eg3": words.CHANCES,
    "documents": words.DOCUMENTS, "language": words.LANGUAGES,
}  # fmt: skip


def value_word(facet: str, value: str, known: Policy) -> str:
    """What a value of a facet is called."""
    if facet in ("direction", "track"):
        return say("no track") if value == NO_TRACK else known.label(value)
    if facet == "doubt":
        return words.doubt(value)
    if facet == "since":
        first, _, last = value.partition("-")
        return f"{first}–{last}" if first else say("{year} or before", year=last)
    known_word = _VALUE_WORDS.get(facet, {}).get(value)
    return say(known_word) if known_word else value
