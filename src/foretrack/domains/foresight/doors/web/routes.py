"""The lookout for programs: stored scans, read as of a year, in the documented shapes (docs/guide/json.md).

Nothing is computed into the workspace here: a year that was not scanned is an answer that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

from django.http import QueryDict
from pydantic import Field

from foretrack.corpus.coverage import Break
from foretrack.corpus.store import Corpus
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.browsing import Choice
from foretrack.domains.foresight.actions.candidates import candidates
from foretrack.domains.foresight.actions.compare import compare
from foretrack.domains.foresight.actions.describe import Row, describe
from foretrack.domains.foresight.actions.links import learn_links
from foretrack.domains.foresight.actions.positions import PositionRequest, positions
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.scoreboard import Scoreboard, scoreboard
from foretrack.domains.foresight.actions.show import explain, show
from foretrack.domains.foresight.actions.technologies import technologies, technology
from foretrack.domains.foresight.actions.tracks import TrackAnswer, classify
from foretrack.domains.foresight.answers import (
    Comparison,
    ConceptPage,
    EmergingList,
    Explanation,
    ScanSummary,
)
from foretrack.domains.foresight.candidates.candidate import CandidateList
from foretrack.domains.foresight.candidates.proposing import TOP
from foretrack.domains.foresight.doors.web.reading import (
    AS_OF,
    SCAN,
    Reading,
    lookout_workspace,
    read,
    stored_scans,
)
from foretrack.domains.foresight.doors.web.waiting import ask
from foretrack.domains.foresight.links.answers import LinkList
from foretrack.domains.foresight.positions.answers import By, Counting, GroupKind, PositionList
from foretrack.domains.foresight.technologies.answers import Stage, TechnologyList, TechnologyPage
from foretrack.foundation.errors import HouseError
from foretrack.packs.loading import DEFAULT_PACK, choose_pack, load_packs
from foretrack.web.addresses import named_in_address
from foretrack.web.cursors import Cursor, Limit, next_address, position_of
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Many, Routes

ROUTES = Routes("lookout", "Lookout")

T = TypeVar("T")

Year: TypeAlias = Annotated[int, Field(ge=1000, le=9999)]
AsOf: TypeAlias = Annotated[
    Year | None,
    Field(description="The year whose knowledge is used; the newest that was scanned if not given."),
]
Name: TypeAlias = Annotated[str, Field(max_length=300)]
ScanName: TypeAlias = Annotated[
    str, Field(max_length=200, description="A stored scan by its name, instead of a year.")
]
TrackName: TypeAlias = Annotated[
    str,
    Field(
        max_length=200, description="Only one track or direction of a policy pack, such as `large-models`."
    ),
]
Words: TypeAlias = Annotated[str, Field(max_length=200, description="Words that a spelling holds.")]
Sort: TypeAlias = Annotated[
    str,
    Field(
        max_length=40,
        description="rank, label, growth, p_eg3, documents, recent, share or since; - in front for the greatest first.",
    ),
]
Facet: TypeAlias = Annotated[
    str,
    Field(
        max_length=400,
        description="One of the values that the page offers; several with commas, any of which will do.",
    ),
]
Evidence: TypeAlias = Annotated[
    int, Field(ge=0, le=500, description="How many of the documents behind it are listed, the newest first.")
]
Top: TypeAlias = Annotated[int, Field(ge=1, le=1000)]


def scan_of(as_of: int | None, scan: str) -> Scan:
    """The scan that the site shows for the same question."""
    return _reading(as_of, scan).scan


def _reading(as_of: int | None, scan: str) -> Reading:
    given = QueryDict(mutable=True)
    if scan:
        given[SCAN] = scan
    elif as_of is not None:
        given[AS_OF] = str(as_of)
    return read(given)


@dataclass(frozen=True, slots=True)
class Concepts(EmergingList):
    """A part of the ranked list."""

    next: str | None = None
    """Address of the next part; null where there is none."""


@dataclass(frozen=True, slots=True)
class Technologies(TechnologyList):
    """A part of the list of technologies."""

    next: str | None = None
    """Address of the next part; null where there is none."""


@dataclass(frozen=True, slots=True)
class PolicyTrack:
    """One track of a policy pack."""

    pack: str
    direction: str
    track: str
    label_en: str
    label_zh: str
    clause: str


@dataclass(frozen=True, slots=True)
class LanguageCount:
    """Documents in one language."""

    language: str
    documents: int


@dataclass(frozen=True, slots=True)
class YearCount:
    """Documents of one year."""

    year: int
    documents: int


@dataclass(frozen=True, slots=True)
class SourceCount:
    """Documents from one source."""

    source: str
    documents: int


@dataclass(frozen=True, slots=True)
class CorpusFacts:
    """What the lookout has read."""

    snapshot: str
    documents: int
    retracted: int
    files: int
    read: int
    merged: int
    rejected: int
    with_abstract: float
    complete_until: int | None
    languages: tuple[LanguageCount, ...]
    years: tuple[YearCount, ...]
    sources: tuple[SourceCount, ...]
    rows: tuple[Row, ...]
    breaks: tuple[Break, ...]


@ROUTES.get("/lookout/scans", "The stored scans, the latest year first", answers=Many[ScanSummary])
def list_scans(request: Request) -> Many[ScanSummary]:
    found = [scan.summary() for scan in stored_scans(lookout_workspace())]
    return Many(tuple(sorted(found, key=lambda one: (one.as_of, one.created_at), reverse=True)))


@ROUTES.get(
    "/lookout/scans/{name}", "One stored scan: what was asked, and what it found", answers=ScanSummary
)
def show_scan(request: Request, name: str) -> ScanSummary:
    return scan_of(None, name).summary()


@ROUTES.get("/lookout/concepts", "The ranked concepts as of a year", answers=Concepts)
def list_concepts(
    request: Request, as_of: AsOf = None, scan: ScanName = "", words: Words = "", sort: Sort = "rank",
    state: Facet = "", direction: Facet = "", track: Facet = "", growth: Facet = "", p_eg3: Facet = "",
    since: Facet = "", documents: Facet = "", language: Facet = "", doubt: Facet = "",
    cursor: Cursor = "", limit: Limit = 50,
) -> Concepts:  # fmt: skip
    held, begin = _begin(request, cursor)
    reading = _reading(as_of, held or scan)
    facets = {
        "state": state, "direction": direction, "track": track, "growth": growth, "p_eg3": p_eg3, "since": since,
        "documents": documents, "language": language, "doubt": doubt,
    }  # fmt: skip
    chosen = {name: [one.strip() for one in given.split(",")] for name, given in facets.items() if given}
    found = reading.browser.find(Choice(chosen, words, sort))
    part = replace(found, rows=found.rows[begin : begin + limit]).answer()
    more = len(found.rows) > begin + limit
    told = {f.name: getattr(part, f.name) for f in fields(part)}
    return Concepts(**told, next=next_address(request, [part.scan, begin + limit] if more else None))


@ROUTES.get(
    "/lookout/concepts/{concept}",
    "One concept: series, spellings, neighbours, documents",
    answers=ConceptPage,
)
def show_concept(
    request: Request, concept: str, as_of: AsOf = None, scan: ScanName = "", evidence: Evidence = 20
) -> ConceptPage:
    chosen = scan_of(as_of, scan)
    with named_in_address():
        return show(lookout_workspace(), chosen, concept, evidence=evidence)


@ROUTES.get(
    "/lookout/concepts/{concept}/explanation",
    "Why a concept has its score and state, down to the documents that were counted",
    answers=Explanation,
)
def explain_concept(request: Request, concept: str, as_of: AsOf = None, scan: ScanName = "") -> Explanation:
    chosen = scan_of(as_of, scan)
    with named_in_address():
        return explain(chosen, concept)


@ROUTES.get("/lookout/technologies", "The technologies as of a year", answers=Technologies)
def list_technologies(
    request: Request, as_of: AsOf = None, scan: ScanName = "", track: TrackName = "", stage: Stage | None = None,
    cursor: Cursor = "", limit: Limit = 50,
) -> Technologies:  # fmt: skip
    held, begin = _begin(request, cursor)
    found = technologies(
        scan_of(as_of, held or scan), track=track or None, stage=stage, limit=begin + limit + 1
    )
    return Technologies(**_part(request, found, begin, limit))


@ROUTES.get(
    "/lookout/technologies/{technology}",
    "One technology: its concepts, series, neighbours, events and documents",
    answers=TechnologyPage,
)
def show_technology(
    request: Request, technology: str, as_of: AsOf = None, scan: ScanName = "", evidence: Evidence = 20
) -> TechnologyPage:
    chosen = scan_of(as_of, scan)
    with named_in_address():
        return _technology(lookout_workspace(), chosen, technology, evidence=evidence)


_technology = technology


@ROUTES.get(
    "/lookout/comparison", "What entered, rose, fell and left the list between two years", answers=Comparison
)
def compare_years(request: Request, before: Year, after: Year, top: Top = 50) -> Comparison:
    return compare(scan_of(before, ""), scan_of(after, ""), top=top)


@ROUTES.get("/lookout/scoreboard", "What past forecasts were worth", answers=Scoreboard)
def show_scoreboard(request: Request) -> Scoreboard:
    return scoreboard(lookout_workspace())


@ROUTES.get("/lookout/positions", "Who leads by documents", answers=PositionList)
def show_positions(
    request: Request, of: GroupKind = "corpus", name: Name = "", by: By = "country", counting: Counting = "fractional",
    blocs: Annotated[str, Field(max_length=200, description="Groups of countries by name, with commas.")] = "",
    top: Annotated[int, Field(ge=1, le=200)] = 20, years: Annotated[int | None, Field(ge=1, le=100)] = None,
    as_of: AsOf = None, scan: ScanName = "",
) -> PositionList:  # fmt: skip
    chosen = scan_of(as_of, scan)
    wanted = PositionRequest(
        kind=of, name=name, by=by, counting=counting,
        blocs=tuple(one.strip() for one in blocs.split(",") if one.strip()), top=top, years=years, as_of=chosen.as_of,
    )  # fmt: skip
    workspace = lookout_workspace()
    return _answer(
        request,
        ("positions", *_held(workspace, chosen), wanted),
        lambda: positions(workspace, wanted, chosen),
    )


@ROUTES.get(
    "/lookout/links", "Pairs of concepts that no document joins yet, the likeliest first", answers=LinkList
)
def list_links(
    request: Request, concept: Name = "", track: TrackName = "", as_of: AsOf = None, scan: ScanName = "",
    limit: Limit = 50,
) -> LinkList:  # fmt: skip
    chosen = scan_of(as_of, scan)
    workspace = lookout_workspace()
    held = ("links", *_held(workspace, chosen))  # what was learnt is kept for the page, too
    learnt = _answer(request, held, lambda: learn_links(workspace, chosen))
    return _answer(
        request, (*held, concept, track, limit),
        lambda: learnt.answer(concept=concept or None, track=track or None, limit=limit),
    )  # fmt: skip


@ROUTES.get(
    "/lookout/candidates",
    "What was decided about, and strong signals that nobody has looked at",
    answers=CandidateList,
)
def list_candidates(
    request: Request, as_of: AsOf = None, scan: ScanName = "", top: Top = TOP
) -> CandidateList:
    return candidates(lookout_workspace(), scan_of(as_of, scan), top=top)


@ROUTES.get("/lookout/tracks", "The tracks of a policy pack", answers=Many[PolicyTrack])
def list_tracks(
    request: Request, pack: Annotated[str, Field(max_length=100)] = DEFAULT_PACK
) -> Many[PolicyTrack]:
    with named_in_address():
        chosen = choose_pack(load_packs([_packs()]), pack, holding="tracks")
    return Many(
        tuple(
            PolicyTrack(chosen.id, one.direction, one.id, one.label.en, one.label.zh, one.clause)
            for one in chosen.tracks
        )
    )


class Placing(Given):
    """Texts to be placed on the tracks of a policy."""

    texts: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=20_000)]], Field(min_length=1, max_length=100)
    ]
    pack: Annotated[str, Field(max_length=100)] = DEFAULT_PACK
    top: Annotated[int, Field(ge=1, le=50)] = 3


@ROUTES.post(
    "/lookout/tracks/placing", "On which tracks texts lie, and why", answers=Many[TrackAnswer], safe=True
)
def place_texts(request: Request, given: Placing) -> Many[TrackAnswer]:
    found = classify(given.texts, pack_ids=(given.pack,), workspace=_packs().parent, top=given.top)
    return Many(tuple(found))


@ROUTES.get(
    "/lookout/corpus", "What the lookout has read, and where its coverage breaks", answers=CorpusFacts
)
def show_corpus(request: Request) -> CorpusFacts:
    found = describe(lookout_workspace())
    kept = {f.name: getattr(found, f.name) for f in fields(CorpusFacts) if f.name not in _COUNTED}
    return CorpusFacts(
        **kept,
        languages=tuple(LanguageCount(*one) for one in found.languages.items()),
        years=tuple(YearCount(*one) for one in found.years.items()),
        sources=tuple(SourceCount(*one) for one in found.sources.items()),
    )


def _held(workspace: Workspace, scan: Scan) -> tuple[Hashable, ...]:
    """All that an answer of the lookout depends on, beside the question."""
    return workspace.root, scan.name, Corpus(workspace.corpus_dir).snapshot()


def _answer(request: Request, key: Hashable, compute: Callable[[], T]) -> T:
    """What takes long, computed beside the pages; OutsideError (503, `Retry-After`) until it is there."""
    found = ask(request, key, compute)
    if found is None:
        raise HouseError("a program was asked to look at a page that waits")
    return found


_COUNTED = ("languages", "years", "sources")


def _packs() -> Path:
    return lookout_workspace().root / "packs"


def _begin(request: Request, cursor: str) -> tuple[str, int]:
    """The scan and the place where a list goes on: a newer scan of the year must not mix in."""
    position = position_of(request, cursor)
    return (str(position[0]), int(position[1])) if position else ("", 0)


def _part(request: Request, found: TechnologyList, begin: int, limit: int) -> dict[str, Any]:
    """The fields of a list with one part of its entries."""
    told = {f.name: getattr(found, f.name) for f in fields(found)}
    more = len(found.items) > begin + limit
    return told | {
        "items": found.items[begin : begin + limit],
        "next": next_address(request, [found.scan, begin + limit] if more else None),
    }
