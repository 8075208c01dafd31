"""Catalogues in a browser, on paper and as tables: technologies to apply, first sets, entries of guidance catalogues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.exchange.actions.catalogues import (
    APPLICATION_FACETS,
    ENTRY_FACETS,
    FIRST_FACETS,
    Catalogue,
    applications,
    firsts,
    guidance,
)
from foretrack.domains.exchange.doors.web.deal_telling import money, option
from foretrack.domains.exchange.kinds.applications import PROMOTED_APPLICATION
from foretrack.domains.exchange.kinds.firsts import FIRST_SET, GUIDANCE_ENTRY
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.answers import RecordLine
from foretrack.web.addresses import address
from foretrack.web.facets import Box, boxes_of, chosen_of
from foretrack.web.listing import Chosen
from foretrack.web.naming import in_words, region_named, tracks_named
from foretrack.web.queries import kept
from foretrack.web.rendering import Page, Request, render

WORDS = "q"


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a technology changed."""

    measure: str
    unit: str
    before: float | None
    after: float


@dataclass(frozen=True, slots=True)
class Reference:
    """Who has used it."""

    where: str
    year: int | None
    result: str


@dataclass(frozen=True, slots=True)
class Technology:
    """One technology to apply."""

    key: str
    href: str
    title: str
    who: str
    region: str
    tracks: tuple[str, ...]
    maturity: int | None
    summary: str
    uses: tuple[str, ...]
    benefits: tuple[Benefit, ...]
    investment: str
    yearly_cost: str
    payback: float | None
    references: tuple[Reference, ...]
    conditions: str
    contact: str
    since: str
    until: str


@dataclass(frozen=True)
class ApplicationsPage(Page):
    """The catalogue of technologies to apply."""

    template: ClassVar[str] = "exchange/applications.html"
    table: ClassVar[str] = "technologies"

    total: int
    words: str
    technologies: tuple[Technology, ...]
    facets: tuple[Box, ...]
    chosen: tuple[Chosen, ...]
    kept: tuple[tuple[str, str], ...]
    may_apply: bool


@dataclass(frozen=True, slots=True)
class First:
    """One first set, batch or version."""

    key: str
    href: str
    title: str
    who: str
    region: str
    sort: str
    model: str
    summary: str
    entry: str
    entry_href: str
    delivered: int | None
    since: str


@dataclass(frozen=True)
class FirstsPage(Page):
    """The catalogue of first sets."""

    template: ClassVar[str] = "exchange/firsts.html"
    table: ClassVar[str] = "products"

    total: int
    words: str
    products: tuple[First, ...]
    facets: tuple[Box, ...]
    chosen: tuple[Chosen, ...]
    kept: tuple[tuple[str, str], ...]
    may_apply: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One parameter that an entry asks for."""

    parameter: str
    at_most: bool
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class GuidanceEntry:
    """One entry of a guidance catalogue."""

    key: str
    href: str
    code: str
    title: str
    sort: str
    catalogue: str
    parameters: tuple[Asked, ...]
    since: str
    until: str


@dataclass(frozen=True)
class GuidancePage(Page):
    """Entries of guidance catalogues in force."""

    template: ClassVar[str] = "exchange/guidance.html"
    table: ClassVar[str] = "entries"

    total: int
    words: str
    entries: tuple[GuidanceEntry, ...]
    facets: tuple[Box, ...]
    chosen: tuple[Chosen, ...]
    kept: tuple[tuple[str, str], ...]
    may_keep: bool


def _asked(request: Request, names: tuple[str, ...]) -> tuple[str, dict[str, list[str]]]:
    given = request.GET
    return given.get(WORDS, "")[:200], {name: given.getlist(name) for name in names if name in given}


def _owners(request: Request, found: Catalogue) -> dict[str, str]:
    return dict(titles_of(request.actor, [str(line.values.get("organisation", "")) for line in found.lines]))


@require_safe
def applications_page(request: Request) -> HttpResponse:
    """Technologies to apply that stand in the catalogue today."""
    words, facets = _asked(request, APPLICATION_FACETS)
    found = applications(request.registry, request.actor, words=words, facets=facets)
    boxes, owners = boxes_of(request.GET, found.facets), _owners(request, found)
    return render(
        request,
        ApplicationsPage(
            found.total, words, tuple(_technology(line, owners) for line in found.lines), boxes, chosen_of(boxes),
            kept(request.GET, WORDS), may_create_somewhere(request.actor, PROMOTED_APPLICATION),
        ),
    )  # fmt: skip


def _technology(line: RecordLine, owners: dict[str, str]) -> Technology:
    values = line.values
    return Technology(
        key=line.key, href=address("record", line.key), title=line.title, who=owners.get(values["organisation"], ""),
        region=region_named(values.get("region", "")), tracks=tracks_named(values.get("tracks")),
        maturity=values.get("maturity"),
        summary=in_words(values.get("summary")), uses=tuple(in_words(one) for one in values.get("uses") or ()),
        benefits=tuple(
            Benefit(in_words(row["measure"]), str(row.get("unit", "")), row.get("before"), row["after"])
            for row in values.get("benefits") or ()
        ),
        investment=money(values.get("investment")), yearly_cost=money(values.get("yearly_cost")),
        payback=values.get("payback"),
        references=tuple(
            Reference(in_words(row["where"]), row.get("year"), in_words(row.get("result")))
            for row in values.get("references") or ()
        ),
        conditions=in_words(values.get("conditions")), contact=str(values.get("contact", "")),
        since=str(values.get("valid_from", "")), until=str(values.get("valid_until", "")),
    )  # fmt: skip


@require_safe
def firsts_page(request: Request) -> HttpResponse:
    """Products that are first today."""
    words, facets = _asked(request, FIRST_FACETS)
    found = firsts(request.registry, request.actor, words=words, facets=facets)
    boxes, owners = boxes_of(request.GET, found.facets), _owners(request, found)
    entries = titles_of(
        request.actor, [line.values["entry"] for line in found.lines if "entry" in line.values]
    )
    return render(
        request,
        FirstsPage(
            found.total, words, tuple(_first(line, owners, dict(entries)) for line in found.lines), boxes,
            chosen_of(boxes), kept(request.GET, WORDS), may_create_somewhere(request.actor, FIRST_SET),
        ),
    )  # fmt: skip


def _first(line: RecordLine, owners: dict[str, str], entries: dict[str, str]) -> First:
    values = line.values
    entry = str(values.get("entry", ""))
    return First(
        key=line.key, href=address("record", line.key), title=line.title, who=owners.get(values["organisation"], ""),
        region=region_named(values.get("region", "")), sort=option(FIRST_SET, "sort_of", values.get("sort_of")),
        model=str(values.get("model", "")), summary=in_words(values.get("summary")), entry=entries.get(entry, ""),
        entry_href=address("record", entry) if entry in entries else "", delivered=values.get("sets_delivered"),
        since=str(values.get("first_delivered", "")),
    )  # fmt: skip


@require_safe
def guidance_page(request: Request) -> HttpResponse:
    """Entries of guidance catalogues that are in force today."""
    words, facets = _asked(request, ENTRY_FACETS)
    found = guidance(request.registry, request.actor, words=words, facets=facets)
    boxes = boxes_of(request.GET, found.facets)
    return render(
        request,
        GuidancePage(
            found.total, words, tuple(_entry(line) for line in found.lines), boxes, chosen_of(boxes),
            kept(request.GET, WORDS), may_create_somewhere(request.actor, GUIDANCE_ENTRY),
        ),
    )  # fmt: skip


def _entry(line: RecordLine) -> GuidanceEntry:
    values: Any = line.values
    return GuidanceEntry(
        key=line.key, href=address("record", line.key), code=str(values["code"]), title=line.title,
        sort=option(GUIDANCE_ENTRY, "sort_of", values.get("sort_of")), catalogue=str(values["catalogue"]),
        parameters=tuple(
            Asked(str(row["parameter"]), row.get("sense") == "at most", row["value"], str(row.get("unit", "")))
            for row in values.get("parameters") or ()
        ),
        since=str(values.get("valid_from", "")), until=str(values.get("valid_until", "")),
    )  # fmt: skip
