"""Places on a radar: segments around, rings from the middle outwards, and no point over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt

HOLE = 0.12
"""Part of the radius that stays free in the middle, where segments meet."""
_EDGE = 0.12
"""Part of a cell that stays free at each side, so that a point is clearly in its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one point lies: x to the right, y down, both -1..1."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Placed:
    """All points, and how near two of them come at least."""

    places: tuple[Place, ...]
    nearest: float
    """Least distance between two points of one cell; that to the border of the cell where a point is alone."""


def ring_radii(n_rings: int) -> tuple[float, ...]:
    """Outer radius of each ring, the innermost first; rings further out are narrower and have the same area.

    >>> [round(r, 3) for r in ring_radii(4)]
    [0.511, 0.712, 0.868, 1.0]
    """
    return tuple(sqrt(HOLE**2 + (1 - HOLE**2) * (ring + 1) / n_rings) for ring in range(n_rings))


def place_points(cells: Sequence[tuple[int, int]], n_segments: int, n_rings: int) -> Placed:
    """A place for each point within its segment and ring, the same for the same input.

    The points of a cell stand in arcs, as many as keep them furthest apart; the first ones nearest to the middle.

    Args:
        cells: (segment, ring) of each point, from 0.

    >>> found = place_points([(0, 0), (0, 0), (1, 1)], 2, 2)
    >>> len({(round(p.x, 6), round(p.y, 6)) for p in found.places}), found.places[0].x > 0, found.places[2].x < 0
    (3, True, True)
    """
    radii = (HOLE, *ring_radii(n_rings))
    members: dict[tuple[int, int], list[int]] = {}
    for number, cell in enumerate(cells):
        members.setdefault(cell, []).append(number)
    places: dict[int, Place] = {}
    nearest = 1.0
    for (segment, ring), numbers in members.items():
        inner, outer = radii[ring], radii[ring + 1]
        room = _EDGE * (outer - inner)
        polar, apart = _arcs(len(numbers), inner + room, outer - room, 2 * pi / n_segments)
        nearest = min(nearest, apart)
        for number, (radius, turn) in zip(numbers, polar, strict=True):
            angle = 2 * pi * (segment / n_segments + turn) - pi / 2
            places[number] = Place(radius * cos(angle), radius * sin(angle))
    return Placed(tuple(places[number] for number in range(len(cells))), nearest)


def _arcs(n: int, inner: float, outer: float, angle: float) -> tuple[list[tuple[float, float]], float]:
    """(radius, turn within the segment in whole turns) of n points in arcs, and the least distance between two."""
    best: tuple[float, list[tuple[float, float]]] = (-1.0, [])
    # An arc's ends stay half a step from the border, which is a distance too.
    for rows in range(1, min(n, 12) + 1):
        step = (outer - inner) / rows
        radii = [inner + (row + 0.5) * step for row in range(rows)]
        counts = _shared_out(n, radii)
        apart = step if rows > 1 else outer - inner
        found = []
        for radius, count in zip(radii, counts, strict=True):
            if count:
                apart = min(apart, radius * angle / count)
            found += [(radius, angle * (k + 0.5) / count / (2 * pi)) for k in range(count)]
        if apart > best[0]:
            best = (apart, found)
    return best[1], best[0]


def _shared_out(n: int, radii: Sequence[float]) -> list[int]:
    """n points over arcs in proportion to their length, largest remainders first."""
    total = sum(radii)
    shares = [n * radius / total for radius in radii]
    counts = [int(share) for share in shares]
    by_rest = sorted(range(len(radii)), key=lambda i: (counts[i] - shares[i], i))
    for i in by_rest[: n - sum(counts)]:
        counts[i] += 1
    return counts
