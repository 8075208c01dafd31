"""Probit: the four-feature regression of the literature on extreme growth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from foretrack.domains.foresight.backtest.labels import PEAK_YEARS, RECENT_YEARS, TARGETS, Target
from foretrack.domains.foresight.forecasting.baselines.learning import matured
from foretrack.domains.foresight.forecasting.forecast import Forecast
from foretrack.domains.foresight.history.origins import Origin

Float = npt.NDArray[np.float64]

VITALITY_YEARS = 10
_RIDGE = 1e-3
"""Keeps the fit finite when a feature separates the outcomes; too small to move it otherwise."""


class Probit:
    """Stage, vitality, share over peak and count, in a probit regression on the newest matured origins.

    Source: the "current" model of Georgetown CSET's research_cluster_extreme_growth_classifier (2026), after Klavans,
    Boyack & Murdick 2020, PLoS ONE 15:e0239177. Differs: vitality is the age of the unit's own documents, since
    references are not known everywhere.
    """

    name = "probit"

    def __init__(self) -> None:
        self._fitted: dict[Target, tuple[Float, Float, Float]] = {}

    def fit(self, past: Sequence[Origin], year: int) -> None:
        """One regression for each target; features are scaled by what the past alone shows."""
        for target in TARGETS:
            known = matured(past, target, self.name)
            features = np.concatenate([four_features(origin) for origin, _ in known])
            truth = np.concatenate([truth for _, truth in known])
            middle, spread = features.mean(axis=0), features.std(axis=0)
            spread = np.where(spread > 0, spread, 1.0)
            self._fitted[target] = (middle, spread, fit_probit((features - middle) / spread, truth))

    def forecast(self, origin: Origin) -> Forecast:
        """Probabilities, which are also the order."""
        features = four_features(origin)
        z = []
        for target in TARGETS:
            middle, spread, weights = self._fitted[target]
            z.append(_linear((features - middle) / spread, weights))
        return Forecast(z[0], z[1], ndtr(z[0]), ndtr(z[1]))


def four_features(origin: Origin) -> Float:
    """Years since the peak, 1 / (1 + mean age of documents), share over peak, log of recent documents: (n_units, 4).

    >>> import numpy as np
    >>> origin = Origin(2015, "concept", ("a",), ("a",), np.array([1], np.int8), np.array([[0, 4, 1]]),
    ...                 np.array([10, 10, 10]), np.array([[0, .4, .1]]), np.empty((1, 0)), (), None)
    >>> four_features(origin).round(2).tolist()             # age (4 * 1 + 1 * 0) / 5; ln(1 + 5)
    [[1.0, 0.56, 0.25, 1.79]]
    """
    window = np.nan_to_num(origin.shares[:, -PEAK_YEARS:])
    peak = np.maximum(window.max(axis=1), 1e-12)
    stage = window.shape[1] - 1 - window.argmax(axis=1)
    recent = origin.counts[:, -VITALITY_YEARS:].astype(float)
    ages = np.arange(recent.shape[1])[::-1]
    age = (recent * ages).sum(axis=1) / np.maximum(recent.sum(axis=1), 1.0)
    count = origin.counts[:, -RECENT_YEARS:].sum(axis=1)
    return np.column_stack([stage, 1 / (1 + age), window[:, -1] / peak, np.log1p(count)]).astype(float)


def fit_probit(features: Float, truth: npt.NDArray[np.bool_], steps: int = 50) -> Float:
    """Weights of a probit regression, the constant first: (1 + n_features,); Fisher scoring.

    Source: McCullagh & Nelder 1989, Generalized Linear Models, section 4.4.

    >>> import numpy as np
    >>> weights = fit_probit(np.zeros((4, 1)), np.array([True, False, False, False]))
    >>> weights.round(3).tolist()         # the quantile of the normal distribution at 1/4
    [-0.674, 0.0]
    """
    design = np.column_stack([np.ones(len(features)), features])
    weights = np.zeros(design.shape[1])
    for _ in range(steps):
        z = np.clip(_linear(features, weights), -6, 6)
        p = np.clip(ndtr(z), 1e-9, 1 - 1e-9)
        density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
        information = density**2 / (p * (1 - p))
        pull = density * (truth - p) / (p * (1 - p))
        # Written out, so that the sums come in one order on any number of processors.
        gradient = (design * pull[:, None]).sum(axis=0) - _RIDGE * weights
        hessian = np.array(
            [
                [(design[:, i] * design[:, j] * information).sum() for j in range(len(weights))]
                for i in range(len(weights))
            ]
        )
        move = np.linalg.solve(hessian + _RIDGE * np.eye(len(weights)), gradient)
        weights = weights + np.clip(move, -2, 2)
        if np.abs(move).max() < 1e-9:
            break
    return weights


def _linear(features: Float, weights: Float) -> Float:
    total: Float = weights[0] + (features * weights[1:]).sum(axis=1)
    return total
