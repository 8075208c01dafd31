"""Class of technology-monopoly risk, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretrack.packs.positions import MonopolyRule

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rule looks at, per draw. Shapes: (n_draws,)."""

    level: Int
    """Index into the rule's levels; len(levels) for low."""
    lead: Int
    """Column of the lead country."""
    second: Int
    ratio: Float
    """Total of the lead country over that of the second; inf when there is no second, nan when there is no lead."""
    in_lead: Float
    """Of the first institutions, how many are in the lead country; a tie at the last place is shared."""


def judge(countries: Float, institutions: Float, home: Int, rule: MonopolyRule) -> Standing:
    """The class of each draw.

    Args:
        countries: (n_draws, n_countries) totals; at least two columns.
        institutions: (n_draws, n_institutions) totals.
        home: (n_institutions,) column of each institution's country.

    Level by level, the gravest first, both must hold: of the rule's first institutions at least so many are in the
    lead country, and the lead country's total is at least so many times that of the second. Where institutions tie
    for the last places, those places are shared among them, so that no order of names decides.
    """
    draws = np.arange(len(countries))
    order = np.argsort(-countries, axis=1, kind="stable")
    lead, second = order[:, 0], order[:, 1]
    most, next_most = countries[draws, lead], countries[draws, second]
    ratio = np.divide(most, next_most, out=np.where(most > 0, np.inf, np.nan), where=next_most > 0)
    in_lead = _in_lead(institutions, home, lead, rule.first)
    level = np.full(len(draws), len(rule.levels), dtype=np.int64)
    for index in range(len(rule.levels) - 1, -1, -1):
        asked = rule.levels[index]
        holds = (in_lead >= asked.institutions - _SLACK) & (ratio >= asked.lead - _SLACK)
        level[holds] = index
    return Standing(level, lead, second, ratio, in_lead)


def _in_lead(institutions: Float, home: Int, lead: Int, first: int) -> Float:
    n = institutions.shape[1]
    if n == 0:
        return np.zeros(len(lead))
    place = min(first, n)
    threshold = np.partition(institutions, n - place, axis=1)[:, n - place][:, None]
    # An institution that has nothing is none of the first, even where there are fewer than that.
    above, at = institutions > threshold, (institutions == threshold) & (threshold > 0)
    mine = home[None, :] == lead[:, None]
    left = place - above.sum(axis=1)
    tied = at.sum(axis=1)
    shared = np.divide(left * (at & mine).sum(axis=1), tied, out=np.zeros(len(lead)), where=tied > 0)
    found: Float = (above & mine).sum(axis=1) + shared
    return found


def level_shares(levels: Sequence[Int], n_levels: int) -> list[float]:
    """Share of the draws in each level, low last.

    >>> level_shares([np.array([0, 2, 2]), np.array([1])], 2)
    [0.25, 0.25, 0.5]
    """
    counted = np.bincount(np.concatenate(levels), minlength=n_levels + 1)
    return [float(share) for share in counted / max(counted.sum(), 1)]
