"""The model on invented origins: it learns what was planted, says the same on any machine, and refuses with reasons."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from tests.foresight.backtest.invented import origins

from foretrack.domains.foresight.backtest import metrics
from foretrack.domains.foresight.backtest.labels import TARGETS, log_ratio, outcome
from foretrack.domains.foresight.forecasting.bands import Bands
from foretrack.domains.foresight.forecasting.features import measure_features
from foretrack.domains.foresight.forecasting.forecast import LEVELS
from foretrack.domains.foresight.forecasting.model import OutlookModel, told_by_part
from foretrack.domains.foresight.forecasting.parts import PARTS
from foretrack.domains.foresight.history.origins import Origin
from foretrack.domains.foresight.measures.panel import Panel
from foretrack.foundation.errors import EvidenceError

YEAR = 2019


def featured(origin: Origin) -> Origin:
    """The origin with the features that history would give it."""
    first = origin.year - origin.counts.shape[1] + 1
    panel = Panel(first, (("a", "paper"),), origin.counts[None].astype(np.int32), origin.totals[None])
    features = measure_features(panel)
    return dataclasses.replace(origin, features=features.values, feature_names=features.names)


@pytest.fixture(scope="module")
def world() -> list[Origin]:
    return [featured(origin) for origin in origins(units=300)]


def past(world: Sequence[Origin]) -> list[Origin]:
    return [origin.as_of(YEAR) for origin in world if origin.year < YEAR]


def now(world: Sequence[Origin]) -> Origin:
    return next(origin for origin in world if origin.year == YEAR)


@pytest.fixture(scope="module")
def model(world: list[Origin]) -> OutlookModel:
    model = OutlookModel()
    model.fit(past(world), YEAR)
    return model


def test_what_was_planted_is_found_out_of_time(world: list[Origin], model: OutlookModel) -> None:
    told = model.forecast(dataclasses.replace(now(world), future=None))

    for target, order, p in zip(
        TARGETS, (told.order_eg3, told.order_dbl3), (told.p_eg3, told.p_dbl3), strict=True
    ):
        truth = outcome(now(world), target)
        assert truth is not None
        assert p is not None
        assert metrics.area_under_curve(order, truth) > 0.75
        assert ((p >= 0) & (p <= 1)).all()
        assert abs(p.mean() - truth.mean()) < 0.1
        # The probability never contradicts the order.
        assert (np.diff(p[np.argsort(order, kind="stable")]) >= 0).all()


def test_quantiles_are_ordered_shares_that_hold_about_four_fifths(
    world: list[Origin], model: OutlookModel
) -> None:
    origin = now(world)
    told = model.forecast(dataclasses.replace(origin, future=None)).quantiles
    assert told is not None
    assert origin.future is not None
    known = np.asarray(np.isfinite(told).all(axis=(0, 2)))

    assert known[:3].all()
    assert (np.diff(told[:, known], axis=2) >= 0).all()
    assert (told[:, known] >= 0).all()
    truth, told = log_ratio(origin.future.shares, origin)[:, :3], log_ratio(told, origin)[:, :3]
    held = (truth >= told[:, :, LEVELS.index(0.1)]) & (truth <= told[:, :, LEVELS.index(0.9)])
    assert 0.7 < held.mean() < 0.92


def test_the_same_on_any_number_of_threads(world: list[Origin], model: OutlookModel) -> None:
    other = OutlookModel(threads=3)
    other.fit(past(world), YEAR)
    origin = dataclasses.replace(now(world), future=None)
    one, two = model.forecast(origin), other.forecast(origin)

    assert one.order_eg3.tobytes() == two.order_eg3.tobytes()
    assert one.quantiles is not None
    assert two.quantiles is not None
    assert one.quantiles.tobytes() == two.quantiles.tobytes()


def test_what_is_told_adds_up_to_the_probability(world: list[Origin], model: OutlookModel) -> None:
    origin = dataclasses.replace(now(world), future=None)
    told = told_by_part(model, origin)

    assert told.shape == (len(origin), len(PARTS))
    p = model.forecast(origin).p_eg3
    assert p is not None
    assert np.allclose(1 / (1 + np.exp(-told.sum(axis=1))), p, atol=1e-9)


def test_outcomes_after_the_year_teach_nothing(world: list[Origin], model: OutlookModel) -> None:
    """Labels that had not matured are not learnt from, even if somebody leaves them open."""
    assert model.rows["EG3"][-1] == YEAR - 3
    assert model.learnt_until == YEAR


@pytest.mark.parametrize("keep", [0, 1, 4])
def test_too_little_to_learn_from_is_said_with_numbers(world: list[Origin], keep: int) -> None:
    few = past(world)[:keep]
    with pytest.raises(EvidenceError, match="not enough evidence to forecast: needs"):
        OutlookModel().fit([dataclasses.replace(o, future=o.future.until(YEAR - 14, o.year)) if o.future else o
                            for o in few], YEAR)  # fmt: skip


def test_bands_need_two_matured_origins(world: list[Origin]) -> None:
    with pytest.raises(EvidenceError, match="two earlier origins"):
        Bands.fit(past(world)[:1])


def test_features_of_the_past_do_not_depend_on_the_length_of_the_record(world: list[Origin]) -> None:
    """Years before the first document change nothing: a longer record is no other concept."""
    origin = now(world)
    longer = dataclasses.replace(
        origin,
        counts=np.pad(origin.counts, ((0, 0), (6, 0))),
        totals=np.pad(origin.totals, (6, 0)),
    )
    assert np.allclose(featured(longer).features, origin.features, equal_nan=True)
