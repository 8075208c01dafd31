"""One concept: what it is, how it went, what may come of it, why that is said, and the documents behind every number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from foretrack.domains.foresight.actions.emerging import MIN_TRACK_PROBABILITY
from foretrack.domains.foresight.actions.positions import PositionRequest, positions
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.show import documents_page, show_and_explain, spellings
from foretrack.domains.foresight.answers import (
    ConceptItem,
    Contribution,
    Explanation,
    SeriesPoint,
    TrackLabel,
    to_json,
)
from foretrack.domains.foresight.answers import ConceptPage as ConceptAnswer
from foretrack.domains.foresight.doors.report.page import (
    forecast_in_words,
    measures_in_words,
    whole_series,
)
from foretrack.domains.foresight.doors.web import words
from foretrack.domains.foresight.doors.web.as_of_control import AsOf, as_of_control
from foretrack.domains.foresight.doors.web.charts import contribution_chart, share_chart, strata_chart
from foretrack.domains.foresight.doors.web.policy import TrackLine, policy
from foretrack.domains.foresight.doors.web.reading import Reading, is_year, of_years, partial_year, read
from foretrack.domains.foresight.doors.web.sources import DocumentLine, document_lines
from foretrack.domains.foresight.doors.web.told import (
    ContributionLine,
    closed_up,
    contribution_lines,
    share_text,
    state_because,
)
from foretrack.domains.foresight.positions.answers import By, PositionList
from foretrack.foundation.errors import EvidenceError, InputError, NotThereError
from foretrack.web.addresses import address
from foretrack.web.charts import Chart
from foretrack.web.data import asked_form
from foretrack.web.panels import Subject
from foretrack.web.queries import page_number, paged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say, speak

LINES = 50
EVIDENCE = 10
LEADERS = 8
NEIGHBOURS = 12
FORMS = 12


@dataclass(frozen=True, slots=True)
class Near:
    """A concept or technology that this one leads to."""

    href: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year of the record, with the documents that were counted."""

    year: int
    n: int
    total: int
    share: str
    href: str


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a concept."""

    year: int
    what: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a stored scan of some year said."""

    year: int
    href: str
    """Empty where that scan does not know the concept."""
    rank: int | None
    n_ranked: int
    state: str
    tone: str
    p_eg3: float | None
    n_recent: int | None
    here: bool


@dataclass(frozen=True)
class ConceptPage(Page):
    """Everything that is known of a concept as of a year."""

    template: ClassVar[str] = "lookout/concept.html"

    as_of: AsOf
    concept: str
    name: str
    other: str
    state: str
    tone: str
    because: tuple[str, ...]
    rank: int | None
    n_ranked: int
    p_eg3: float | None
    p_dbl3: float | None
    chance: str
    doubts: tuple[str, ...]
    forms: tuple[str, ...]
    more_forms: int
    forecast: tuple[tuple[str, str, str], ...]
    measures: tuple[tuple[str, str, str], ...]
    no_forecast: str
    share: Chart
    sources: Chart | None
    parts: Chart | None
    contributions: tuple[ContributionLine, ...]
    years: tuple[YearLine, ...]
    n_documents: int
    documents_href: str
    evidence: tuple[DocumentLine, ...]
    neighbours: tuple[Near, ...]
    technologies: tuple[Near, ...]
    tracks: tuple[TrackLine, ...]
    p_no_track: float | None
    earlier: tuple[Earlier, ...]
    moments: tuple[Moment, ...]
    leaders_href: str
    spellings_href: str
    watch: str
    """Where a rule that watches it is made; empty for somebody who may not watch."""
    subject: Subject
    answer: ConceptAnswer
    explanation: Explanation

    def as_data(self) -> object:
        """The documented answers to `show` and `explain`."""
        return {"show": to_json(self.answer), "explain": to_json(self.explanation)}

    def as_table(self) -> tuple[Sequence[str], Sequence[dict[str, Any]]]:
        """The yearly series, whole and by source and kind."""
        names = ("year", "source", "kind", "n_documents", "n_total", "share")
        return names, [{name: getattr(point, name) for name in names} for point in self.answer.series]


@dataclass(frozen=True)
class DocumentsPage(Page):
    """The documents behind a number: of a concept or technology, of all years or of one."""

    template: ClassVar[str] = "lookout/documents.html"
    table: ClassVar[str] = "documents"

    name: str
    href: str
    """The page of what they belong to."""
    here: str
    """The tab."""
    year: int | None
    as_of: int
    total: int
    first: int
    last: int
    documents: tuple[DocumentLine, ...]
    years: tuple[YearLine, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Leader:
    """A country or organisation that leads."""

    rank: int
    name: str
    n_documents: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Board:
    """Who leads by country or by organisation."""

    title: str
    leaders: tuple[Leader, ...]
    first_year: int
    last_year: int
    n_documents: int
    n_naming: int


@dataclass(frozen=True)
class LeadersPage(Page):
    """Who leads in a concept or technology."""

    template: ClassVar[str] = "lookout/leaders.html"
    table: ClassVar[str] = "boards"

    name: str
    href: str
    here: str
    boards: tuple[Board, ...]


@dataclass(frozen=True)
class SpellingsPage(Page):
    """How often each spelling of a concept is written."""

    template: ClassVar[str] = "lookout/spellings.html"
    table: ClassVar[str] = "spellings"

    name: str
    href: str
    here: str
    spellings: tuple[tuple[str, int], ...]
    n_read: int
    n_documents: int

    def as_table(self) -> tuple[Sequence[str], Sequence[dict[str, Any]]]:
        """One row for each spelling."""
        return ("spelling", "n_documents"), [
            {"spelling": form, "n_documents": n} for form, n in self.spellings
        ]


@require_safe
def concept(request: Request, name: str) -> HttpResponseBase:
    """Everything known of one concept as of a year."""
    reading = read(request.GET)
    row = row_of(reading.scan, name)
    item = reading.scan.items([row])[0]
    if item.concept != name and not asked_form(request):
        return moved(request, "concept", item.concept)
    return render(request, _page(request, reading, row, item))


@require_safe
def concept_documents(request: Request, name: str) -> HttpResponseBase:
    """The documents that carry a concept, newest first; of one year where the address names it."""
    reading = read(request.GET)
    row = row_of(reading.scan, name)
    item = reading.scan.items([row])[0]
    if item.concept != name and not asked_form(request):
        return moved(request, "concept documents", item.concept)
    carriers = reading.scan.documents_of(row)
    href = address("concept", item.concept) + reading.held_query
    series = reading.scan.series(row)
    page = documents_of(
        request, reading, carriers, name=words.named(item), href=href, here="concepts",
        years=year_lines(series, _documents_href(reading, "concept documents", item.concept)),
    )  # fmt: skip
    return render(request, page)


@require_safe
def concept_leaders(request: Request, name: str) -> HttpResponseBase:
    """Who leads in a concept, by country and by organisation."""
    reading = read(request.GET)
    item = reading.scan.items([row_of(reading.scan, name)])[0]
    return render(
        request,
        LeadersPage(
            words.named(item), address("concept", item.concept) + reading.held_query, "concepts",
            boards(reading, "concept", item.concept),
        ),
    )  # fmt: skip


@require_safe
def concept_spellings(request: Request, name: str) -> HttpResponseBase:
    """How often each spelling of a concept is written in the documents that carry it."""
    reading = read(request.GET)
    row = row_of(reading.scan, name)
    item = reading.scan.items([row])[0]
    counted, n_read = spellings(reading.workspace, reading.scan, row)
    return render(
        request,
        SpellingsPage(
            words.named(item), address("concept", item.concept) + reading.held_query, "concepts", counted, n_read,
            item.measures.n_documents,
        ),
    )  # fmt: skip


def row_of(scan: Scan, name: str) -> int:
    """The concept that bears an identifier or spelling; NotThereError with the nearest names for none."""
    try:
        return scan.row_of(name)
    except InputError as error:
        near = scan.near_names(name)
        raise NotThereError.of(
            "there is no concept {name!r} as of {year}", expected="a concept such as {near}",
            do="look it up in the list of concepts, or in the scan of another year",
            name=name[:80], year=scan.as_of, near=", ".join(near) or "-",
        ) from error  # fmt: skip


def moved(request: Request, page: str, name: str) -> HttpResponse:
    """Leads from a spelling to the one address of a thing."""
    query = request.META.get("QUERY_STRING", "")
    target = address(page, name)
    return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)


def documents_of(
    request: Request,
    reading: Reading,
    carriers: Sequence[tuple[str, int]],
    *,
    name: str,
    href: str,
    here: str,
    years: tuple[YearLine, ...],
) -> DocumentsPage:
    """A page of documents."""
    given = request.GET
    asked, number = given.get("year", ""), page_number(given)
    if asked and not is_year(asked):
        raise InputError.of(
            "{found!r} is no year", expected="a year such as {year}", found=asked[:20], year=reading.scan.as_of
        )  # fmt: skip
    year = int(asked) if asked else None
    chosen = [pair for pair in carriers if year is None or pair[1] == year]
    start = (number - 1) * LINES
    shown = documents_page(reading.workspace, chosen[start : start + LINES])
    return DocumentsPage(
        name=name, href=href, here=here, year=year, as_of=reading.scan.as_of, total=len(chosen),
        first=start + 1 if shown else 0, last=start + len(shown), documents=document_lines(shown), years=years,
        before=paged(given, number - 1) if number > 1 else "",
        after=paged(given, number + 1) if start + len(shown) < len(chosen) else "",
    )  # fmt: skip


def year_lines(series: Sequence[SeriesPoint], href: str) -> tuple[YearLine, ...]:
    """The years with documents, newest first, each with the address of its documents."""
    joined = "&" if "?" in href else "?"
    return tuple(
        YearLine(p.year, p.n_documents, p.n_total, share_text(p.share), f"{href}{joined}year={p.year}")
        for p in reversed(whole_series(tuple(series)))
        if p.n_documents
    )


def _documents_href(reading: Reading, page: str, key: str) -> str:
    return address(page, key) + reading.held_query


def boards(reading: Reading, kind: Any, name: str) -> tuple[Board, ...]:
    """Who leads in a group of documents by country and by organisation."""
    titles: tuple[tuple[By, str], ...] = (
        ("country", say("By country")),
        ("organisation", say("By organisation")),
    )
    return tuple(
        _board(
            title,
            positions(
                reading.workspace,
                PositionRequest(kind=kind, name=name, by=by, top=LEADERS, as_of=reading.scan.as_of, thorough=False),
                reading.scan,
            ),
        )
        for by, title in titles
    )  # fmt: skip


def _board(title: str, answer: PositionList) -> Board:
    chinese = page_language() == "zh"
    return Board(
        title,
        tuple(
            Leader(
                item.rank, (item.label_zh if chinese else item.label_en) or item.label, item.n_documents, item.share,
                item.share_low, item.share_high,
            )
            for item in answer.items
        ),
        answer.first_year, answer.last_year, answer.n_documents, answer.n_naming,
    )  # fmt: skip


def _page(request: Request, reading: Reading, row: int, item: ConceptItem) -> ConceptPage:
    scan, query, known = reading.scan, reading.held_query, policy(reading.workspace)
    answer, explained = show_and_explain(reading.workspace, scan, item.concept, evidence=EVIDENCE)
    documents_href = _documents_href(reading, "concept documents", item.concept)
    lines = year_lines(answer.series, documents_href)
    by_year = {line.year: line.href for line in lines}
    contributions = contribution_lines(explained.contributions, item)
    say_it = speak(page_language())
    partial = partial_year(scan)
    return ConceptPage(
        as_of=as_of_control(request, reading), concept=item.concept, name=words.named(item), other=words.other_name(item),
        state=say(words.STATE_WORDS[item.state]), tone=words.TONES.get(item.state, ""),
        because=state_because(item, answer.series, scan.as_of), rank=item.rank, n_ranked=len(scan.ranking),
        p_eg3=item.p_eg3, p_dbl3=item.p_dbl3, chance=words.chance_in_words(item.p_eg3),
        doubts=tuple(words.doubt(code) for code in item.doubt), forms=item.forms[:FORMS],
        more_forms=max(0, len(item.forms) - FORMS), forecast=closed_up(forecast_in_words(item, scan.as_of, say_it)),
        measures=closed_up(measures_in_words(item.measures, say_it)), no_forecast=_no_forecast(reading, item),
        share=share_chart(answer.series, item.quantiles, partial=partial, link=lambda year: by_year.get(year, "")),
        sources=strata_chart(answer.series, link=lambda year: by_year.get(year, "")),
        parts=_parts(explained.contributions, contributions), contributions=contributions, years=lines,
        n_documents=item.measures.n_documents, documents_href=documents_href, evidence=document_lines(answer.evidence),
        neighbours=tuple(
            Near(address("concept", n.concept) + query, n.label, say("{n} documents together", n=f"{n.n_together:,}"))
            for n in answer.neighbours[:NEIGHBOURS]
        ),
        technologies=_technologies(reading, row), tracks=known.lines(item.tracks, query), p_no_track=item.p_no_track,
        earlier=_earlier(reading, item), moments=_moments(item, lines),
        leaders_href=address("concept leaders", item.concept) + query,
        spellings_href=address("concept spellings", item.concept) + query,
        watch=watch_address(request, "concept", item.concept),
        subject=Subject(
            "concept", f"lookout:concept:{item.concept}", words.named(item), item.forms, on_tracks(item.tracks),
            {"answer": answer},
        ),
        answer=answer, explanation=explained,
    )  # fmt: skip


def on_tracks(labels: Sequence[TrackLabel]) -> tuple[str, ...]:
    """The tracks on which something is listed, as `pack/track`."""
    return tuple(f"{label.pack}/{label.track}" for label in labels if label.p >= MIN_TRACK_PROBABILITY)


def watch_address(request: Request, about: str, key: str) -> str:
    """Where a rule that watches something is made; empty for somebody who may not watch."""
    from urllib.parse import quote

    from foretrack.registry.access.permission import may

    return f"{address('rules')}?{about}={quote(key, safe='')}" if may(request.actor, "watch") else ""


def _parts(contributions: Sequence[Contribution], lines: Sequence[ContributionLine]) -> Chart | None:
    return contribution_chart(contributions, [line.part for line in lines]) if contributions else None


def _no_forecast(reading: Reading, item: ConceptItem) -> str:
    """Why nothing is forecast; empty where something is."""
    if item.p_eg3 is not None:
        return ""
    if item.rank is None:
        return say("Nothing is forecast: there is not enough evidence.")
    return say(
        "Nothing is forecast in this scan: its corpus does not reach back far enough to learn from, "
        "or history was switched off."
    )


def _technologies(reading: Reading, row: int) -> tuple[Near, ...]:
    try:
        stored = reading.technologies
    except EvidenceError:
        return ()
    return tuple(
        Near(
            address("technology", stored.rows[number]["technology"]) + reading.held_query,
            words.named(stored.item(number)), say(words.STAGE_WORDS[stored.rows[number]["stage"]]),
        )
        for number in stored.of_concept(row)
    )  # fmt: skip


def _earlier(reading: Reading, item: ConceptItem) -> tuple[Earlier, ...]:
    """What the stored scans of all years say of the concept; of years after this one only that they are there."""
    found = []
    for year, scan in of_years(reading):
        if year > reading.scan.as_of:
            continue
        row = scan.row_named(item.concept, item.forms)
        href = (
            f"{address('concept', str(scan.concepts['concept'][row]))}?as-of={year}"
            if row is not None
            else ""
        )
        there = scan.items([row])[0] if row is not None else None
        found.append(
            Earlier(
                year, href, there.rank if there else None, len(scan.ranking),
                say(words.STATE_WORDS[there.state]) if there else "", words.TONES.get(there.state, "") if there else "",
                there.p_eg3 if there else None, there.measures.n_recent if there else None, year == reading.scan.as_of,
            )
        )  # fmt: skip
    return tuple(found)


def _moments(item: ConceptItem, lines: Sequence[YearLine]) -> tuple[Moment, ...]:
    m = item.measures
    found = [Moment(m.first_year, say("first document"))]
    if lines:
        peak = max(lines, key=lambda line: line.n / line.total)
        if peak.n > 1:
            found.append(Moment(peak.year, say("largest share so far: {share}", share=peak.share)))
        most = max(lines, key=lambda line: line.n)
        if most.year != peak.year and most.n > 1:
            found.append(Moment(most.year, say("most documents in a year: {n}", n=f"{most.n:,}")))
    if item.top_year is not None:
        found.append(Moment(item.top_year, say("median forecast: among the largest 5% of concepts")))
    return tuple(sorted(found, key=lambda moment: moment.year))
