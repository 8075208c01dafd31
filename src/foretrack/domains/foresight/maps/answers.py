"""What is answered about maps of technologies; `answers.to_json` gives the documented JSON (docs/guide/json.md)."""

from __future__ import annotations

from dataclasses import dataclass

from foretrack.domains.foresight.maps.quality import MapQuality
from foretrack.domains.foresight.technologies.answers import TechnologyItem


@dataclass(frozen=True, slots=True)
class MapPoint:
    """Where one technology lies."""

    x: float
    y: float
    """Both around 0; the mean distance from 0 is 1. Only nearness has a meaning, neither the axes nor the sides."""
    item: TechnologyItem
    neighbours: tuple[str, ...]
    """Identifiers of the technologies that it is studied together with, the closest first."""


@dataclass(frozen=True, slots=True)
class TechnologyMap:
    """All technologies of a scan as points."""

    scan: str
    as_of: int
    method: str
    snapshot: str
    follows: tuple[int, ...]
    """Earlier years whose maps this one continues, ascending; empty for a map of its own."""
    quality: MapQuality | None
    """Measured by the documents that technologies share, which the layout does not see; None with too few points."""
    points: tuple[MapPoint, ...]
    """The first rank first, those without enough evidence last."""
