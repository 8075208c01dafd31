"""Which concepts are studied together, and how closely a concept's neighbours hang together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Float = npt.NDArray[np.float64]

MAX_PER_DOCUMENT = 40
"""Concepts of a document that enter its pairs, the rarest first, so that long texts do not dominate."""
MIN_TOGETHER = 3
"""Documents that two concepts must share to be neighbours."""
MAX_NEIGHBOURS = 20
MIN_NEIGHBOURS = 3
"""Neighbours that a concept needs before its coherence is stated."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The strongest neighbours of each concept.

    Shapes: `ppmi` and `together` csr (n_concepts, n_concepts), the same at most MAX_NEIGHBOURS entries a row;
    `coherence` (n_concepts,), nan where fewer than MIN_NEIGHBOURS neighbours are known.
    """

    ppmi: sparse.csr_array
    together: sparse.csr_array
    coherence: Float


def find_neighbours(
    documents: npt.NDArray[np.int32],
    concepts: npt.NDArray[np.int32],
    *,
    n_documents: int,
    n_counted: int,
    n_concepts: int,
) -> Neighbourhood:
    """Neighbours by positive pointwise mutual information of documents.

    PPMI(a, b) = max(0, ln(n_ab n / (n_a n_b))), over pairs in at least three documents (Church & Hanks 1990).
    Coherence is the density of a concept's neighbourhood: of all pairs among its at most 20 strongest neighbours,
    the share that are neighbours of each other (Watts & Strogatz 1998 clustering coefficient).

    Args:
        mentions of the recent documents; `documents` numbered 0..n_documents-1.
        n_counted: how many documents are recent, with mentions or without: n of the formula.
    """
    shape = (n_concepts, n_concepts)
    empty = sparse.csr_array(shape, dtype=np.float64)
    if not len(documents):
        return Neighbourhood(empty, empty.astype(np.int32), np.full(n_concepts, np.nan))
    df = np.bincount(concepts, minlength=n_concepts)
    # Rarest concepts first within a document; ties by concept number keep the result deterministic.
    order = np.lexsort((concepts, df[concepts], documents))
    document, concept = documents[order], concepts[order]
    starts = np.flatnonzero(np.append(True, document[1:] != document[:-1]))
    rank = np.arange(len(document)) - np.repeat(starts, np.diff(np.append(starts, len(document))))
    chosen = rank < MAX_PER_DOCUMENT
    matrix = sparse.csr_array(
        (np.ones(int(chosen.sum()), dtype=np.int32), (document[chosen], concept[chosen])),
        shape=(n_documents, n_concepts),
    )
    pairs = _pair_counts(matrix)
    pmi = np.log(pairs.data * float(n_counted) / (df[pairs.row].astype(float) * df[pairs.col]))
    positive = pmi > 0
    row, col = pairs.row[positive], pairs.col[positive]
    pmi, together = pmi[positive], pairs.data[positive]
    # Strength for choosing neighbours: PPMI alone favours the rarest, so it is weighted by ln(1 + documents).
    strength = pmi * np.log1p(together)
    by_strength = np.lexsort((col, -strength, row))
    row, col, pmi, together = row[by_strength], col[by_strength], pmi[by_strength], together[by_strength]
    first = np.flatnonzero(np.append(True, row[1:] != row[:-1])) if len(row) else np.empty(0, np.int64)
    place = np.arange(len(row)) - np.repeat(first, np.diff(np.append(first, len(row)))) if len(row) else row
    top = place < MAX_NEIGHBOURS
    ppmi = sparse.csr_array((pmi[top], (row[top], col[top])), shape=shape)
    shared = sparse.csr_array((together[top].astype(np.int32), (row[top], col[top])), shape=shape)
    return Neighbourhood(ppmi, shared, _coherence(row, col, ppmi, n_concepts))


def _pair_counts(matrix: sparse.csr_array) -> sparse.coo_array:
    """Documents that two different concepts share, for pairs in at least MIN_TOGETHER; both directions.

    In slices of rows, so that the full product is never held.
    """
    transposed = matrix.T.tocsr()
    rows: list[npt.NDArray[np.int64]] = []
    cols: list[npt.NDArray[np.int64]] = []
    data: list[npt.NDArray[np.int32]] = []
    n = transposed.shape[0]
    for start in range(0, n, 2048):
        block = (transposed[start : start + 2048] @ matrix).tocoo()
        keep = (block.data >= MIN_TOGETHER) & (block.row + start != block.col)
        rows.append(block.row[keep].astype(np.int64) + start)
        cols.append(block.col[keep].astype(np.int64))
        data.append(block.data[keep])
    return sparse.coo_array(
        (np.concatenate(data), (np.concatenate(rows), np.concatenate(cols))), shape=(n, n)
    )


def _coherence(
    row: npt.NDArray[np.integer[Any]],
    col: npt.NDArray[np.integer[Any]],
    top: sparse.csr_array,
    n_concepts: int,
) -> Float:
    linked = sparse.csr_array((np.ones(len(row)), (row, col)), shape=(n_concepts, n_concepts))
    mine = top.copy()
    mine.data = np.ones(len(mine.data))
    k = np.diff(mine.indptr).astype(float)
    coherence = np.full(n_concepts, np.nan)
    for start in range(0, n_concepts, 2048):
        block = mine[start : start + 2048]
        # For each concept: links that lead from its neighbours to its neighbours.
        closed = np.asarray((block @ linked).multiply(block).sum(axis=1)).ravel()
        size = k[start : start + 2048]
        known = size >= MIN_NEIGHBOURS
        coherence[start : start + 2048][known] = closed[known] / (size[known] * (size[known] - 1))
    return coherence
