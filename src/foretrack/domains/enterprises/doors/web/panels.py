"""What enterprises add to the dossier of an organisation: its statuses, its figures, who came out of whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foretrack.domains.enterprises.actions.lineage import Line, lineage_of
from foretrack.domains.enterprises.actions.statuses import standing_on
from foretrack.domains.enterprises.kinds.echelon_status import ECHELON_STATUS
from foretrack.domains.enterprises.kinds.figures import ENTERPRISE_FIGURES
from foretrack.domains.enterprises.ladders import echelon_terms, known_ladders
from foretrack.registry.actions.records import show
from foretrack.registry.actions.tables import Filters, table
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, Panel, Subject
from foretrack.web.rendering import Request
from foretrack.web.speech import page_language

SHOWN = 20


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One status."""

    href: str
    echelon: str
    state: str
    state_word: str
    valid_until: str


@dataclass(frozen=True)
class StatusFragment(Fragment):
    """The statuses of an organisation."""

    template: ClassVar[str] = "enterprises/panels/status.html"

    lines: tuple[StatusLine, ...]


@dataclass(frozen=True, slots=True)
class FiguresLine:
    """Figures of one year."""

    href: str
    year: int
    state: str


@dataclass(frozen=True)
class FiguresFragment(Fragment):
    """The figures of an organisation, for those who may see them."""

    template: ClassVar[str] = "enterprises/panels/figures.html"

    lines: tuple[FiguresLine, ...]
    compare: tuple[tuple[str, str], ...]
    """(ladder, address) of the pages that compare the years."""


@dataclass(frozen=True, slots=True)
class LineageNode:
    """One organisation of the lineage."""

    href: str
    title: str
    depth: int
    """Generations from the oldest ancestor."""
    here: bool
    way: str
    state: str
    spin_off: str
    """The record of the spin-off; empty for the oldest ancestor."""
    x: int
    y: int
    parent_x: int
    parent_y: int


@dataclass(frozen=True)
class LineageFragment(Fragment):
    """Who came out of whom, over all generations."""

    template: ClassVar[str] = "enterprises/panels/lineage.html"

    nodes: tuple[LineageNode, ...]
    width: int
    height: int
    generations: int


def _lines(request: Request, kind: str, key: str) -> list[str]:
    """Keys of the records of a kind that belong to an organisation, as far as the reader may see them."""
    return [
        line.key
        for line in table(
            request.registry, request.actor, kind, Filters(organisation=key), limit=SHOWN, facets=()
        ).lines
    ]


def _statuses(request: Request, subject: Subject) -> Fragment | None:
    today = request.registry.now().date()
    labels = echelon_terms("echelons")
    lines = []
    for key in _lines(request, ECHELON_STATUS.name, subject.name):
        page = show(request.registry, request.actor, key)
        last = page.values.get("valid_until")
        state = standing_on(page.status, last, today)
        name = str(page.values.get("echelon", ""))
        lines.append(
            StatusLine(
                address("record", key), labels[name].text(page_language()) if name in labels else name, state,
                ECHELON_STATUS.state(state).label.text(page_language()), last or "",
            )
        )  # fmt: skip
    return StatusFragment(tuple(lines)) if lines else None


def _figures(request: Request, subject: Subject) -> Fragment | None:
    lines = []
    for key in _lines(request, ENTERPRISE_FIGURES.name, subject.name):
        page = show(request.registry, request.actor, key)
        lines.append(
            FiguresLine(address("record", key), int(page.values.get("year") or 0), page.status_label)
        )
    if not lines:
        return None
    return FiguresFragment(
        tuple(sorted(lines, key=lambda one: -one.year)),
        tuple(
            (one.label.text(page_language()), address("enterprise years", one.id, subject.name))
            for one in known_ladders()
        ),
    )


ROW, COLUMN = 44, 190
"""Pixels between two rows and two generations of the picture."""


def _lineage(request: Request, subject: Subject) -> Fragment | None:
    found = lineage_of(request.registry, request.actor, subject.name)
    if len(found) < 2:
        return None
    row = {one.key: number for number, one in enumerate(found)}
    nodes = tuple(_node(one, row, {line.key: line for line in found}, subject.name) for one in found)
    deepest = max(one.depth for one in found)
    return LineageFragment(nodes, (deepest + 1) * COLUMN + 60, len(found) * ROW + 8, deepest + 1)


def _node(one: Line, row: dict[str, int], lines: dict[str, Line], here: str) -> LineageNode:
    parent = lines.get(one.parent)
    return LineageNode(
        address("record", one.key), one.title, one.depth, one.key == here, one.way, one.state,
        address("record", one.spin_off) if one.spin_off else "", one.depth * COLUMN + 10, row[one.key] * ROW + 24,
        parent.depth * COLUMN + 18 if parent else 0, row[parent.key] * ROW + 32 if parent else 0,
    )  # fmt: skip


PANELS = (
    Panel("echelons", "Echelons", frozenset(("record",)), _statuses, order=22),
    Panel("enterprise-figures", "Figures of the enterprise", frozenset(("record",)), _figures, order=23),
    Panel("lineage", "Lineage", frozenset(("record",)), _lineage, order=24, wide=True),
)
