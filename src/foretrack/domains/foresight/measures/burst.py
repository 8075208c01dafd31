"""Bursts: years in which a concept is used at a raised rate (Kleinberg's two-state automaton)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

RATIO = 2.0
"""Rate in a burst over the usual rate."""
COST = 1.0
"""Kleinberg's gamma: what beginning a burst costs, in units of ln(number of years)."""


@dataclass(frozen=True, slots=True)
class Bursts:
    """Shapes: (n_concepts,)."""

    open_weight: Float
    """Weight of the burst that is on in the last year, 0 if none is."""
    open_since: npt.NDArray[np.int64]
    """Column in which that burst began, -1 if none is on."""
    best_weight: Float
    """Weight of the heaviest burst of the whole series."""


def find_bursts(
    counts: npt.NDArray[np.int64], totals: npt.NDArray[np.int64], *, ratio: float = RATIO, cost: float = COST
) -> Bursts:
    """Bursts of every concept at once.

    With r of d documents in a year, the cost of state i is -(r ln p_i + (d - r) ln(1 - p_i)), where p_0 is the
    concept's rate over all years and p_1 = min(ratio * p_0, 0.9999); entering the burst costs gamma ln(n years).
    The cheapest path is found by Viterbi; a burst weighs the sum of cost_0 - cost_1 over its years.

    Args:
        counts: (n_concepts, n_years); totals: (n_years,). Years with total 0 cost nothing in either state.

    Source: Kleinberg 2003, "Bursty and hierarchical structure in streams", Data Mining and Knowledge
    Discovery 7:373-397, doi:10.1023/A:1024940629314, section 4 (batched arrivals).

    >>> import numpy as np
    >>> found = find_bursts(np.array([[1, 1, 1, 1, 9, 9], [3, 3, 3, 3, 3, 3]]), np.full(6, 100))
    >>> found.open_since.tolist(), (found.open_weight > 0).tolist()
    ([4, -1], [True, False])
    """
    n_concepts, n_years = counts.shape
    r, d = counts.astype(float), totals.astype(float)
    base = np.clip(r.sum(axis=1) / max(d.sum(), 1.0), 1e-9, 0.5)
    raised = np.minimum(base * ratio, 0.9999)
    cost_0 = -(r * np.log(base)[:, None] + (d - r) * np.log1p(-base)[:, None])
    cost_1 = -(r * np.log(raised)[:, None] + (d - r) * np.log1p(-raised)[:, None])
    up = cost * np.log(max(n_years, 2))
    path_0, path_1 = np.zeros(n_concepts), np.full(n_concepts, up)
    came_from_1_to_0 = np.zeros((n_concepts, n_years), dtype=bool)
    came_from_0_to_1 = np.zeros((n_concepts, n_years), dtype=bool)
    for year in range(n_years):
        if year:
            came_from_1_to_0[:, year] = path_1 < path_0
            came_from_0_to_1[:, year] = path_0 + up < path_1
            path_0, path_1 = np.minimum(path_0, path_1), np.minimum(path_1, path_0 + up)
        path_0, path_1 = path_0 + cost_0[:, year], path_1 + cost_1[:, year]
    state = np.zeros((n_concepts, n_years), dtype=bool)
    now = path_1 < path_0
    for year in range(n_years - 1, -1, -1):
        state[:, year] = now
        now = np.where(now, ~came_from_0_to_1[:, year], came_from_1_to_0[:, year])
    gain = np.where(state, cost_0 - cost_1, 0.0)
    weight, best = np.zeros(n_concepts), np.zeros(n_concepts)
    since = np.full(n_concepts, -1, dtype=np.int64)
    for year in range(n_years):
        on = state[:, year]
        since = np.where(on, np.where(since < 0, year, since), -1)
        weight = np.where(on, weight + gain[:, year], 0.0)
        best = np.maximum(best, weight)
    return Bursts(np.maximum(weight, 0.0), since, best)
