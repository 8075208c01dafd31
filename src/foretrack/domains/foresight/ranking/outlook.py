"""The outlook: how likely a share is to rise extremely within three years, from its own past alone.

Method `outlook`, version 1. Evidence that it beats the burst rule at the top of the list, with intervals:
docs/methods/ranking.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from foretrack.domains.foresight.measures.growth import Growth
from foretrack.domains.foresight.measures.panel import HISTORY_YEARS

Float = npt.NDArray[np.float64]

METHOD = "outlook-1"
HORIZON = 3
REQUIRED_GROWTH = 1.08
"""Yearly growth over the past peak that the published label calls extreme."""
SHOCK_SD = 0.10
"""What no count shows: standard deviation of log share from causes outside the series."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Shapes: all (n_concepts,). standing + momentum - hurdle = z; score = Phi(z)."""

    standing: Float
    """Log of the share now over its past peak, in units of `spread`: how near the concept is to its best."""
    momentum: Float
    """Three years of its growth, in units of `spread`."""
    hurdle: Float
    """Log growth over the peak that "extreme" asks for, in units of `spread`."""
    spread: Float
    """Standard deviation of the log share three years ahead."""
    score: Float
    """0..1."""

    @property
    def z(self) -> Float:
        return self.standing + self.momentum - self.hurdle


def look_out(
    counts: npt.NDArray[np.int64], totals: npt.NDArray[np.int64], shares: Float, growth: Growth
) -> Outlook:
    """Outlook of every concept.

    now = ln(documents of the last two years + 1/2) - ln(all documents of these years) + rate / 2 for plain
    shares; here the standardised share of the last two years takes the place of the ratio.
    spread^2 = (3 sd)^2 + 1 / (documents of the last two years + 1) + 0.1^2;
    z = [now + 3 rate - ln(peak) - ln(1.08) (3 + years since the peak)] / spread; score = Phi(z).

    Args:
        counts, shares: (n_concepts, n_years), the last year is the as-of year; totals: (n_years,).

    >>> import numpy as np
    >>> from foretrack.domains.foresight.measures.panel import Panel
    >>> from foretrack.domains.foresight.measures.growth import estimate_growth
    >>> counts = np.array([[5, 8, 12, 20, 30, 44], [30, 28, 30, 31, 29, 30], [40, 30, 20, 12, 8, 5]])
    >>> totals = np.full(6, 1000)
    >>> panel = Panel(2015, (("a", "paper"),), counts[None].astype(np.int32), totals[None])
    >>> found = look_out(counts, totals, panel.shares(), estimate_growth(panel))
    >>> found.score.round(2)
    array([1.  , 0.05, 0.  ])
    """
    recent = counts[:, -2:].sum(axis=1).astype(float)
    weight = np.where(np.isfinite(shares[:, -2:]), totals[-2:], 0.0).astype(float)
    documents = max(float(weight[0].sum()) if len(weight) else 0.0, 1.0)
    share_now = (np.nan_to_num(shares[:, -2:]) * weight).sum(axis=1) / documents
    now = np.log(share_now + 0.5 / documents) + growth.rate / 2
    window = np.nan_to_num(shares[:, -HISTORY_YEARS:])
    peak = np.maximum(window.max(axis=1), 1e-12)
    since_peak = window.shape[1] - 1 - window.argmax(axis=1)
    spread = np.sqrt((HORIZON * growth.sd) ** 2 + 1 / (recent + 1) + SHOCK_SD**2)
    standing = (now - np.log(peak)) / spread
    momentum = HORIZON * growth.rate / spread
    hurdle = np.log(REQUIRED_GROWTH) * (HORIZON + since_peak) / spread
    return Outlook(standing, momentum, hurdle, spread, ndtr(standing + momentum - hurdle))
