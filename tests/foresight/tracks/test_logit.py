"""The logit and its fit."""

from __future__ import annotations

import numpy as np
import pytest

from foretrack.domains.foresight.tracks.logit import fit, probabilities


def test_no_evidence_is_shared_evenly_but_for_none() -> None:
    p = probabilities(np.zeros((1, 3, 1)), np.ones((1, 1)), [1.0, np.log(3)])

    assert p.round(4).tolist() == [[0.1667, 0.1667, 0.1667, 0.5]]


def test_large_utilities_do_not_overflow() -> None:
    p = probabilities([[[1e4], [0.0]]], [[1.0]], [1.0, 0.0])

    assert p.tolist() == [[1.0, 0.0, 0.0]]


def test_fit_recovers_weights_that_made_the_data() -> None:
    rng = np.random.default_rng(1)
    x, z = rng.normal(size=(6000, 4, 2)), np.ones((6000, 1))
    truth = np.array([1.5, -0.7, 0.4])
    p = probabilities(x, z, truth)
    said = [[int(rng.choice(5, p=row))] for row in p]

    assert np.abs(fit(x, z, said, penalty=0.01) - truth).max() < 0.12


def test_either_of_two_accepted_answers_satisfies_the_fit() -> None:
    x = np.array([[[1.0], [1.0], [0.0]]] * 20)

    weights = fit(x, np.ones((20, 1)), [[0, 1]] * 20, penalty=0.1)

    assert probabilities(x[:1], [[1.0]], weights)[0, :2].sum() > 0.9


def test_bounds_hold() -> None:
    x = np.array([[[0.0], [1.0]]] * 20)

    assert fit(x, np.ones((20, 1)), [[0]] * 20, non_negative=[0])[0] == 0


def test_nothing_to_learn_from_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        fit(np.zeros((0, 2, 1)), np.zeros((0, 1)), [])
