"""Enterprises for programs: ladders, assessments and the funnel, in the documented shapes (docs/guide/json.md)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from foretrack.domains.enterprises.actions.assessing import asked_by, assess_rows
from foretrack.domains.enterprises.actions.figures import keep_figures
from foretrack.domains.enterprises.actions.funnel import funnel
from foretrack.domains.enterprises.blocks import ABOUT, Asked
from foretrack.domains.enterprises.changes import read_changes
from foretrack.domains.enterprises.doors.told import asked_json, whole_json
from foretrack.domains.enterprises.doors.web.tables import assess_sent
from foretrack.domains.enterprises.funnel import Count
from foretrack.domains.enterprises.ladders import known_ladders
from foretrack.domains.enterprises.levels import read_figures
from foretrack.foundation.errors import InputError
from foretrack.packs.reading import is_date
from foretrack.registry.answers import RecordPage
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.web.addresses import named_in_address
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Many, Routes, Upload
from foretrack.web.speech import page_language, speak

ROUTES = Routes("enterprises", "Enterprises")

On = Annotated[
    str,
    Field(
        max_length=10,
        description="The day on which rules are in force; today, or the nearest day of the ladder.",
    ),
]
MOST_FIRMS = 1000
Figure = str | int | float | bool | None


class Firms(Given):
    """Enterprises to assess."""

    firms: list[dict[str, Figure]] = Field(min_length=1, max_length=MOST_FIRMS)
    """Name, code, region, and indicator to value."""
    on: str = ""
    overlays: list[str] = Field(default_factory=list, max_length=20)
    what_if: list[str] = Field(default_factory=list, max_length=50)
    trace: bool = False
    way: bool = False


class Kept(Given):
    """Figures to keep."""

    organisation: str = Field(max_length=26)
    year: int = Field(ge=1900, le=2200)
    figures: dict[str, Figure] = Field(max_length=500)


def _asked(request: Request, ladder: str, on: str = "", overlays: list[str] | None = None) -> Asked:
    if on and not is_date(on):
        raise InputError.of(
            "{found!r} is no day", expected="year, month and day", do="write it like this: {example}", found=on[:20],
            example="2026-03-01",
        )  # fmt: skip
    with named_in_address():
        return asked_by(
            ladder, today=request.registry.now().date().isoformat(), on=on or None, overlays=overlays or (),
            paths=PACK_TERMS.paths,
        )  # fmt: skip


@ROUTES.get("/ladders", "Every ladder with its echelons", answers=Many[dict[str, Any]])
def list_ladders(request: Request) -> Many[dict[str, Any]]:
    return Many(tuple(asked_json(_asked(request, one.id)) for one in known_ladders()))


@ROUTES.post(
    "/ladders/{ladder}/assessments",
    "Where enterprises stand on a ladder; nothing is kept",
    answers=dict[str, Any],
    safe=True,
)
def assess_firms(request: Request, ladder: str, given: Firms) -> dict[str, Any]:
    asked = _asked(request, ladder, given.on, given.overlays)
    changes = read_changes(given.what_if, asked.indicators)
    for row in given.firms:
        if strange := sorted(set(row) - set(asked.indicators) - set(ABOUT)):
            raise InputError.of(
                "no rule of the ladder asks for {name!r}", expected="one of {known}", do="correct the name",
                name=strange[0][:60], known=", ".join(asked.indicators),
            )  # fmt: skip
    found = assess_rows(enumerate(given.firms, start=1), asked, changes, way=given.way)
    return whole_json(found, speak(page_language()), trace=given.trace)


@ROUTES.post(
    "/ladders/{ladder}/tables",
    "Where the enterprises of a CSV or Excel file stand; nothing is kept",
    answers=dict[str, Any],
    safe=True,
    upload=True,
)
def assess_file(request: Request, ladder: str, file: Upload, on: On = "") -> dict[str, Any]:
    asked = _asked(request, ladder, on)
    return whole_json(assess_sent(asked, file, []), speak(page_language()), trace=False)


@ROUTES.post(
    "/ladders/{ladder}/figures",
    "Keep the figures of an enterprise as a draft",
    answers=RecordPage,
    status=201,
)
def keep_enterprise_figures(request: Request, ladder: str, given: Kept) -> RecordPage:
    asked = _asked(request, ladder)
    if strange := sorted(set(given.figures) - set(asked.indicators)):
        raise InputError.of(
            "no rule of the ladder asks for {name!r}", expected="one of {known}", do="correct the name",
            name=strange[0][:60], known=", ".join(asked.indicators),
        )  # fmt: skip
    values, wrong = read_figures(asked.indicators, given.figures)
    for error in wrong.values():
        raise error
    return keep_figures(
        request.registry, request.actor, asked, values, organisation=given.organisation, year=given.year
    )


@ROUTES.get(
    "/enterprise-funnel", "How many enterprises came how far, by region and year", answers=Many[Count]
)
def show_funnel(
    request: Request,
    echelon: Annotated[str, Field(max_length=120, description="Only this one: `ladder/echelon`.")] = "",
    region: Annotated[str, Field(max_length=20, description="Only this region and those inside it.")] = "",
    year: Annotated[int | None, Field(ge=1900, le=2200)] = None,
) -> Many[Count]:
    return Many(funnel(request.registry, request.actor, echelon=echelon, region=region, year=year).counts)
