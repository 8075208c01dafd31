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
FLOOR = 0.35
"""Cosine from which a thing without the words counts as near in meaning."""
STRONG = 0.45
"""Cosine from which a hit in the other language gets a place among many hits by words."""
EVERY = 5
"""Such a hit takes each fifth place at most."""
PARTLY = 0.5
"""Share of the question's weight that a thing with some of the words must have."""
PARTLY_WEIGHT = 0.5
"""What all the words together would weigh beside a cosine of 1, for things with some of them."""
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


def with_meaning(scores: Floats, similarity: Floats | None) -> Floats:
    """(n,) scores by words scaled to 0..1, raised by up to MEANING for things near in meaning.

    `similarity` is nan where a thing has no vector: it gets the median of the others, so that to be embedded
    late is neither good nor bad.

    >>> with_meaning(np.array([4.0, 3.0, 2.0]), np.array([0.1, 0.9, np.nan])).round(3).tolist()
    [1.03, 1.02, 0.65]
    """
    best = float(scores.max(initial=0.0))
    scaled = scores / best if best > 0 else scores
    if similarity is None or not len(scores):
        return scaled
    known = ~np.isnan(similarity)
    if not known.any():
        return scaled
    filled = np.where(known, similarity, np.median(similarity[known]))
    result: Floats = scaled + MEANING * np.clip(filled, 0.0, 1.0)
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
