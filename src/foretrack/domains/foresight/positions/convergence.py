"""Convergence: whether documents come to join more, and more evenly spread, pairs of classes."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.positions.answers import Convergence

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

ENOUGH_DOCUMENTS = 30
"""Fewer documents with two classes in either window give no change."""
_DRAWS_AT_ONCE = 50
_CLASSES_AT_MOST = 20
"""Classes of one document that are paired; more are the mark of a catalogue, not of a joint subject."""


def entropy(counts: Float) -> Float:
    """Shannon entropy in bits of each row: - sum p log2 p. Shannon 1948, doi:10.1002/j.1538-7305.1948.tb01338.x.

    >>> entropy(np.array([[4., 4., 0.], [7., 0., 0.], [0., 0., 0.]])).tolist()
    [1.0, 0.0, 0.0]
    """
    total = counts.sum(axis=1, keepdims=True)
    p = np.divide(counts, total, out=np.zeros(counts.shape), where=total > 0)
    logs = np.log2(p, out=np.zeros(counts.shape), where=p > 0)
    found: Float = np.abs((p * logs).sum(axis=1))
    return found


def class_pairs(documents: Int, classes: Int) -> tuple[Int, Int]:
    """(document, number of the pair of classes) for each two classes of a document.

    Co-classification as the sign of converging fields: Curran & Leker 2011, Technological Forecasting and Social
    Change 78(2), 256-273, doi:10.1016/j.techfore.2010.06.021.

    >>> [column.tolist() for column in class_pairs(np.array([0, 0, 0, 1]), np.array([2, 0, 1, 2]))]
    [[0, 0, 0], [0, 1, 2]]
    """
    order = np.lexsort((classes, documents))
    documents, classes = documents[order], classes[order]
    starts = np.flatnonzero(np.r_[True, documents[1:] != documents[:-1]])
    ends = np.r_[starts[1:], len(documents)]
    found_documents: list[int] = []
    found_pairs: list[tuple[int, int]] = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        for pair in combinations(classes[start : min(end, start + _CLASSES_AT_MOST)].tolist(), 2):
            found_documents.append(int(documents[start]))
            found_pairs.append(pair)
    if not found_pairs:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    _, numbers = np.unique(np.array(found_pairs), axis=0, return_inverse=True)
    return np.array(found_documents, dtype=np.int64), numbers.reshape(-1).astype(np.int64)


def converge(
    scheme: str,
    documents: Int,
    classes: Int,
    is_recent: npt.NDArray[np.bool_],
    rng: np.random.Generator,
    *,
    draws: int,
) -> Convergence:
    """The change of co-class entropy between two windows, at the same number of documents of both.

    Entropy grows with the number of documents that it is taken of, so both windows are sampled down: half as many
    documents as the smaller window has, without replacement, `draws` times (rarefaction: Hurlbert 1971, Ecology 52(4),
    577-586, doi:10.2307/1934145). The values are means over the draws.

    Args:
        documents, classes: (n_pairs,) numbers of documents and their classes, each pair once.
        is_recent: (n_documents,) whether a document is of the last years; the others are of those before.
    """
    from scipy.sparse import csr_array

    per_document = np.bincount(documents, minlength=len(is_recent))
    counted = [np.flatnonzero((per_document >= 2) & window) for window in (is_recent, ~is_recent)]
    classed = [int(((per_document >= 1) & window).sum()) for window in (is_recent, ~is_recent)]
    shares = [len(two) / one if one else None for two, one in zip(counted, classed, strict=True)]
    n, n_before = (len(two) for two in counted)
    if min(n, n_before) < ENOUGH_DOCUMENTS:
        return Convergence(scheme, None, None, None, None, None, shares[0], shares[1], n, n_before)
    of, pairs = class_pairs(documents, classes)
    matrix = csr_array((np.ones(len(of)), (of, pairs)), shape=(len(is_recent), int(pairs.max()) + 1))
    size = min(n, n_before) // 2
    drawn = [_entropies(matrix[two], size, rng, draws=draws) for two in counted]
    low, high = np.quantile(drawn[0] - drawn[1], [0.05, 0.95])
    means = [float(values.mean()) for values in drawn]
    return Convergence(
        scheme,
        means[0],
        means[1],
        means[0] - means[1],
        float(low),
        float(high),
        shares[0],
        shares[1],
        n,
        n_before,
    )


def _entropies(rows: Any, size: int, rng: np.random.Generator, *, draws: int) -> Float:
    """Entropy of the pairs of `size` documents drawn without replacement, `draws` times."""
    turned = rows.T.tocsr()
    found = []
    for start in range(0, draws, _DRAWS_AT_ONCE):
        n = min(_DRAWS_AT_ONCE, draws - start)
        chance = rng.random((n, rows.shape[0]))
        last = np.partition(chance, size - 1, axis=1)[:, size - 1 : size]
        found.append(entropy((turned @ (chance <= last).T.astype(np.float64)).T))
    return np.concatenate(found)
