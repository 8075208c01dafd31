"""Mean yearly difference: how many documents more a year, the growth rate of ScientoPy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.forecasting.baselines.learning import Ordered
from foretrack.domains.foresight.history.origins import Origin

YEARS = 2
"""ScientoPy's window."""


def mean_yearly_difference() -> Ordered:
    """Orders by the mean difference of the last two years' counts from the year before each."""
    return Ordered("mean_yearly_difference", _orders)


def average_growth(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Mean of the yearly differences over the last two years, in documents a year: (n_units,).

    Source: Ruiz-Rosero, Ramirez-Gonzalez & Viveros-Delgado 2019, "Software survey: ScientoPy", Scientometrics
    121:1165-1188, doi:10.1007/s11192-019-03213-w (average growth rate, AGR).

    >>> import numpy as np
    >>> average_growth(np.array([[1, 4, 9]]))         # (3 + 5) / 2
    array([4.])
    """
    window = counts[:, -YEARS - 1 :].astype(float)
    if window.shape[1] < 2:
        return np.zeros(len(counts))
    mean: npt.NDArray[np.float64] = np.diff(window, axis=1).mean(axis=1)
    return mean


def _orders(origin: Origin) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    growth = average_growth(origin.counts)
    return growth, growth
