"""The assignment is the best there is, proves it, respects what it must, and says what cannot be done."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

from foretrack.foundation.errors import InputError
from foretrack.review.assigning.baselines import assign_by_lot, assign_greedily
from foretrack.review.assigning.solving import Assignment, Float, Int, Yes, assign, price_bound


def names(kind: str, n: int) -> list[str]:
    return [f"{kind}{i}" for i in range(n)]


def solved(fit: Float, ok: Yes, needed: int | list[int], most: int | list[int], **more: object) -> Assignment:
    return assign(
        fit, ok, submissions=names("s", len(fit)), reviewers=names("r", fit.shape[1]), needed=needed, most=most,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def by_linear_programme(fit: Float, ok: Yes, needed: Int, most: Int, least: Int) -> float | None:
    """The best sum by another solver (HiGHS); None where it finds none."""
    rows, columns = np.nonzero(ok)
    n = len(rows)
    if not n:
        return None
    ones = np.ones(n)
    per_submission = csr_array((ones, (rows, np.arange(n))), shape=(len(fit), n))
    per_reviewer = csr_array((ones, (columns, np.arange(n))), shape=(fit.shape[1], n))
    found = linprog(  # type: ignore[call-overload]
        -fit[ok], A_eq=per_submission, b_eq=needed,
        A_ub=csr_array(np.vstack([per_reviewer.toarray(), -per_reviewer.toarray()])),
        b_ub=np.concatenate([most, -least]), bounds=(0, 1), method="highs",
    )  # fmt: skip
    return None if found.status == 2 else float(-found.fun)


@st.composite
def tasks(draw: st.DrawFn) -> tuple[Float, Yes, Int, Int, Int]:
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    fit = np.round(chance.random((n, m)), draw(st.integers(1, 4)))
    ok = chance.random((n, m)) < draw(st.sampled_from([0.4, 0.8, 1.0]))
    most = chance.integers(0, 5, m)
    least = np.minimum(most, chance.integers(0, 3, m)) * draw(st.booleans())
    return fit, ok, chance.integers(0, 4, n), most, least


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tasks())
def test_the_sum_is_that_of_another_solver_and_of_the_bound(task: tuple[Float, Yes, Int, Int, Int]) -> None:
    fit, ok, needed, most, least = task
    best = by_linear_programme(fit, ok, needed, most, np.zeros_like(least))
    answer = solved(fit, ok, needed.tolist(), most.tolist(), partial=True)

    pairs = [(int(p.submission[1:]), int(p.reviewer[1:])) for p in answer.pairs]
    assert all(ok[pair] for pair in pairs)
    assert len(set(pairs)) == len(pairs)
    assert all(answer.loads[f"r{r}"] <= most[r] for r in range(len(most)))
    assert bool(answer.short) == (best is None and bool(needed.any()))
    assert answer.total <= answer.bound + 1e-9
    assert answer.bound - answer.total < 1e-4
    if best is not None:
        assert answer.total == pytest.approx(best, abs=1e-4)
        fair = by_linear_programme(fit, ok, needed, most, least)
        kept = solved(fit, ok, needed.tolist(), most.tolist(), least=least.tolist())
        assert bool(kept.below) == (fair is None)
        assert kept.bound - kept.total < 1e-4
        if fair is not None:
            assert kept.total == pytest.approx(fair, abs=1e-4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tasks())
def test_a_bottleneck_counts_what_is_missing(task: tuple[Float, Yes, Int, Int, Int]) -> None:
    fit, ok, needed, most, _ = task
    answer = solved(fit, ok, needed.tolist(), most.tolist(), partial=True)

    assert sum(answer.short.values()) + len(answer.pairs) == needed.sum()
    if not answer.short:
        assert answer.bottleneck is None
        return
    cut = answer.bottleneck
    assert cut is not None
    assert cut.places - cut.room == sum(answer.short.values())
    rows = [int(name[1:]) for name in cut.submissions]
    columns = [int(name[1:]) for name in cut.reviewers]
    others = np.delete(ok, columns, axis=1)
    assert not others[rows].any(), "these submissions may go to nobody else"


def test_what_cannot_be_done_is_told_by_name_and_number() -> None:
    ok = np.array([[True, True], [True, False]])
    with pytest.raises(InputError) as told:
        solved(np.full((2, 2), 0.5), ok, 2, 5)

    assert "s1 −1" in str(told.value)
    assert "2 are needed for 1 submissions, which may only go to 1 reviewers with room for 1" in str(
        told.value
    )
    answer = solved(np.full((2, 2), 0.5), ok, 2, 5, partial=True)
    assert (answer.short, len(answer.pairs)) == ({"s1": 1}, 3)


def test_the_order_of_rows_changes_nothing_and_the_seed_breaks_ties() -> None:
    fit, ok = np.full((12, 8), 0.5), np.ones((12, 8), dtype=bool)
    one = solved(fit, ok, 2, 4, seed="a")
    turned = assign(
        fit, ok, submissions=names("s", 12)[::-1], reviewers=names("r", 8)[::-1], needed=2, most=4, seed="a"
    )

    assert one == turned
    assert one.pairs != solved(fit, ok, 2, 4, seed="b").pairs
    assert {p.fit for p in one.pairs} == {0.5}


def test_when_a_reviewer_drops_out_the_rest_stays() -> None:
    chance = np.random.default_rng(3)
    fit, ok = chance.random((20, 9)), np.ones((20, 9), dtype=bool)
    before = solved(fit, ok, 2, 7)
    gone = max(before.loads, key=lambda name: before.loads[name])
    stands = [(p.submission, p.reviewer) for p in before.pairs if p.reviewer != gone]
    ok[:, int(gone[1:])] = False
    after = solved(fit, ok, 2, 7, given=stands)

    assert {(p.submission, p.reviewer) for p in after.pairs if p.given} == set(stands)
    assert after.loads[gone] == 0
    assert len(after.pairs) == 40
    assert max(after.loads.values()) <= 7
    assert after.bound - after.total < 1e-4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"given": [("s0", "r0"), ("s0", "r0")]}, "cannot be kept"),
        ({"given": [("s0", "r9")]}, "cannot be kept"),
        ({"given": [("s1", "r1")]}, "cannot be kept"),
        ({"given": [("s0", "r0"), ("s0", "r1")]}, "'s0' has 1 more pairs given than it may have"),
        ({"most": 0, "given": [("s0", "r0")]}, "'r0' has 1 more pairs given than it may have"),
        ({"most": -1}, "numbers that do not go with 2 rows"),
        ({"needed": [1]}, "numbers that do not go with 2 rows"),
        ({"least": 3}, "the least load of 'r0' is 3, the greatest 2"),
        ({"submissions": ["s0", "s0"]}, "'s0' is given twice"),
        ({"fit": np.array([[0.5, 1.5], [0.1, 0.1]])}, "no number from 0 to 1"),
        ({"fit": np.ones((3, 2))}, "a table of 3 x 2"),
    ],
)  # fmt: skip
def test_bad_input_is_answered(change: dict[str, object], said: str) -> None:
    task: dict[str, object] = {
        "fit": np.full((2, 2), 0.5), "allowed": np.array([[True, True], [True, False]]), "submissions": ["s0", "s1"],
        "reviewers": ["r0", "r1"], "needed": 1, "most": 2,
    }  # fmt: skip
    with pytest.raises(InputError) as told:
        assign(**{**task, **change})  # type: ignore[arg-type]
    assert said in str(told.value)


def test_any_prices_give_a_bound() -> None:
    chance = np.random.default_rng(5)
    fit, ok = chance.random((15, 6)), chance.random((15, 6)) < 0.9
    best = solved(fit, ok, 2, 6, partial=True)
    for _ in range(20):
        bound = price_bound(
            fit, ok, needed=np.full(15, 2), most=np.full(6, 6), prices=chance.random(6) * chance.random()
        )
        assert bound >= best.total - 1e-9


def test_it_beats_greedy_and_lot_where_reviewers_are_scarce() -> None:
    chance = np.random.default_rng(7)
    fit, ok = chance.random((60, 12)), chance.random((60, 12)) < 0.95
    needed, most = np.full(60, 3), np.full(12, 16)
    best = solved(fit, ok, 3, 16).total
    lot = assign_by_lot(ok, needed=needed, most=most, chance=chance)
    greedy = assign_greedily(fit, ok, needed=needed, most=most)

    assert (greedy & ~ok).sum() == (lot & ~ok).sum() == 0
    assert best > fit[greedy].sum() > fit[lot].sum()
