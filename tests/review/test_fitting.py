"""Fit follows what both sides say, and who says nothing neither wins nor loses by it."""

from __future__ import annotations

import numpy as np
import pytest

from foretrack.foundation.errors import InputError
from foretrack.review.assigning.fitting import Profile, Weights, fit_matrix

VECTORS = [np.array(v, dtype=float) for v in ([1, 0, 0], [0, 1, 0], [0, 0, 1])]


def test_each_part_finds_the_reviewer_of_the_field() -> None:
    for by in (Weights(1, 0, 0), Weights(0, 1, 0), Weights(0, 0, 1)):
        sides = [
            [Profile(f"{side}{i}", (f"t{i}",), VECTORS[i], (f"w{i}", "the")) for i in range(3)]
            for side in "sr"
        ]
        fit = fit_matrix(*sides, weights=by).matrix
        assert np.allclose(fit.diagonal(), 1)
        assert (fit[~np.eye(3, dtype=bool)] < 0.25).all()


def test_a_word_that_all_use_says_less_than_one_that_few_use() -> None:
    submissions = [Profile("s", words=("cell", "perovskite"))]
    reviewers = [
        Profile("r1", words=("cell",)),
        Profile("r2", words=("perovskite",)),
        Profile("r3", words=("cell", "x")),
    ]
    fit = fit_matrix(submissions, reviewers).matrix[0]
    assert fit[1] > fit[0] > fit[2]


def test_saying_nothing_is_the_mean_of_what_others_say() -> None:
    submissions = [Profile("s1", ("a",), VECTORS[0]), Profile("s2", ("b",))]
    reviewers = [Profile("r1", ("a",), VECTORS[0]), Profile("r2", vector=VECTORS[1]), Profile("r3")]
    fit = fit_matrix(submissions, reviewers, weights=Weights(1, 1, 1))
    assert set(fit.parts) == {"tracks", "vectors"}
    tracks, vectors = (fit.parts[name][np.isfinite(fit.parts[name])].mean() for name in ("tracks", "vectors"))
    assert fit.matrix[1, 2] == pytest.approx((tracks + vectors) / 2)
    assert fit.matrix[0, 0] > fit.matrix[0, 2] > fit.matrix[0, 1] - 1e-12


def test_nothing_at_all_is_no_fit_and_no_error() -> None:
    assert (fit_matrix([Profile("s")], [Profile("r"), Profile("q")]).matrix == 0).all()
    assert fit_matrix([], [Profile("r")]).matrix.shape == (0, 1)
    assert fit_matrix([Profile("s", ("a",), VECTORS[0], ("w",))], []).matrix.shape == (1, 0)


@pytest.mark.parametrize(
    ("vector", "weights"),
    [(np.ones(2), Weights()), (np.array([1, np.nan, 0]), Weights()), (np.ones(3), Weights(0, 0, 0)),
     (np.ones(3), Weights(-1, 1, 1))],
)  # fmt: skip
def test_bad_input_is_answered(vector: np.ndarray, weights: Weights) -> None:
    with pytest.raises(InputError):
        fit_matrix([Profile("s", vector=vector)], [Profile("r", vector=VECTORS[0])], weights=weights)
