"""The probability that an open pair will be studied together, learnt from matured cases only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.links.cases import LinkCase, matured
from foretrack.domains.foresight.links.features import FEATURES
from foretrack.domains.foresight.links.pairs import ESTABLISHED, Float
from foretrack.foundation.errors import EvidenceError

METHOD = "links-1"
LEARNT_ORIGINS = 4
"""Newest matured origins that are learnt from: what made links ten years ago says less of today."""
_ROWS_PER_ORIGIN = 25_000
_TREES = 100
_MIN_TRUE = 100
"""True pairs that a target needs: with fewer, 43 features find what is not there."""
_SETTINGS: dict[str, Any] = {
    "objective": "binary", "num_leaves": 15, "learning_rate": 0.08, "min_data_in_leaf": 100, "lambda_l2": 5.0,
    "feature_fraction": 0.3, "bagging_fraction": 0.8, "bagging_freq": 1, "max_bin": 63,
    "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbose": -1,
}  # fmt: skip


@dataclass(slots=True)
class LinkModel:
    """Gradient-boosted trees over the features of a pair, one ensemble for each target.

    After Krenn et al. 2023 (10.1038/s42256-023-00735-0), where trees over hand-made features did best.
    """

    seed: int = 20
    learnt_from: tuple[int, ...] = ()
    """Origins that were learnt from."""
    _any: Any = field(default=None, repr=False)
    _established: Any = field(default=None, repr=False)

    def fit(self, cases: Sequence[LinkCase], year: int) -> LinkModel:
        """Learns from the cases that had matured by `year`; others are not looked at.

        EvidenceError when they hold fewer than 100 true pairs.
        """
        past = sorted((case for case in cases if matured(case, year)), key=lambda case: case.origin)
        past = past[-LEARNT_ORIGINS:]
        n_true = sum(int((case.documents > 0).sum()) for case in past)
        if n_true < _MIN_TRUE:
            raise EvidenceError(
                f"not enough evidence for links as of {year}: needs {_MIN_TRUE} new pairs to learn from, there "
                f"are {n_true} in {len(past)} years whose three years were over by then",
                expected="about seven years of a few hundred documents each",
                do="ingest older documents of the same sources, or ask a later --as-of",
            )
        rng = np.random.default_rng([self.seed, year])
        rows, documents, weights = [], [], []
        for case in past:
            n = len(case.pairs)
            chosen = np.sort(rng.choice(n, min(n, _ROWS_PER_ORIGIN), replace=False))
            rows.append(case.features[chosen])
            documents.append(case.documents[chosen])
            # Each origin counts alike, however many open pairs it has.
            weights.append(case.stands_for[chosen] / case.stands_for[chosen].sum())
        x, together, weight = np.concatenate(rows), np.concatenate(documents), np.concatenate(weights)
        weight = weight / weight.mean()
        self.learnt_from = tuple(case.origin for case in past)
        self._any = self._trees(x, together >= 1, weight)
        enough = int((together >= ESTABLISHED).sum()) >= _MIN_TRUE
        self._established = self._trees(x, together >= ESTABLISHED, weight) if enough else None
        return self

    def probability(self, features: npt.NDArray[np.float32]) -> Float:
        """Of one document or more that carries both, within three years: (n_pairs,), 0..1."""
        return _predict(self._any, features)

    def probability_established(self, features: npt.NDArray[np.float32]) -> Float:
        """Of three documents or more: (n_pairs,); nan when too few pairs were established to learn from."""
        if self._established is None:
            return np.full(len(features), np.nan)
        return _predict(self._established, features)

    def _trees(self, x: npt.NDArray[np.float32], truth: npt.NDArray[np.bool_], weight: Float) -> Any:
        import lightgbm

        data = lightgbm.Dataset(
            x, truth.astype(np.int8), weight=weight, feature_name=list(FEATURES), params={"verbose": -1}
        )
        return lightgbm.train({**_SETTINGS, "seed": self.seed}, data, _TREES)


def _predict(trees: Any, features: npt.NDArray[np.float32]) -> Float:
    if trees is None:
        raise ValueError("the model has learnt nothing yet: call fit first")
    if not len(features):
        return np.zeros(0)
    found: Float = np.asarray(trees.predict(features, num_threads=1), dtype=np.float64)
    return found
