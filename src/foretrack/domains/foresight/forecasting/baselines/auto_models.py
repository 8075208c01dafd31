"""AutoETS and AutoTheta of statsforecast: one model chosen for every series (the optional extra `peers`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.labels import log_ratio, share_of
from foretrack.domains.foresight.forecasting.baselines.learning import Pathed, filled, path_orders
from foretrack.domains.foresight.forecasting.forecast import HORIZONS, LEVELS
from foretrack.domains.foresight.history.origins import Origin
from foretrack.foundation.errors import InputError

Float = npt.NDArray[np.float64]

YEARS = 15
INTERVALS = (50, 80, 90)
"""Central intervals in percent that give the quantile levels of every forecast."""


def auto_ets() -> Callable[[], Pathed]:
    """Makes AutoETS forecasters that share what they computed: an origin's forecast depends on nothing but itself."""
    return _maker("auto_ets")


def auto_theta() -> Callable[[], Pathed]:
    """The same with AutoTheta."""
    return _maker("auto_theta")


def _maker(name: str) -> Callable[[], Pathed]:
    models = _library()
    model = models.AutoETS(season_length=1) if name == "auto_ets" else models.AutoTheta(season_length=1)
    kept: dict[int, Float] = {}

    def quantiles(origin: Origin) -> Float:
        if origin.year not in kept:
            kept[origin.year] = share_of(_quantiles(model, origin), origin)
        return kept[origin.year]

    def paths(origin: Origin) -> Float:
        return quantiles(origin)[:, :, LEVELS.index(0.5)]

    def orders(origin: Origin) -> tuple[Float, Float]:
        # The expected path draws back to the mean, and on it hardly anything grows extremely; how far a series may go
        # says far more about who will (docs/methods/backtest.md).
        return path_orders(origin, quantiles(origin)[:, :, LEVELS.index(0.95)])

    return lambda: Pathed(name, paths, quantiles=quantiles, orders=orders)


def _library() -> Any:
    try:
        from statsforecast import models
    except ImportError:
        raise InputError(
            "AutoETS and AutoTheta are not installed",
            expected="the package statsforecast, which needs pandas 2",
            do="make an environment of its own with `pip install 'foretrack[peers]'`, or leave them out of --also",
        ) from None
    return models


def _quantiles(model: Any, origin: Origin) -> Float:
    """The library's own quantiles of the log ratio: (n_units, len(HORIZONS), len(LEVELS))."""
    logs = log_ratio(filled(origin.shares[:, -YEARS:]), origin)
    found = np.empty((len(logs), len(HORIZONS), len(LEVELS)))
    for number, series in enumerate(logs):
        told = model.forecast(y=series, h=len(HORIZONS), level=list(INTERVALS))
        columns = [*(told[f"lo-{part}"] for part in reversed(INTERVALS)), told["mean"]]
        columns += [told[f"hi-{part}"] for part in INTERVALS]
        found[number] = np.column_stack(columns)
    # A series without any variation gives intervals of nan: nothing is expected to change. Theta simulates its
    # intervals, so neighbouring quantiles may cross by a hair.
    return np.sort(np.where(np.isfinite(found), found, logs[:, -1][:, None, None]), axis=2)
