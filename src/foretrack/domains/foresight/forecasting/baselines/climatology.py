"""Climatology: what became of units with as many documents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.labels import RECENT_YEARS, TARGETS, Target, pooled_share
from foretrack.domains.foresight.forecasting.baselines.learning import (
    COUNT_BINS,
    around,
    count_bin,
    error_bands,
    matured,
)
from foretrack.domains.foresight.forecasting.forecast import HORIZONS, Forecast
from foretrack.domains.foresight.history.origins import Origin

Float = npt.NDArray[np.float64]


class Climatology:
    """The rate at which units of the same count bin grew at the newest matured origins, and the spread of their shares.

    The forecast that every skill is measured against.
    """

    name = "climatology"

    def __init__(self) -> None:
        self._rates: dict[Target, Float] = {}
        self._bands: Float = np.empty(0)

    def fit(self, past: Sequence[Origin], year: int) -> None:
        """Counts what came true in every bin; an empty bin takes the rate of all."""
        for target in TARGETS:
            known = matured(past, target, self.name)
            bins = np.concatenate([count_bin(origin) for origin, _ in known])
            truth = np.concatenate([truth for _, truth in known])
            n = np.bincount(bins, minlength=len(COUNT_BINS) + 1)
            true = np.bincount(bins, weights=truth, minlength=len(COUNT_BINS) + 1)
            self._rates[target] = (true + truth.mean()) / (n + 1)
        self._bands = error_bands(past, _level, self.name)

    def forecast(self, origin: Origin) -> Forecast:
        """Rates of the bin, shares around the recent one."""
        eg3, dbl3 = (self._rates[target][count_bin(origin)] for target in TARGETS)
        return Forecast(eg3, dbl3, eg3, dbl3, around(origin, _level(origin), self._bands))


def _level(origin: Origin) -> Float:
    recent = pooled_share(origin.shares[:, -RECENT_YEARS:], origin.totals[-RECENT_YEARS:])
    return np.repeat(np.nan_to_num(recent)[:, None], len(HORIZONS), axis=1)
