"""Quantiles of the share one to five years ahead: a centre and a width learnt by trees, made honest by past errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.labels import RECENT_YEARS, log_ratio, share_of
from foretrack.domains.foresight.forecasting.blend import ALONE, TREES
from foretrack.domains.foresight.forecasting.forecast import HORIZONS, LEVELS
from foretrack.domains.foresight.history.origins import Origin
from foretrack.foundation.errors import EvidenceError

Float = npt.NDArray[np.float64]

CALIBRATED_ON = 4
"""Newest matured origins whose errors set the width; the trees learn from those before."""
MIN_ERRORS = 150
"""Errors that a bin of counts needs; thinner bins join the next."""
MAX_ROWS = 60_000
N_TREES = 100
BIN_EDGES = (8, 12, 20, 40, 80, 160)
"""Lower edges of the bins of recent documents: the spread of shares is mostly that of small counts."""


@dataclass(slots=True)
class Bands:
    """Quantiles by split conformal prediction per horizon and bin of counts (Mondrian).

    The error of an origin is (log ratio - centre) / width; the quantiles of errors at the newest matured origins,
    which the trees have not seen, are laid around the centre of a new unit.

    Sources: Lei et al. 2018, "Distribution-free predictive inference for regression", JASA 113:1094-1111,
    doi:10.1080/01621459.2017.1307116 (locally weighted split conformal); Vovk et al. 2003, "Mondrian confidence
    machine" (bins).
    """

    _centre: Any
    _width: Any
    _errors: dict[int, list[tuple[float, Float]]]
    """Per horizon: (lower edge of the bin, error quantiles at LEVELS)."""

    @staticmethod
    def fit(past: Sequence[Origin]) -> Bands:
        """Learns from every horizon that has matured; EvidenceError when fewer than two origins have."""
        import lightgbm

        rows: list[tuple[int, int, Float, Float]] = []
        for origin in past:
            if origin.future is None or not len(origin):
                continue
            ratios = log_ratio(origin.future.shares, origin)
            for place, ahead in enumerate(HORIZONS):
                known = np.isfinite(ratios[:, place])
                if known.all():
                    rows.append((origin.year, ahead, _with_horizon(origin.features, ahead), ratios[:, place]))
        years = {ahead: sorted({year for year, h, _, _ in rows if h == ahead}) for ahead in HORIZONS}
        usable = {ahead: seen for ahead, seen in years.items() if len(seen) >= 2}
        if not usable:
            raise EvidenceError(
                "not enough evidence for quantiles: needs two earlier origins whose following years are known",
                expected="a longer history", do="ingest older documents, or choose a later year",
            )  # fmt: skip
        held = {ahead: set(seen[-min(CALIBRATED_ON, len(seen) - 1) :]) for ahead, seen in usable.items()}
        learnt = [(x, y) for year, h, x, y in rows if h in held and year not in held[h]]
        features, value = np.vstack([x for x, _ in learnt]), np.concatenate([y for _, y in learnt])
        step = -(-len(value) // MAX_ROWS)
        features, value = features[::step], value[::step]
        settings = {
            **TREES,
            "min_data_in_leaf": 60,
            "feature_fraction": 0.5,
            "objective": "huber",
            "alpha": 1.0,
        }
        # Out of fold by halves, or the width would be that of what was learnt by heart.
        centre = lightgbm.train(
            {**settings, "objective": "huber", "alpha": 1.0}, lightgbm.Dataset(features, value), N_TREES
        )
        half = np.arange(len(value)) % 2 == 0
        apart = np.empty(len(value))
        for part in (half, ~half):
            other = lightgbm.train(
                {**settings, "objective": "huber", "alpha": 1.0},
                lightgbm.Dataset(features[~part], value[~part]),
                N_TREES // 2,
            )
            apart[part] = value[part] - other.predict(features[part], **ALONE)
        width = lightgbm.train(
            {**settings, "objective": "l1"},
            lightgbm.Dataset(features, np.log(np.abs(apart) + 0.02)),
            N_TREES // 2,
        )
        bands = Bands(centre, width, {})
        by_year = {origin.year: origin for origin in past}
        for ahead, chosen in held.items():
            errors: list[Float] = []
            n_recent: list[npt.NDArray[np.int64]] = []
            for year, h, x, y in rows:
                if h == ahead and year in chosen:
                    middle, spread = bands._expected(x)
                    errors.append((y - middle) / spread)
                    n_recent.append(by_year[year].counts[:, -RECENT_YEARS:].sum(axis=1))
            found = _by_bin(np.concatenate(errors), np.concatenate(n_recent))
            factors = _widening(errors, n_recent, np.array([edge for edge, _ in found]))
            bands._errors[ahead] = [
                (edge, _widened(steps, factor)) for (edge, steps), factor in zip(found, factors, strict=True)
            ]
        return bands

    def quantiles(self, origin: Origin) -> Float:
        """Shares (n_units, len(HORIZONS), len(LEVELS)); nan for horizons that nothing was learnt of."""
        found = np.full((len(origin), len(HORIZONS), len(LEVELS)), np.nan)
        if not len(origin):
            return found
        n_recent = origin.counts[:, -RECENT_YEARS:].sum(axis=1)
        for place, ahead in enumerate(HORIZONS):
            if ahead not in self._errors:
                continue
            middle, spread = self._expected(_with_horizon(origin.features, ahead))
            edges = np.array([edge for edge, _ in self._errors[ahead]])
            steps = np.stack([quantiles for _, quantiles in self._errors[ahead]])
            found[:, place] = middle[:, None] + spread[:, None] * steps[_bin_of(edges, n_recent)]
        return share_of(found, origin)

    def _expected(self, features: Float) -> tuple[Float, Float]:
        return self._centre.predict(features, **ALONE), np.exp(self._width.predict(features, **ALONE))


def _bin_of(edges: Float, n_recent: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    found: npt.NDArray[np.int64] = np.maximum(np.searchsorted(edges, n_recent, side="right") - 1, 0)
    return found


def _widened(steps: Float, factor: float) -> Float:
    """Error quantiles drawn away from their median."""
    middle = steps[LEVELS.index(0.5)]
    wider: Float = middle + factor * (steps - middle)
    return wider


def _widening(
    errors: Sequence[Float], n_recent: Sequence[npt.NDArray[np.int64]], edges: Float
) -> list[float]:
    """Factor for each bin by which the bands of some origins must be widened to cover another origin, at least 1.

    Years move all units together, the large ones most visibly, which the errors of units within an origin do not show:
    each origin in turn is covered by the bands of the others, and the factor is the least with which four fifths of the
    units of the bin are covered.
    """
    if len(errors) < 2:
        return [1.0] * len(edges)
    apart: list[Float] = []
    of_bin: list[npt.NDArray[np.int64]] = []
    for out in range(len(errors)):
        rest = [number for number in range(len(errors)) if number != out]
        bins = _by_bin(np.concatenate([errors[i] for i in rest]), np.concatenate([n_recent[i] for i in rest]))
        steps = np.stack([quantiles for _, quantiles in bins])[
            _bin_of(np.array([edge for edge, _ in bins]), n_recent[out])
        ]
        low, middle, high = (steps[:, LEVELS.index(level)] for level in (0.1, 0.5, 0.9))
        distance = errors[out] - middle
        # How far from the middle each unit lies, in widths of its side of the band.
        apart.append(
            np.abs(distance) / np.maximum(np.where(distance >= 0, high - middle, middle - low), 1e-9)
        )
        of_bin.append(_bin_of(edges, n_recent[out]))
    needed, where = np.concatenate(apart), np.concatenate(of_bin)
    return [
        max(float(np.quantile(needed[where == number], 0.8)), 1.0) if (where == number).any() else 1.0
        for number in range(len(edges))
    ]


def _with_horizon(features: Float, ahead: int) -> Float:
    return np.column_stack([features, np.full(len(features), float(ahead))])


def _by_bin(errors: Float, n_recent: npt.NDArray[np.int64]) -> list[tuple[float, Float]]:
    """(lower edge, error quantiles) of each bin of counts; a bin with too few errors joins the one above, the last one
    the one below."""
    edges = [0.0, *map(float, BIN_EDGES)]
    bins = np.digitize(n_recent, BIN_EDGES)
    groups: list[tuple[float, list[Float]]] = []
    waiting: list[Float] = []
    first = 0.0
    for number, edge in enumerate(edges):
        if not waiting:
            first = edge
        waiting.append(errors[bins == number])
        if sum(map(len, waiting)) >= MIN_ERRORS:
            groups.append((first, waiting))
            waiting = []
    if waiting and groups:
        groups[-1][1].extend(waiting)
    elif waiting:
        groups.append((0.0, waiting))
    return [(edge, _conformal(np.sort(np.concatenate(parts)))) for edge, parts in groups]


def _conformal(ordered: Float) -> Float:
    """Error quantiles at LEVELS with the finite-sample step outwards: place (n + 1) q, counted from 1.

    >>> _conformal(np.arange(1.0, 100.0)).tolist()       # places 5, 10, 25, 50, 75, 90, 95 of 99
    [5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0]
    """
    n = len(ordered)
    place = [np.ceil((n + 1) * q) if q > 0.5 else np.floor((n + 1) * q) for q in LEVELS]
    chosen: Float = ordered[np.clip(np.array(place, dtype=int) - 1, 0, n - 1)]
    return chosen
