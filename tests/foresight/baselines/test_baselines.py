"""Every baseline learns from the past, stays in range, and does better than nothing where growth can be foreseen."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from tests.foresight.backtest.invented import origins

from foretrack.domains.foresight.backtest.judging import cases
from foretrack.domains.foresight.backtest.metrics import area_under_curve, calibration_error
from foretrack.domains.foresight.backtest.rolling import Rolled, roll
from foretrack.domains.foresight.forecasting.baselines.catalogue import BASELINES, PEERS, peers
from foretrack.domains.foresight.forecasting.baselines.probit import fit_probit
from foretrack.domains.foresight.history.origins import Origin
from foretrack.foundation.errors import InputError

YEARS = range(2014, 2017)


@pytest.fixture(scope="module")
def rolled() -> Rolled:
    return roll(origins(first=2007, units=400, seed=11), YEARS, BASELINES, required=())


def test_all_of_them_run(rolled: Rolled) -> None:
    assert rolled.left_out == {}
    assert list(rolled.told) == list(BASELINES)


@pytest.mark.parametrize("method", list(BASELINES))
def test_probabilities_and_quantiles_are_such(rolled: Rolled, method: str) -> None:
    for told in rolled.told[method].values():
        forecast = told.forecast
        for p in (forecast.p_eg3, forecast.p_dbl3):
            assert p is not None
            assert ((p > 0) & (p < 1)).all()
        if forecast.quantiles is not None:
            assert (forecast.quantiles >= 0).all()
            assert (np.diff(forecast.quantiles, axis=2) >= 0).all()
    with_quantiles = {"climatology", "persistence", "drift", "damped_holt"}
    assert (told.forecast.quantiles is not None) == (method in with_quantiles)


@pytest.mark.parametrize(
    "method",
    [
        "persistence",
        "drift",
        "mean_yearly_difference",
        "e_score",
        "burst",
        "probit",
        "damped_holt",
        "outlook",
    ],
)
def test_a_planted_rise_is_foreseen(rolled: Rolled, method: str) -> None:
    areas = []
    for case in cases(rolled, "EG3"):
        order = case.said[method].order
        areas.append(area_under_curve(np.where(np.isnan(order), -np.inf, order), case.truth))

    assert np.mean(areas) > 0.6


def test_promises_are_kept(rolled: Rolled) -> None:
    for method in BASELINES:
        found = [(case.said[method].probability, case.truth) for case in cases(rolled, "EG3")]
        p = np.concatenate([p for p, _ in found if p is not None])
        assert calibration_error(p, np.concatenate([truth for _, truth in found])) < 0.06, method


def test_a_probit_finds_the_weights_it_was_made_with() -> None:
    from scipy.special import ndtr

    rng = np.random.default_rng(0)
    features = rng.normal(size=(40_000, 2))
    truth = rng.random(40_000) < ndtr(-1 + 0.5 * features[:, 0] - 0.25 * features[:, 1])

    assert fit_probit(features, truth) == pytest.approx([-1, 0.5, -0.25], abs=0.03)


def test_an_unknown_method_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match="auto-ets"):
        peers(("prophet",), _no_mentions)


@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_that_is_not_installed_says_how_to_get_it(peer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("statsforecast", "statsforecast.models", "tomotopy"):
        monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(InputError, match=r"foretrack\[peers\]"):
        peers((peer,), _no_mentions)


class _Mentions:
    """Every unit in documents of its own and of the unit after it, as often as it was counted."""

    def __init__(self, origin: Origin) -> None:
        documents: list[int] = []
        units: list[int] = []
        years: list[int] = []
        first = origin.year - origin.counts.shape[1] + 1
        for column in range(origin.counts.shape[1]):
            for unit in range(len(origin)):
                for _ in range(min(int(origin.counts[unit, column]), 4)):
                    documents += [len(years), len(years)]
                    units += [unit, (unit + 1) % len(origin)]
                    years.append(first + column)
        self.documents, self.concepts = np.array(documents), np.array(units)
        self.years = np.array(years)


@pytest.mark.filterwarnings("ignore:builtin type .* has no __module__:DeprecationWarning")  # tomotopy's own
def test_dynamic_topics_run_and_repeat() -> None:
    makers = [peers(("dynamic-topics",), _Mentions) for _ in range(2)]
    world = origins(first=2009, last=2013, units=30, seed=3)
    one, other = (roll(world, [2013], made, required=()) for made in makers)

    assert one.left_out == {}
    a, b = one.told["dynamic_topics"][2013].forecast, other.told["dynamic_topics"][2013].forecast
    assert np.array_equal(a.order_eg3, b.order_eg3)
    assert np.isfinite(a.order_eg3).all()
    assert len(np.unique(a.order_eg3)) > 10


def _no_mentions(origin: Origin) -> _Mentions:
    return _Mentions(origin)
