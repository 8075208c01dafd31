"""Communities of a graph: the same from the same graph and start, and no larger than a person can read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy import sparse

from foretrack.domains.foresight.technologies.communities import (
    MAX_CONCEPTS,
    MIN_CONCEPTS,
    ConceptLinks,
    find_communities,
)


def graph(n: int, groups: int, seed: int) -> ConceptLinks:
    """Overlapping groups in much noise: many partitions are nearly as good as the best."""
    rng = np.random.default_rng(seed)
    of = rng.integers(0, groups, n)
    rate = np.where(of[:, None] == of[None, :], 0.35, 0.02)
    linked = np.triu(rng.random((n, n)) < rate, 1)
    half = sparse.coo_array(np.where(linked, rng.random((n, n)).round(6) * 0.4, 0.0))
    weights = sparse.csr_array(half + half.T)
    return ConceptLinks(weights, np.full(n, 9), np.asarray(weights.sum(axis=1), float).ravel(), 1000)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_start_gives_the_same_communities_every_time(seed: int) -> None:
    links = graph(400, 30, seed)
    start = find_communities(links).of_concept.copy()
    start[np.random.default_rng(seed).random(400) < 0.3] = -1
    found = {find_communities(links, start).of_concept.tobytes() for _ in range(4)}
    assert len(found) == 1


def test_what_began_together_stays_together_where_the_graph_allows_both() -> None:
    links = graph(400, 30, 3)
    later = graph(400, 30, 4)
    mixed = sparse.csr_array(0.7 * links.weights + 0.3 * later.weights)
    now = ConceptLinks(mixed, links.df, np.asarray(mixed.sum(axis=1), float).ravel(), 1000)
    first = find_communities(links).of_concept

    def pairs_kept(of_concept: npt.NDArray[np.int32]) -> float:
        together = (first[:, None] == first[None, :]) & (first >= 0)[:, None]
        same = (of_concept[:, None] == of_concept[None, :]) & (of_concept >= 0)[:, None]
        return float((together & same).sum() / together.sum())

    assert pairs_kept(find_communities(now, first).of_concept) > pairs_kept(find_communities(now).of_concept)


def test_sizes_are_those_that_are_promised() -> None:
    dense = graph(150, 1, 5)
    sizes = np.bincount(find_communities(dense).of_concept + 1)[1:]
    assert len(sizes) > 1
    assert sizes.max() <= MAX_CONCEPTS
    assert sizes.min() >= MIN_CONCEPTS
