"""The funnel in a browser: how many came how far, by region and year, each number open to its records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.enterprises.actions.funnel import Funnel, funnel
from foretrack.domains.enterprises.doors import speech
from foretrack.domains.enterprises.doors.web.assessing import Crumb, crumbs
from foretrack.domains.enterprises.funnel import STAGES
from foretrack.domains.enterprises.ladders import echelon_terms
from foretrack.foundation.spreadsheets import Cell
from foretrack.registry.actions.links import titles_of
from foretrack.web.addresses import address
from foretrack.web.charts import PALETTE, ROWS, Chart, Column
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say

STAGE_WORDS = Words(speech.STAGE_WORDS)
BEHIND = 500


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a box."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Number:
    """One number, and where its records are."""

    stage: str
    n: int
    href: str


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One region and year."""

    region: str
    year: int
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class BehindLine:
    """One record behind a number."""

    href: str
    title: str


@dataclass(frozen=True)
class FunnelPage(Page):
    """The funnel, and the records behind one number of it."""

    template: ClassVar[str] = "enterprises/funnel.html"

    crumbs: tuple[Crumb, ...]
    stages: tuple[tuple[str, str], ...]
    rows: tuple[FunnelRow, ...]
    totals: tuple[Number, ...]
    chart: Chart | None
    echelons: tuple[Option, ...]
    region: str
    year: str
    behind: tuple[BehindLine, ...]
    behind_of: str
    files_csv: str
    files_json: str

    def as_table(self) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
        """One row for each region, year and stage."""
        return ("region", "year", "stage", "n"), [
            {"region": row.region, "year": row.year, "stage": one.stage, "n": one.n}
            for row in self.rows
            for one in row.numbers
        ]


@require_safe
def funnel_page(request: Request) -> HttpResponse:
    """The page; `?stage=` opens the records behind a number."""
    given = request.GET
    echelon, region, stage = (
        given.get("echelon", ""),
        given.get("region", "").strip()[:20],
        given.get("stage", ""),
    )
    text = given.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else None
    found = funnel(request.registry, request.actor, echelon=echelon, region=region, year=year)
    at = given.get("at", "")
    keys = found.behind(stage, region=at or None, year=year) if stage in STAGES else ()
    titles = titles_of(request.actor, keys[:BEHIND])
    return render(
        request,
        FunnelPage(
            crumbs=crumbs(), stages=tuple((one, say(STAGE_WORDS[one])) for one in STAGES),
            rows=_rows(found, echelon, region), totals=_totals(found, echelon, region, text if year else ""),
            chart=_chart(found) if found.counts else None,
            echelons=tuple(
                Option(name, label, name == echelon)
                for name, label in (
                    ("", say("All echelons")),
                    *((name, label.text(page_language())) for name, label in echelon_terms("echelons").items()),
                )
            ),
            region=region, year=text if year else "",
            behind=tuple(BehindLine(address("record", key), titles[key]) for key in keys if key in titles),
            behind_of=f"{say(STAGE_WORDS[stage])} · {at or region or say('all regions')} · {text or say('all years')}"
            if stage in STAGES else "",
            files_csv=_file("csv", echelon, region, text if year else ""),
            files_json=_file("json", echelon, region, text if year else ""),
        ),
    )  # fmt: skip


def _href(**given: object) -> str:
    return (
        address("funnel")
        + "?"
        + urlencode({name: v for name, v in given.items() if v not in ("", None)})
        + "#behind"
    )


def _file(ending: str, echelon: str, region: str, year: str) -> str:
    given = {"echelon": echelon, "region": region, "year": year}
    kept = urlencode({name: value for name, value in given.items() if value})
    return address("funnel").rstrip("/") + f".{ending}" + (f"?{kept}" if kept else "")


def _rows(found: Funnel, echelon: str, region: str) -> tuple[FunnelRow, ...]:
    counted = {(one.region, one.year, one.stage): one.n for one in found.counts}
    return tuple(
        FunnelRow(
            place, year,
            tuple(
                Number(
                    stage, counted.get((place, year, stage), 0),
                    _href(stage=stage, at=place, year=year, echelon=echelon, region=region)
                    if (place, year, stage) in counted else "",
                )
                for stage in STAGES
            ),
        )
        for place, year in sorted({(one.region, one.year) for one in found.counts}, key=lambda p: (p[0], -p[1]))
    )  # fmt: skip


def _totals(found: Funnel, echelon: str, region: str, year: str) -> tuple[Number, ...]:
    return tuple(
        Number(stage, len(found.behind(stage)), _href(stage=stage, year=year, echelon=echelon, region=region))
        for stage in STAGES
    )


def _chart(found: Funnel) -> Chart:
    rows: tuple[dict[str, Cell], ...] = tuple(
        {
            "stage": say(STAGE_WORDS[stage]),
            "year": str(year),
            "n": sum(c.n for c in found.counts if (c.stage, c.year) == (stage, year)),
        }
        for year in sorted({one.year for one in found.counts})
        for stage in STAGES
    )
    return Chart(
        name="funnel", title=say("How many came how far"),
        about=say("Records that reached each stage, one bar for each year."),
        shown=(Column("stage", say("Stage")), Column("year", say("Year"), "year"), Column("n", say("Records"), "count")),
        rows=rows, spec=_spec(page_language()), height=300,
    )  # fmt: skip


@cache
def _spec(language: str) -> dict[str, Any]:
    import altair as alt

    order = [say(STAGE_WORDS[stage]) for stage in STAGES]
    made = (
        alt.Chart(alt.NamedData(name=ROWS), width="container", height=280)
        .mark_bar()
        .encode(
            y=alt.Y("stage:N", sort=order, title=None, axis=alt.Axis(labelLimit=200)),
            x=alt.X("n:Q", title=say("Records"), axis=alt.Axis(tickMinStep=1, format="d")),
            yOffset=alt.YOffset("year:N"),
            color=alt.Color("year:N", title=say("Year"), scale=alt.Scale(range=list(PALETTE))),
            tooltip=[alt.Tooltip("stage:N", title=say("Stage")), alt.Tooltip("year:N", title=say("Year")),
                     alt.Tooltip("n:Q", title=say("Records"))],
        )
    )  # fmt: skip
    return dict(made.to_dict())
