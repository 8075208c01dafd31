"""Evaluation for programs: scales, the calculator, reports, the register of bodies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from django.http import HttpResponse
from pydantic import Field

from foretrack.domains.exchange.actions.registering import Body, register
from foretrack.domains.exchange.actions.reporting import report_on
from foretrack.domains.exchange.doors.web.evaluation_calculator import ticked
from foretrack.domains.exchange.doors.web.evaluation_report import report_file
from foretrack.domains.exchange.maturity.assessing import assess
from foretrack.domains.exchange.maturity.readiness import parted
from foretrack.domains.exchange.reports.shape import report_json
from foretrack.domains.exchange.scales import Scale, known_scales, scale_called
from foretrack.packs.shapes import Bilingual
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Many, Routes

ROUTES = Routes("evaluations", "Evaluation of achievements")

Key: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One thing that a level asks to be shown."""

    item: str
    """`level/item`."""
    label: Bilingual


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level."""

    level: str
    label: Bilingual
    market: bool
    """Whether it is a level of the market, apart from readiness."""
    items: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class ScaleLine:
    """An installed scale."""

    scale: str
    label: Bilingual
    version: str
    confidence: str
    levels: tuple[LevelLine, ...]


@dataclass(frozen=True, slots=True)
class LevelFound:
    """What is reached, and what is missing to the next level."""

    scale: str
    confidence: str
    reached: str | None
    counts_as: int | None
    """As the readiness level of a profile; null where the scale says nothing of it."""
    market: bool
    following: str | None
    missing: tuple[ItemLine, ...]
    beyond: tuple[str, ...]
    """Levels of which something is shown that does not count yet."""


class Shown(Given):
    """What can be shown."""

    scale: str = Field(max_length=120, description="`pack/scheme` of an installed scale.")
    items: list[str] = Field(
        default_factory=list, max_length=300, description="`level/item` of the checklists."
    )


@ROUTES.get("/scales", "Installed scales with their levels and checklists", answers=Many[ScaleLine])
def list_scales(request: Request) -> Many[ScaleLine]:
    return Many(tuple(_scale(one) for one in known_scales().values()))


def _scale(scale: Scale) -> ScaleLine:
    market = set(parted(scale.scheme, scale.walk)[1])
    return ScaleLine(
        scale.name, scale.scheme.label, scale.version, scale.scheme.confidence,
        tuple(
            LevelLine(
                one.id, one.label, one.id in market,
                tuple(ItemLine(f"{one.id}/{check.id}", check.label) for check in one.checklist),
            )
            for one in scale.scheme.concepts
        ),
    )  # fmt: skip


@ROUTES.post(
    "/scales/levels", "The level that some evidence shows; nothing is kept", answers=LevelFound, safe=True
)
def find_level(request: Request, given: Shown) -> LevelFound:
    scale = scale_called(given.scale)
    found = assess(scale.scheme, ticked(scale, given.items))
    following = found.following
    return LevelFound(
        scale.name, scale.scheme.confidence, found.reached, scale.counts_as(found.reached),
        found.reached in parted(scale.scheme, scale.walk)[1], following.level if following else None,
        tuple(ItemLine(f"{following.level}/{one.id}", one.label) for one in following.missing) if following else (),
        tuple(step.level for step in found.beyond),
    )  # fmt: skip


@ROUTES.get(
    "/evaluations/{key:key}/report", "The report on an evaluation with its digest", answers=dict[str, Any]
)
def show_evaluation_report(request: Request, key: Key) -> dict[str, Any]:
    return report_json(report_on(request.registry, request.actor, key))


@ROUTES.get(
    "/evaluations/{key:key}/report.pdf", "The report on an evaluation as PDF", answers="application/pdf"
)
def get_evaluation_pdf(
    request: Request, key: Key, language: Annotated[str, Field(pattern="^(en|zh)$", description="`en` or `zh`.")] = "en"
) -> HttpResponse:  # fmt: skip
    return report_file(request, key, language)


@ROUTES.get("/service-bodies", "The register of bodies that were recognised once", answers=Many[Body])
def list_service_bodies(
    request: Request,
    service: Annotated[str, Field(max_length=40, description="Only bodies that offer it, such as `evaluation`.")] = "",
    region: Annotated[str, Field(max_length=20, description="Only this region and those inside it.")] = "",
    status: Annotated[str, Field(max_length=20, description="Only this state, such as `suspended`.")] = "",
) -> Many[Body]:  # fmt: skip
    return Many(register(request.registry, request.actor, service=service, region=region, status=status))
