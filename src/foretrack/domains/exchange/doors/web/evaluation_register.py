"""The public register of recognised bodies, with state and history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.exchange.actions.registering import Body, register
from foretrack.domains.exchange.kinds.bodies import ON_REGISTER, SERVICE_BODY
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.declaring.fields import Choice
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language

TONES = {
    "recognised": "good",
    "rechecking": "warm",
    "suspended": "bad",
    "contested": "warm",
    "removed": "bad",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a box."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One body in words."""

    key: str
    href: str
    title: str
    owner: str
    services: str
    region: str
    status: str
    tone: str
    since: str
    steps: tuple[tuple[str, str], ...]
    """(state, day), the newest first."""
    reports: str
    overdue: str
    evaluations: int
    complaints: int
    upheld: int


@dataclass(frozen=True)
class RegisterPage(Page):
    """The register."""

    template: ClassVar[str] = "exchange/bodies.html"
    table: ClassVar[str] = "bodies"

    total: int
    bodies: tuple[BodyRow, ...]
    services: tuple[Option, ...]
    states: tuple[Option, ...]
    region: str
    filtered: bool
    complain: str
    """Where to complain; empty for whoever may not."""


@require_safe
def register_page(request: Request) -> HttpResponse:
    """Bodies that were recognised once."""
    given, language = request.GET, page_language()
    service, status, region = (
        given.get("service", ""),
        given.get("status", ""),
        given.get("region", "").strip()[:20],
    )
    options = _services()
    service, status = service if service in options else "", status if status in ON_REGISTER else ""
    found = register(request.registry, request.actor, service=service, region=region, status=status)
    owners = titles_of(request.actor, [one.organisation for one in found if one.organisation])
    may = may_create_somewhere(request.actor, request.registry.kinds.get("complaint"))
    return render(
        request,
        RegisterPage(
            total=len(found), bodies=tuple(row_of(one, owners.get(one.organisation, "")) for one in found),
            services=tuple(Option(name, text, name == service) for name, text in options.items()),
            states=tuple(
                Option(name, SERVICE_BODY.state(name).label.text(language), name == status) for name in ON_REGISTER
            ),
            region=region, filtered=bool(service or status or region),
            complain=address("new", "complaint") if may else "",
        ),
    )  # fmt: skip


def _services() -> dict[str, str]:
    field = SERVICE_BODY.by_name["services"]
    assert isinstance(field, Choice)
    return {name: label.text(page_language()) for name, label in field.options.items()}


def row_of(one: Body, owner: str) -> BodyRow:
    """A body as the page says it."""
    words, comma = _services(), "、" if page_language() == "zh" else ", "
    return BodyRow(
        one.key, address("record", one.key), one.title, owner, comma.join(words.get(s, s) for s in one.services),
        one.region, one.label, TONES.get(one.status, ""), one.since, tuple((s.label, s.on) for s in one.steps),
        comma.join(map(str, one.reports)), comma.join(map(str, one.overdue)), one.evaluations, one.complaints, one.upheld,
    )  # fmt: skip
