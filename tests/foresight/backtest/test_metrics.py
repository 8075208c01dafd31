"""Figures of a forecast are those of scikit-learn where it has them, and stay in their range."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.domains.foresight.backtest import metrics
from foretrack.domains.foresight.backtest.intervals import Case, Judged, Said, score, skill

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

lists = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=60)


def drawn(seed: int, n: int = 400, *, rounded: bool = False) -> tuple[Float, Bool]:
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < 0.15
    score = truth + rng.normal(0, 1.2, n)
    return (np.round(score) if rounded else score), truth


@pytest.mark.parametrize("rounded", [False, True])
def test_curves_are_those_of_scikit_learn(rounded: bool) -> None:
    from sklearn.metrics import average_precision_score, roc_auc_score

    score, truth = drawn(1, rounded=rounded)

    assert metrics.average_precision(score, truth) == pytest.approx(average_precision_score(truth, score))
    assert metrics.area_under_curve(score, truth) == pytest.approx(roc_auc_score(truth, score))


def test_losses_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import brier_score_loss, jaccard_score, mean_pinball_loss

    score, truth = drawn(2)
    p = 1 / (1 + np.exp(-score))
    value, quantile = score, np.full(len(score), 0.3)

    assert metrics.brier(p, truth) == pytest.approx(brier_score_loss(truth, p))
    assert metrics.threat_score(score > 1, truth) == pytest.approx(jaccard_score(truth, score > 1))
    for level in (0.1, 0.5, 0.9):
        loss = metrics.pinball(quantile[:, None], value, (level,)).mean()
        assert loss == pytest.approx(mean_pinball_loss(value, quantile, alpha=level))


@given(lists)
@settings(max_examples=60, deadline=None)
def test_equal_scores_stand_in_no_order(pairs: list[tuple[int, bool]]) -> None:
    score = np.array([value for value, _ in pairs], dtype=float)
    truth = np.array([true for _, true in pairs])
    shuffled = np.random.default_rng(0).permutation(len(pairs))

    for measure in (
        metrics.average_precision, metrics.area_under_curve, metrics.precision_at, metrics.precision_at_recall,
    ):  # fmt: skip
        found = measure(score, truth)
        assert np.isnan(found) or 0 <= found <= 1
        assert measure(score[shuffled], truth[shuffled]) == pytest.approx(found, nan_ok=True)


@given(lists)
@settings(max_examples=60, deadline=None)
def test_no_threshold_beats_the_best_one(pairs: list[tuple[int, bool]]) -> None:
    score = np.array([value for value, _ in pairs], dtype=float)
    truth = np.array([true for _, true in pairs])
    if not truth.any():
        assert metrics.best_threshold(score, truth) == np.inf
        return
    best = metrics.threat_score(score >= metrics.best_threshold(score, truth), truth)

    assert best == pytest.approx(max(metrics.threat_score(score >= at, truth) for at in np.unique(score)))


def test_a_perfectly_calibrated_forecast_has_little_error_and_a_bold_one_much() -> None:
    rng = np.random.default_rng(3)
    p = rng.beta(1, 8, 40_000)
    truth = rng.random(40_000) < p

    assert metrics.calibration_error(p, truth) < 0.006
    assert metrics.calibration_error(np.minimum(3 * p, 1.0), truth) > 0.1


def cases(n_origins: int = 3) -> list[Case]:
    """Few methods at few origins: a good one, a coarse one with ties, one that says nothing of half of the units."""
    rng = np.random.default_rng(4)
    found = []
    for origin in range(n_origins):
        units = tuple(f"u{i}" for i in np.sort(rng.choice(300, 200, replace=False)))
        truth = rng.random(200) < 0.2
        good = truth + rng.normal(0, 0.8, 200)
        half = np.where(np.arange(200) % 2, good, np.nan)
        p = 1 / (1 + np.exp(2 - 2 * good))
        said = {
            "model": Said(good, p, p > 0.4),
            "coarse": Said(np.round(good / 2), p / 2, good > 1),
            "half": Said(half),
        }
        found.append(Case(2010 + origin, units, truth, said))
    return found


def weighted(case: Case, weights: npt.NDArray[np.int64]) -> Case:
    """The case with every unit repeated as often as it was drawn."""
    again = np.repeat(np.arange(len(case.units)), weights)
    told = {
        name: Said(
            said.order[again],
            None if said.probability is None else said.probability[again],
            None if said.called is None else said.called[again],
        )
        for name, said in case.said.items()
    }
    return Case(
        case.origin, tuple(f"{case.units[i]}/{n}" for n, i in enumerate(again)), case.truth[again], told
    )


def test_a_draw_of_the_bootstrap_is_the_metric_of_the_repeated_units() -> None:
    from foretrack.domains.foresight.backtest.intervals import _lowest_where_unknown, _Order

    for case in cases():
        weights = np.random.default_rng(9).poisson(1.0, len(case.units))
        repeated = weighted(case, weights)
        for name, said in case.said.items():
            order = _lowest_where_unknown(said.order)
            quick = _Order.of(order, case.truth).scores(weights[:, None].astype(np.float32))
            slow = _lowest_where_unknown(repeated.said[name].order)
            assert quick["auc"][0] == pytest.approx(metrics.area_under_curve(slow, repeated.truth), abs=1e-5)
            assert quick["ap"][0] == pytest.approx(metrics.average_precision(slow, repeated.truth), abs=1e-5)
            assert quick["precision_at_recall_50"][0] == pytest.approx(
                metrics.precision_at_recall(slow, repeated.truth), abs=1e-5
            )
            assert quick["p50"][0] == pytest.approx(metrics.precision_at(slow, repeated.truth), abs=1e-5)


def test_intervals_hold_their_value_and_are_the_same_again() -> None:
    found = score(cases(), np.random.default_rng(0), draws=300)
    again = score(cases(), np.random.default_rng(0), draws=300)

    assert found == again
    for name, values in found.methods.items():
        for metric in ("auc", "ap", "p50", "csi", "brier"):
            if metric in values:
                figure = values[metric]
                assert figure.low < figure.value < figure.high, (name, metric)
    assert "csi" not in found.methods["half"]
    assert "brier" not in found.methods["half"]
    assert found.differences["half"]["auc"].low > 0
    difference = found.methods["model"]["auc"].value - found.methods["coarse"]["auc"].value
    assert found.differences["coarse"]["auc"].value == pytest.approx(difference)


def test_a_paired_difference_is_surer_than_two_figures() -> None:
    found = score(cases(), np.random.default_rng(0), draws=300)
    one, other = (found.methods[name]["auc"] for name in ("model", "coarse"))
    paired = found.differences["coarse"]["auc"]
    apart = np.hypot(one.high - one.low, other.high - other.low)

    assert paired.high - paired.low < 0.7 * apart


def test_a_unit_at_many_origins_is_one_case() -> None:
    """Ten copies of one origin know no more than the origin."""
    one = cases(1)[0]
    copies = [Case(year, one.units, one.truth, one.said) for year in range(2010, 2020)]
    single = score([one], np.random.default_rng(0), draws=400).methods["model"]["auc"]
    many = score(copies, np.random.default_rng(0), draws=400).methods["model"]["auc"]

    assert (many.value, many.low, many.high) == pytest.approx((single.value, single.low, single.high))


def test_skill_is_measured_against_climatology() -> None:
    rng = np.random.default_rng(1)
    loss = rng.gamma(2, 1, 100)
    losses = {
        "climatology": {"pinball": loss},
        "model": {"pinball": 0.9 * loss},
        "worse": {"pinball": 1.2 * loss},
    }
    skills, differences = skill(
        [Judged(2015, tuple(map(str, range(100))), losses)], np.random.default_rng(0), draws=100
    )

    assert skills["model"]["pinball_skill"].value == pytest.approx(0.1)
    assert skills["worse"]["pinball_skill"].value == pytest.approx(-0.2)
    assert differences["worse"]["pinball_skill"].low == pytest.approx(0.3)
