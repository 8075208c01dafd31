"""The order of hits: our own, the same on every database.

Words are scored by BM25F (Robertson & Zaragoza 2009, doi:10.1561/1500000019): counts of title and body are
weighted and normalised by length before they saturate once. One idea of the question is one term, also where it is
several Chinese character pairs or may be met in two languages. All numbers (how rare a word is, how long texts
are) come from what the viewer may see, so the order tells nothing about the rest.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

K1 = 1.2
"""Saturation."""
B = (0.5, 0.75)
"""Length normalisation of title and body, 0 none to 1 full."""
FIELD_WEIGHTS = (3.0, 1.0)
"""A word of the title counts as this many of the body."""
MEANING = 0.3
"""How far meaning can move a thing that has all the words: by this share of the best score by words."""
FLOOR = 2.0
"""Standard deviations above the mean of its language from which a thing without the words counts as near in meaning."""
STRONG = 2.0
"""The same, from which a hit in the other language gets a place among many hits by words."""
FULL = 6.0
"""Standard deviations at which nearness is 1."""
EVERY = 5
"""Such a hit takes each fifth place at most."""
ENOUGH = 100
"""Things of a language from which mean and deviation of their similarities are taken."""
USUAL = (0.05, 0.075)
"""Mean and deviation of the cosines of keywords and documents, as docs/methods/search.md measured them."""
PARTLY = 0.5
"""Share of the question's weight that a thing with some of the words must have."""
PARTLY_WEIGHT = 1.0
"""What all the words together would weigh beside a nearness of 1, for things with some of them."""
FILL = 50
"""Hits by meaning or by some of the words that are added at most."""


def rarity(n_things: int, n_with: npt.ArrayLike) -> Floats:
    """Weight of a term that stands in `n_with` of `n_things`; above 0 always.

    ln(1 + (N - n + 0.5) / (n + 0.5))

    >>> rarity(100, [1, 50]).round(3).tolist()
    [4.21, 0.693]
    """
    n = np.asarray(n_with, dtype=np.float64)
    result: Floats = np.log1p(np.maximum(n_things - n + 0.5, 0.0) / (n + 0.5))
    return result


def bm25f(counts: Floats, lengths: Floats, averages: Floats, weights: Floats) -> Floats:
    """(n,) scores of n things.

    f(t) = sum over fields of w * count / (1 - b + b * length / average);  score = sum over t of weight * f / (K1 + f)

    Args:
        counts: (n, terms, 2), of title and body.
        lengths: (n, 2) in words; averages: (2,) of everything the viewer sees; weights: (terms,) from `rarity`.

    A title of average length with the word once gives f = 3, so 2 * 3 / 4.2; the body once f = 1, so 2 / 2.2:

    >>> counts = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    >>> bm25f(counts, np.full((2, 2), 10.0), np.full(2, 10.0), np.array([2.0])).round(4).tolist()
    [1.4286, 0.9091]
    """
    b = np.asarray(B)
    averages = np.maximum(averages, 1e-9)
    norm = 1.0 - b + b * (lengths / averages)
    f = (counts * (np.asarray(FIELD_WEIGHTS) / np.maximum(norm, 1e-9))[:, None, :]).sum(axis=2)
    result: Floats = (weights * f / (K1 + f)).sum(axis=1)
    return result


def deviations(similarity: Floats, groups: npt.NDArray[np.int32], among: Bools) -> Floats:
    """(n,) by how many standard deviations each similarity lies above the mean of its group.

    Cosines of a short question and a long text are small, and smaller across languages; how they compare with
    those of all other things in that language says more, and the same for every model.

    Args:
        similarity: nan where there is none, and then nan comes out. groups: a number each, such as of the language.
        among: what mean and deviation are taken from; of fewer than ENOUGH, what large collections have is taken.

    >>> groups = np.ones(200, np.int32)
    >>> similarity = np.tile([0.0, 0.2], 100)
    >>> similarity[0] = 0.5
    >>> deviations(similarity, groups, np.ones(200, bool))[:2].round(2).tolist()
    [3.83, 0.94]
    >>> deviations(np.array([0.5, np.nan]), groups[:2], np.ones(2, bool)).round(2).tolist()
    [6.0, nan]
    """
    result = np.full(len(similarity), np.nan)
    known = ~np.isnan(similarity)
    for group in np.unique(groups[known]).tolist():
        own = known & (groups == group)
        base = similarity[own & among]
        mean, spread = (float(base.mean()), float(base.std())) if len(base) >= ENOUGH else USUAL
        result[own] = (similarity[own] - mean) / max(spread, 1e-3)
    return result


def nearness(deviation: Floats) -> Floats:
    """Deviations as 0 to 1; nan is 0.

    >>> nearness(np.array([-1.0, 3.0, 9.0, np.nan])).tolist()
    [0.0, 0.5, 1.0, 0.0]
    """
    result: Floats = np.clip(np.nan_to_num(deviation, nan=0.0) / FULL, 0.0, 1.0)
    return result


def with_meaning(scores: Floats, deviation: Floats | None) -> Floats:
    """(n,) scores by words scaled to 0..1, raised by up to MEANING for things near in meaning.

    `deviation` is nan where a thing has no vector: it gets the median of the others, so that to be embedded
    late is neither good nor bad.

    >>> with_meaning(np.array([4.0, 3.0, 2.0]), np.array([0.6, 5.4, np.nan])).round(3).tolist()
    [1.03, 1.02, 0.65]
    """
    top = float(scores.max(initial=0.0))
    scaled = scores / top if top > 0 else scores
    if deviation is None or not len(scores):
        return scaled
    known = ~np.isnan(deviation)
    if not known.any():
        return scaled
    filled = np.where(known, deviation, np.median(deviation[known]))
    result: Floats = scaled + MEANING * nearness(filled)
    return result


def in_order(scores: Floats, ties: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Positions from best to worst; equal to six decimals goes by `ties`, a number drawn from the thing's name.

    >>> in_order(np.array([1.0, 2.0, 1.0 + 1e-9]), np.array([9, 5, 3], dtype=np.uint64)).tolist()
    [1, 2, 0]
    """
    order: npt.NDArray[np.int64] = np.lexsort((ties, -np.round(scores, 6))).astype(np.int64)
    return order


def best(scores: Floats, ties: npt.NDArray[np.uint64], n: int) -> npt.NDArray[np.int64]:
    """As `in_order`, but only the first `n`, without ordering the others.

    >>> best(np.array([1.0, 2.0, 3.0]), np.array([1, 2, 3], dtype=np.uint64), 2).tolist()
    [2, 1]
    """
    if len(scores) <= 2 * n:
        return in_order(scores, ties)[:n]
    rounded = np.round(scores, 6)
    edge = np.partition(rounded, len(rounded) - n)[len(rounded) - n]
    among = np.flatnonzero(
        rounded >= edge
    )  # everything that equals the last one, so that ties decide as always
    chosen: npt.NDArray[np.int64] = among[in_order(scores[among], ties[among])][:n]
    return chosen


def weave(by_words: npt.NDArray[np.int64], bridging: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Hits by words with near hits of the other language on each fifth place, as far as there are any.

    >>> weave(np.arange(10), np.array([90, 91])).tolist()
    [0, 1, 2, 3, 90, 4, 5, 6, 7, 91, 8, 9]
    """
    if not len(bridging):
        return by_words
    at = np.minimum(np.arange(1, len(bridging) + 1) * (EVERY - 1), len(by_words))
    woven: npt.NDArray[np.int64] = np.insert(by_words, at, bridging)
    return woven
