"""What a forecaster says of the units of an origin, and how one is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.history.origins import Origin

Float = npt.NDArray[np.float64]

LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
"""Quantile levels of every forecast; .10 to .90 is the 80 % interval, .05 to .95 the 90 % interval."""
HORIZONS = (1, 2, 3, 4, 5)
"""Years ahead of the quantiles."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of each unit of an origin. Shapes: (n_units,) unless said; nan where nothing is claimed."""

    order_eg3: Float
    """Higher = listed earlier for extreme growth; only the order means something."""
    order_dbl3: Float
    p_eg3: Float | None = None
    """Probability of extreme growth within three years; None when the method gives none."""
    p_dbl3: Float | None = None
    quantiles: Float | None = None
    """Shares (n_units, len(HORIZONS), len(LEVELS)); None when the method gives none."""
    called_eg3: npt.NDArray[np.bool_] | None = None
    """What the method calls "will grow extremely", by a threshold chosen in the past; None: chosen by the harness."""
    called_dbl3: npt.NDArray[np.bool_] | None = None
    notes: tuple[str, ...] = field(default=())


class Forecaster(Protocol):
    """A method that learns from matured origins and forecasts a later one.

    `fit` is given every earlier origin with its future cut at the year of the forecast; what has not matured by then
    must not be learnt from. `forecast` never sees the future of its origin.
    """

    name: str

    def fit(self, past: Sequence[Origin], year: int) -> None:
        """Learns from `past`: origins before `year`, with no future later than `year`. EvidenceError if too few."""

    def forecast(self, origin: Origin) -> Forecast:
        """Forecasts the origin, whose `future` is None."""
