"""What the lookout shows on the first page of the site: the concepts that rise, from the newest scan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar

from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.watchable import STANDS
from foretrack.domains.foresight.answers import ConceptItem
from foretrack.domains.foresight.doors.web.naming import name_of
from foretrack.domains.foresight.doors.web.reading import opened, read
from foretrack.foundation.errors import EvidenceError
from foretrack.web.addresses import address_of_thing
from foretrack.web.panels import Fragment, Front
from foretrack.web.rendering import Request
from foretrack.web.speech import page_language

SHOWN = 7
YEARS = 15
"""Years of the line that shows how a share went."""
WIDE, HIGH = 96, 24
"""Of that line, in units of its drawing."""
RISING = ("emerging", "growing")


@dataclass(frozen=True, slots=True)
class Riser:
    """One concept that rises."""

    rank: int
    href: str
    title: str
    other: str
    """In the other language, where it has a name there."""
    standing: str
    n_documents: int
    chance: float | None
    """Probability of extreme growth within three years, which the ranks are by; None without a forecast."""
    line: str
    """Its share over the years, as the points of a polyline."""


@dataclass(frozen=True)
class RisersFragment(Fragment):
    """The first of the concepts that rise, and what they were found in."""

    template: ClassVar[str] = "lookout/panels/risers.html"

    as_of: int | None
    n_documents: int
    n_concepts: int
    risers: tuple[Riser, ...]


def _load(request: Request) -> Fragment | None:
    try:
        scan = read({}).scan
    except EvidenceError:
        return RisersFragment(None, 0, 0, ())
    summary = scan.summary()
    return RisersFragment(
        scan.as_of, summary.n_documents, summary.n_concepts,
        tuple(_riser(item, line) for item, line in _rising(scan.stored.folder.parent, scan.name)),
    )  # fmt: skip


@lru_cache(maxsize=4)
def _rising(folder: Path, name: str) -> tuple[tuple[ConceptItem, str], ...]:
    """The first concepts that rise with their lines; a stored scan never changes."""
    scan = opened(folder, name)
    found: list[tuple[ConceptItem, str]] = []
    for row in scan.ranking:
        item = scan.items([row])[0]
        if item.state in RISING:
            found.append((item, _line(scan, row)))
        if len(found) == SHOWN:
            break
    return tuple(found)


def _line(scan: Scan, row: int) -> str:
    whole = [point for point in scan.series(row) if point.source == "all"][-YEARS:]
    most = max((point.share for point in whole), default=0.0) or 1.0
    step = WIDE / max(len(whole) - 1, 1)
    return " ".join(
        f"{i * step:.1f},{HIGH - 1 - (HIGH - 2) * point.share / most:.1f}" for i, point in enumerate(whole)
    )


def _riser(item: ConceptItem, line: str) -> Riser:
    language = page_language()
    title, other = name_of(item.label, item.label_en, item.label_zh)
    return Riser(
        item.rank or 0, address_of_thing("concept", item.concept), title, other,
        STANDS[item.state].text(language), item.measures.n_documents, item.p_eg3, line,
    )  # fmt: skip


FRONT: tuple[Front, ...] = (Front("risers", "What rises", _load, order=10),)
