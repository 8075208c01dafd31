"""What is known of an open pair as of a year: the features that the model learns from.

After Krenn et al. 2023 (Nature Machine Intelligence, 10.1038/s42256-023-00735-0): hand-made features of degrees, their
growth and shared neighbours, as of several years. Formulas and references: docs/methods/links.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from foretrack.domains.foresight.links.pairs import RECENT_YEARS, Float, Int, LinkGraph, closeness, spectrum

_PAIRS = 16_384
_LAST, _RECENT, _BEFORE = slice(-1, None), slice(-RECENT_YEARS, None), slice(-2 * RECENT_YEARS, -RECENT_YEARS)

OF_A_PAIR: tuple[str, ...] = (
    "preferential_attachment", "recent_attachment", "last_attachment", "growing_attachment", "expected_together",
    "common_neighbours", "jaccard", "adamic_adar", "resource_allocation", "recent_common_neighbours",
    "recent_paths", "recent_paths_over_expected", "recent_cosine", "ppmi_paths", "ppmi_paths_3", "ppmi_nearness",
    "ppmi_cosine", "recent_nearness", "recent_paths_3",
)  # fmt: skip
OF_A_VERTEX: tuple[str, ...] = (
    "documents", "recent_documents", "last_documents", "growth", "last_growth", "age", "degree", "recent_degree",
    "degree_growth_1", "degree_growth_2", "company", "breadth",
)  # fmt: skip
FEATURES: tuple[str, ...] = (
    *OF_A_PAIR,
    *(f"{name}_{which}" for which in ("of_commoner", "of_rarer") for name in OF_A_VERTEX),
)
"""Names of the columns of `candidate_features`. The commoner vertex of a pair has more recent documents."""
BASELINES: tuple[str, ...] = (
    "preferential_attachment", "common_neighbours", "jaccard", "adamic_adar", "resource_allocation",
)  # fmt: skip


def candidate_features(graph: LinkGraph, pairs: Int) -> npt.NDArray[np.float32]:
    """Features of pairs (n_pairs, 2) of vertices as of the graph's year: (n_pairs, len(FEATURES)).

    The order of the two vertices of a pair does not matter.
    """
    tables = _Tables.of(graph)
    found = np.empty((len(pairs), len(FEATURES)), dtype=np.float32)
    for start in range(0, len(pairs), _PAIRS):
        found[start : start + _PAIRS] = _block(graph, tables, pairs[start : start + _PAIRS])
    return found


def vertex_features(graph: LinkGraph) -> Float:
    """(n, len(OF_A_VERTEX)): what is known of each concept alone."""
    n = len(graph)
    totals = graph.totals.astype(np.float64)
    recent, last = graph.counts[:, _RECENT].sum(axis=1), graph.counts[:, _LAST].sum(axis=1)
    before = graph.counts[:, _BEFORE].sum(axis=1)
    n_recent, n_before, n_last = totals[_RECENT].sum(), totals[_BEFORE].sum(), totals[_LAST].sum()
    # Half a document keeps the ratios finite; shares, so that a corpus that doubles does not look like growth.
    growth = np.log((recent + 0.5) / (n_recent + 1)) - np.log((before + 0.5) / (n_before + 1))
    last_growth = np.log((last + 0.5) / (n_last + 1)) - np.log(
        (recent - last + 0.5) / (n_recent - n_last + 1)
    )
    degree = graph.degrees.astype(np.float64)
    recent_degree = np.diff(graph.recent.indptr).astype(np.float64)
    strength = _strength(graph)
    columns = (
        np.log1p(graph.n_documents), np.log1p(recent), np.log1p(last), growth, last_growth,
        (graph.as_of - graph.first_year).astype(np.float64), np.log1p(degree[:, 2]), np.log1p(recent_degree),
        np.log1p(degree[:, 2]) - np.log1p(degree[:, 1]), np.log1p(degree[:, 2]) - np.log1p(degree[:, 0]),
        strength / np.maximum(recent, 1), recent_degree / np.maximum(strength, 1),
    )  # fmt: skip
    table: Float = np.stack(columns, axis=1) if n else np.zeros((0, len(OF_A_VERTEX)))
    return table


@dataclass(frozen=True, slots=True)
class _Tables:
    """What is computed once for all pairs of a graph."""

    vertex: Float
    connected: sparse.csr_array
    recently: sparse.csr_array
    closeness: sparse.csr_array
    norms: Float
    recent_vectors: Float
    recent_values: Float

    @staticmethod
    def of(graph: LinkGraph) -> _Tables:
        weighted = closeness(graph)
        strength = np.maximum(_strength(graph), 1.0)
        balanced = graph.recent.astype(np.float64)
        rows = np.repeat(np.arange(len(graph)), np.diff(balanced.indptr))
        balanced.data = np.log1p(balanced.data) / np.sqrt(strength[rows] * strength[balanced.indices])
        vectors, values = spectrum(balanced)
        squares = weighted.copy()
        squares.data = squares.data**2
        return _Tables(
            vertex=vertex_features(graph), connected=_binary(graph.together), recently=_binary(graph.recent),
            closeness=weighted, norms=np.sqrt(np.asarray(squares.sum(axis=1)).ravel()),
            recent_vectors=vectors, recent_values=values,
        )  # fmt: skip


def _block(graph: LinkGraph, tables: _Tables, pairs: Int) -> Float:
    recent_documents = graph.counts[:, _RECENT].sum(axis=1)
    one, other = pairs[:, 0], pairs[:, 1]
    swap = (recent_documents[one] < recent_documents[other]) | (
        (recent_documents[one] == recent_documents[other]) & (one > other)
    )
    i, j = np.where(swap, other, one), np.where(swap, one, other)
    degree = graph.degrees[:, 2].astype(np.float64)
    last = graph.counts[:, -1] + 0.5
    grown = np.log1p(recent_documents) + tables.vertex[:, OF_A_VERTEX.index("last_growth")]
    strength = _strength(graph)
    expected = strength[i] * strength[j] / max(float(strength.sum()), 1.0)
    shared = tables.connected[i].multiply(tables.connected[j]).tocsr()
    weights = np.stack(
        [np.ones(len(graph)), 1 / np.log(np.maximum(degree, 2)), 1 / np.maximum(degree, 1)], axis=1
    )
    common, adamic_adar, allocation = (shared @ weights).T
    recent_common = _overlap(tables.recently, i, j)
    paths = _overlap(tables.closeness, i, j)
    norms = tables.norms[i] * tables.norms[j]
    u, v, values = graph.vectors[i], graph.vectors[j], graph.values
    lengths = np.sqrt((graph.vectors**2) @ np.abs(values)) if len(values) else np.zeros(len(graph))
    cosine = (u * np.abs(values) * v).sum(axis=1) / np.maximum(lengths[i] * lengths[j], 1e-12)
    p, q = tables.recent_vectors[i], tables.recent_vectors[j]
    columns = (
        np.log1p(degree[i]) + np.log1p(degree[j]),
        np.log1p(recent_documents[i]) + np.log1p(recent_documents[j]),
        np.log(last[i]) + np.log(last[j]),
        grown[i] + grown[j],
        np.log1p(expected),
        common,
        common / np.maximum(degree[i] + degree[j] - common, 1),
        adamic_adar,
        allocation,
        recent_common,
        paths,
        paths / (expected + 0.1),
        paths / np.maximum(norms, 1e-12),
        _overlap(graph.ppmi, i, j),
        (u * values**3 * v).sum(axis=1),
        (u * values * v).sum(axis=1),
        cosine,
        (p * tables.recent_values * q).sum(axis=1) * np.sqrt(strength[i] * strength[j]),
        (p * tables.recent_values**3 * q).sum(axis=1) * np.sqrt(strength[i] * strength[j]),
    )
    return np.concatenate([np.stack(columns, axis=1), tables.vertex[i], tables.vertex[j]], axis=1)


def _strength(graph: LinkGraph) -> Float:
    """Recent mentions of other vertices beside each vertex."""
    found: Float = np.asarray(graph.recent.sum(axis=1), dtype=np.float64).ravel()
    return found


def _binary(matrix: sparse.csr_array) -> sparse.csr_array:
    found = matrix.astype(np.float64)
    found.data = np.ones(len(found.data))
    return found


def _overlap(matrix: sparse.csr_array, i: Int, j: Int) -> Float:
    """Product of two rows of a matrix, for each pair."""
    found: Float = np.asarray(matrix[i].multiply(matrix[j]).sum(axis=1), dtype=np.float64).ravel()
    return found
