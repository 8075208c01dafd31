"""A line of shares beside a name: drawn by the server as SVG, without styles, and told in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foretrack.domains.foresight.doors.report.page import SPARK_YEARS
from foretrack.domains.foresight.doors.web.told import share_text
from foretrack.web.speech import say

WIDTH, HEIGHT, EDGE = 96, 24, 2


@dataclass(frozen=True, slots=True)
class Spark:
    """One line; `points` is empty where there is nothing to draw."""

    points: str
    x: str
    y: str
    """Where the last year stands."""
    told: str


def spark(years: Sequence[int], shares: Sequence[float]) -> Spark:
    """The line of the last years, the largest share at the top.

    >>> spark((2020, 2021, 2022), (0.0, 0.01, 0.02)).points
    '2,22 48,12 94,2'
    """
    years, shares = years[-SPARK_YEARS:], shares[-SPARK_YEARS:]
    top = max(shares, default=0.0)
    if top <= 0 or len(years) < 2:
        return Spark("", "", "", say("no documents in these years"))
    step = (WIDTH - 2 * EDGE) / (len(years) - 1)
    places = [
        (_short(EDGE + step * n), _short(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share / top))
        for n, share in enumerate(shares)
    ]
    told = say(
        "share of documents from {first} ({low}) to {last} ({now}), at most {top}",
        first=years[0], low=share_text(shares[0]), last=years[-1], now=share_text(shares[-1]), top=share_text(top),
    )  # fmt: skip
    return Spark(" ".join(f"{x},{y}" for x, y in places), *places[-1], told)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
