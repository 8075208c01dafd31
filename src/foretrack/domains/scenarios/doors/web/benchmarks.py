"""Local benchmark scenarios, rolled up into one view of the country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.scenarios.actions.opportunities import benchmarks
from foretrack.registry.actions.links import titles_of
from foretrack.web.addresses import address
from foretrack.web.naming import region_named, tracks_named
from foretrack.web.rendering import Page, Request, render


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One scenario."""

    href: str
    title: str
    who: str
    tracks: tuple[str, ...]
    since: str
    copies: int


@dataclass(frozen=True, slots=True)
class RegionPart:
    """The benchmarks of one region."""

    code: str
    name: str
    n_copies: int
    scenarios: tuple[Benchmark, ...]


@dataclass(frozen=True)
class BenchmarksPage(Page):
    """Benchmarks by region."""

    template: ClassVar[str] = "scenarios/benchmarks.html"
    table: ClassVar[str] = "regions"

    n: int
    regions: tuple[RegionPart, ...]


@require_safe
def benchmarks_page(request: Request) -> HttpResponse:
    """Every region with its benchmark scenarios."""
    found = benchmarks(request.registry, request.actor)
    keys = [line.values["organisation"] for region in found for line in region.lines]
    titles = titles_of(request.actor, keys)
    return render(
        request,
        BenchmarksPage(
            sum(len(region.lines) for region in found),
            tuple(
                RegionPart(
                    region.code, region_named(region.code), region.n_copies,
                    tuple(
                        Benchmark(
                            address("record", line.key), line.title, titles.get(line.values["organisation"], ""),
                            tracks_named(line.values.get("tracks")), line.values.get("running_since", ""),
                            int(line.values.get("copies", 0)),
                        )
                        for line in region.lines
                    ),
                )
                for region in found
            ),
        ),
    )  # fmt: skip
