"""The tracks of the policy, and what the scan found on each: concepts, technologies, leaders, and the years behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.foresight.doors.web.as_of_control import AsOf, as_of_control
from foretrack.domains.foresight.doors.web.charts import track_chart
from foretrack.domains.foresight.doors.web.concept import LeadersPage, boards
from foretrack.domains.foresight.doors.web.concepts import Line, concept_lines
from foretrack.domains.foresight.doors.web.policy import Policy, policy
from foretrack.domains.foresight.doors.web.reading import Reading, partial_year, read, track_years
from foretrack.domains.foresight.doors.web.technologies import TechnologyLine, technology_lines
from foretrack.foundation.errors import EvidenceError, NotThereError
from foretrack.packs.shapes import Pack, Track
from foretrack.web.addresses import address
from foretrack.web.charts import Chart
from foretrack.web.panels import Subject
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language

RISING = ("emerging", "growing")
CONCEPTS_SHOWN, TECHNOLOGIES_SHOWN = 25, 12


@dataclass(frozen=True, slots=True)
class TrackRow:
    """One track with how much was found on it."""

    href: str
    label: str
    other: str
    n_concepts: int
    n_rising: int


@dataclass(frozen=True, slots=True)
class DirectionRow:
    """One direction of a policy."""

    id: str
    label: str
    other: str
    href: str
    """The list of its concepts."""
    rising_href: str
    n_concepts: int
    n_rising: int
    tracks: tuple[TrackRow, ...]


@dataclass(frozen=True, slots=True)
class PackRow:
    """One policy with its directions."""

    id: str
    title: str
    other: str
    directions: tuple[DirectionRow, ...]


@dataclass(frozen=True)
class TracksPage(Page):
    """All tracks of the policies that the scan was labelled with."""

    template: ClassVar[str] = "lookout/tracks.html"

    as_of: AsOf
    packs: tuple[PackRow, ...]
    n_without: int
    n_ranked: int


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A family of products that a track serves."""

    href: str
    label: str


@dataclass(frozen=True)
class TrackPage(Page):
    """One track."""

    template: ClassVar[str] = "lookout/track.html"
    table: ClassVar[str] = "concepts"

    as_of: AsOf
    pack: str
    pack_title: str
    track: str
    label: str
    other: str
    definition: str
    direction: str
    entry_href: str
    products: tuple[ProductLine, ...]
    n_concepts: int
    n_rising: int
    concepts: tuple[Line, ...]
    list_href: str
    technologies: tuple[TechnologyLine, ...]
    share: Chart | None
    leaders_href: str
    subject: Subject


@require_safe
def tracks(request: Request) -> HttpResponse:
    """All tracks, by direction."""
    reading = read(request.GET)
    page = TracksPage(
        as_of_control(request, reading), pack_rows(reading, policy(reading.workspace)),
        reading.browser.count({"track": ["none"]}), len(reading.scan.ranking),
    )  # fmt: skip
    return render(request, page)


@require_safe
def track(request: Request, pack_id: str, name: str) -> HttpResponse:
    """One track of a policy."""
    reading = read(request.GET)
    known = policy(reading.workspace)
    pack, found = find_track(known, pack_id, name)
    return render(request, _page(request, reading, known, pack, found))


@require_safe
def track_leaders(request: Request, pack_id: str, name: str) -> HttpResponse:
    """Who leads on a track, by country and by organisation."""
    reading = read(request.GET)
    pack, found = find_track(policy(reading.workspace), pack_id, name)
    href = address("track", pack.id, found.id) + reading.held_query
    return render(
        request,
        LeadersPage(found.label.text(page_language()), href, "lookout", boards(reading, "track", found.id)),
    )


def find_track(known: Policy, pack_id: str, name: str) -> tuple[Pack, Track]:
    """The track of a pack; NotThereError for none."""
    found = known.track(f"{pack_id}/{name}")
    if found is None:
        raise NotThereError.of(
            "no installed policy has the track {name!r}", expected="a track of an installed policy",
            do="look at the list of tracks", name=f"{pack_id}/{name}"[:120],
        )  # fmt: skip
    return found


def pack_rows(reading: Reading, known: Policy) -> tuple[PackRow, ...]:
    """The policies that the scan was labelled with, each with its directions and tracks, counted."""
    labelled = reading.scan.stored.manifest.get("packs", {})
    packs = [pack for pack in known.packs if pack.id in labelled and pack.tracks]
    language = page_language()
    return tuple(
        PackRow(
            pack.id, pack.title.text(language), _other(pack.title.en, pack.title.zh, language),
            tuple(_direction(reading, pack, n) for n in range(len(pack.directions))),
        )
        for pack in packs
    )  # fmt: skip


def _direction(reading: Reading, pack: Pack, number: int) -> DirectionRow:
    entry, browser, language = pack.directions[number], reading.browser, page_language()
    full = pack.full_id(entry.id)
    held = reading.held_query
    joined = f"{address('concepts')}{held or '?'}{'&' if held else ''}direction={full}"
    return DirectionRow(
        entry.id, entry.label.text(language), _other(entry.label.en, entry.label.zh, language), joined,
        joined + "".join(f"&state={state}" for state in RISING), browser.count({"direction": [full]}),
        browser.count({"direction": [full], "state": RISING}),
        tuple(
            TrackRow(
                address("track", pack.id, t.id) + held, t.label.text(language), _other(t.label.en, t.label.zh, language),
                browser.count({"track": [pack.full_id(t.id)]}),
                browser.count({"track": [pack.full_id(t.id)], "state": RISING}),
            )
            for t in pack.tracks
            if t.direction == entry.id
        ),
    )  # fmt: skip


def _other(english: str, chinese: str, language: str) -> str:
    other = english if language == "zh" else chinese
    return other if other and english != chinese else ""


def _page(request: Request, reading: Reading, known: Policy, pack: Pack, found: Track) -> TrackPage:
    browser, language, full = reading.browser, page_language(), pack.full_id(found.id)
    held = reading.held_query
    direction = next((d.label.text(language) for d in pack.directions if d.id == found.direction), "")
    counted = track_years(reading, found.id)
    return TrackPage(
        as_of=as_of_control(request, reading), pack=pack.id, pack_title=pack.title.text(language), track=found.id,
        label=found.label.text(language), other=_other(found.label.en, found.label.zh, language),
        definition=found.definition.text(language), direction=direction,
        entry_href=address("pack entry", pack.id, found.id),
        products=tuple(
            ProductLine(address("pack entry", pack.id, p.id), p.label.text(language))
            for p in pack.products if found.id in p.tracks
        ),
        n_concepts=browser.count({"track": [full]}), n_rising=browser.count({"track": [full], "state": RISING}),
        concepts=concept_lines(reading, browser.best({"track": [full]}, CONCEPTS_SHOWN), known),
        list_href=f"{address('concepts')}{held or '?'}{'&' if held else ''}track={full}",
        technologies=technology_lines(reading, _technologies(reading, full), known),
        share=track_chart(counted, partial=partial_year(reading.scan)) if counted else None,
        leaders_href=address("track leaders", pack.id, found.id) + held,
        subject=Subject(
            "track", full, found.label.text(language), tuple(t for t in (found.label.en, found.label.zh) if t)
        ),
    )  # fmt: skip


def _technologies(reading: Reading, full: str) -> Sequence[int]:
    try:
        return reading.technologies.on_track(full)[:TECHNOLOGIES_SHOWN]
    except EvidenceError:
        return ()
