"""Stars of a service: the mean, how many there are, and between what the mean of many orders would likely lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

STARS = (1, 2, 3, 4, 5)
QUANTILE = 1.96
"""Of the normal distribution, for 95 of 100."""


@dataclass(frozen=True, slots=True)
class Rated:
    """What the ratings of a service say; no number but the count where there are too few."""

    n: int
    mean: float | None = None
    """The plain mean."""
    low: float | None = None
    high: float | None = None
    """Between these lies what is expected of many orders, with a probability of .95."""


def rated(stars: Sequence[int], *, shown_from: int, prior: float = 1) -> Rated:
    """The mean of some stars with its interval.

    The interval is that of a Dirichlet-multinomial model: before anybody has said anything each of the five stars has
    `prior` votes, so that few ratings leave it wide and cannot lead a list. With p_j = (n_j + prior) / (n + 5 prior), the
    expected mean is m = sum j p_j and its variance (sum j^2 p_j - m^2) / (n + 5 prior + 1); the interval is m +- 1.96
    standard deviations, cut at 1 and 5 (Evan Miller 2014, Ranking items with star ratings; moments of the Dirichlet
    distribution: Gelman et al., Bayesian Data Analysis, 3rd ed., app. A).

    Args:
        stars: 1 to 5 each, one an order.
        shown_from: with fewer ratings nothing but their number is told.

    >>> rated([5, 5], shown_from=3)
    Rated(n=2, mean=None, low=None, high=None)
    >>> one = rated([5, 5, 5], shown_from=3)  # m = (1+2+3+4+5*4)/8 = 3.75, sum j^2 p = 130/8, variance 2.1875/9
    >>> one.mean, round(one.low, 2), round(one.high, 2)
    (5.0, 2.78, 4.72)
    """
    n = len(stars)
    if n < shown_from or not n:
        return Rated(n)
    whole = n + len(STARS) * prior
    shares = [(stars.count(star) + prior) / whole for star in STARS]
    expected = sum(star * share for star, share in zip(STARS, shares, strict=True))
    square = sum(star * star * share for star, share in zip(STARS, shares, strict=True))
    spread = QUANTILE * math.sqrt(max(square - expected * expected, 0.0) / (whole + 1))
    return Rated(n, sum(stars) / n, max(expected - spread, 1.0), min(expected + spread, 5.0))
