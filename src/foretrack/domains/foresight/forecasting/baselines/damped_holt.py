"""Damped Holt: exponential smoothing of level and slope, the slope fading ahead."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.labels import log_ratio, share_of
from foretrack.domains.foresight.forecasting.baselines.learning import NEWEST, Pathed, filled, matured
from foretrack.domains.foresight.forecasting.forecast import HORIZONS
from foretrack.domains.foresight.history.origins import Origin

Float = npt.NDArray[np.float64]

LEVEL_WEIGHTS = (0.2, 0.4, 0.6, 0.8)
SLOPE_WEIGHTS = (0.05, 0.1, 0.2, 0.4)
FADES = (0.6, 0.8, 0.9, 0.98)
YEARS = 15


def damped_holt() -> Pathed:
    """One set of parameters for all units, the one with the least squared error at the newest matured origins."""
    chosen = [LEVEL_WEIGHTS[1], SLOPE_WEIGHTS[1], FADES[1]]

    def prepare(past: Sequence[Origin]) -> None:
        known = [origin for origin, _ in matured(past, "EG3", "damped_holt")][-NEWEST:]
        chosen[:] = min(
            product(LEVEL_WEIGHTS, SLOPE_WEIGHTS, FADES), key=lambda parameters: _error(known, *parameters)
        )

    def paths(origin: Origin) -> Float:
        logs = log_ratio(filled(origin.shares[:, -YEARS:]), origin)
        return share_of(smooth(logs, *chosen), origin)

    return Pathed("damped_holt", paths, prepare=prepare)


def smooth(series: Float, level_weight: float, slope_weight: float, fade: float) -> Float:
    """Expected values 1..5 years ahead: (n_units, len(HORIZONS)).

    level(t) = a y(t) + (1 - a) (level(t-1) + f slope(t-1)); slope(t) = b (level(t) - level(t-1)) + (1 - b) f
    slope(t-1); forecast at h = level + (f + ... + f^h) slope. Starts with the first value and no slope.

    Source: Gardner & McKenzie 1985, "Forecasting trends in time series", Management Science 31:1237-1246.

    >>> import numpy as np
    >>> smooth(np.array([[0.0, 1.0]]), 0.5, 0.5, 0.8)[0, :2].round(3).tolist()    # level .5, slope .25; + .2, + .36
    [0.7, 0.86]
    """
    level, slope = series[:, 0].copy(), np.zeros(len(series))
    for value in series[:, 1:].T:
        before = level
        level = level_weight * value + (1 - level_weight) * (before + fade * slope)
        slope = slope_weight * (level - before) + (1 - slope_weight) * fade * slope
    fading = np.cumsum(fade ** np.arange(1, len(HORIZONS) + 1))
    expected: Float = level[:, None] + slope[:, None] * fading
    return expected


def _error(known: Sequence[Origin], level_weight: float, slope_weight: float, fade: float) -> float:
    """Mean squared error in log share over the years ahead that are known."""
    total, n = 0.0, 0
    for origin in known:
        assert origin.future is not None
        expected = smooth(
            log_ratio(filled(origin.shares[:, -YEARS:]), origin), level_weight, slope_weight, fade
        )
        off = (log_ratio(origin.future.shares, origin) - expected) ** 2
        total, n = total + float(np.nansum(off)), n + int(np.isfinite(off).sum())
    return total / max(n, 1)
