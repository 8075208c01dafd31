"""Targets: what the policy wants by a date, what was published towards it, and what people say about it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from foretrack.api.shapes import Both, Day, Name, Text
from foretrack.targets.actions import counting, judging
from foretrack.targets.actions.counting import Behind, TargetPage
from foretrack.web.addresses import named_in_address
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Many, Routes

ROUTES = Routes("targets", "Targets")


@ROUTES.get("/targets", "Every target, counted as of a day", answers=Many[TargetPage])
def list_targets(
    request: Request, as_of: date | None = None, pack: str = "", direction: str = "", region: str = ""
) -> Many[TargetPage]:
    return Many(
        counting.all_targets(request.registry, as_of=as_of, pack=pack, direction=direction, region=region)
    )


@ROUTES.get(
    "/targets/{pack}/{target}", "One target: its count, and the issues that moved it", answers=TargetPage
)
def show_target(
    request: Request, pack: str, target: str, as_of: date | None = None, direction: str = "", region: str = ""
) -> TargetPage:
    with named_in_address():
        return counting.show_target(
            request.registry, f"{pack}/{target}", as_of=as_of, direction=direction, region=region
        )


@ROUTES.get("/targets/{pack}/{target}/behind", "The revisions that a count is made of", answers=Many[Behind])
def list_behind(
    request: Request, pack: str, target: str, as_of: date | None = None, direction: str = "", region: str = ""
) -> Many[Behind]:
    with named_in_address():
        entries = counting.behind(
            request.registry, f"{pack}/{target}", as_of=as_of, direction=direction, region=region
        )
    return Many(entries)


class NewRating(Given):
    """What somebody says about a target, in a role."""

    rating: Name
    narrative: Both
    role: Both
    evidence: Annotated[list[Text], Field(max_length=100)] = Field(default_factory=list)
    """Keys of records, or web addresses."""


@ROUTES.post("/targets/{pack}/{target}/ratings", "Rate a target", answers=TargetPage, status=201)
def rate_target(request: Request, pack: str, target: str, given: NewRating) -> TargetPage:
    name = _name(pack, target)
    return judging.rate(
        request.registry, request.actor, name, rating=given.rating, narrative=given.narrative.given(),
        role=given.role.given(), evidence=given.evidence,
    )  # fmt: skip


class NewIndicator(Given):
    """What an outcome is measured by here."""

    label: Both
    operator: Name
    threshold: float
    owner: Both
    source: Text
    unit: Text = ""


@ROUTES.post(
    "/targets/{pack}/{target}/indicators",
    "Say what an outcome is measured by",
    answers=TargetPage,
    status=201,
)
def declare_indicator(request: Request, pack: str, target: str, given: NewIndicator) -> TargetPage:
    name = _name(pack, target)
    return judging.declare_indicator(
        request.registry, request.actor, name, label=given.label.given(), operator=given.operator,
        threshold=given.threshold, owner=given.owner.given(), source=given.source, unit=given.unit,
    )  # fmt: skip


class NewValue(Given):
    """A value of an indicator on a day."""

    on: Day
    value: float
    source: Text
    confidence: Name = "k"


@ROUTES.post(
    "/targets/{pack}/{target}/values", "Add a value of a target's indicator", answers=TargetPage, status=201
)
def add_value(request: Request, pack: str, target: str, given: NewValue) -> TargetPage:
    return judging.add_value(
        request.registry, request.actor, _name(pack, target), on=given.on, value=given.value, source=given.source,
        confidence=given.confidence,
    )  # fmt: skip


def _name(pack: str, target: str) -> str:
    """The name of a target; NotThereError for none."""
    with named_in_address():
        counting.find_target(f"{pack}/{target}")
    return f"{pack}/{target}"
