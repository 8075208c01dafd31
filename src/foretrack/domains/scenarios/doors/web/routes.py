"""What the domain adds to the API: the library of cases with likeness and citations, the board, what grows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from foretrack.domains.scenarios.actions.growing import grow_record
from foretrack.domains.scenarios.actions.library import find_cases, show_case, similar_cases
from foretrack.domains.scenarios.actions.opportunities import Board, Region, benchmarks, board
from foretrack.domains.scenarios.doors.web.case import cited_of
from foretrack.records.citing import as_bibtex, as_csl, as_json_ld, as_text
from foretrack.registry.answers import Facet, RecordLine, RecordPage
from foretrack.web.cursors import Cursor, Limit, next_address, position_of
from foretrack.web.rendering import Request
from foretrack.web.routes import Answer, Given, Routes

ROUTES = Routes("scenarios", "Opportunities and cases")

Key: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Words: TypeAlias = Annotated[
    str, Field(max_length=200, description="Words that are looked for, by meaning too.")
]
Several: TypeAlias = Annotated[
    str, Field(max_length=400, description="A value of the facet; several with commas, any of which will do.")
]
Order: TypeAlias = Annotated[
    Literal["", "newest", "maturity", "change", "relevance"], Field(description="relevance only with words.")
]


@dataclass(frozen=True, slots=True)
class Library:
    """A part of the library of cases."""

    items: tuple[RecordLine, ...]
    total: int
    facets: tuple[Facet, ...]
    next: str | None
    """Address of the next part; null where there is none."""


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """A case that is like another; the parts of the score are the whole of it."""

    case: RecordLine
    score: float
    similarity: float | None
    tracks: tuple[str, ...]
    technologies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alikes:
    """Cases that are like one."""

    items: tuple[AlikeLine, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """A case as others cite it."""

    text: str
    bibtex: str
    csl: list[dict[str, Any]]
    json_ld: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Regions:
    """Benchmark scenarios by region."""

    items: tuple[Region, ...]


class Growing(Given):
    """What shall be made of it."""

    to: Literal["scenario", "case"]


@ROUTES.get("/cases", "The library of cases", answers=Library)
def list_cases(
    request: Request, words: Words = "", tracks: Several = "", region: Several = "", maturity: Several = "",
    sort: Order = "", cursor: Cursor = "", limit: Limit = 50,
) -> Library:  # fmt: skip
    position = position_of(request, cursor)
    begin = int(position[0]) if position else 0
    given = {"tracks": tracks, "region": region, "maturity": maturity}
    facets = {name: [one.strip() for one in text.split(",")] for name, text in given.items() if text}
    found = find_cases(
        request.registry, request.actor, words=words, facets=facets, sort=sort, offset=begin, limit=limit
    )
    more = begin + limit < found.total
    return Library(
        found.lines, found.total, found.facets, next_address(request, [begin + limit] if more else None)
    )


@ROUTES.get("/cases/{key:key}/similar", "Cases that are like one, and why", answers=Alikes)
def list_similar_cases(request: Request, key: Key) -> Alikes:
    found = similar_cases(request.registry, request.actor, show_case(request.registry, request.actor, key))
    return Alikes(
        tuple(AlikeLine(one.line, one.score, one.similarity, one.tracks, one.technologies) for one in found)
    )


@ROUTES.get("/cases/{key:key}/citation", "How a case is cited", answers=Citation)
def show_citation(request: Request, key: Key) -> Citation:
    cited = cited_of(request, show_case(request.registry, request.actor, key))
    return Citation(as_text(cited), as_bibtex(cited), as_csl(cited), as_json_ld(cited))


@ROUTES.get("/opportunities/board", "Opportunities by deadline and state", answers=Board)
def show_board(request: Request) -> Board:
    return board(request.registry, request.actor)


@ROUTES.get("/opportunities/benchmarks", "Benchmark scenarios by region", answers=Regions)
def list_benchmarks(request: Request) -> Regions:
    return Regions(benchmarks(request.registry, request.actor))


@ROUTES.post(
    "/opportunities/{key:key}/grow", "Make the draft of a scenario or a case of a proved one", answers=RecordPage,
    status=201,
)  # fmt: skip
def grow_into(request: Request, key: Key, given: Growing) -> Answer:
    made = grow_record(request.registry, request.actor, key, given.to)
    return Answer(made, revision=made.revision)
