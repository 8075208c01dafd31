"""What baselines learn from matured origins: probabilities from scores, and bands around a forecast path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.labels import (
    DOUBLE,
    EXTREME_GROWTH,
    HORIZON_YEARS,
    MIN_LATER,
    PEAK_YEARS,
    RECENT_YEARS,
    TARGETS,
    Target,
    log_ratio,
    outcome,
    pooled_share,
    share_of,
)
from foretrack.domains.foresight.forecasting.forecast import HORIZONS, LEVELS, Forecast
from foretrack.domains.foresight.history.origins import Origin
from foretrack.foundation.errors import EvidenceError

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

NEWEST = 5
"""Matured origins that are learnt from, the newest ones: ways of growing change with the years."""
COUNT_BINS = (8, 12, 20, 40, 80, 160)
"""Lower edges of the bins of recent documents; the first bin is below 8."""
MIN_IN_BIN = 30
"""Past errors a bin needs; a thinner one takes those of all units."""


def matured(past: Sequence[Origin], target: Target, method: str) -> list[tuple[Origin, Bool]]:
    """The newest origins whose labels are known, with the labels; EvidenceError when there is none."""
    found = [(origin, truth) for origin in past if (truth := outcome(origin, target)) is not None]
    if not found:
        years = [origin.year for origin in past]
        needed = f", documents until {min(years) + HORIZON_YEARS}" if years else ""
        raise EvidenceError(
            f"not enough evidence: {method} needs an origin whose labels have matured{needed}",
            expected="an earlier origin with three known years after it",
            do="choose later --origins, or ingest older documents",
        )
    return found[-NEWEST:]


def count_bin(origin: Origin) -> npt.NDArray[np.int64]:
    """Bin of the documents of the last three years: (n_units,), 0..len(COUNT_BINS)."""
    found: npt.NDArray[np.int64] = np.digitize(origin.counts[:, -RECENT_YEARS:].sum(axis=1), COUNT_BINS)
    return found


class Calibration:
    """Probability of a score: the rate at which like scores came true, never falling with the score.

    Isotonic regression by pooling adjacent violators (Barlow et al. 1972), each step drawn towards the overall rate
    by one unit, so that no step promises 0 or 1.
    """

    def __init__(self, score: Float, truth: Bool) -> None:
        from scipy.optimize import isotonic_regression

        score = np.where(np.isnan(score), -np.inf, score)
        self._scores, place, n = np.unique(score, return_inverse=True, return_counts=True)
        hits = np.bincount(place, weights=truth)
        fitted = isotonic_regression(hits / n, weights=n)
        step = np.repeat(np.arange(len(fitted.blocks) - 1), np.diff(fitted.blocks))
        in_step, true_in_step = np.bincount(step, weights=n), np.bincount(step, weights=hits)
        self._rate = ((true_in_step + truth.mean()) / (in_step + 1))[step]

    def __call__(self, score: Float) -> Float:
        """Probability of each score, 0..1; scores between two known ones take that of the lower.

        >>> import numpy as np
        >>> calibrate = Calibration(np.array([1.0, 1, 2, 2]), np.array([False, False, True, False]))
        >>> calibrate(np.array([0.5, 1.5, 9.0])).round(3).tolist()      # (0 + .25) / 3 and (1 + .25) / 3
        [0.083, 0.083, 0.417]
        """
        score = np.where(np.isnan(score), -np.inf, score)
        place = np.searchsorted(self._scores, score, side="right") - 1
        rate: Float = self._rate[np.maximum(place, 0)]
        return rate


@dataclass(slots=True)
class Ordered:
    """A method that orders units by a score; matured origins say how often like scores came true."""

    name: str
    orders: Callable[[Origin], tuple[Float, Float]]
    """Score for EG3 and for DBL3 (n_units,), nan where the method says nothing."""
    _calibrations: dict[Target, Calibration] = field(default_factory=dict)

    def fit(self, past: Sequence[Origin], year: int) -> None:
        """Learns what scores of the newest matured origins came to."""
        for number, target in enumerate(TARGETS):
            known = matured(past, target, self.name)
            self._calibrations[target] = Calibration(
                np.concatenate([self.orders(origin)[number] for origin, _ in known]),
                np.concatenate([truth for _, truth in known]),
            )

    def forecast(self, origin: Origin) -> Forecast:
        """Order and calibrated probabilities."""
        eg3, dbl3 = self.orders(origin)
        return Forecast(
            eg3, dbl3, p_eg3=self._calibrations["EG3"](eg3), p_dbl3=self._calibrations["DBL3"](dbl3)
        )


@dataclass(slots=True)
class Pathed:
    """A method that draws each unit's share into the coming years; bands come from its errors at matured origins."""

    name: str
    paths: Callable[[Origin], Float]
    """Expected shares (n_units, len(HORIZONS)) of T+1..T+5, from the past of the origin alone."""
    quantiles: Callable[[Origin], Float] | None = None
    """The method's own quantiles (n_units, len(HORIZONS), len(LEVELS)); None takes them from past errors."""
    prepare: Callable[[Sequence[Origin]], None] | None = None
    """Chooses parameters from the past; called by every fit before anything else."""
    orders: Callable[[Origin], tuple[Float, Float]] | None = None
    """What it claims for EG3 and DBL3; None takes the labels' definitions on the expected path."""
    _ordered: Ordered | None = None
    _bands: Float | None = None

    def fit(self, past: Sequence[Origin], year: int) -> None:
        """Learns what claims came to, and how wrong the paths were."""
        if self.prepare is not None:
            self.prepare(past)
        orders = self.orders or (lambda origin: path_orders(origin, self.paths(origin)))
        self._ordered = Ordered(self.name, orders)
        self._ordered.fit(past, year)
        if self.quantiles is None:
            self._bands = error_bands(past, self.paths, self.name)

    def forecast(self, origin: Origin) -> Forecast:
        """Orders by how far the path rises, probabilities, quantiles."""
        assert self._ordered is not None, "fit first"
        told = self._ordered.forecast(origin)
        if self.quantiles is not None:
            quantiles = self.quantiles(origin)
        else:
            assert self._bands is not None, "fit first"
            quantiles = around(origin, self.paths(origin), self._bands)
        return Forecast(told.order_eg3, told.order_dbl3, told.p_eg3, told.p_dbl3, quantiles)


def path_orders(origin: Origin, path: Float) -> tuple[Float, Float]:
    """How strongly a path claims EG3 and DBL3: (n_units,) each, the labels' own definitions on expected shares.

    EG3: the highest yearly growth over the past peak, less the 8 % that "extreme" asks for. DBL3: log of the pooled
    share ahead over twice that of the last three years, but no more than log of the expected documents over ten.
    """
    window = np.nan_to_num(origin.shares[:, -PEAK_YEARS:])
    peak = np.maximum(window.max(axis=1), 1e-12)
    since = window.shape[1] - 1 - window.argmax(axis=1)
    ahead = path[:, :HORIZON_YEARS]
    years = since[:, None] + np.arange(1, HORIZON_YEARS + 1)
    growth = np.log(np.maximum(ahead, 1e-12) / peak[:, None]) / years - np.log(EXTREME_GROWTH)
    recent = np.maximum(
        np.nan_to_num(pooled_share(origin.shares[:, -RECENT_YEARS:], origin.totals[-RECENT_YEARS:])), 1e-12
    )
    doubled = np.log(np.maximum(ahead.mean(axis=1), 1e-12) / (DOUBLE * recent))
    known = origin.totals[origin.totals > 0]
    last = float(known[-1]) if len(known) else 1.0
    enough = np.log(np.maximum(ahead.sum(axis=1) * last, 1e-12) / MIN_LATER)
    return growth.max(axis=1), np.minimum(doubled, enough)


def error_bands(past: Sequence[Origin], paths: Callable[[Origin], Float], method: str) -> Float:
    """Quantiles of the error in log share: (len(COUNT_BINS) + 1, len(HORIZONS), len(LEVELS)).

    For each number of years ahead the newest origins of which that year is known; where none is, the band of the year
    before, widened as a random walk widens. Years without documents are passed over.
    """
    bands = np.full((len(COUNT_BINS) + 1, len(HORIZONS), len(LEVELS)), np.nan)
    usable = [origin for origin in past if origin.future is not None]
    for column, ahead in enumerate(HORIZONS):
        known = [origin for origin in usable if _known(origin, ahead)][-NEWEST:]
        if not known:
            if column == 0:
                matured(past, "EG3", method)
            bands[:, column] = bands[:, column - 1] * np.sqrt(ahead / (ahead - 1))
            continue
        errors = np.concatenate([_errors(origin, paths(origin), column) for origin in known])
        bins = np.concatenate([count_bin(origin) for origin in known])
        for number in range(len(bands)):
            mine = errors[bins == number]
            bands[number, column] = np.quantile(mine if len(mine) >= MIN_IN_BIN else errors, LEVELS)
    return bands


def _known(origin: Origin, ahead: int) -> bool:
    future = origin.future
    return (
        future is not None
        and origin.matured(ahead)
        and bool(future.totals[ahead - 1] > 0)
        and len(origin) > 0
    )


def _errors(origin: Origin, path: Float, column: int) -> Float:
    assert origin.future is not None
    return log_ratio(origin.future.shares[:, column], origin) - log_ratio(path[:, column], origin)


def around(origin: Origin, path: Float, bands: Float) -> Float:
    """Quantiles of the share: the path with the error bands of each unit's count bin."""
    ratio = log_ratio(path, origin)[..., None] + bands[count_bin(origin)]
    return share_of(ratio, origin)


def filled(shares: Float) -> Float:
    """Shares with years without documents drawn in as straight lines between their neighbours: (n_units, n_years).

    >>> import numpy as np
    >>> filled(np.array([[.1, np.nan, .3, np.nan]])).round(2).tolist()
    [[0.1, 0.2, 0.3, 0.3]]
    """
    known = np.isfinite(shares).all(axis=0)
    if known.all() or not known.any():
        return np.nan_to_num(shares)
    at = np.arange(shares.shape[1])
    places = np.flatnonzero(known)
    right = np.clip(np.searchsorted(places, at), 0, len(places) - 1)
    left = np.clip(np.searchsorted(places, at, side="right") - 1, 0, len(places) - 1)
    low, high = places[left], places[right]
    part = np.where(high > low, (at - low) / np.maximum(high - low, 1), 0.0)
    drawn: Float = shares[:, low] * (1 - part) + shares[:, high] * part
    return drawn
