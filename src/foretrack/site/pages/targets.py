"""Targets of the policy: what published issues count, down to the revisions, and what people said of outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.foundation.errors import InputError
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.permission import may
from foretrack.registry.actions.links import titles_of
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.review.actions.trail import Origin, came_from
from foretrack.site.pages.packs import Mark, mark_of
from foretrack.targets.actions.counting import Step, TargetPage, all_targets, behind, show_target
from foretrack.web.addresses import address, named_in_address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import say

STANDINGS = {
    "counting": "Under way", "reached": "Reached", "closed": "Closed, as counted here",
    "closed, reached": "Closed and reached, as counted here",
    "batch": "A batch without a number", "rated": "Rated", "not rated": "Not rated yet",
    "no list": "No list counts it here",
}  # fmt: skip
RATINGS = {
    "on track": "on track", "at risk": "at risk", "off track": "off track", "reached": "reached", "missed": "missed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target in words."""

    pack: str
    id: str
    label: str
    other: str
    clause: str
    by: str
    wanted: str
    counted: int | None
    share: int | None
    """Per cent of what is wanted, at most 100; None where nothing is counted or no number wanted."""
    standing: str
    standing_word: str
    mark: Mark


@dataclass(frozen=True)
class TargetsPage(Page):
    """Every target as of a day."""

    template: ClassVar[str] = "foretrack/targets.html"

    lines: tuple[TargetLine, ...]
    as_of: str


@dataclass(frozen=True, slots=True)
class BehindLine:
    """One entry behind a count."""

    href: str
    past_href: str
    title: str
    revision: int
    digest: str
    direction: str
    region: str
    valid_to: str | None
    origin: Origin | None
    """The submission that carried it through a call last, with the decisions; None where it came through none."""


@dataclass(frozen=True, slots=True)
class PartCount:
    """A count in one direction or region."""

    label: str
    n: int
    href: str


@dataclass(frozen=True)
class TargetView(Page):
    """One target, opened down to the revisions."""

    template: ClassVar[str] = "foretrack/target.html"

    line: TargetLine
    note: str
    page: TargetPage
    as_of: str
    narrowed: str
    directions: tuple[PartCount, ...]
    regions: tuple[PartCount, ...]
    steps: tuple[Step, ...]
    behind: tuple[BehindLine, ...]
    indicator: str
    owner: str
    met_word: str
    rating: str
    narrative: str
    role: str
    may_rate: bool
    audit: str
    """Where its entries of the log are; empty for whoever may not read them."""


def target_line(page: TargetPage, language: str) -> TargetLine:
    """A target in words."""
    pack, _, short = page.target.partition("/")
    wanted = ""
    if page.operator == ">=" and page.value is not None:
        wanted = say("at least {n}", n=f"{page.value:g}")
    elif page.operator == "batch":
        wanted = say("a batch")
    share = None
    if page.counted is not None and page.value:
        share = min(100, int(100 * page.counted / page.value))
    other = page.label.en if language == "zh" else page.label.zh
    return TargetLine(
        pack, short, page.label.text(language), other if other != page.label.text(language) else "", page.clause, page.by,
        wanted, page.counted, share, page.standing, say(STANDINGS[page.standing]), mark_of(page.confidence),
    )  # fmt: skip


def _day(request: Request) -> date | None:
    text = request.GET.get("as-of", "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError.of(
            "{found!r} is no day", expected="year, month and day", do="write it like this: {example}", found=text[:20],
            example="2026-03-01",
        ) from None  # fmt: skip


@require_safe
def targets(request: Request) -> HttpResponse:
    """Every target of the installed packs."""
    day = _day(request)
    found = all_targets(request.registry, as_of=day)
    lines = tuple(target_line(page, request.actor.language) for page in found)
    return render(request, TargetsPage(lines, (day or request.registry.now().date()).isoformat()))


@require_safe
def target(request: Request, pack_id: str, target_id: str) -> HttpResponse:
    """One target: the issues that moved the count, and the revisions that it is made of."""
    day, given, language = _day(request), request.GET, request.actor.language
    name = f"{pack_id}/{target_id}"
    direction, region = given.get("direction", ""), given.get("region", "")
    with named_in_address():
        page = show_target(request.registry, name, as_of=day, direction=direction, region=region)
    entries = behind(request.registry, name, as_of=day, direction=direction, region=region)
    seen = titles_of(request.actor, [entry.record for entry in entries])
    origins = came_from(request.registry, request.actor, [entry.record for entry in entries])
    labels = PACK_TERMS("directions")

    def named(code: str) -> str:
        return labels.get(code, Bilingual()).text(language) or code or say("without a direction")

    held = f"&as-of={day.isoformat()}" if day else ""
    indicator = page.indicator
    return render(
        request,
        TargetView(
            line=target_line(page, language), note=page.note, page=page, as_of=page.as_of,
            narrowed=named(direction) if direction else region,
            directions=tuple(
                PartCount(named(c), n, f"?direction={c}{held}" if c else "") for c, n in page.directions.items()
            ),
            regions=tuple(
                PartCount(c or say("without a region"), n, f"?region={c}{held}" if c else "")
                for c, n in page.regions.items()
            ),
            steps=page.steps,
            behind=tuple(
                BehindLine(
                    address("record", e.record) if e.record in seen else "",
                    address("past", e.record, e.revision) if e.record in seen else "", e.title.text(language), e.revision,
                    e.revision_digest, named(e.direction) if e.direction else "", e.region, e.valid_to,
                    next(iter(origins.get(e.record, ())), None),
                )
                for e in entries
            ),
            indicator=indicator.label.text(language) if indicator else "",
            owner=indicator.owner.text(language) if indicator else "",
            met_word={True: say("met"), False: say("not met"), None: ""}[indicator.met if indicator else None],
            rating=(say(RATINGS[page.rating.rating]) if page.rating.rating in RATINGS else page.rating.rating)
            if page.rating
            else "",
            narrative=page.rating.narrative.text(language) if page.rating else "",
            role=page.rating.role.text(language) if page.rating else "",
            may_rate=may(request.actor, "rate target"),
            audit=f"{address('audit')}?subject=target:{page.target}" if may(request.actor, "read audit") else "",
        ),
    )  # fmt: skip
