"""Evidence of lexicon, meaning and neighbours as the numbers that the logit weighs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.tracks.lexicon import LexiconEvidence

Floats = npt.NDArray[np.float32]

TEXT_FEATURES = ("strong", "weak", "negative", "cover", "similarity", "lead")
CONCEPT_FEATURES = (
    "strong", "weak", "negative", "cover", "similarity", "lead", "neighbours", "context_strong", "context_weak",
)  # fmt: skip
NONE_FEATURES = ("always", "no_term", "highest_similarity")


def text_features(found: LexiconEvidence, near: Floats | None) -> Floats:
    """(n, k, 6) in the order of `TEXT_FEATURES`.

    strong and weak are log(1 + count); negative is a count, at most 2; cover is the share of words; similarity
    is the cosine times 10, lead is how far it stands above the item's mean over all tracks, times 10; both 0
    without an embedder.
    """
    nothing = np.zeros(found.strong.shape, dtype=np.float32)
    features = np.stack(
        [
            np.log1p(found.strong),
            np.log1p(found.weak),
            np.minimum(found.negative, 2),
            found.cover,
            nothing,
            nothing,
        ],
        axis=2,
    ).astype(np.float32)
    return features if near is None else with_meaning(features, near)


def with_meaning(features: Floats, near: Floats) -> Floats:
    """(n, k, 6) text features with similarity and lead filled in from (n, k) cosines."""
    filled = features.copy()
    filled[:, :, TEXT_FEATURES.index("similarity")] = 10 * near
    filled[:, :, TEXT_FEATURES.index("lead")] = 10 * (near - near.mean(axis=1, keepdims=True))
    return filled


def concept_features(
    own: LexiconEvidence,
    told: LexiconEvidence,
    counts: npt.NDArray[np.int64],
    near: Floats | None,
    around: Floats | None,
) -> Floats:
    """(n, k, 9) in the order of `CONCEPT_FEATURES`.

    neighbours is the square root of what `propagate` gives; context_strong and context_weak are the shares of
    the concept's titles with such a term. `counts` says how many rows of `told` belong to each concept.
    """
    neighbours = np.zeros(own.strong.shape, dtype=np.float32) if around is None else np.sqrt(around)
    shares = [mean_by_group((value > 0).astype(np.float32), counts) for value in (told.strong, told.weak)]
    return np.concatenate([text_features(own, near), np.stack([neighbours, *shares], axis=2)], axis=2)


def none_features(found: LexiconEvidence, near: Floats | None) -> Floats:
    """(n, 3) in the order of `NONE_FEATURES`: 1, 1 when no term of any track was found, highest cosine times 10."""
    empty = (found.strong + found.weak).max(axis=1) == 0
    features = np.stack([np.ones(len(empty)), empty, np.zeros(len(empty))], axis=1).astype(np.float32)
    return features if near is None else with_highest(features, near)


def with_highest(features: Floats, near: Floats) -> Floats:
    """(n, 3) features of none with the highest cosine filled in from (n, k) cosines."""
    filled = features.copy()
    filled[:, NONE_FEATURES.index("highest_similarity")] = 10 * near.max(axis=1)
    return filled


def mean_by_group(values: Floats, counts: npt.NDArray[np.int64]) -> Floats:
    """(n, k) means of consecutive groups of rows; 0 for a group without rows.

    >>> mean_by_group(np.array([[1.0], [0.0], [1.0]], dtype=np.float32), np.array([2, 0, 1])).ravel().tolist()
    [0.5, 0.0, 1.0]
    """
    owner = np.repeat(np.arange(len(counts)), counts)
    total = np.zeros((len(counts), values.shape[1]), dtype=np.float32)
    np.add.at(total, owner, values)
    size = np.maximum(counts, 1).astype(np.float32)
    result: Floats = total / size[:, None]
    return result
