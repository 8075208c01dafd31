"""How good a forecast was: threat score, average precision, calibration, pinball loss, coverage, lead time.

Every figure here is of one origin and without an interval; `intervals.py` draws the intervals with the same
definitions. Units with equal scores stand in no order: what depends on an order is averaged over them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

TOP = 50
"""Length of the list whose precision is reported: what a reader may read through."""
BINS = 10
"""Bins of the calibration error, each with equally many units."""
Z_95 = 1.959963984540054


def threat_score(called: Bool, truth: Bool) -> float:
    """Critical success index: right calls over right calls, false alarms and misses together; nan for none of them.

    Source: Schaefer 1990, "The critical success index as an indicator of warning skill", Weather and Forecasting
    5:570-575. It is F1 / (2 - F1).

    >>> import numpy as np
    >>> threat_score(np.array([True, True, False, False]), np.array([True, False, True, False]))    # 1 / 3
    0.3333333333333333
    """
    union = int((called | truth).sum())
    return float((called & truth).sum() / union) if union else float("nan")


def best_threshold(score: Float, truth: Bool) -> float:
    """The lowest score to call "yes" at which the threat score is greatest; inf where nothing is true.

    To be asked of an earlier origin than the one it is used on.

    >>> import numpy as np
    >>> best_threshold(np.array([.9, .8, .7, .1]), np.array([True, False, True, False]))    # 2 of 3 called: 2/3
    0.7
    """
    hits, called, ends = _steps(score, truth)
    if not truth.any():
        return float("inf")
    scores = hits / (called + truth.sum() - hits)
    return float(np.sort(score)[::-1][ends[int(scores.argmax())]])


def average_precision(score: Float, truth: Bool) -> float:
    """Mean of the precision at every true unit, going down the list; nan where nothing is true.

    >>> import numpy as np
    >>> average_precision(np.array([.9, .8, .7, .1]), np.array([True, False, True, False]))     # (1/1 + 2/3) / 2
    0.8333333333333333
    """
    if not truth.any():
        return float("nan")
    hits, called, _ = _steps(score, truth)
    gained = np.diff(hits, prepend=0)
    return float((gained * hits / called).sum() / truth.sum())


def area_under_curve(score: Float, truth: Bool) -> float:
    """Probability that a true unit stands above a false one, ties counting half; nan where one kind is missing.

    >>> import numpy as np
    >>> area_under_curve(np.array([.9, .8, .7, .1]), np.array([True, False, True, False]))      # 3 of 4 pairs
    0.75
    """
    if truth.all() or not truth.any():
        return float("nan")
    hits, called, _ = _steps(score, truth)
    true, false = np.diff(hits, prepend=0), np.diff(called - hits, prepend=0)
    above = np.cumsum(false) - false / 2
    return float(1 - (true * above).sum() / (true.sum() * false.sum()))


def precision_at(score: Float, truth: Bool, k: int = TOP) -> float:
    """Share of the `k` highest scores that came true, or of all if there are fewer; ties pro rata.

    >>> import numpy as np
    >>> score, truth = np.array([.9, .8, .8, .1]), np.array([True, False, True, False])
    >>> precision_at(score, truth, k=1), precision_at(score, truth, k=2)      # the second place: half a true one
    (1.0, 0.75)
    """
    if not len(score):
        return float("nan")
    hits, called, _ = _steps(score, truth)
    k = min(k, len(score))
    return float(np.interp(k, np.concatenate(([0], called)), np.concatenate(([0], hits))) / k)


def precision_at_recall(score: Float, truth: Bool, recall: float = 0.5) -> float:
    """Precision of the shortest list that holds at least this part of what came true; nan where nothing did.

    >>> import numpy as np
    >>> precision_at_recall(np.array([.9, .8, .7, .1]), np.array([False, True, True, False]))
    0.5
    """
    if not truth.any():
        return float("nan")
    hits, called, _ = _steps(score, truth)
    first = int((hits >= recall * truth.sum()).argmax())
    return float(hits[first] / called[first])


def _steps(score: Float, truth: Bool) -> tuple[Float, Float, npt.NDArray[np.int64]]:
    """(true units, units) down to each different score, highest first, and the place where each ends."""
    order = np.argsort(-score, kind="stable")
    ends = (
        np.flatnonzero(np.append(score[order][1:] != score[order][:-1], True))
        if len(score)
        else np.empty(0, np.int64)
    )
    hits = np.cumsum(truth[order]).astype(float)[ends]
    return hits, (ends + 1).astype(float), ends


def brier(probability: Float, truth: Bool) -> float:
    """Mean squared difference of probability and outcome: 0 is perfect.

    Source: Brier 1950, Monthly Weather Review 78:1-3.

    >>> import numpy as np
    >>> round(brier(np.array([.8, .3]), np.array([True, False])), 3)        # (.04 + .09) / 2
    0.065
    """
    return float(((probability - truth) ** 2).mean()) if len(truth) else float("nan")


def calibration_bins(probability: Float, bins: int = BINS) -> npt.NDArray[np.int64]:
    """Number of the bin of each unit, lowest probabilities first, equally many units in each (one more at most).

    >>> import numpy as np
    >>> calibration_bins(np.array([.9, .1, .5, .2]), bins=2).tolist()
    [1, 0, 1, 0]
    """
    place = np.empty(len(probability), dtype=np.int64)
    place[np.argsort(probability, kind="stable")] = np.arange(len(probability))
    return place * bins // max(len(probability), 1)


def calibration_error(probability: Float, truth: Bool, bins: int = BINS) -> float:
    """Expected calibration error: mean distance of promised and observed rate over bins of equally many units.

    Source: Naeini, Cooper & Hauskrecht 2015, AAAI 29:2901-2907, with equal-mass bins (Nguyen & O'Connor 2015).

    >>> import numpy as np
    >>> p, truth = np.array([.1, .3, .6, .8]), np.array([False, False, True, False])
    >>> round(calibration_error(p, truth, bins=2), 3)         # |.2 - 0| / 2 + |.7 - .5| / 2
    0.2
    """
    if not len(truth):
        return float("nan")
    off = np.bincount(calibration_bins(probability, bins), weights=probability - truth)
    return float(np.abs(off).sum() / len(truth))


def pinball(quantiles: Float, value: Float, levels: Sequence[float]) -> Float:
    """Pinball loss of each quantile: shape of `quantiles`, nan where the value is unknown.

    L_q = max(q (y - f), (q - 1)(y - f)). Source: Koenker & Bassett 1978, Econometrica 46:33-50.

    Args:
        quantiles: (..., n_levels); value: (...).

    >>> import numpy as np
    >>> pinball(np.array([[1.0, 3.0]]), np.array([2.0]), (.1, .9)).round(3).tolist()       # .1 * 1; .1 * 1
    [[0.1, 0.1]]
    """
    over = value[..., None] - quantiles
    level = np.asarray(levels)
    loss: Float = np.maximum(level * over, (level - 1) * over)
    return loss


def level_weights(levels: Sequence[float]) -> Float:
    """Part of (0, 1) that is nearest to each level: with these weights twice the pinball loss is the CRPS.

    >>> level_weights((.1, .5, .9)).round(2).tolist()
    [0.3, 0.4, 0.3]
    """
    edges = np.concatenate(([0.0], (np.asarray(levels[1:]) + np.asarray(levels[:-1])) / 2, [1.0]))
    return np.diff(edges)


def ranked_probability_score(quantiles: Float, value: Float, levels: Sequence[float]) -> Float:
    """CRPS from quantiles: twice the pinball loss, weighted by `level_weights`; shape of `value`.

    Source: Gneiting & Ranjan 2011, J. Business & Economic Statistics 29:411-422, doi:10.1198/jbes.2010.08110.

    >>> import numpy as np
    >>> ranked_probability_score(np.array([[1.0, 3.0]]), np.array([2.0]), (.1, .9)).round(3).tolist()
    [0.2]
    """
    score: Float = 2 * (pinball(quantiles, value, levels) * level_weights(levels)).sum(axis=-1)
    return score


def covered(quantiles: Float, value: Float, levels: Sequence[float], part: float) -> Float:
    """1 where the value lies in the central interval of this probability, 0 where not, nan where it is unknown.

    >>> import numpy as np
    >>> covered(np.array([[1.0, 2.0, 3.0]] * 3), np.array([1.0, 3.5, np.nan]), (.1, .5, .9), .8)
    array([ 1.,  0., nan])
    """
    low, high = (
        int(np.argmin(np.abs(np.asarray(levels) - edge))) for edge in ((1 - part) / 2, (1 + part) / 2)
    )
    # Rounding must not put a value on the edge outside.
    slack = 1e-12
    inside = (value >= quantiles[..., low] - slack) & (value <= quantiles[..., high] + slack)
    known = np.isfinite(value) & np.isfinite(quantiles[..., low]) & np.isfinite(quantiles[..., high])
    return np.where(known, inside.astype(float), np.nan)


def wilson(hits: float, n: float, z: float = Z_95) -> tuple[float, float]:
    """95 % interval of a rate: (low, high), 0..1; (nan, nan) for no cases.

    Source: Wilson 1927, J. American Statistical Association 22:209-212.

    >>> [round(edge, 3) for edge in wilson(8, 10)]
    [0.49, 0.943]
    """
    if n <= 0:
        return float("nan"), float("nan")
    rate = hits / n
    middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return float(middle - half), float(middle + half)


def median_lead(flagged: Sequence[int | None], arrived: Sequence[int]) -> float:
    """Median of years from the first flag to the arrival; a unit never flagged counts as flagged never (-inf).

    Args:
        flagged: first year flagged, None for never; arrived: first year in the top 5 %. nan for no units.

    >>> median_lead([2012, 2014, 2016], [2015, 2015, 2015]), median_lead([2012, None, None], [2015, 2015, 2015])
    (1.0, -inf)
    """
    if not arrived:
        return float("nan")
    leads = [
        -np.inf if first is None else float(year - first)
        for first, year in zip(flagged, arrived, strict=True)
    ]
    ordered = np.sort(leads)
    half = len(ordered) // 2
    if len(ordered) % 2 or ordered[half - 1] == -np.inf:
        return float(ordered[half] if len(ordered) % 2 else -np.inf)
    return float((ordered[half - 1] + ordered[half]) / 2)
