"""Names beside points without one lying over another."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Anchor: TypeAlias = Literal["start", "end", "middle"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A point that may get a name; the more important come first."""

    x: float
    y: float
    radius: float
    text: str


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """Where the name of a point stands."""

    number: int
    """Of the point among the spots."""
    x: float
    y: float
    """Of the foot of the text."""
    anchor: Anchor
    text: str


def text_width(text: str, size: float) -> float:
    """About how wide a text is in a sans-serif font: a Chinese character is as wide as it is high.

    >>> text_width("ab", 10), text_width("图网", 10)
    (11.6, 20.0)
    """
    return round(
        sum(float(size) if unicodedata.east_asian_width(c) in "WF" else 0.58 * size for c in text), 6
    )


def place_labels(
    spots: Sequence[Spot], width: float, height: float, *, size: float = 13.0, most: int = 40
) -> tuple[PlacedLabel, ...]:
    """Names for as many points as have room, the first ones first.

    A name stands to the right of its point, else to the left, above or below; it lies over no other name, over no
    point that is named before it, and within the picture. What finds no room stays without a name.

    >>> [label.number for label in place_labels([Spot(20, 20, 5, "one"), Spot(20, 50, 5, "two")], 100, 80)]
    [0, 1]
    >>> [label.number for label in place_labels([Spot(20, 20, 5, "one"), Spot(22, 20, 5, "a longer name")], 90, 40)]
    [0]
    """
    boxes: list[tuple[float, float, float, float]] = []
    placed: list[PlacedLabel] = []
    for number, spot in enumerate(spots):
        if len(placed) == most:
            break
        wide = text_width(spot.text, size)
        gap = spot.radius + 3
        choices: tuple[tuple[float, float, Anchor, float], ...] = (
            (spot.x + gap, spot.y + 0.35 * size, "start", spot.x + gap),
            (spot.x - gap, spot.y + 0.35 * size, "end", spot.x - gap - wide),
            (spot.x, spot.y - gap, "middle", spot.x - wide / 2),
            (spot.x, spot.y + gap + 0.8 * size, "middle", spot.x - wide / 2),
        )
        for x, y, anchor, left in choices:
            box = (left - 2, y - 0.85 * size, left + wide + 2, y + 0.3 * size)
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height
            if inside and not any(_meet(box, other) for other in boxes):
                boxes.append(box)
                placed.append(PlacedLabel(number, x, y, anchor, spot.text))
                break
        boxes.append((spot.x - spot.radius, spot.y - spot.radius, spot.x + spot.radius, spot.y + spot.radius))
    return tuple(placed)


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
