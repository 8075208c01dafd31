"""One score out of three learners: boosted classification, boosted ranking and a logistic curve.

Each is additive in its features (trees by their Shapley values), so the score is a sum that can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

TREES = {
    "learning_rate": 0.06, "num_leaves": 15, "min_data_in_leaf": 40, "feature_fraction": 0.4, "bagging_fraction": 0.7,
    "bagging_freq": 1, "lambda_l2": 5.0, "max_bin": 127, "verbose": -1, "seed": 1, "deterministic": True,
    "force_row_wise": True, "num_threads": 1,
}  # fmt: skip
"""One thread each: with more, LightGBM's sums depend on their number; learners run side by side instead."""
ALONE: dict[str, Any] = {"num_threads": 1}
"""For every prediction. LightGBM keeps the number of threads in one place for the whole process: a prediction that leaves
it open sets it anew while another learner, whose buffers were made for one thread, is at work, and the process dies."""
N_TREES = 120
RANKED_FIRST = 60
"""Places from the top whose order the ranker cares for."""
MAX_GROUP = 5_000
"""Units that are ranked against each other at once; LightGBM takes no group above 10,000."""
RANK_WEIGHT = 1.5
LEANS_ON = "outlook"
KNOTS = 60
PENALTY = 0.05
"""Inverse strength of the logistic curve's ridge penalty."""


@dataclass(slots=True)
class Blend:
    """score = log odds by trees + log odds by the logistic curve + 1.5 x score of the ranker + part of the outlook."""

    names: tuple[str, ...]
    _trees: Any
    _ranker: Any
    _curve: _Curve
    _lean: float = 0.0

    @staticmethod
    def fit(names: tuple[str, ...], groups: Sequence[tuple[Float, Bool]], *, lean: float = 0.0) -> Blend:
        """Learns from groups of units, one (features, truth) for each origin.

        Args:
            lean: part of the feature `outlook` in the order, in standard deviations of both; the outlook is sure of what
                many documents say, where the learners see a like chance in small words.
        """
        import lightgbm

        features = np.vstack([values for values, _ in groups])
        truth = np.concatenate([truth for _, truth in groups])
        trees = lightgbm.train(
            {**TREES, "objective": "binary"}, lightgbm.Dataset(features, truth.astype(float)), N_TREES
        )
        order, sizes = _ranking_groups([len(truth) for _, truth in groups])
        ranker = lightgbm.train(
            {
                **TREES,
                "objective": "lambdarank",
                "lambdarank_truncation_level": RANKED_FIRST,
                "learning_rate": 0.09,
            },
            lightgbm.Dataset(features[order], truth[order].astype(float), group=sizes),
            2 * N_TREES // 3,
        )
        blend = Blend(names, trees, ranker, _Curve.fit(features, truth))
        if lean:
            outlook = features[:, names.index(LEANS_ON)]
            blend._lean = lean * float(blend.score(features).std()) / max(float(outlook.std()), 1e-9)
        return blend

    def score(self, features: Float) -> Float:
        """(n_units,), higher = more likely."""
        if not len(features):
            return np.empty(0)
        trees: Float = self._trees.predict(features, raw_score=True, **ALONE)
        total: Float = (
            trees + RANK_WEIGHT * self._ranker.predict(features, **ALONE) + self._curve.score(features)
        )
        return total + self._lean * features[:, self.names.index(LEANS_ON)] if self._lean else total

    def contributions(self, features: Float) -> Float:
        """What each feature adds to the score: (n_units, len(names) + 1), the last column is what all have alike."""
        trees = np.asarray(self._trees.predict(features, pred_contrib=True, **ALONE))
        ranker = np.asarray(self._ranker.predict(features, pred_contrib=True, **ALONE))
        total: Float = trees + RANK_WEIGHT * ranker + self._curve.contributions(features)
        if self._lean:
            place = self.names.index(LEANS_ON)
            total[:, place] += self._lean * features[:, place]
        return total


def _ranking_groups(sizes: Sequence[int]) -> tuple[npt.NDArray[np.int64], list[int]]:
    """Rows in the order of their groups, and the size of each; large origins are dealt out to several groups.

    >>> order, sizes = _ranking_groups([3])
    >>> order.tolist(), sizes
    ([0, 1, 2], [3])
    """
    order: list[npt.NDArray[np.int64]] = []
    groups: list[int] = []
    first = 0
    for size in sizes:
        parts = -(-size // MAX_GROUP)
        for part in range(parts):
            rows = np.arange(first + part, first + size, parts, dtype=np.int64)
            order.append(rows)
            groups.append(len(rows))
        first += size
    return np.concatenate(order), groups


@dataclass(slots=True)
class _Curve:
    """Logistic regression on features brought to a normal shape by their quantiles; unknown ones stand in the middle."""

    knots: list[Float]
    """Per feature: distinct quantiles of what was learnt from."""
    places: list[Float]
    """The normal deviate of each knot."""
    weights: Float
    offset: float

    @staticmethod
    def fit(features: Float, truth: Bool) -> _Curve:
        from scipy.special import ndtri
        from sklearn.linear_model import LogisticRegression

        levels = np.linspace(0, 1, KNOTS)
        knots: list[Float] = []
        places: list[Float] = []
        for column in features.T:
            known = column[np.isfinite(column)]
            values = np.quantile(known, levels) if len(known) else np.zeros(KNOTS)
            # Equal quantiles are one knot, in the middle of the levels that they span.
            distinct, which = np.unique(values, return_inverse=True)
            level = np.bincount(which, weights=levels) / np.bincount(which)
            knots.append(distinct)
            places.append(np.clip(ndtri(level), -3.0, 3.0))
        curve = _Curve(knots, places, np.zeros(features.shape[1]), 0.0)
        found = LogisticRegression(C=PENALTY, solver="newton-cholesky").fit(curve._shaped(features), truth)
        curve.weights, curve.offset = found.coef_[0], float(found.intercept_[0])
        return curve

    def _shaped(self, features: Float) -> Float:
        shaped = np.zeros(features.shape)
        for number, (knots, places) in enumerate(zip(self.knots, self.places, strict=True)):
            column = features[:, number]
            known = np.isfinite(column)
            shaped[known, number] = np.interp(column[known], knots, places)
        return shaped

    def score(self, features: Float) -> Float:
        score: Float = self._shaped(features) @ self.weights + self.offset
        return score

    def contributions(self, features: Float) -> Float:
        own = self._shaped(features) * self.weights
        total: Float = np.column_stack([own, np.full(len(features), self.offset)])
        return total
