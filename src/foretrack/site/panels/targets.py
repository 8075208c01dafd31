"""Targets that count a subject's records, through the lists in which these stand today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foretrack.site.pages.targets import STANDINGS
from foretrack.site.panels.linked import standings_of
from foretrack.targets.actions.counting import Progress, progress
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, Panel, Subject
from foretrack.web.rendering import Request
from foretrack.web.speech import say


@dataclass(frozen=True, slots=True)
class Line:
    """A target and how far it is."""

    href: str
    label: str
    counted: int
    wanted: int | None
    by: str
    standing: str
    reached: bool


@dataclass(frozen=True)
class TargetsFragment(Fragment):
    """Targets that count linked records."""

    template: ClassVar[str] = "foretrack/panels/targets.html"

    lines: tuple[Line, ...]


def target_line(one: Progress, language: str) -> Line:
    """How far a target is, in words."""
    pack, _, name = one.target.partition("/")
    return Line(
        address("target", pack, name), one.label.text(language), one.counted,
        round(one.value) if one.value is not None else None, one.by, say(STANDINGS[one.standing]),
        "reached" in one.standing,
    )  # fmt: skip


def _load(request: Request, subject: Subject) -> Fragment | None:
    series = {one.series for one in standings_of(request, subject) if one.stands}
    found = progress(request.registry, series=series) if series else ()
    if not found:
        return None
    return TargetsFragment(tuple(target_line(one, request.actor.language) for one in found))


PANEL = Panel(
    "counted", "Targets that count it", frozenset(("concept", "technology", "record")), _load, order=30
)
