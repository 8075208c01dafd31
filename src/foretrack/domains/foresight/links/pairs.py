"""The graph of what has been studied together as of a year, its open pairs, and what became of them.

Vertices are concepts with enough evidence. Two are connected when a document carries both. A pair that is not
connected at the origin T is *open*; it came true when documents of T+1..T+3 carry both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
import numpy.typing as npt
from scipy import sparse

from foretrack.domains.foresight.backtest.labels import HORIZON_YEARS, MIN_RECENT, MIN_TOTAL
from foretrack.domains.foresight.links.wording import same_thing

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]
Matrix: TypeAlias = "sparse.csr_array[Any, tuple[int, int]]"
Whole = npt.NDArray[np.integer[Any]]

HISTORY_YEARS = 6
"""Years of counts that features look at."""
RECENT_YEARS = 3
ESTABLISHED = 3
"""Documents from which a new pair is called established."""
_DIMENSIONS = 48
_SMALL = 4 * _DIMENSIONS
_ROWS = 1024


@dataclass(frozen=True, slots=True)
class LinkGraph:
    """What was known at `as_of` of the concepts with enough evidence and of their pairs.

    Shapes: per vertex (n,); matrices csr (n, n), symmetric, no diagonal.
    """

    as_of: int
    ids: tuple[str, ...]
    """Stable identifiers of the concepts: what the bootstrap draws."""
    vertices: Int
    """Number of each vertex among the concepts that were given."""
    together: sparse.csr_array
    """Documents that carry both."""
    recent: sparse.csr_array
    """The same, of the last three years only."""
    same: sparse.csr_array
    """Pairs that are one thing in other words (wording.py): neither open nor counted."""
    degrees: Int
    """(n, 3): concepts connected at T-2, T-1 and T."""
    counts: Int
    """(n, HISTORY_YEARS): documents a year, the last is `as_of`."""
    totals: Int
    """(HISTORY_YEARS,): all documents a year."""
    n_documents: Int
    """Documents of each vertex up to `as_of`."""
    first_year: Int
    ppmi: sparse.csr_array
    """Positive pointwise mutual information of `together`: max(0, ln(n_ab n / (n_a n_b))), Church & Hanks 1990."""
    vectors: Float
    """(n, d): eigenvectors of `ppmi`; only products of two vertices mean something, signs are free."""
    values: Float
    """(d,): their eigenvalues."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def n_open(self) -> int:
        """Number of open pairs."""
        n = len(self)
        closed = _pattern(self.together) + _pattern(self.same)
        return int(n * (n - 1) // 2 - closed.nnz // 2)


def prepare(
    documents: Whole,
    concepts: Whole,
    years: Whole,
    *,
    ids: Sequence[str],
    names: Sequence[Sequence[str]],
    as_of: int,
    known: Bool | None = None,
) -> LinkGraph:
    """The graph as of a year. Documents after it are not looked at.

    Args:
        documents, concepts: mentions (n_mentions,), each pair once.
        years: of each document (n_documents,).
        ids, names: of each concept (n_concepts,); all spellings that are known.
        known: (n_concepts,) concepts that are vertices; None takes those with at least 5 documents in the last three
            years and 5 in all.
    """
    year_of = np.asarray(years, dtype=np.int64)
    inside = year_of[documents] <= as_of
    document, concept = np.asarray(documents, np.int64)[inside], np.asarray(concepts, np.int64)[inside]
    if known is None:
        n_recent = np.bincount(concept[year_of[document] > as_of - RECENT_YEARS], minlength=len(ids))
        known = (n_recent >= MIN_RECENT) & (np.bincount(concept, minlength=len(ids)) >= MIN_TOTAL)
    vertices = np.flatnonzero(known).astype(np.int64)
    n = len(vertices)
    number = np.full(len(ids), -1, dtype=np.int64)
    number[vertices] = np.arange(n)
    chosen = number[concept] >= 0
    document, vertex = document[chosen], number[concept[chosen]]
    year = year_of[document]
    degrees = np.zeros((n, 3), dtype=np.int64)
    together: Any = sparse.csr_array((n, n), dtype=np.int32)
    for ago in (2, 1, 0):
        part = year <= as_of - 2 if ago == 2 else year == as_of - ago
        together = together + _together(document[part], vertex[part], n)
        degrees[:, 2 - ago] = np.diff(together.indptr)
    together.sort_indices()
    in_recent = year > as_of - RECENT_YEARS
    counts = np.zeros((n, HISTORY_YEARS), dtype=np.int64)
    column = year - (as_of - HISTORY_YEARS + 1)
    np.add.at(counts, (vertex[column >= 0], column[column >= 0]), 1)
    columns = year_of[year_of <= as_of] - (as_of - HISTORY_YEARS + 1)
    first_year = np.full(n, as_of, dtype=np.int64)
    np.minimum.at(first_year, vertex, year)
    n_documents = np.bincount(vertex, minlength=n).astype(np.int64)
    ppmi = _ppmi(together, n_documents, len(columns))
    vectors, values = spectrum(ppmi)
    return LinkGraph(
        as_of=as_of, ids=tuple(ids[v] for v in vertices.tolist()), vertices=vertices, together=together,
        recent=_together(document[in_recent], vertex[in_recent], n),
        same=same_thing([names[v] for v in vertices.tolist()]), degrees=degrees, counts=counts,
        totals=np.bincount(columns[columns >= 0], minlength=HISTORY_YEARS).astype(np.int64),
        n_documents=n_documents, first_year=first_year, ppmi=ppmi, vectors=vectors, values=values,
    )  # fmt: skip


def outcome(graph: LinkGraph, documents: Whole, concepts: Whole, years: Whole) -> sparse.csr_array:
    """Documents of T+1..T+3 that carry both concepts of a pair, by the spellings known at T: (n, n), symmetric.

    Args:
        documents, concepts: mentions of the same concepts in later documents; years: of each document. Documents
            of other years are not looked at.
    """
    size = int(max(np.max(concepts, initial=-1), np.max(graph.vertices, initial=-1))) + 1
    number = np.full(size, -1, dtype=np.int64)
    number[graph.vertices] = np.arange(len(graph))
    year = np.asarray(years, dtype=np.int64)[documents]
    chosen = (year > graph.as_of) & (year <= graph.as_of + HORIZON_YEARS) & (number[concepts] >= 0)
    return _together(np.asarray(documents, np.int64)[chosen], number[concepts[chosen]], len(graph))


def open_blocks(graph: LinkGraph, *, rows: int = _ROWS) -> Iterator[tuple[int, Bool]]:
    """The open pairs, some rows of the matrix at a time: (first row, bool (rows, n)), each pair once as i < j."""
    n = len(graph)
    closed = _pattern(graph.together) + _pattern(graph.same)
    for start in range(0, n, rows):
        stop = min(start + rows, n)
        is_open = closed[start:stop].toarray() == 0
        is_open &= np.arange(n)[None, :] > np.arange(start, stop)[:, None]
        yield start, is_open


def closeness(graph: LinkGraph) -> sparse.csr_array:
    """(n, n): ln(1 + n_ab) / n_b^(1/4) of the last three years, whose row products are the recent paths.

    recent_paths(a, b) = Σ_m ln(1 + n_am) ln(1 + n_bm) / √n_m over common neighbours m: Adamic and Adar's idea (2003,
    10.1016/S0378-8733(03)00009-1), that a rare common neighbour says more, with counts in place of presence.
    """
    n_recent = np.maximum(graph.counts[:, -RECENT_YEARS:].sum(axis=1), 1).astype(np.float64)
    found = graph.recent.astype(np.float64)
    found.data = np.log1p(found.data) / n_recent[found.indices] ** 0.25
    return found


def spectrum(matrix: sparse.csr_array) -> tuple[Float, Float]:
    """Eigenvectors of a symmetric matrix at its largest absolute eigenvalues, from a fixed start: (n, d) and (d,)."""
    n = matrix.shape[0]
    d = min(_DIMENSIONS, n // 4)
    if d < 1 or not matrix.nnz:
        return np.zeros((n, 0)), np.zeros(0)
    from scipy.sparse.linalg import eigsh
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    # With several threads BLAS adds in another order, and the last digits change.
    with threadpool_limits(1):
        if n <= _SMALL:
            values, vectors = np.linalg.eigh(matrix.toarray())
        else:
            # Where the iteration comes to an end early it begins anew by chance: always by the same one.
            values, vectors = eigsh(matrix, k=d, v0=np.ones(n), tol=1e-4, rng=np.random.default_rng(0))
    order = np.lexsort((values, -np.abs(values)))[:d]
    return np.ascontiguousarray(vectors[:, order]), values[order]


def _together(document: Int, vertex: Int, n: int) -> Matrix:
    if not len(document):
        return cast(Matrix, sparse.csr_array((n, n), dtype=np.int32))
    carries = sparse.csr_array(
        (np.ones(len(document), dtype=np.int32), (document - document.min(), vertex)),
        shape=(int(document.max() - document.min()) + 1, n),
    )
    matrix: Any = (carries.T @ carries).tocsr()
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return cast(Matrix, matrix)


def _pattern(matrix: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array((np.ones(matrix.nnz, np.int8), matrix.indices, matrix.indptr), shape=matrix.shape)


def _ppmi(together: sparse.csr_array, n_documents: Int, total: int) -> sparse.csr_array:
    pairs = together.tocoo()
    pmi = np.log(pairs.data * float(total) / (n_documents[pairs.row] * n_documents[pairs.col].astype(float)))
    positive = pmi > 0
    return sparse.csr_array((pmi[positive], (pairs.row[positive], pairs.col[positive])), shape=together.shape)
