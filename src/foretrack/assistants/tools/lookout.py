"""Tools of the lookout: ranked concepts, technologies, what is behind a number, and what past forecasts were worth.

Actions are imported when a tool is called: an assistant waits for this program to start, and most ask few questions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from foretrack.assistants.desk import Desk
from foretrack.assistants.tools.tool import AsOfYear, Offset, Question, ScanName, Tool
from foretrack.domains.foresight.actions.emerging import emerging as list_concepts
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.answers import (
    Comparison,
    ConceptPage,
    EmergingList,
    Explanation,
    ScanSummary,
    State,
)
from foretrack.domains.foresight.links.answers import LinkList
from foretrack.domains.foresight.positions.answers import By, Counting, GroupKind, PositionList
from foretrack.domains.foresight.technologies.answers import Stage, TechnologyList, TechnologyPage
from foretrack.packs.loading import DEFAULT_PACK, choose_pack, load_packs

if TYPE_CHECKING:
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.scoreboard import Scoreboard

MOST = 100
"""Entries of a list that one answer gives."""

ConceptName = Annotated[
    str, Field(min_length=1, max_length=300, description="A concept's identifier or any of its spellings.")
]
TrackName = Annotated[
    str | None,
    Field(
        max_length=200, description="Only one track or direction of a policy pack, such as `large-models`."
    ),
]
Limit = Annotated[int, Field(ge=1, le=MOST, description="At most so many entries.")]
Evidence = Annotated[
    int, Field(ge=0, le=MOST, description="How many of the documents behind it are listed, the newest first.")
]


class _AsOf(Question):
    as_of: AsOfYear = None
    scan: ScanName = None


def _scan(question: _AsOf) -> Scan:
    """The scan that the site and the API read for the same question."""
    from foretrack.domains.foresight.doors.web.routes import scan_of

    return scan_of(question.as_of, question.scan or "")


def _workspace(desk: Desk) -> Workspace:
    from foretrack.corpus.workspace import Workspace

    return Workspace.open(desk.workspace)


class Emerging(_AsOf):
    """What `emerging` asks."""

    track: TrackName = None
    state: Annotated[State | None, Field(description="Only concepts in this state.")] = None
    limit: Limit = 10
    offset: Offset = 0


def _emerging(_: Desk, question: Emerging) -> EmergingList:
    found = list_concepts(
        _scan(question), track=question.track, state=question.state, limit=question.offset + question.limit
    )
    return replace(found, items=found.items[question.offset :])


class ShowConcept(_AsOf):
    """What `show_concept` asks."""

    concept: ConceptName
    evidence: Evidence = 10


def _show_concept(desk: Desk, question: ShowConcept) -> ConceptPage:
    from foretrack.domains.foresight.actions.show import show as find_concept

    return find_concept(_workspace(desk), _scan(question), question.concept, evidence=question.evidence)


class ExplainConcept(_AsOf):
    """What `explain_concept` asks."""

    concept: ConceptName
    year: Annotated[
        int | None,
        Field(ge=1000, le=9999, description="Only the documents of this year, so that none is cut off."),
    ] = None


def _explain_concept(_: Desk, question: ExplainConcept) -> Explanation:
    from foretrack.domains.foresight.actions.show import explain as find_reasons

    found = find_reasons(_scan(question), question.concept)
    if question.year is None:
        return found
    of_year = tuple(one for one in found.documents_by_year if one[0] == question.year)
    return replace(found, documents_by_year=of_year)


class Technologies(_AsOf):
    """What `technologies` asks."""

    track: TrackName = None
    stage: Annotated[Stage | None, Field(description="Only technologies in this stage of life.")] = None
    limit: Limit = 10
    offset: Offset = 0


def _technologies(_: Desk, question: Technologies) -> TechnologyList:
    from foretrack.domains.foresight.actions.technologies import technologies as list_technologies

    found = list_technologies(
        _scan(question), track=question.track, stage=question.stage, limit=question.offset + question.limit
    )
    return replace(found, items=found.items[question.offset :])


class Technology(_AsOf):
    """What `technology` asks."""

    name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=300,
            description="A technology's identifier or label, or a concept that belongs to it.",
        ),
    ]
    evidence: Evidence = 10


def _technology(desk: Desk, question: Technology) -> TechnologyPage:
    from foretrack.domains.foresight.actions.technologies import technology as find_technology

    return find_technology(_workspace(desk), _scan(question), question.name, evidence=question.evidence)


class Compare(Question):
    """What `compare` asks."""

    before: Annotated[int, Field(ge=1000, le=9999, description="The earlier as-of year.")]
    after: Annotated[int, Field(ge=1000, le=9999, description="The later as-of year.")]
    top: Annotated[int, Field(ge=1, le=500, description="How many ranks are compared.")] = 50


def _compare(_: Desk, question: Compare) -> Comparison:
    from foretrack.domains.foresight.actions.compare import compare as find_changes

    first, second = (_scan(_AsOf(as_of=year)) for year in (question.before, question.after))
    return find_changes(first, second, top=question.top)


class Positions(_AsOf):
    """What `positions` asks."""

    of: Annotated[GroupKind, Field(description="Whose documents are counted.")] = "corpus"
    name: Annotated[
        str,
        Field(max_length=300, description="The track, technology or concept; empty for the whole corpus."),
    ] = ""
    by: Annotated[By, Field(description="What the parties are.")] = "country"
    counting: Annotated[
        Counting, Field(description="Whether a document with several parties is shared among them.")
    ] = "fractional"
    top: Limit = 10
    years: Annotated[
        int | None, Field(ge=1, le=100, description="How many years up to the as-of year are counted.")
    ] = None


def _positions(desk: Desk, question: Positions) -> PositionList:
    from foretrack.domains.foresight.actions.positions import PositionRequest
    from foretrack.domains.foresight.actions.positions import positions as find_positions

    scan = _scan(question) if question.of != "corpus" or question.scan or question.as_of is None else None
    request = PositionRequest(
        kind=question.of, name=question.name, by=question.by, counting=question.counting, top=question.top,
        years=question.years, as_of=question.as_of if question.as_of is not None or scan is None else scan.as_of,
    )  # fmt: skip
    return find_positions(_workspace(desk), request, scan if question.of != "corpus" else None)


class Links(_AsOf):
    """What `links` asks."""

    concept: Annotated[
        str | None,
        Field(max_length=300, description="Only pairs with this concept, by identifier or spelling."),
    ] = None
    track: TrackName = None
    limit: Limit = 10


def _links(desk: Desk, question: Links) -> LinkList:
    from foretrack.domains.foresight.actions.links import links as find_links

    return find_links(
        _workspace(desk), _scan(question), concept=question.concept, track=question.track, limit=question.limit
    )  # fmt: skip


class ScoreboardAsked(Question):
    """What `scoreboard` asks."""

    whole: Annotated[
        bool,
        Field(description="Also every figure of the newest backtest, of the model and of what it must beat."),
    ] = False


def _scoreboard(desk: Desk, question: ScoreboardAsked) -> Scoreboard:
    from foretrack.domains.foresight.actions.scoreboard import scoreboard as read_scoreboard

    found = read_scoreboard(_workspace(desk))
    return found if question.whole else replace(found, newest={})


class Tracks(Question):
    """What `tracks` asks."""

    text: Annotated[
        str,
        Field(max_length=20_000, description="A title or text to place; empty lists the tracks of the pack."),
    ] = ""
    pack: Annotated[str, Field(max_length=100, description="A policy pack by its identifier.")] = DEFAULT_PACK
    top: Annotated[
        int, Field(ge=1, le=20, description="How many tracks are given with their probability.")
    ] = 3


def _tracks(desk: Desk, question: Tracks) -> dict[str, Any]:
    from foretrack.domains.foresight.actions.tracks import answers_json, classify

    if question.text.strip():
        # As a list: a single text could be taken for the name of a file on this machine.
        found = classify(
            [question.text], pack_ids=(question.pack,), workspace=desk.workspace, top=question.top
        )
        return {"placed": answers_json(found)}
    pack = choose_pack(load_packs([desk.workspace / "packs"]), question.pack, holding="tracks")
    return {
        "tracks": [
            {
                "pack": pack.id, "direction": track.direction, "track": track.id, "label_en": track.label.en,
                "label_zh": track.label.zh, "clause": track.clause,
            }
            for track in pack.tracks
        ]
    }  # fmt: skip


class CorpusFacts(Question):
    """What `corpus_facts` asks."""

    rows: Annotated[
        bool, Field(description="Also the documents of each source, kind and year, and every coverage break.")
    ] = False


def _corpus_facts(desk: Desk, question: CorpusFacts) -> dict[str, Any]:
    from foretrack.domains.foresight.actions.describe import describe

    told = describe(_workspace(desk)).to_json()
    return (
        told
        if question.rows
        else {name: value for name, value in told.items() if name not in ("rows", "breaks")}
    )


class Method(_AsOf):
    """What `method` asks."""


def _method(_: Desk, question: Method) -> ScanSummary:
    return _scan(question).summary()


TOOLS = (
    Tool(
        "emerging",
        "The ranked list of emerging concepts as of a year, with state, growth, forecast and doubts of each. Begin here.",
        Emerging, _emerging, EmergingList,
    ),
    Tool(
        "show_concept",
        "One concept as of a year: yearly series, spellings, neighbours, measures, and documents that carry it.",
        ShowConcept, _show_concept, ConceptPage,
    ),
    Tool(
        "explain_concept",
        "Why a concept has its score and state: the parts of the score, the tests, and the identifiers of all documents "
        "that were counted, year by year.",
        ExplainConcept, _explain_concept, Explanation,
    ),
    Tool(
        "technologies",
        "Technologies as of a year: communities of concepts with a lasting identity, their stage of life and growth.",
        Technologies, _technologies, TechnologyList,
    ),
    Tool(
        "technology",
        "One technology as of a year: its concepts, series, neighbours, the events of its life, and documents.",
        Technology, _technology, TechnologyPage,
    ),
    Tool(
        "compare",
        "What entered, rose, fell and left the top of the ranked list between two as-of years, with reasons.",
        Compare, _compare, Comparison,
    ),
    Tool(
        "positions",
        "Who leads by documents, in the corpus or in one track, technology or concept: shares with intervals, risk of "
        "monopoly, disruption. May take some seconds.",
        Positions, _positions, PositionList,
    ),
    Tool(
        "links",
        "Pairs of concepts that no document joins yet, the likeliest to be studied together first. May take a minute "
        "the first time.",
        Links, _links, LinkList,
    ),
    Tool(
        "scoreboard",
        "What past forecasts were worth: stored backtests of earlier years, judged by what came.",
        ScoreboardAsked, _scoreboard,
    ),
    Tool(
        "tracks",
        "The tracks of a policy; or, for a text in English or Chinese, on which of them it lies and why.",
        Tracks, _tracks,
    ),
    Tool(
        "corpus_facts",
        "What the lookout has read: documents by year, source and language, what was rejected, coverage breaks.",
        CorpusFacts, _corpus_facts,
    ),
    Tool(
        "method",
        "How a scan was made: as-of year, snapshot, method and version, filters, counts, and what a reader must know.",
        Method, _method, ScanSummary,
    ),
)  # fmt: skip
"""In the order in which one needs them."""
