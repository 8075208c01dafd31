"""E-score: the emergence score of Porter, Carley and colleagues, as a forecast."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.forecasting.baselines.learning import Ordered
from foretrack.domains.foresight.history.origins import Origin
from foretrack.domains.foresight.measures.escore import e_score


def emergence_score() -> Ordered:
    """Orders by the E-score; a unit that fails a gate stands last."""
    return Ordered("e_score", _orders)


def _orders(origin: Origin) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    score = e_score(origin.counts, origin.totals)
    return score, score
