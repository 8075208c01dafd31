"""Dossiers: everything that the rooms know of one subject, on the subject's page, each room's part a declared panel.

A page names its subject and puts `{% dossier subject %}` where the panels shall stand. A room declares `PANELS` beside
its pages (`doors/web/`), and they appear on every page about what they name; nothing else has to be changed. A page
with a field `subject` has the panels' data among its own, under `dossier`.

The first page of the site is made in the same way of what the rooms declare as `FRONT`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeAlias

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
    tracks: tuple[str, ...] = ()
    """Tracks that it is labelled with, as `pack/track`; where a page names none, the index is asked."""
    values: Mapping[str, object] | None = field(default=None, repr=False)
    """What a panel of the same room may need beside it, such as the answer that the page has read already."""

    @property
    def name(self) -> str:
        """The key without its sort, as pointers of records hold it.

        >>> Subject("concept", "lookout:concept:graph", "Graph").name
        'graph'
        """
        return self.key.removeprefix("lookout:").removeprefix(f"{self.about}:")

    @property
    def link(self) -> str:
        """What a link field of a record holds to point here.

        >>> Subject("concept", "lookout:concept:graph", "Graph").link, Subject("record", "01K", "Works").link
        ('concept:graph', '01K')
        """
        return self.name if self.about == "record" else f"{self.about}:{self.name}"


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
    wide: bool = False
    """Whether it takes the whole width where others stand side by side."""


@dataclass(frozen=True, slots=True)
class Front:
    """A part of the first page of the site."""

    name: str
    """Its anchor on the page; unique among all fronts."""
    title: str
    """A sentence of the catalogue."""
    load: Callable[[Request], Fragment | None]
    """What the room shows to this reader; None where it has nothing to show yet."""
    order: int = 50


@dataclass(frozen=True, slots=True)
class Aid:
    """What a room says beside the form of a kind while it is filled in."""

    kind: str
    title: str
    """A sentence of the catalogue."""
    load: Callable[[Request, str, Mapping[str, Any]], Fragment]
    """From the kind's name and the values that can be used already."""


AIDS: dict[str, Aid] = {}
"""By kind; filled as `PANELS` is."""


def aid_for(kind: str) -> Aid | None:
    """What a room says beside the form of a kind; None where none says anything."""
    _fill()
    return AIDS.get(kind)


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
"""Filled by the site from the rooms that it puts together (`site/rooms.py`), when the first page asks."""

FRONTS: list[Front] = []
"""Filled as `PANELS` is."""

_FILLERS: list[Callable[[], None]] = []


def filled_by(filler: Callable[[], None]) -> None:
    """Names what fills `PANELS` and `FRONTS` once somebody asks.

    Not before: loading every page of every room takes seconds, and each command that opens a registry would wait.
    """
    _FILLERS.append(filler)


def _fill() -> None:
    while _FILLERS:
        _FILLERS.pop()()


def fronts(request: Request) -> list[tuple[Front, Fragment]]:
    """What every room shows on the first page, in order."""
    _fill()
    ordered = sorted(FRONTS, key=lambda front: (front.order, front.name))
    return [(one, fragment) for one in ordered for fragment in [one.load(request)] if fragment is not None]


def loaded(request: Request, subject: Subject) -> list[tuple[Panel, Fragment]]:
    """What every room knows of a subject, as far as the reader may see it, in order."""
    _fill()
    return [
        (panel, fragment)
        for panel in PANELS.about(subject)
        for fragment in [panel.load(request, subject)]
        if fragment is not None
    ]


def subject_of(page: Page) -> Subject | None:
    """What a page is about, where it says so."""
    return next((v for f in fields(page) if isinstance(v := getattr(page, f.name), Subject)), None)
