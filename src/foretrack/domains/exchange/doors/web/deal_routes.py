"""What deals, services and catalogues add to the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from foretrack.domains.exchange.actions.catalogues import applications, firsts, guidance
from foretrack.domains.exchange.actions.deals import Breakdown, Row, open_listings, register, statistics
from foretrack.domains.exchange.actions.firsts import Candidate, eligibility_of, entries_like, show_first
from foretrack.domains.exchange.actions.service_directory import find_services, show_service
from foretrack.domains.exchange.reckoning.parameters import Line
from foretrack.domains.exchange.reckoning.rating import Rated
from foretrack.registry.answers import Facet, RecordLine, RecordPage
from foretrack.web.cursors import Cursor, Limit, next_address, position_of
from foretrack.web.rendering import Request
from foretrack.web.routes import Routes

ROUTES = Routes("deals", "Deals, services and catalogues")

Key: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Words: TypeAlias = Annotated[
    str, Field(max_length=200, description="Words that are looked for, by meaning too.")
]
Several: TypeAlias = Annotated[
    str, Field(max_length=400, description="A value of the facet; several with commas, any of which will do.")
]
Order: TypeAlias = Annotated[
    Literal["", "relevance", "newest", "rating", "days"], Field(description="relevance only with words.")
]


@dataclass(frozen=True, slots=True)
class Lines:
    """A part of a list."""

    items: tuple[RecordLine, ...]
    total: int
    facets: tuple[Facet, ...]
    next: str | None
    """Address of the next part; null where there is none."""


@dataclass(frozen=True, slots=True)
class ServiceLines:
    """A part of the directory of services."""

    items: tuple[RecordLine, ...]
    ratings: Mapping[str, Rated]
    """Key of a service to what its ratings say."""
    total: int
    facets: tuple[Facet, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """A sum in one currency; null where it is hidden."""

    currency: str
    amount: str | None


@dataclass(frozen=True, slots=True)
class Number:
    """One value of a breakdown; n is null where it is hidden."""

    value: str
    n: int | None
    sums: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class By:
    """Deals by the values of one thing."""

    name: str
    rows: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class DealStatistics:
    """What may be told of all deals."""

    on: str
    all: Number
    registered: int | None
    least: int
    breakdowns: tuple[By, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """A deal as both sides agreed to show it; amount is null where only the band was agreed to."""

    title: Mapping[str, str]
    sides: tuple[str, ...]
    contract_kind: str
    day: str
    region: str
    registered: bool
    currency: str
    amount: str | None
    band_from: float | None
    band_below: float | None


@dataclass(frozen=True, slots=True)
class Contracts:
    """The public register."""

    items: tuple[Contract, ...]


@dataclass(frozen=True, slots=True)
class ServiceWithRatings:
    """One service with what customers said of it."""

    service: RecordPage
    rated: Rated
    ratings: tuple[RecordPage, ...]


@dataclass(frozen=True, slots=True)
class FirstEligibility:
    """Whether a product is first: outcome is met, not met, undecided, or empty where no rule decides, and why."""

    outcome: str
    rule: str
    unknown: str
    missing: tuple[str, ...]
    parameters: tuple[Line, ...]
    no_longer: bool
    alternatives: tuple[Candidate, ...]


def _facets(**given: str) -> dict[str, list[str]]:
    return {name: [one.strip() for one in text.split(",")] for name, text in given.items() if text}


def _begin(request: Request, cursor: str) -> int:
    position = position_of(request, cursor)
    return int(position[0]) if position else 0


def _number(row: Row) -> Number:
    return Number(
        row.value, row.n, tuple(Told(c, None if total is None else f"{total:f}") for c, total in row.sums)
    )


def _by(part: Breakdown) -> By:
    return By(part.name, tuple(_number(row) for row in part.rows))


@ROUTES.get("/listings", "Listings that are open", answers=Lines)
def list_open_listings(
    request: Request, way: Several = "", price_mode: Several = "", tracks: Several = "", region: Several = "",
    cursor: Cursor = "", limit: Limit = 50,
) -> Lines:  # fmt: skip
    begin = _begin(request, cursor)
    found = open_listings(
        request.registry, request.actor, offset=begin, limit=limit,
        facets=_facets(way=way, price_mode=price_mode, tracks=tracks, region=region),
    )  # fmt: skip
    more = [begin + limit] if begin + limit < found.total else None
    return Lines(found.lines, found.total, found.facets, next_address(request, more))


@ROUTES.get("/deals/register", "Contracts that both sides agreed to show", answers=Contracts)
def show_register(request: Request) -> Contracts:
    return Contracts(
        tuple(
            Contract(
                one.title, one.sides, one.contract_kind, one.day, one.region, one.registered, one.currency,
                one.amount or None, *one.band,
            )
            for one in register(request.registry, request.actor)
        )
    )  # fmt: skip


@ROUTES.get("/deals/statistics", "Numbers and sums of deals, small ones hidden", answers=DealStatistics)
def show_deal_statistics(request: Request) -> DealStatistics:
    told = statistics(request.registry)
    return DealStatistics(
        told.on, _number(told.all), told.registered, told.least, tuple(_by(part) for part in told.breakdowns)
    )


@ROUTES.get("/services", "The directory of services", answers=ServiceLines)
def list_services(
    request: Request, words: Words = "", service: Several = "", region: Several = "", languages: Several = "",
    sort: Order = "", cursor: Cursor = "", limit: Limit = 50,
) -> ServiceLines:  # fmt: skip
    begin = _begin(request, cursor)
    found = find_services(
        request.registry, request.actor, words=words, sort=sort, offset=begin, limit=limit,
        facets=_facets(service=service, region=region, languages=languages),
    )  # fmt: skip
    more = [begin + limit] if begin + limit < found.total else None
    return ServiceLines(found.lines, found.ratings, found.total, found.facets, next_address(request, more))


@ROUTES.get("/services/{key:key}", "One service with its ratings", answers=ServiceWithRatings)
def show_rated_service(request: Request, key: Key) -> ServiceWithRatings:
    found = show_service(request.registry, request.actor, key)
    shown = tuple(one for one in found.ratings if one.status != "draft")
    return ServiceWithRatings(found.page, found.rated, shown)


@ROUTES.get("/catalogues/applications", "Technologies to apply", answers=Lines)
def list_applications(
    request: Request, words: Words = "", tracks: Several = "", region: Several = ""
) -> Lines:
    found = applications(
        request.registry, request.actor, words=words, facets=_facets(tracks=tracks, region=region)
    )
    return Lines(found.lines, found.total, found.facets, None)


@ROUTES.get("/catalogues/firsts", "First sets, batches and versions", answers=Lines)
def list_firsts(request: Request, words: Words = "", sort_of: Several = "", region: Several = "") -> Lines:
    found = firsts(
        request.registry, request.actor, words=words, facets=_facets(sort_of=sort_of, region=region)
    )
    return Lines(found.lines, found.total, found.facets, None)


@ROUTES.get("/catalogues/guidance", "Entries of guidance catalogues in force", answers=Lines)
def list_guidance(request: Request, words: Words = "", sort_of: Several = "") -> Lines:
    found = guidance(request.registry, request.actor, words=words, facets=_facets(sort_of=sort_of))
    return Lines(found.lines, found.total, found.facets, None)


@ROUTES.get(
    "/first-sets/{key:key}/eligibility", "Whether a product is first, and why", answers=FirstEligibility
)
def show_eligibility(request: Request, key: Key, code: Words = "") -> FirstEligibility:
    page = show_first(request.registry, request.actor, key)
    found = eligibility_of(request.registry, request.actor, page)
    answer, leaves = found.answer, found.leaves
    return FirstEligibility(
        answer.outcome if answer else "", answer.rule if answer else "", found.unknown,
        answer.missing if answer else (), found.parameters, bool(leaves and leaves.outcome == "met"),
        entries_like(request.registry, request.actor, page, code=code),
    )  # fmt: skip
