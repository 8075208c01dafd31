"""Damped Holt: exponential smoothing of level and slope, the slope fading ahead."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.labels import TARGETS, log_ratio, outcome, share_of
from foretrack.domains.foresight.backtest.metrics import average_precision
from foretrack.domains.foresight.forecasting.baselines.learning import Pathed, filled, matured, path_orders
from foretrack.domains.foresight.forecasting.forecast import HORIZONS
from foretrack.domains.foresight.history.origins import Origin

Float = npt.NDArray[np.float64]

LEVEL_WEIGHTS = (0.2, 0.4, 0.6, 0.8)
SLOPE_WEIGHTS = (0.05, 0.2, 0.4)
FADES = (0.6, 0.8, 0.98)
YEARS = 15
_CHOSEN_ON = 2
"""Matured origins that the parameters are chosen on; more cost time and change nothing."""
Parameters: TypeAlias = tuple[float, float, float]


def damped_holt() -> Pathed:
    """One set of parameters for all units and each use, chosen at the newest matured origins.

    The paths take the set with the least squared error. It draws every unit towards its own past so strongly that it
    says little about who will grow; the order takes the set with the highest average precision.
    """
    chosen: dict[str, Parameters] = {}

    def prepare(past: Sequence[Origin]) -> None:
        grid = list(product(LEVEL_WEIGHTS, SLOPE_WEIGHTS, FADES))
        known = matured(past, "EG3", "damped_holt")[-_CHOSEN_ON:]
        errors = np.zeros(len(grid))
        precision = {target: np.zeros(len(grid)) for target in TARGETS}
        for origin, _ in known:
            truths = [outcome(origin, target) for target in TARGETS]
            for place, parameters in enumerate(grid):
                path = _path(origin, parameters)
                errors[place] += _error(origin, path)
                for target, claim, truth in zip(TARGETS, path_orders(origin, path), truths, strict=True):
                    if truth is not None and truth.any():
                        precision[target][place] += average_precision(claim, truth)
        chosen["path"] = grid[int(errors.argmin())]
        chosen.update({target: grid[int(values.argmax())] for target, values in precision.items()})

    def paths(origin: Origin) -> Float:
        return _path(origin, chosen["path"])

    def orders(origin: Origin) -> tuple[Float, Float]:
        return (
            path_orders(origin, _path(origin, chosen["EG3"]))[0],
            path_orders(origin, _path(origin, chosen["DBL3"]))[1],
        )

    return Pathed("damped_holt", paths, prepare=prepare, orders=orders)


def _path(origin: Origin, parameters: Parameters) -> Float:
    return share_of(smooth(log_ratio(filled(origin.shares[:, -YEARS:]), origin), *parameters), origin)


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


def _error(origin: Origin, path: Float) -> float:
    """Mean squared error in log share over the years ahead that are known."""
    assert origin.future is not None
    off = (log_ratio(origin.future.shares, origin) - log_ratio(path, origin)) ** 2
    return float(np.nanmean(off))
