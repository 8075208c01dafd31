"""From what was said and what came true to what is scored: cases, losses, coverage, lead times, hits and misses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.intervals import DRAWS, Case, Estimate, Judged, Said
from foretrack.domains.foresight.backtest.labels import (
    HORIZON_YEARS,
    PEAK_YEARS,
    RECENT_YEARS,
    Target,
    first_year_in_top,
    log_ratio,
    outcome,
)
from foretrack.domains.foresight.backtest.metrics import (
    TOP,
    covered,
    median_lead,
    pinball,
    ranked_probability_score,
    wilson,
)
from foretrack.domains.foresight.backtest.rolling import Rolled
from foretrack.domains.foresight.forecasting.forecast import HORIZONS, LEVELS
from foretrack.domains.foresight.history.origins import Origin

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

COUNT_BINS = (8, 12, 20, 40, 80, 160)
"""Lower edges of the bins of recent documents by which coverage is shown; the first bin is below 8."""
BIN_NAMES = ("5-7", "8-11", "12-19", "20-39", "40-79", "80-159", "160+")
NAMED = 20
"""Misses and false alarms listed for each origin."""


def cases(rolled: Rolled, target: Target) -> list[Case]:
    """One case per test origin, for the methods that could forecast."""
    found = []
    for origin in rolled.origins:
        said: dict[str, Said] = {}
        for method, told in rolled.told.items():
            forecast, called = told[origin.year].forecast, told[origin.year].called.get(target)
            said[method] = (
                Said(forecast.order_eg3, forecast.p_eg3, called)
                if target == "EG3"
                else Said(forecast.order_dbl3, forecast.p_dbl3, called)
            )
        found.append(Case(origin.year, origin.ids, _truth(origin, target), said))
    return found


def _truth(origin: Origin, target: Target) -> Bool:
    truth = outcome(origin, target)
    assert truth is not None, "rolling.py refuses origins without matured labels"
    return truth


def quantile_losses(rolled: Rolled) -> list[Judged]:
    """Pinball and CRPS of every method with quantiles, on the log ratio to the recent share.

    Mean over the known years ahead; pinball is the plain mean over the levels. A unit counts where every method has
    quantiles for it.
    """
    found = []
    for origin in rolled.origins:
        value = _later_ratio(origin)
        quantiles = {
            method: log_ratio(told[origin.year].forecast.quantiles, origin)  # type: ignore[arg-type]
            for method, told in rolled.told.items()
            if told[origin.year].forecast.quantiles is not None
        }
        years = np.flatnonzero(np.isfinite(value).any(axis=0))
        known = np.isfinite(value[:, years]).all(axis=1)
        for ratio in quantiles.values():
            known &= np.isfinite(ratio[:, years]).all(axis=(1, 2))
        chosen = np.flatnonzero(known)
        value = value[np.ix_(chosen, years)]
        losses = {}
        for method, ratio in quantiles.items():
            told_ratio = ratio[np.ix_(chosen, years)]
            losses[method] = {
                "pinball": pinball(told_ratio, value, LEVELS).mean(axis=(1, 2)),
                "crps": ranked_probability_score(told_ratio, value, LEVELS).mean(axis=1),
            }
        found.append(Judged(origin.year, tuple(origin.ids[i] for i in chosen), losses))
    return found


def _later_ratio(origin: Origin) -> Float:
    assert origin.future is not None
    value = log_ratio(origin.future.shares, origin)
    value[:, origin.year + np.array(HORIZONS) > origin.future.last_year] = np.nan
    return value


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the interval held the share, with Wilson intervals; a unit at an origin is one case.

    The years ahead of one unit err together, so they count as one case, not as five.
    """

    pooled: Estimate
    bins: Mapping[str, Estimate]
    """By documents of the last three years."""
    origins: Mapping[int, Estimate]
    years_ahead: Mapping[int, Estimate]


def coverage(rolled: Rolled, method: str, part: float) -> Coverage | None:
    """Coverage of the central interval of this probability; None when the method has no quantiles."""
    inside, bins, years = [], [], []
    for origin in rolled.origins:
        quantiles = rolled.told[method][origin.year].forecast.quantiles
        if quantiles is None:
            return None
        assert origin.future is not None
        value = np.where(np.isfinite(_later_ratio(origin)), origin.future.shares, np.nan)
        inside.append(covered(quantiles, value, LEVELS, part))
        bins.append(np.digitize(origin.counts[:, -RECENT_YEARS:].sum(axis=1), COUNT_BINS))
        years.append(np.full(len(origin), origin.year))
    held, bin_of, year_of = np.concatenate(inside), np.concatenate(bins), np.concatenate(years)
    return Coverage(
        _held(held),
        {name: _held(held[bin_of == n]) for n, name in enumerate(BIN_NAMES) if (bin_of == n).any()},
        {origin.year: _held(held[year_of == origin.year]) for origin in rolled.origins},
        {
            ahead: _held(held[:, n : n + 1])
            for n, ahead in enumerate(HORIZONS)
            if np.isfinite(held[:, n]).any()
        },
    )


def _held(inside: Float) -> Estimate:
    known = np.isfinite(inside)
    n_cases = int(known.any(axis=1).sum())
    if not n_cases:
        return Estimate(float("nan"), float("nan"), float("nan"))
    rate = float(inside[known].mean())
    return Estimate(rate, *wilson(rate * n_cases, n_cases))


@dataclass(frozen=True, slots=True)
class Lead:
    """How early a method called the units that came to the top 5 % by share."""

    median: Estimate
    """Years from the first call to the first year in the top 5 %; -inf when most were never called before."""
    n_arrived: int
    """Units that were not in the top 5 % when first seen, and came there."""
    n_called: int
    """Of these: called in an earlier year."""
    n_alarms: int
    """Units called at any test origin and not in the top 5 % at that time."""
    n_false: int
    """Of these: not in the top 5 % by the last known year."""


def lead(
    rolled: Rolled, method: str, rng: np.random.Generator, *, draws: int = DRAWS, reference: str = "model"
) -> Lead:
    """Lead time over the units that arrived in the top 5 % (`labels.first_year_in_top`) during the test origins.

    At each origin a method calls the first of its list, as many as the reference calls there: whoever calls
    everything is always early, so methods are compared with equally many alarms.
    """
    arrived: dict[str, int] = {}
    already: set[str] = set()
    seen: set[str] = set()
    called: dict[str, int] = {}
    for origin in rolled.origins:
        first = first_year_in_top(origin)
        flags = _first(rolled, method, origin.year, reference)
        for number, unit in enumerate(origin.ids):
            if unit not in seen and first[number] == origin.year:
                already.add(unit)
            seen.add(unit)
            if first[number]:
                arrived[unit] = min(arrived.get(unit, 9999), int(first[number]))
            if flags[number]:
                called.setdefault(unit, origin.year)
    units = sorted(unit for unit in arrived if unit not in already)
    flagged = [called.get(unit) for unit in units]
    years = [arrived[unit] for unit in units]
    leads = np.array([-np.inf if f is None else float(y - f) for f, y in zip(flagged, years, strict=True)])
    interval = Estimate(float("nan"), float("nan"), float("nan"))
    if units:
        middle = np.sort(leads[rng.integers(0, len(leads), (draws, len(leads)))], axis=1)[:, len(leads) // 2]
        low, high = np.quantile(middle, [0.025, 0.975], method="nearest")
        interval = Estimate(median_lead(flagged, years), float(low), float(high))
    alarms = [unit for unit in called if unit not in already]
    return Lead(
        interval, len(units), int((leads > 0).sum()), len(alarms), sum(unit not in arrived for unit in alarms)
    )


def _first(rolled: Rolled, method: str, year: int, reference: str) -> Bool:
    """The first of the method's list, as many as the reference calls; the reference's own calls."""
    forecast = rolled.told[method][year].forecast
    allowed = rolled.told[reference][year].called.get("EG3") if reference in rolled.told else None
    if allowed is None:
        allowed = np.arange(len(forecast.order_eg3)) < TOP
    if method == reference and "EG3" in rolled.told[method][year].called:
        return allowed
    score = np.where(np.isnan(forecast.order_eg3), -np.inf, forecast.order_eg3)
    flags = np.zeros(len(score), dtype=bool)
    flags[np.argsort(-score, kind="stable")[: int(allowed.sum())]] = True
    return flags


@dataclass(frozen=True, slots=True)
class Named:
    """A unit of the list, by name."""

    origin: int
    unit: str
    label: str
    rank: int
    """Place in the list of that origin, 1 first."""
    probability: float
    """nan when the method gives none."""
    growth: float
    """Highest share of the three years after, over the past peak; 1.2 = 20 % above it."""


@dataclass(frozen=True, slots=True)
class Names:
    """Who was listed rightly and wrongly, and who was missed; at most `NAMED` of each for an origin."""

    hits: tuple[Named, ...]
    """Of the first 50 of each origin: came true; highest rank first."""
    false_alarms: tuple[Named, ...]
    """Of the first 50 of each origin: did not come true."""
    misses: tuple[Named, ...]
    """Came true without having been called; the greatest growth first."""


def names(rolled: Rolled, method: str, target: Target) -> Names:
    """Hits, false alarms and misses of every test origin."""
    hits: list[Named] = []
    false_alarms: list[Named] = []
    misses: list[Named] = []
    for case, origin in zip(cases(rolled, target), rolled.origins, strict=True):
        said = case.said[method]
        score = np.where(np.isnan(said.order), -np.inf, said.order)
        order = np.argsort(-score, kind="stable")
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(1, len(order) + 1)
        growth = _growth(origin)
        first = order[:TOP]
        # Without a threshold only the list itself calls anything.
        called = rank <= TOP if said.called is None else said.called
        missed = np.flatnonzero(case.truth & ~called)
        hits += _named(origin, said, rank, growth, first[case.truth[first]])
        false_alarms += _named(origin, said, rank, growth, first[~case.truth[first]])
        misses += _named(origin, said, rank, growth, missed[np.argsort(-growth[missed], kind="stable")])
    return Names(tuple(hits), tuple(false_alarms), tuple(misses))


def _named(
    origin: Origin, said: Said, rank: Places, growth: Float, numbers: npt.NDArray[np.intp]
) -> list[Named]:
    return [
        Named(
            origin.year,
            origin.ids[i],
            origin.labels[i],
            int(rank[i]),
            float("nan") if said.probability is None else float(said.probability[i]),
            float(growth[i]),
        )
        for i in numbers[:NAMED]
    ]


def _growth(origin: Origin) -> Float:
    assert origin.future is not None
    peak = np.nan_to_num(origin.shares[:, -PEAK_YEARS:]).max(axis=1)
    later = np.nan_to_num(origin.future.shares[:, :HORIZON_YEARS]).max(axis=1)
    ratio: Float = later / np.maximum(peak, 1e-12)
    return ratio
