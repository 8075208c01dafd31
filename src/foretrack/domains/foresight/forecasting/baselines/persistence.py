"""Persistence: every share stays as it was in the last year."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.forecasting.baselines.learning import Pathed, filled
from foretrack.domains.foresight.forecasting.forecast import HORIZONS
from foretrack.domains.foresight.history.origins import Origin


def persistence() -> Pathed:
    """The last known share for all years ahead; bands from its past errors."""
    return Pathed("persistence", last_share)


def last_share(origin: Origin) -> npt.NDArray[np.float64]:
    """Share of the last year with documents: (n_units, len(HORIZONS))."""
    return np.repeat(filled(origin.shares)[:, -1:], len(HORIZONS), axis=1)
