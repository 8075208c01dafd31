"""How well each reviewer's field fits each submission, from tracks, vectors and words, 0..1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from foretrack.foundation.errors import InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Float = npt.NDArray[np.float64]
SAME_DIRECTION = 0.5
"""What a track of the same direction is worth beside the same track (1): our own choice, docs/methods/review.md."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What a submission is about, or what a reviewer knows. Each part may be missing."""

    key: str
    tracks: tuple[str, ...] = ()
    vector: Float | None = None
    """An embedding; all of one call have the same length."""
    words: tuple[str, ...] = ()
    """Terms as they come, repeated where they come again."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part weighs against the others; they need not sum to 1."""

    tracks: float = 0.4
    vectors: float = 0.4
    words: float = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The fit of every pair and what it is made of."""

    matrix: Float
    """(n_submissions, n_reviewers), 0..1."""
    parts: Mapping[str, Float]
    """`tracks`, `vectors`, `words`: the part of every pair, nan where one side says nothing. Parts that no pair has
    are left out."""


def fit_matrix(
    submissions: Sequence[Profile],
    reviewers: Sequence[Profile],
    *,
    weights: Weights = Weights(),
    direction_of: Mapping[str, str] | None = None,
) -> Fit:
    """The fit of every pair: the weighted mean of its parts.

        tracks    1 with a track in common, 0.5 with a direction in common, else 0
        vectors   max(0, cosine) after the mean of all vectors is taken off
        words     cosine of counts weighted by ln(1 + n / n with the word)

    A part that a pair lacks stands at the mean of that part over the pairs that have it, so that saying nothing
    neither helps nor hurts; a part that no pair has is left out, and where there is none at all every fit is 0.

    Args:
        direction_of: direction of each track, where it has one.

    Raises:
        InputError: vectors of different lengths or with values that are not finite, weights below 0 or all 0.

    >>> fit = fit_matrix(
    ...     [Profile("s1", ("quantum",)), Profile("s2", ("humanoid",))],
    ...     [Profile("r1", ("quantum",)), Profile("r2", ("computing",)), Profile("r3")],
    ...     direction_of={"quantum": "information", "computing": "information"},
    ... )
    >>> fit.matrix                       # r3 says nothing: the mean of 1, .5, 0, 0
    array([[1.   , 0.5  , 0.375],
           [0.   , 0.   , 0.375]])
    """
    sizes = {"tracks": weights.tracks, "vectors": weights.vectors, "words": weights.words}
    if min(sizes.values()) < 0 or not sum(sizes.values()) > 0:
        raise InputError.of(
            "the weights {weights}", expected="no weight below 0 and one above", do="correct the weights",
            weights=", ".join(f"{name} {value:g}" for name, value in sizes.items()),
        )  # fmt: skip
    made = {
        "tracks": _by_tracks(submissions, reviewers, direction_of or {}),
        "vectors": _by_vectors(submissions, reviewers),
        "words": _by_words(submissions, reviewers),
    }
    parts = {name: part for name, part in made.items() if sizes[name] and np.isfinite(part).any()}
    matrix = np.zeros((len(submissions), len(reviewers)))
    total = sum(sizes[name] for name in parts)
    for name, part in parts.items():
        known = np.isfinite(part)
        matrix += sizes[name] / total * np.where(known, part, part[known].mean())
    return Fit(np.clip(matrix, 0, 1), parts)


def _by_tracks(
    submissions: Sequence[Profile], reviewers: Sequence[Profile], direction_of: Mapping[str, str]
) -> Float:
    tracks = [[p.tracks for p in side] for side in (submissions, reviewers)]
    directions = [[[direction_of[t] for t in of if t in direction_of] for of in side] for side in tracks]
    same = (_incidence(tracks[0], tracks[1]) > 0).astype(float)
    near = (_incidence(directions[0], directions[1]) > 0) * SAME_DIRECTION
    has = [np.array([bool(of) for of in side], dtype=bool) for side in tracks]
    return np.where(np.outer(has[0], has[1]), np.maximum(same, near), np.nan)


def _incidence(left: Sequence[Sequence[str]], right: Sequence[Sequence[str]]) -> Float:
    """How many names each pair has in common."""
    names = {
        name: i
        for i, name in enumerate(dict.fromkeys(n for side in (left, right) for of in side for n in of))
    }
    shared: Float = (_counts(left, names) @ _counts(right, names).T).toarray()
    return shared


def _counts(side: Sequence[Sequence[str]], names: Mapping[str, int]) -> csr_array:
    from scipy.sparse import csr_array

    rows = np.repeat(np.arange(len(side)), [len(of) for of in side])
    columns = np.array([names[name] for of in side for name in of], dtype=np.int64)
    return csr_array((np.ones(len(columns)), (rows, columns)), shape=(len(side), max(1, len(names))))


def _by_vectors(submissions: Sequence[Profile], reviewers: Sequence[Profile]) -> Float:
    n = len(submissions)
    everyone = [*submissions, *reviewers]
    has = np.array([p.vector is not None for p in everyone], dtype=bool)
    part = np.full((n, len(reviewers)), np.nan)
    given = [np.asarray(p.vector, dtype=float) for p in everyone if p.vector is not None]
    if not has[:n].any() or not has[n:].any():
        return part
    if (
        len({v.shape for v in given}) > 1
        or given[0].ndim != 1
        or not all(np.isfinite(v).all() for v in given)
    ):
        raise InputError.of(
            "vectors of the shapes {shapes}, or with values that are not finite",
            expected="one vector of numbers for each, all of the same length", do="make all vectors with one model",
            shapes=", ".join(sorted({str(v.shape) for v in given})),
        )  # fmt: skip
    vectors = np.stack(given)
    vectors = vectors - vectors.mean(axis=0)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 1e-12)
    split = int(has[:n].sum())
    cosine = np.clip(vectors[:split] @ vectors[split:].T, 0, 1)
    part[np.ix_(has[:n], has[n:])] = cosine
    return part


def _by_words(submissions: Sequence[Profile], reviewers: Sequence[Profile]) -> Float:
    everyone = [*submissions, *reviewers]
    n = len(submissions)
    has = np.array([bool(p.words) for p in everyone], dtype=bool)
    if not has[:n].any() or not has[n:].any():
        return np.full((n, len(reviewers)), np.nan)
    names = {w: i for i, w in enumerate(dict.fromkeys(w for p in everyone for w in p.words))}
    counts = _counts([p.words for p in everyone], names)
    counts.sum_duplicates()
    holders = np.bincount(counts.indices, minlength=len(names))
    counts.data *= np.log1p(has.sum() / holders)[counts.indices]
    norms = np.sqrt(
        np.bincount(
            np.repeat(np.arange(len(everyone)), np.diff(counts.indptr)), counts.data**2, len(everyone)
        )
    )
    dense: Float = (counts[:n] @ counts[n:].T).toarray()
    scale = np.outer(norms[:n], norms[n:])
    cosine = np.divide(dense, scale, out=np.zeros_like(dense), where=scale > 0)
    return np.where(np.outer(has[:n], has[n:]), np.clip(cosine, 0, 1), np.nan)
