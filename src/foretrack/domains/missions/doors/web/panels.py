"""Panels of missions: the bids for a task, the figures of a bid, the ranking of a competition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foretrack.domains.missions.actions.following import bids_of, entries_of, lines_of
from foretrack.domains.missions.kinds.bids import BID, CHOSEN
from foretrack.domains.missions.kinds.competitions import COMPETITION, GROUPS
from foretrack.domains.missions.kinds.parts import AT_MOST
from foretrack.domains.missions.kinds.tasks import MISSION_TASK
from foretrack.foundation.errors import NotThereError
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.reading import title_of
from foretrack.registry.actions.records import show
from foretrack.registry.answers import RecordPage
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, Panel, Subject
from foretrack.web.rendering import Request

SHOWN = 50
"""Lines of a table."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure in three figures."""

    measure: str
    unit: str
    at_most: bool
    wanted: float | None
    promised: float | None
    measured: float | None
    met: bool | None


@dataclass(frozen=True)
class FiguresFragment(Fragment):
    """What a task wants, a bid promises and the test found."""

    template: ClassVar[str] = "missions/figures.html"

    figures: tuple[Figure, ...]
    tested: bool


@dataclass(frozen=True, slots=True)
class BidLine:
    """A bid for a task."""

    href: str
    title: str
    status: str
    tested_on: str
    met: int | None
    """Measures that are met; None before the test."""
    of: int


@dataclass(frozen=True)
class BidsFragment(Fragment):
    """Bids for a task that were chosen."""

    template: ClassVar[str] = "missions/bids.html"

    bids: tuple[BidLine, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of a competition with its rank."""

    href: str
    title: str
    group: str
    rank: int | None
    prize: str


@dataclass(frozen=True)
class RankingFragment(Fragment):
    """Entries of a competition that were selected, by group and rank."""

    template: ClassVar[str] = "missions/ranking.html"

    places: tuple[Place, ...]
    more: int


def _read(subject: Subject, kind: str) -> RecordPage | None:
    page = (subject.values or {}).get("record")
    return page if isinstance(page, RecordPage) and page.kind == kind else None


def _figures(request: Request, subject: Subject) -> Fragment | None:
    page = _read(subject, BID.name)
    if page is None or not page.values.get("promised"):
        return None
    try:
        wanted = show(request.registry, request.actor, str(page.values.get("task", ""))).values
    except NotThereError:  # a task that the reader may not see: its figures stay with it
        wanted = {}
    lines = lines_of(wanted, page.values)
    return FiguresFragment(
        tuple(
            Figure(one.measure, one.unit, one.sense == AT_MOST, one.wanted, one.promised, one.measured, one.met)
            for one in lines
        ),
        any(one.measured is not None for one in lines),
    )  # fmt: skip


def _bids(request: Request, subject: Subject) -> Fragment | None:
    page = _read(subject, MISSION_TASK.name)
    if page is None:
        return None
    # Those that were chosen are public; the others stay between the applicants and the office.
    chosen = bids_of(page.key, CHOSEN)
    if not chosen:
        return None
    seen = titles_of(request.actor, [one.key for one in chosen])
    found = [one for one in chosen if one.key in seen]
    lines = []
    for one in found[:SHOWN]:
        figures = lines_of(page.values, one.body)
        tested = any(line.measured is not None for line in figures)
        lines.append(
            BidLine(
                address("record", one.key), title_of(one, request.actor.language),
                BID.state(one.status).label.text(request.actor.language), str(one.body.get("tested_on") or ""),
                sum(1 for line in figures if line.met) if tested else None, len(figures),
            )
        )  # fmt: skip
    return BidsFragment(tuple(lines), len(found) - len(lines)) if lines else None


def _ranking(request: Request, subject: Subject) -> Fragment | None:
    page = _read(subject, COMPETITION.name)
    if page is None:
        return None
    entries = entries_of(page.key)
    seen = titles_of(request.actor, [one.key for one in entries])
    found = [one for one in entries if one.key in seen]
    order = list(GROUPS)
    found.sort(key=lambda one: (order.index(one.body["group"]), one.body.get("rank") or 10**9, one.pk))
    places = tuple(
        Place(
            address("record", one.key), title_of(one, request.actor.language),
            GROUPS[one.body["group"]].text(request.actor.language), one.body.get("rank"),
            str(one.body.get("prize") or ""),
        )
        for one in found[:SHOWN]
    )  # fmt: skip
    return RankingFragment(places, len(found) - len(places)) if places else None


PANELS: tuple[Panel, ...] = (
    Panel(
        "figures",
        "Figures wanted, promised and measured",
        frozenset(("record",)),
        _figures,
        order=12,
        wide=True,
    ),
    Panel("bids", "Bids for this task", frozenset(("record",)), _bids, order=13, wide=True),
    Panel("ranking", "Ranking", frozenset(("record",)), _ranking, order=14, wide=True),
)
