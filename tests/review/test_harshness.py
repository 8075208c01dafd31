"""The correction is the mixed model it says it is, moves a ranking towards the truth, and says where it knows nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr
from tests.review.invented import Setting, invent

from foretrack.review.scoring.aggregating import mean
from foretrack.review.scoring.harshness import correct
from foretrack.review.scoring.marks import Float, Mark, Marks


def dense(marks: Marks, spread2: float, noise2: float) -> tuple[float, Float, Float]:
    """Restricted likelihood (without its constant), effects and their variances, by inverting the whole matrix of the
    marks."""
    n = len(marks.value)
    fixed, random = np.zeros((n, len(marks.submissions))), np.zeros((n, len(marks.reviewers)))
    fixed[np.arange(n), marks.row] = random[np.arange(n), marks.column] = 1
    inverse = np.linalg.inv(spread2 * random @ random.T + noise2 * np.eye(n))
    information = fixed.T @ inverse @ fixed
    project = inverse - inverse @ fixed @ np.linalg.inv(information) @ fixed.T @ inverse
    likelihood = -0.5 * (
        -np.linalg.slogdet(inverse)[1]
        + np.linalg.slogdet(information)[1]
        + marks.value @ project @ marks.value
    )
    effect = spread2 * random.T @ project @ marks.value
    variances = spread2 * np.eye(len(marks.reviewers)) - spread2**2 * random.T @ project @ random
    return float(likelihood), effect, variances


def test_it_is_the_mixed_model_with_variances_by_restricted_likelihood() -> None:
    marks = invent(Setting(submissions=30, reviewers=8, effect=6), 4).marks
    found = correct(marks)
    assert found.noise is not None
    assert found.spread is not None
    best, effect, variances = dense(marks, found.spread**2, found.noise**2)

    assert np.allclose([e.effect for e in found.reviewers], effect, atol=1e-6)
    assert np.allclose([e.error or 0.0 for e in found.reviewers], np.sqrt(np.diag(variances)), atol=1e-6)
    for spread, noise in ((1.05, 1.0), (0.95, 1.0), (1.0, 1.05), (1.0, 0.95)):
        assert dense(marks, (found.spread * spread) ** 2, (found.noise * noise) ** 2)[0] < best


def test_errors_are_as_large_as_the_corrected_means_are_wrong() -> None:
    far = []
    for seed in range(10):
        call = invent(Setting(submissions=100, reviewers=20, effect=8), seed)
        for one, truth in zip(correct(call.marks).submissions, call.truth, strict=True):
            assert one.corrected is not None
            assert one.error is not None
            far.append((one.corrected - truth) / one.error)
    # The whole table may lie higher or lower, which changes no ranking: the mean is not looked at.
    assert np.std(far) == pytest.approx(1, abs=0.15)


def test_the_ranking_moves_towards_the_planted_truth() -> None:
    gains = []
    for seed in range(6):
        call = invent(Setting(submissions=120, reviewers=24, harsh=3, lenient=3), seed)
        corrected = np.array([one.corrected for one in correct(call.marks).submissions], dtype=np.float64)
        gains.append(
            spearmanr(corrected, call.truth).statistic - spearmanr(mean(call.marks), call.truth).statistic
        )
    assert min(gains) > 0
    assert np.mean(gains) > 0.06


def test_where_nobody_is_harsh_nearly_nothing_moves() -> None:
    moved = []
    for seed in range(5):
        call = invent(Setting(submissions=120, reviewers=24, effect=0), seed)
        moved += [abs(e.effect) for e in correct(call.marks).reviewers]
    assert np.mean(moved) < 0.6  # points of 100, with a noise of 6


def test_a_higher_scale_moves_everything_alike() -> None:
    marks = invent(Setting(submissions=40, reviewers=8), 1).marks
    one, other = correct(marks), correct(marks.with_values(2 * marks.value + 7))
    assert np.allclose([2 * e.effect for e in one.reviewers], [e.effect for e in other.reviewers], atol=1e-3)
    assert one.p == pytest.approx(other.p)


def test_where_nobody_shares_a_submission_nothing_is_corrected_and_that_is_said() -> None:
    found = correct(Marks.of([Mark("a", "x", 90), Mark("b", "y", 50)], submissions=["c"]))
    assert [(s.raw, s.corrected, s.error) for s in found.submissions] == [
        (90, 90, None), (50, 50, None), (None, None, None)
    ]  # fmt: skip
    assert [(e.effect, e.error) for e in found.reviewers] == [(0, None), (0, None)]
    assert (found.noise, found.spread, found.p, found.n_components) == (None, None, None, 2)


def test_parts_that_nobody_can_compare_are_counted_and_marked() -> None:
    call = invent(Setting(submissions=40, reviewers=20, panels=4), 2)
    found = correct(call.marks)
    assert found.n_components == 4
    assert {one.component for one in found.submissions} == {0, 1, 2, 3}
    for part in range(4):
        who = {
            marks_of for s, marks_of in zip(call.marks.row, call.marks.column, strict=True) if s % 4 == part
        }
        assert sum(found.reviewers[int(r)].effect for r in who) == pytest.approx(0, abs=1e-6)


def test_reviewers_who_agree_in_everything_and_an_empty_table_are_no_error() -> None:
    same = correct(Marks.of([Mark(s, r, v) for s, v in (("a", 50), ("b", 70)) for r in "xyz"]))
    assert [e.effect for e in same.reviewers] == [0, 0, 0]
    assert correct(Marks.of([])).submissions == ()
