"""Drift: every share goes on as it went over the last years."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.labels import log_ratio, share_of
from foretrack.domains.foresight.forecasting.baselines.learning import Pathed, filled
from foretrack.domains.foresight.forecasting.forecast import HORIZONS
from foretrack.domains.foresight.history.origins import Origin

YEARS = 6
"""Years over which the drift is taken, the last one included."""


def drift() -> Pathed:
    """A straight line in log share through the first and last of six years; bands from its past errors."""
    return Pathed("drift", carried_on)


def carried_on(origin: Origin) -> npt.NDArray[np.float64]:
    """Shares on the line: (n_units, len(HORIZONS)).

    With y the log share (half a document added), y(T + h) = y(T) + h (y(T) - y(T - 5)) / 5. Source: the "drift
    method" of Hyndman & Athanasopoulos, Forecasting: Principles and Practice, section 5.2.
    """
    logs = log_ratio(filled(origin.shares[:, -YEARS:]), origin)
    slope = (logs[:, -1] - logs[:, 0]) / max(logs.shape[1] - 1, 1)
    return share_of(logs[:, -1:] + slope[:, None] * np.array(HORIZONS), origin)
