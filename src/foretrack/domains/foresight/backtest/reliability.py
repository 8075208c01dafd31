"""Whether what was promised came true as often as promised: the diagram behind the calibration error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.metrics import BINS, calibration_bins, wilson


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """A tenth of the promises, from the lowest to the highest."""

    promised: float
    """Mean probability."""
    observed: float
    """Part that came true."""
    low: float
    """95 % interval of `observed` (Wilson 1927)."""
    high: float
    n: int


def reliability(
    probability: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_], bins: int = BINS
) -> tuple[ReliabilityBin, ...]:
    """Promised and observed rates over bins of equally many units, those of the calibration error (`metrics`).

    Source: reliability diagrams, Murphy & Winkler 1977, Applied Statistics 26:41-47, doi:10.2307/2346866.

    >>> p, truth = np.array([.1, .3, .6, .8]), np.array([False, False, True, False])
    >>> [(round(b.promised, 2), b.observed, b.n) for b in reliability(p, truth, bins=2)]
    [(0.2, 0.0, 2), (0.7, 0.5, 2)]
    """
    places = calibration_bins(probability, bins)
    found = []
    for place in np.unique(places).tolist():
        inside = places == place
        n, hits = int(inside.sum()), int(truth[inside].sum())
        low, high = wilson(hits, n)
        found.append(ReliabilityBin(float(probability[inside].mean()), hits / n, low, high, n))
    return tuple(found)
