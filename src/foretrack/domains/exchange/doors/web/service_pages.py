"""The directory of services in a browser: words, facets, and what customers said of completed orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.exchange.actions.service_directory import FACETS, find_services
from foretrack.domains.exchange.doors.web.deal_telling import money, option
from foretrack.domains.exchange.kinds.service_orders import SERVICE_OFFERING, SERVICE_ORDER
from foretrack.domains.exchange.reckoning.rating import Rated
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.answers import RecordLine
from foretrack.web.addresses import address
from foretrack.web.facets import Box, boxes_of, chosen_of
from foretrack.web.listing import Chosen
from foretrack.web.naming import in_words, region_named
from foretrack.web.queries import changed, kept, page_number, paged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, say

SHOWN = 24
WORDS, SORT = "q", "sort"
SORT_WORDS = Words({
    "relevance": "Closest to the words",
    "newest": "Newest",
    "rating": "Best rated",
    "days": "Quickest",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stars:
    """What ratings say; only the count where there are too few."""

    n: int
    mean: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """One service."""

    key: str
    href: str
    title: str
    who: str
    service: str
    summary: str
    accreditations: tuple[str, ...]
    price: str
    days: float | None
    regions: tuple[str, ...]
    languages: tuple[str, ...]
    stars: Stars
    order: str
    """Where to order it; empty for whoever may not."""


@dataclass(frozen=True, slots=True)
class Way:
    """One order of the directory."""

    href: str
    label: str
    here: bool


@dataclass(frozen=True)
class ServicesPage(Page):
    """A page of the directory."""

    template: ClassVar[str] = "exchange/service_list.html"
    table: ClassVar[str] = "services"

    total: int
    words: str
    services: tuple[ServiceCard, ...]
    facets: tuple[Box, ...]
    chosen: tuple[Chosen, ...]
    sorts: tuple[Way, ...]
    kept: tuple[tuple[str, str], ...]
    before: str
    after: str
    may_offer: bool
    may_order: bool


def stars_of(rated: Rated) -> Stars:
    """Ratings as they are told: one digit behind the point."""
    if rated.mean is None or rated.low is None or rated.high is None:
        return Stars(rated.n, "", "", "")
    return Stars(rated.n, f"{rated.mean:.1f}", f"{rated.low:.1f}", f"{rated.high:.1f}")


@require_safe
def services(request: Request) -> HttpResponse:
    """Services that are offered."""
    given, actor = request.GET, request.actor
    at, words = page_number(given), given.get(WORDS, "")[:200]
    facets = {name: given.getlist(name) for name in FACETS if name in given}
    found = find_services(
        request.registry, actor, words=words, facets=facets, sort=given.get(SORT, ""), offset=(at - 1) * SHOWN,
        limit=SHOWN,
    )  # fmt: skip
    boxes = boxes_of(given, found.facets)
    titles = titles_of(actor, [line.values["organisation"] for line in found.lines])
    may_order = may_create_somewhere(actor, SERVICE_ORDER)
    sorts = [name for name in SORT_WORDS if name != "relevance" or words.strip()]
    return render(
        request,
        ServicesPage(
            total=found.total, words=words,
            services=tuple(
                _card(line, titles.get(line.values["organisation"], ""), found.ratings[line.key], may_order)
                for line in found.lines
            ),
            facets=boxes, chosen=chosen_of(boxes),
            sorts=tuple(Way(changed(given, sort=name), say(SORT_WORDS[name]), name == found.sort) for name in sorts),
            kept=kept(given, WORDS), before=paged(given, at - 1) if at > 1 else "",
            after=paged(given, at + 1) if at * SHOWN < found.total else "",
            may_offer=may_create_somewhere(actor, SERVICE_OFFERING), may_order=may_order,
        ),
    )  # fmt: skip


def price_of(values: Mapping[str, Any]) -> str:
    """What a service costs, as far as it is said."""
    basis = option(SERVICE_OFFERING, "price_basis", values.get("price_basis"))
    price = money(values.get("price"))
    return say("{basis}, from {price}", basis=basis, price=price) if price else basis


def _card(line: RecordLine, who: str, rated: Rated, may_order: bool) -> ServiceCard:
    values = line.values
    return ServiceCard(
        line.key, address("record", line.key), line.title, who,
        option(SERVICE_OFFERING, "service", values.get("service")), in_words(values.get("summary")),
        tuple(values.get("accreditations") or ()), price_of(values), values.get("days"),
        tuple(region_named(one) for one in values.get("served_regions") or ()), tuple(values.get("languages") or ()),
        stars_of(rated), order_address(line.key) if may_order else "",
    )  # fmt: skip


def order_address(service: str) -> str:
    """The form of an order, with the service filled in."""
    return f"{address('new', SERVICE_ORDER.name)}?{urlencode({'service': service})}"
