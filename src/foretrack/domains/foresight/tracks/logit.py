"""One multinomial logit with the same few weights for every track: it serves packs that it never saw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def probabilities(features: npt.ArrayLike, none_features: npt.ArrayLike, weights: npt.ArrayLike) -> Floats:
    """(n, k+1) probabilities of k tracks and, in the last column, of none of them.

    Args:
        features: (n, k, f), evidence for each track.
        none_features: (n, g), evidence for none.
        weights: (f + g,).

    Formula: p_j proportional to exp(sum_f w_f x_jf), p_none proportional to exp(sum_g v_g z_g).

    >>> probabilities([[[1.0], [0.0]]], [[1.0]], [2.0, 1.0]).round(3).tolist()
    [[0.665, 0.09, 0.245]]
    """
    x, z, w = (np.asarray(value, dtype=np.float64) for value in (features, none_features, weights))
    count = x.shape[2]
    utility = np.concatenate([x @ w[:count], (z @ w[count:])[:, None]], axis=1)
    utility -= utility.max(axis=1, keepdims=True)
    odds = np.exp(utility)
    result: Floats = odds / odds.sum(axis=1, keepdims=True)
    return result


def fit(
    features: npt.ArrayLike,
    none_features: npt.ArrayLike,
    accepted: Sequence[Sequence[int]],
    *,
    penalty: float = 1.0,
    non_negative: Sequence[int] = (),
) -> Floats:
    """Weights (f + g,) that give the accepted answers the highest penalised likelihood.

    Args:
        features, none_features: as for `probabilities`.
        accepted: per item the columns (0..k, k being none) that a labeller accepts, one or two.
        penalty: L2 penalty on all weights.
        non_negative: positions of weights that may not fall below 0.

    Raises ValueError when nothing is given to learn from.
    """
    from scipy.optimize import minimize

    x, z = np.asarray(features, dtype=np.float64), np.asarray(none_features, dtype=np.float64)
    if len(x) == 0 or len(accepted) != len(x):
        raise ValueError("as many accepted answers as items are needed, and at least one")
    target = np.zeros((len(x), x.shape[1] + 1))
    for row, columns in enumerate(accepted):
        target[row, list(columns)] = 1.0
    count = x.shape[2] + z.shape[1]

    def loss(w: Floats) -> tuple[float, Floats]:
        p = probabilities(x, z, w)
        right = np.maximum((p * target).sum(axis=1), 1e-12)
        share = p * target / right[:, None] - p
        slope = np.concatenate([np.einsum("nk,nkf->f", share[:, :-1], x), share[:, -1] @ z])
        return float(-np.log(right).sum() + 0.5 * penalty * (w @ w)), -slope + penalty * w

    bounds = [(0.0, None) if position in set(non_negative) else (None, None) for position in range(count)]
    found = minimize(loss, np.zeros(count), jac=True, method="L-BFGS-B", bounds=bounds)
    result: Floats = found.x
    return result
