"""Where one begins about enterprises: the ladders with their echelons, and what can be asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.enterprises.doors.web.shown import LEVELS, Mark, mark_of
from foretrack.domains.enterprises.kinds import KINDS
from foretrack.domains.enterprises.ladders import known_ladders, months_valid
from foretrack.registry.actions.overview import count_kinds
from foretrack.web.addresses import address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, say


@dataclass(frozen=True, slots=True)
class EchelonLine:
    """One echelon in words."""

    label: str
    href: str
    """The rule in its pack."""
    chain: str
    years: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class LadderLine:
    """One ladder in words."""

    id: str
    label: str
    period: str
    in_force: bool
    echelons: tuple[EchelonLine, ...]
    assess: str
    table: str


@dataclass(frozen=True, slots=True)
class KindTile:
    """A kind of record about enterprises."""

    label: str
    help: str
    n: int
    href: str


@dataclass(frozen=True)
class EnterprisesPage(Page):
    """Ladders and kinds."""

    template: ClassVar[str] = "enterprises/overview.html"
    table: ClassVar[str] = "ladders"

    ladders: tuple[LadderLine, ...]
    kinds: tuple[KindTile, ...]


@require_safe
def overview(request: Request) -> HttpResponse:
    """The page."""
    language, today = page_language(), request.registry.now().date().isoformat()
    counts = {one.name: one.n for one in count_kinds(request.registry, request.actor)}
    return render(
        request,
        EnterprisesPage(
            ladders=tuple(
                LadderLine(
                    one.id, one.label.text(language), f"{one.valid_from} – {one.valid_to or '…'}", one.in_force(today),
                    tuple(
                        EchelonLine(
                            echelon.label.text(language), address("pack entry", *echelon.rule.split("/", 1)),
                            " → ".join(say(LEVELS[level]) for level in echelon.chain), f"{months_valid(echelon) / 12:g}",
                            mark_of(echelon.confidence),
                        )
                        for echelon in one.echelons
                    ),
                    address("assess", one.id), address("assess table", one.id),
                )
                for one in known_ladders()
            ),
            kinds=tuple(
                KindTile(
                    kind.plural.text(language), kind.help.text(language), counts.get(kind.name, 0),
                    address("kind", kind.name),
                )
                for kind in KINDS
            ),
        ),
    )  # fmt: skip
