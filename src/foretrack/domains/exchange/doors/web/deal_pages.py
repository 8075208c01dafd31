"""Deals in a browser: what is listed, the register as far as both sides agreed to it, and statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.exchange.actions.deals import (
    Row,
    Statistics,
    open_listings,
    own_deals,
    register,
    statistics,
)
from foretrack.domains.exchange.doors.web.deal_telling import band_told, money, number, option
from foretrack.domains.exchange.kinds.deals import DEAL, LISTING
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.answers import RecordLine
from foretrack.web.addresses import address
from foretrack.web.facets import Box, boxes_of, chosen_of
from foretrack.web.listing import Chosen
from foretrack.web.naming import in_words, region_named, track_named, tracks_named
from foretrack.web.queries import page_number, paged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say

SHOWN = 24
FACETS = ("way", "price_mode", "tracks", "region")
BY_WORDS = Words({
    "contract_kind": "By kind of contract",
    "region": "By region",
    "tracks": "By track",
    "year": "By year of the contract",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListingCard:
    """One listing."""

    key: str
    href: str
    title: str
    who: str
    region: str
    way: str
    mode: str
    price: str
    tax: str
    summary: str
    tracks: tuple[str, ...]
    until: str
    enquire: str
    """Where to enquire; empty for whoever may not."""


@dataclass(frozen=True, slots=True)
class OwnDeal:
    """A deal that the reader is in charge of or a side of."""

    href: str
    title: str
    other: str
    status: str
    closed: bool


@dataclass(frozen=True)
class DealsPage(Page):
    """What is listed now."""

    template: ClassVar[str] = "exchange/deals.html"
    table: ClassVar[str] = "listings"

    total: int
    listings: tuple[ListingCard, ...]
    facets: tuple[Box, ...]
    chosen: tuple[Chosen, ...]
    before: str
    after: str
    own: tuple[OwnDeal, ...]
    may_list: bool
    may_enquire: bool


@require_safe
def deals(request: Request) -> HttpResponse:
    """Listings that are open, and the reader's own deals."""
    given, registry, actor = request.GET, request.registry, request.actor
    at = page_number(given)
    facets = {name: given.getlist(name) for name in FACETS if name in given}
    found = open_listings(registry, actor, facets=facets, offset=(at - 1) * SHOWN, limit=SHOWN)
    boxes = boxes_of(given, found.facets)
    may_enquire = may_create_somewhere(actor, DEAL)
    own = own_deals(registry, actor)
    keys = [line.values["organisation"] for line in found.lines]
    keys += [
        key for line in own for key in (line.values.get("organisation"), line.values.get("recipient")) if key
    ]
    titles = titles_of(actor, keys)
    return render(
        request,
        DealsPage(
            found.total,
            tuple(card(one, titles.get(one.values["organisation"], ""), may_enquire) for one in found.lines),
            boxes, chosen_of(boxes), paged(given, at - 1) if at > 1 else "",
            paged(given, at + 1) if at * SHOWN < found.total else "",
            tuple(_own(line, titles, actor.organisations) for line in own), may_create_somewhere(actor, LISTING),
            may_enquire,
        ),
    )  # fmt: skip


def card(line: RecordLine, who: str, may_enquire: bool) -> ListingCard:
    """A listing as its page tells it."""
    values = line.values
    return ListingCard(
        line.key, address("record", line.key), line.title, who, region_named(values.get("region", "")),
        option(LISTING, "way", values.get("way")), option(LISTING, "price_mode", values.get("price_mode")),
        money(values.get("price")), in_words(values.get("tax_note")), in_words(values.get("summary")),
        tracks_named(values.get("tracks")), str(values.get("valid_until", "")),
        enquiry_address(line.key) if may_enquire else "",
    )  # fmt: skip


def enquiry_address(about: str, interest: str = "") -> str:
    """The form of a deal, with what it is about filled in."""
    given = {"about": about} | ({"interest": interest} if interest else {})
    return f"{address('new', DEAL.name)}?{urlencode(given)}"


def _own(line: RecordLine, titles: Mapping[str, str], own: frozenset[str]) -> OwnDeal:
    sides = [str(line.values.get(name, "")) for name in ("organisation", "recipient")]
    others = [titles.get(side, "") for side in sides if side and side not in own]
    state = DEAL.state(line.status)
    return OwnDeal(
        address("record", line.key), line.title, " · ".join(filter(None, others)),
        state.label.text(page_language()), state.closed,
    )  # fmt: skip


# ---- register and statistics


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum in one currency."""

    currency: str
    amount: str
    """Empty where it is hidden."""


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a breakdown."""

    label: str
    n: int | None
    sums: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One breakdown."""

    name: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """A line of the register."""

    title: str
    sides: tuple[str, ...]
    kind: str
    day: str
    region: str
    registered: bool
    amount: str
    band: str


@dataclass(frozen=True)
class RegisterPage(Page):
    """The register, and what may be told of all deals."""

    template: ClassVar[str] = "exchange/register.html"
    table: ClassVar[str] = "contracts"

    on: str
    all: Line
    registered: int | None
    parts: tuple[Part, ...]
    least: int
    contracts: tuple[Contract, ...]


@require_safe
def register_page(request: Request) -> HttpResponse:
    """What everybody may know of deals."""
    told: Statistics = statistics(request.registry)
    return render(
        request,
        RegisterPage(
            told.on, _line("", told.all), told.registered,
            tuple(
                Part(
                    part.name, say(BY_WORDS[part.name]),
                    tuple(_line(_label(part.name, row.value), row) for row in part.rows),
                )
                for part in told.breakdowns
            ),
            told.least,
            tuple(
                Contract(
                    in_words(one.title), one.sides, option(DEAL, "contract_kind", one.contract_kind), one.day,
                    region_named(one.region), one.registered,
                    f"{one.currency} {number(Decimal(one.amount))}" if one.amount else "",
                    band_told(one.currency, *one.band),
                )
                for one in register(request.registry, request.actor)
            ),
        ),
    )  # fmt: skip


def _line(label: str, row: Row) -> Line:
    return Line(
        label, row.n,
        tuple(Sum(currency, "" if total is None else number(total)) for currency, total in row.sums),
    )  # fmt: skip


def _label(name: str, value: str) -> str:
    if name == "contract_kind":
        return option(DEAL, name, value)
    if name == "region":
        return region_named(value)
    return track_named(value) if name == "tracks" else value
