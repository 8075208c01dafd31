"""Pairs of concepts that are likely to meet: no document carries both yet, and much leads from one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.corpus.store import Corpus
from foretrack.domains.foresight.actions.links import learn_links
from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.doors.link_pages import COLUMNS, row_of
from foretrack.domains.foresight.doors.web.naming import (
    Choice,
    concept_href,
    files_of,
    name_of,
    pack_labels,
    year_choices,
)
from foretrack.domains.foresight.doors.web.reading import Reading, read
from foretrack.domains.foresight.doors.web.waiting import ask
from foretrack.domains.foresight.links.answers import LinkBridge, LinkConcept, LinkItem, LinkList
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.foundation.spreadsheets import Row
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language, speak

SHOWN, IN_FILES = 60, 1000
"""Pairs on the page, and in its data."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two concepts of a pair."""

    label: str
    other: str
    n_recent: int
    growth: float | None
    href: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """A concept that both were studied with."""

    label: str
    n_first: int
    n_second: int
    href: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two concepts that no document carries together yet."""

    rank: int
    first: Side
    second: Side
    p: float
    p_established: float | None
    common: int
    more: int
    """Common neighbours beside those that are named."""
    bridges: tuple[Bridge, ...]


@dataclass(frozen=True)
class LinksPage(Page):
    """Pairs that are likely to meet."""

    template: ClassVar[str] = "lookout/links.html"

    waiting: bool
    as_of: int
    years: tuple[Choice, ...]
    concept: str
    track: str
    tracks: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]
    wrong: str
    rows: tuple[PairRow, ...]
    horizon: int
    n_open: int
    n_scored: int
    learnt_first: int
    learnt_last: int
    files: tuple[tuple[str, str], ...]
    answer: LinkList | None

    def as_data(self) -> object:
        """The documented answer of `links --json`."""
        return to_json(self.answer) if self.answer else {"items": [], "why": self.wrong}

    def as_table(self) -> tuple[Sequence[str], Sequence[Row]]:
        """One row a pair, the columns of `links --format csv`."""
        return COLUMNS, [row_of(item) for item in (self.answer.items if self.answer else ())]


@require_safe
def links_page(request: Request) -> HttpResponse:
    """Pairs that are likely to meet, with what leads from one to the other."""
    given = request.GET
    reading = read(given)
    workspace, scan = reading.workspace, reading.scan
    concept, track = given.get("concept", "").strip()[:200], given.get("track", "").strip()[:100]
    wrong, found = "", None
    base = ("links", workspace.root, scan.name, Corpus(workspace.corpus_dir).snapshot())
    try:
        learnt = ask(request, base, lambda: learn_links(workspace, scan))
        if learnt is not None:
            ready = learnt
            found = ask(
                request, (*base, concept, track),
                lambda: ready.answer(concept=concept or None, track=track or None, limit=IN_FILES),
            )  # fmt: skip
    except (InputError, EvidenceError) as error:
        wrong = " ".join(part for part in error.parts(speak(page_language()))[:2] if part)
    return render(
        request,
        LinksPage(
            waiting=found is None and not wrong, as_of=scan.as_of, years=year_choices(reading, given), concept=concept,
            track=track, tracks=_track_choices(reading, track),
            kept=tuple((name, value) for name in ("scan",) if (value := given.get(name))), wrong=wrong,
            rows=tuple(_row(item, reading) for item in found.items[:SHOWN]) if found else (),
            horizon=found.horizon if found else 0, n_open=found.n_open if found else 0,
            n_scored=found.n_scored if found else 0,
            learnt_first=min(found.learnt_from, default=0) if found else 0,
            learnt_last=max(found.learnt_from, default=0) if found else 0, files=files_of("links", given, "csv", "json"),
            answer=found,
        ),
    )  # fmt: skip


def _track_choices(reading: Reading, track: str) -> tuple[Choice, ...]:
    """Directions and tracks on which concepts of the scan lie."""
    labels = pack_labels(reading.workspace.root)
    directions: set[tuple[str, str]] = set()
    tracks: set[tuple[str, str]] = set()
    for entry in reading.scan.concepts.select(["tracks"]).to_pylist():
        for label in entry["tracks"]:
            directions.add((label["pack"], label["direction"]))
            tracks.add((label["pack"], label["track"]))
    return tuple(
        Choice(name, labels.named(kind, f"{pack}/{name}"), name == track)
        for kind, found in (("direction", directions), ("track", tracks))
        for pack, name in sorted(found)
    )


def _row(item: LinkItem, reading: Reading) -> PairRow:
    return PairRow(
        item.rank, _side(item.first, reading), _side(item.second, reading), item.p, item.p_established,
        item.common_neighbours, max(0, item.common_neighbours - len(item.bridges)),
        tuple(_bridge(bridge, reading) for bridge in item.bridges),
    )  # fmt: skip


def _side(concept: LinkConcept, reading: Reading) -> Side:
    label, other = name_of(concept.label, concept.label_en, concept.label_zh)
    return Side(label, other, concept.n_recent, concept.growth, concept_href(reading, concept.concept))


def _bridge(bridge: LinkBridge, reading: Reading) -> Bridge:
    return Bridge(
        bridge.label, bridge.n_with_first, bridge.n_with_second, concept_href(reading, bridge.concept)
    )
