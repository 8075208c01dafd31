"""Outlook 1: Foretrack's own first score (ranking/outlook.py), kept as a method to beat."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.labels import DOUBLE, RECENT_YEARS, pooled_share
from foretrack.domains.foresight.forecasting.baselines.learning import Ordered
from foretrack.domains.foresight.history.origins import Origin
from foretrack.domains.foresight.measures.growth import estimate_growth
from foretrack.domains.foresight.measures.panel import Panel
from foretrack.domains.foresight.ranking.outlook import look_out

Float = npt.NDArray[np.float64]


def outlook() -> Ordered:
    """Orders by the outlook; for a doubling by how far the growth rate carries in two years, in the same spread."""
    return Ordered("outlook", _orders)


def _orders(origin: Origin) -> tuple[Float, Float]:
    # All sources as one: an origin holds no counts by source.
    panel = Panel(
        origin.year - origin.counts.shape[1] + 1,
        (("all", "all"),),
        origin.counts[None].astype(np.int32),
        origin.totals[None],
    )
    growth = estimate_growth(panel)
    found = look_out(origin.counts, origin.totals, origin.shares, growth)
    window = np.nan_to_num(origin.shares[:, -15:])
    peak = np.log(np.maximum(window.max(axis=1), 1e-12))
    recent = pooled_share(origin.shares[:, -RECENT_YEARS:], origin.totals[-RECENT_YEARS:])
    level = np.log(np.maximum(np.nan_to_num(recent), 1e-12))
    doubled = found.standing + (peak - level + 2 * growth.rate - np.log(DOUBLE)) / found.spread
    return found.z, doubled
