"""What offers and needs add to the API: looking, the check, copies, what backs a profile, renewal, the network's form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from foretrack.domains.exchange.actions.backing import (
    Number,
    Proposed,
    confirm_signals,
    numbers_of,
    proposals_for,
)
from foretrack.domains.exchange.actions.browsing import FACETS, find_profiles, show_profile
from foretrack.domains.exchange.actions.checking import check_record, check_values
from foretrack.domains.exchange.actions.copies import Copy, copies_of
from foretrack.domains.exchange.actions.exchanging import network_form, take_network_form
from foretrack.domains.exchange.actions.expiring import renew
from foretrack.domains.exchange.doors.web.panels import FindingLine, findings_told
from foretrack.domains.exchange.doors.web.profile import cited_of
from foretrack.domains.exchange.formats.citing import as_json_ld
from foretrack.registry.answers import Facet, RecordLine, RecordPage
from foretrack.web.cursors import Cursor, Limit, next_address, position_of
from foretrack.web.rendering import Request
from foretrack.web.routes import Answer, Given, Routes, read_revision

ROUTES = Routes("profiles", "Offers and needs")

Key: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
ProfileKind: TypeAlias = Literal["offer", "need"]
Words: TypeAlias = Annotated[
    str, Field(max_length=200, description="Words that are looked for, by meaning too.")
]
Several: TypeAlias = Annotated[
    str, Field(max_length=400, description="A value of the facet; several with commas, any of which will do.")
]


@dataclass(frozen=True, slots=True)
class Profiles:
    """A part of the published offers or needs that hold today."""

    items: tuple[RecordLine, ...]
    total: int
    facets: tuple[Facet, ...]
    next: str | None
    """Address of the next part; null where there is none."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a reader would miss or doubt."""

    items: tuple[FindingLine, ...]
    stops: int
    """Findings that stop publication."""


@dataclass(frozen=True, slots=True)
class Copies:
    """Profiles that are nearly the same."""

    items: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Backing:
    """What backs a profile."""

    numbers: tuple[Number, ...]
    proposed: tuple[Proposed, ...]
    """Concepts and technologies that its text names and that it does not link."""


class Written(Given):
    """A profile as somebody is writing it."""

    kind: Literal["offer", "need", "achievement"]
    values: dict[str, Any]


class Confirmed(Given):
    """Which of the proposed concepts are right."""

    links: Annotated[list[str], Field(min_length=1, max_length=20)]


class Renewed(Given):
    """Until when the profile holds; empty for as long as profiles usually do."""

    valid_until: str = ""


class NetworkForm(Given):
    """A profile in the form of partner networks, and values that the form does not have."""

    profile: dict[str, Any]
    values: Annotated[dict[str, Any], Field(default_factory=dict)]


@ROUTES.get("/exchange/{kind}s", "Published offers or needs that hold today", answers=Profiles)
def list_profiles(
    request: Request, kind: ProfileKind, words: Words = "", tracks: Several = "", stage: Several = "",
    cooperation: Several = "", region: Several = "", cursor: Cursor = "", limit: Limit = 50,
) -> Profiles:  # fmt: skip
    position = position_of(request, cursor)
    begin = int(position[0]) if position else 0
    given = {"tracks": tracks, "stage": stage, "cooperation": cooperation, "region": region}
    facets = {
        n: [one.strip() for one in text.split(",")] for n, text in given.items() if text and n in FACETS[kind]
    }
    found = find_profiles(
        request.registry, request.actor, kind, words=words, facets=facets, offset=begin, limit=limit
    )
    more = begin + limit < found.total and bool(found.lines)
    return Profiles(
        found.lines, found.total, found.facets, next_address(request, [begin + limit] if more else None)
    )


@ROUTES.post(
    "/exchange/check", "What is vague in a profile that is being written", answers=Findings, safe=True
)
def check_written(request: Request, given: Written) -> Findings:
    found = check_values(request.registry, given.kind, given.values)
    told = findings_told(request.registry.kinds.get(given.kind), found)
    return Findings(told, sum(one.stops for one in told))


@ROUTES.get("/exchange/{key:key}/check", "What is vague in a profile", answers=Findings)
def check_kept(request: Request, key: Key) -> Findings:
    page = show_profile(request.registry, request.actor, key)
    told = findings_told(
        request.registry.kinds.get(page.kind), check_record(request.registry, page.kind, page.values)
    )
    return Findings(told, sum(one.stops for one in told))


@ROUTES.get("/exchange/{key:key}/copies", "Profiles that are nearly the same as one", answers=Copies)
def list_copies(request: Request, key: Key) -> Copies:
    return Copies(
        copies_of(request.registry, request.actor, show_profile(request.registry, request.actor, key).key)
    )


@ROUTES.get(
    "/exchange/{key:key}/backing", "Patents, standards and concepts that back a profile", answers=Backing
)
def show_backing(request: Request, key: Key) -> Backing:
    page = show_profile(request.registry, request.actor, key)
    return Backing(numbers_of(request.actor, page.values), proposals_for(request.actor, page))


@ROUTES.post(
    "/exchange/{key:key}/signals", "Link proposed concepts to a profile", answers=RecordPage, locked=True
)
def link_signals(request: Request, key: Key, given: Confirmed) -> Answer:
    page = confirm_signals(request.registry, request.actor, key, given.links, revision=read_revision(request))
    return Answer(page, revision=page.revision)


@ROUTES.post("/exchange/{key:key}/renew", "Renew a profile", answers=RecordPage, locked=True)
def renew_kept(request: Request, key: Key, given: Renewed) -> Answer:
    page = renew(
        request.registry, request.actor, key, revision=read_revision(request), until=given.valid_until
    )
    return Answer(page, revision=page.revision)


@ROUTES.get(
    "/exchange/{key:key}/network", "A profile in the form of partner networks", answers=dict[str, Any]
)
def give_profile(request: Request, key: Key) -> dict[str, Any]:
    return network_form(request.registry, request.actor, key)


@ROUTES.post(
    "/exchange/network",
    "Make a draft of a profile in the form of partner networks",
    answers=RecordPage,
    status=201,
)
def take_profile(request: Request, given: NetworkForm) -> Answer:
    page = take_network_form(request.registry, request.actor, given.profile, given.values)
    return Answer(page, revision=page.revision)


@ROUTES.get("/exchange/{key:key}/linked-data", "A profile in the words of schema.org", answers=dict[str, Any])
def show_linked_data(request: Request, key: Key) -> dict[str, Any]:
    return dict(as_json_ld(cited_of(request, show_profile(request.registry, request.actor, key))))
