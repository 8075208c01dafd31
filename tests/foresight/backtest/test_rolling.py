"""The protocol: no method sees the future, thresholds come from the past, unripe origins are refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pytest
from tests.foresight.backtest.invented import origins

from foretrack.domains.foresight.backtest.judging import cases, coverage, lead, names, quantile_losses
from foretrack.domains.foresight.backtest.labels import first_year_in_top, log_ratio, outcome, pooled_share
from foretrack.domains.foresight.backtest.rolling import Maker, roll
from foretrack.domains.foresight.forecasting.baselines.climatology import Climatology
from foretrack.domains.foresight.forecasting.baselines.drift import drift
from foretrack.domains.foresight.forecasting.forecast import Forecast
from foretrack.domains.foresight.history.origins import Origin
from foretrack.foundation.errors import EvidenceError, HouseError

YEARS = range(2012, 2016)


class Watcher:
    """Writes down what it was shown."""

    name = "watcher"
    seen: ClassVar[list[tuple[int, int, list[tuple[int, int]]]]] = []

    def fit(self, past: Sequence[Origin], year: int) -> None:
        self.year = year
        futures = [
            (origin.year, origin.future.last_year if origin.future else origin.year) for origin in past
        ]
        Watcher.seen.append((year, len(past), futures))

    def forecast(self, origin: Origin) -> Forecast:
        assert origin.future is None
        assert origin.year == self.year
        size = origin.counts[:, -1].astype(float)
        return Forecast(size, size)


def test_nobody_is_shown_the_future() -> None:
    Watcher.seen.clear()
    roll(origins(), YEARS, {"watcher": Watcher}, required=())

    assert {year for year, _, _ in Watcher.seen} >= set(YEARS)
    for year, _, futures in Watcher.seen:
        assert all(at < year and last <= year for at, last in futures)


def test_all_earlier_origins_are_learnt_from() -> None:
    Watcher.seen.clear()
    roll(origins(first=2004), YEARS, {"watcher": Watcher}, required=())

    assert {(year, n) for year, n, _ in Watcher.seen} >= {(year, year - 2004) for year in YEARS}


def test_what_came_after_changes_no_call() -> None:
    """The outcome of the test origins is turned round: forecasts and thresholds stay as they were."""
    before = origins()
    turned = []
    for origin in before:
        future = origin.future
        assert future is not None
        # What happens after 2015, the last test origin, is turned; origins up to 2015 see it in their own future only.
        later = np.arange(origin.year + 1, origin.year + 6) > 2015
        shares = np.where(later, future.shares[::-1], future.shares)
        turned.append(dataclasses.replace(origin, future=dataclasses.replace(future, shares=shares)))
    makers: dict[str, Maker] = {"climatology": Climatology, "drift": drift}
    one = roll(before, YEARS, makers, required=())
    other = roll(turned, YEARS, makers, required=())

    for method in makers:
        for year in YEARS:
            a, b = one.told[method][year], other.told[method][year]
            assert np.array_equal(a.forecast.order_eg3, b.forecast.order_eg3)
            assert np.array_equal(a.called["EG3"], b.called["EG3"])
            assert np.array_equal(a.called["DBL3"], b.called["DBL3"])


def test_an_unripe_origin_is_refused_with_the_year_it_needs() -> None:
    with pytest.raises(EvidenceError, match="needs documents until 2023, there are some until 2022"):
        roll(origins(known_until=2022), [2020], {"climatology": Climatology})


def test_a_year_that_is_not_there_is_refused() -> None:
    with pytest.raises(EvidenceError, match="as of 2003"):
        roll(origins(), [2003], {"climatology": Climatology})


def test_a_baseline_without_evidence_is_left_out_but_the_model_is_not() -> None:
    young = origins(first=2012)
    assert roll(young, [2012], {"climatology": Climatology}, required=()).left_out.keys() == {"climatology"}
    with pytest.raises(EvidenceError, match="not enough evidence: climatology needs an origin"):
        roll(young, [2012], {"model": Climatology})


def test_a_forecast_of_the_wrong_shape_is_our_fault() -> None:
    class Wrong(Watcher):
        def forecast(self, origin: Origin) -> Forecast:
            return Forecast(np.zeros(3), np.zeros(3))

    with pytest.raises(HouseError, match="shape"):
        roll(origins(), [2012], {"wrong": Wrong}, required=())


def test_labels_need_three_known_years_and_pass_over_years_without_documents() -> None:
    origin = origins(first=2015, last=2015)[0]
    assert outcome(origin.as_of(2017), "EG3") is None
    full, cut = outcome(origin, "DBL3"), outcome(origin.as_of(2018), "DBL3")
    assert full is not None
    assert cut is not None
    assert np.array_equal(full, cut)

    future = origin.future
    assert future is not None
    gap = np.array([1, 0, 1, 1, 1])
    holed = dataclasses.replace(
        future,
        counts=future.counts * gap,
        totals=future.totals * gap,
        shares=np.where(gap, future.shares, np.nan),
    )
    seen = outcome(dataclasses.replace(origin, future=holed), "DBL3")
    later = (future.counts[:, [0, 2]].sum(axis=1)) / future.totals[[0, 2]].sum()
    recent = pooled_share(origin.shares[:, -3:], origin.totals[-3:])
    assert seen is not None
    assert np.array_equal(seen, (later >= 2 * recent) & (future.counts[:, [0, 2]].sum(axis=1) >= 10))


def test_whoever_is_at_the_top_already_arrives_at_once() -> None:
    origin = origins(first=2015, last=2015)[0]
    first = first_year_in_top(origin)
    top = np.argsort(-origin.shares[:, -1])[:3]

    assert (first[top] == 2015).all()
    assert set(first) <= {0, *range(2015, 2021)}


def test_ranges_that_are_right_are_held_as_often_as_they_say() -> None:
    rolled = roll(origins(units=300), YEARS, {"climatology": Climatology, "drift": drift}, required=())
    held = coverage(rolled, "climatology", 0.8)
    assert held is not None
    assert 0.7 < held.pooled.value < 0.9
    assert held.pooled.low < held.pooled.value < held.pooled.high
    assert set(held.origins) == set(YEARS)
    wider = coverage(rolled, "climatology", 0.9)
    assert wider is not None
    assert wider.pooled.value > held.pooled.value
    for judged in quantile_losses(rolled):
        losses = judged.losses["climatology"]["pinball"]
        assert np.isfinite(losses).all()
        assert len(losses) == len(judged.units)


def test_lead_and_names_are_of_this_world() -> None:
    rolled = roll(origins(), YEARS, {"model": drift, "climatology": Climatology})
    found = lead(rolled, "model", np.random.default_rng(0), draws=100)
    other = lead(rolled, "climatology", np.random.default_rng(0), draws=100)
    assert found.n_arrived == other.n_arrived
    assert found.n_false <= found.n_alarms

    told = names(rolled, "model", "EG3")
    truth = {case.origin: dict(zip(case.units, case.truth, strict=True)) for case in cases(rolled, "EG3")}
    assert all(truth[each.origin][each.unit] for each in (*told.hits, *told.misses))
    assert not any(truth[each.origin][each.unit] for each in told.false_alarms)
    assert told.hits
    assert told.false_alarms


def test_the_log_ratio_keeps_the_order_of_shares() -> None:
    origin = origins(first=2015, last=2015)[0]
    share = np.linspace(0, 0.2, 7)[None].repeat(len(origin), axis=0)

    assert (np.diff(log_ratio(share, origin), axis=1) > 0).all()
