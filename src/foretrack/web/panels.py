"""Dossiers: everything that the rooms know of one subject, on the subject's page, each room's part a declared panel.

A page names its subject and puts `{% dossier subject %}` where the panels shall stand. A room declares `PANELS` beside
its pages (`doors/web/`), and they appear on every page about what they name; nothing else has to be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from foretrack.foundation.errors import HouseError
from foretrack.web.rendering import Page, Request

About: TypeAlias = Literal["concept", "technology", "track", "record"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a page is about."""

    about: About
    key: str
    """As links of records hold it: `lookout:concept:graph`, `lookout:technology:...`, the key of a record; a track as
    `pack/track`."""
    title: str
    names: tuple[str, ...] = ()
    """Every spelling, in every language."""
    values: Mapping[str, object] | None = None
    """What a panel of the same room may need beside it, such as the answer that the page has read already."""


@dataclass(frozen=True)
class Fragment(Page):
    """What a panel says: its `template` is a part of a page, and is given the fields."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of dossiers."""

    name: str
    """Its anchor on the page; unique among all panels."""
    title: str
    """A sentence of the catalogue."""
    about: frozenset[About]
    load: Callable[[Request, Subject], Fragment | None]
    """What the room knows of the subject, as far as the reader may see it; None where it knows nothing."""
    order: int = 50
    """Panels stand in this order, 0 first."""


class Panels:
    """Every panel of this process."""

    def __init__(self) -> None:
        self._panels: dict[str, Panel] = {}

    def add(self, panels: Iterable[Panel]) -> None:
        """Takes panels in; the same panel again changes nothing. HouseError for another one of the same name."""
        for panel in panels:
            if self._panels.setdefault(panel.name, panel) != panel:
                raise HouseError(f"two panels are called {panel.name!r}")

    def about(self, subject: Subject) -> tuple[Panel, ...]:
        """The panels that may know something of a subject, in order."""
        found = [panel for panel in self._panels.values() if subject.about in panel.about]
        return tuple(sorted(found, key=lambda panel: (panel.order, panel.name)))


PANELS = Panels()
"""Filled by the site from the rooms that it puts together (`site/rooms.py`)."""
