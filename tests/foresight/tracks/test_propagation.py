"""Evidence from neighbours."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from foretrack.domains.foresight.tracks.propagation import propagate


def graph(*rows: list[float]) -> csr_array:
    return csr_array(np.array(rows, dtype=np.float32))


def test_own_evidence_does_not_come_back() -> None:
    pair = graph([0, 1], [1, 0])

    assert propagate(np.array([[1.0], [0.0]]), pair, rounds=2)[0, 0] == 0


def test_the_diagonal_is_ignored() -> None:
    looped = graph([5, 1], [1, 5])

    assert propagate(np.array([[1.0], [0.0]]), looped, rounds=1).tolist() == [[0.0], [1.0]]


def test_heavier_links_say_more() -> None:
    star = graph([0, 3, 1], [3, 0, 0], [1, 0, 0])

    assert propagate(np.array([[0, 0], [1, 0], [0, 1]]), star, rounds=1)[0].tolist() == [0.75, 0.25]


def test_neighbours_that_know_nothing_thin_the_evidence() -> None:
    known = propagate(np.array([[0.0], [1.0], [0.0]]), graph([0, 1, 1], [1, 0, 0], [1, 0, 0]), rounds=1)

    assert known[0, 0] == 0.5


def test_a_concept_without_neighbours_gets_nothing() -> None:
    assert propagate(np.array([[1.0], [1.0]]), graph([0, 0], [0, 0])).tolist() == [[0.0], [0.0]]


def test_rows_never_exceed_one() -> None:
    rng = np.random.default_rng(3)
    links = rng.random((40, 40)).astype(np.float32)
    seed = rng.dirichlet(np.ones(5), 40)

    result = propagate(seed, csr_array(links + links.T), rounds=3)

    assert (result >= 0).all()
    assert (result.sum(axis=1) <= 1 + 1e-5).all()


def test_sparse_seeds_are_the_same_as_dense() -> None:
    seed = np.array([[1.0, 0], [0, 0], [0, 0.5]])
    links = graph([0, 1, 0], [1, 0, 2], [0, 2, 0])

    assert np.array_equal(propagate(csr_array(seed), links), propagate(seed, links))
