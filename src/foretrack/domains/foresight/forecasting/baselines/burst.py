"""Burst: the weight of the burst that is on, Kleinberg's automaton as a forecast."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.forecasting.baselines.learning import Ordered
from foretrack.domains.foresight.history.origins import Origin
from foretrack.domains.foresight.measures.burst import find_bursts

YEARS = 15
"""Years in which the usual rate is taken."""


def burst() -> Ordered:
    """Orders by the weight of the open burst over the last fifteen years."""
    return Ordered("burst", _orders)


def _orders(origin: Origin) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    weight = find_bursts(origin.counts[:, -YEARS:], origin.totals[-YEARS:]).open_weight
    return weight, weight
