"""The model learns nothing from a past in which everybody did the same."""

from __future__ import annotations

import numpy as np
import pytest

from foretrack.domains.foresight.backtest.labels import outcome
from foretrack.domains.foresight.forecasting.model import OutlookModel
from foretrack.domains.foresight.history.origins import FUTURE_YEARS, Future, Origin
from foretrack.foundation.errors import EvidenceError

N = 120
NAMES = tuple(f"c{n}" for n in range(N))


def origin(year: int, n_growing: int) -> Origin:
    """120 invented concepts of which the first `n_growing` double in every year to come and the others stay."""
    totals = np.full(6, 1_000)
    counts = np.full((N, 6), 20)
    later = np.full((N, FUTURE_YEARS), 20)
    later[:n_growing] = 20 * 2 ** np.arange(1, FUTURE_YEARS + 1)
    future = Future(year + FUTURE_YEARS, later, np.full(FUTURE_YEARS, 1_000), later / 1_000)
    features = np.random.default_rng(year).normal(size=(N, 4))
    return Origin(
        year, "concept", NAMES, NAMES, np.ones(N, np.int8), counts, totals, counts / 1_000, features, tuple("abcd"),
        future,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("growing", "sentence"),
    [
        ([N] * 6, "needs 3 earlier years .* there are 6 with 720, 720 and 0"),
        ([0] * 6, "there are 6 with 720, 0 and 720"),
        ([0, 0, 0, 0, 40, 40], "none of 480 did"),
        ([N, N, N, N, 40, 40], "all of 480 did"),
    ],
    ids=["everything grows", "nothing grows", "nothing grew before", "everything grew before"],
)
def test_no_forecast_without_both_outcomes(growing: list[int], sentence: str) -> None:
    past = [origin(2005 + n, many) for n, many in enumerate(growing)]
    truth = outcome(past[0], "EG3")
    assert truth is not None
    assert truth.sum() == growing[0]

    with pytest.raises(EvidenceError, match=sentence):
        OutlookModel().fit(past, 2020)
