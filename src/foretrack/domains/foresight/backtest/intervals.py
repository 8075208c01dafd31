"""Scores with their intervals: a bootstrap over units, paired over methods.

A unit is drawn, or not, at all origins together (Poisson weights): the same concept at two origins is not two
independent cases. All methods see the same draws, so the interval of a difference is that of a paired comparison.
What is fixed before the draws: forecasts, thresholds, the edges of calibration bins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest import metrics

Float = npt.NDArray[np.float64]
Float32 = npt.NDArray[np.float32]
Bool = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Drawn: TypeAlias = dict[str, dict[str, Float]]

DRAWS = 2_000
_BLOCK = 128
"""Draws at a time: the running sums of one method then stay in the processor's cache."""
METRICS = ("auc", "ap", "ap_lift", "csi", "p50", "precision_at_recall_50", "brier", "ece")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; nan where it is not defined."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Said:
    """What a method said at one origin. Shapes: (n_units,)."""

    order: Float
    """Higher is listed earlier; nan counts as lowest."""
    probability: Float | None = None
    called: Bool | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One origin and one target: what came true and what every method said. Shapes: (n_units,)."""

    origin: int
    units: tuple[str, ...]
    truth: Bool
    said: Mapping[str, Said]

    def only(self, chosen: Bool) -> Case:
        """The same case for some of its units."""
        return Case(
            self.origin,
            tuple(unit for unit, keep in zip(self.units, chosen, strict=True) if keep),
            self.truth[chosen],
            {
                name: Said(
                    said.order[chosen],
                    None if said.probability is None else said.probability[chosen],
                    None if said.called is None else said.called[chosen],
                )
                for name, said in self.said.items()
            },
        )


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over the origins. A metric that a method has no claim for is absent."""

    base_rate: Estimate
    methods: Mapping[str, Mapping[str, Estimate]]
    differences: Mapping[str, Mapping[str, Estimate]]
    """Baseline -> metric -> reference minus baseline."""
    by_origin: Mapping[int, Mapping[str, Mapping[str, float]]]
    """Origin -> method -> metric, with `base_rate` and `n_units` under the method name `all`."""


def score(
    cases: Sequence[Case], rng: np.random.Generator, *, draws: int = DRAWS, reference: str = "model"
) -> Scores:
    """Every metric of every method, mean over the origins, with intervals and paired differences.

    Args:
        cases: one per origin; the same methods in each.
        reference: the method that the others are compared with; no differences when it is not there.
    """
    cases = [case for case in cases if len(case.units)]
    position = {unit: i for i, unit in enumerate(sorted({unit for case in cases for unit in case.units}))}
    plain = {case.origin: _plain(case) for case in cases}
    drawn: Drawn = {}
    prepared = [(_places(case, position), _Prepared.of(case)) for case in cases]
    filled = 0
    for weights in _weights(len(position), draws, rng):
        stop = filled + weights.shape[1]
        for number, (places, ready) in enumerate(prepared):
            for method, scored in ready.scores(weights[places].astype(np.float32)).items():
                of_method = drawn.setdefault(method, {})
                for metric, found in scored.items():
                    store = of_method.setdefault(metric, np.full((len(cases), draws), np.nan))
                    store[number, filled:stop] = found
        filled = stop
    figures = {
        method: {
            metric: np.array([plain[case.origin][method].get(metric, np.nan) for case in cases])[:, None]
            for metric in scored
        }
        for method, scored in drawn.items()
    }
    methods = {
        m: {k: _mean_estimate(figures[m][k], v) for k, v in scored.items()}
        for m, scored in drawn.items()
        if m != "all"
    }
    # Over the origins at which both have the figure: a method without a threshold at one is not compared there.
    differences = {
        m: {
            k: _mean_estimate(figures[reference][k] - figures[m][k], drawn[reference][k] - v)
            for k, v in scored.items()
            if k in drawn[reference]
        }
        for m, scored in drawn.items()
        if reference in drawn and m not in ("all", reference)
    }
    nothing = Estimate(float("nan"), float("nan"), float("nan"))
    base_rate = _mean_estimate(figures["all"]["base_rate"], drawn["all"]["base_rate"]) if cases else nothing
    return Scores(base_rate, methods, differences, plain)


@dataclass(frozen=True, slots=True)
class Judged:
    """Losses of quantile forecasts at one origin. Shapes: (n_units,), means over the known years ahead."""

    origin: int
    units: tuple[str, ...]
    losses: Mapping[str, Mapping[str, Float]]
    """Method -> `pinball` or `crps` -> loss."""


def skill(
    judged: Sequence[Judged],
    rng: np.random.Generator,
    *,
    draws: int = DRAWS,
    over: str = "climatology",
    reference: str = "model",
) -> tuple[dict[str, dict[str, Estimate]], dict[str, dict[str, Estimate]]]:
    """1 - loss / loss of `over`, mean over the origins: of every method, and reference minus method.

    Metrics are `pinball_skill` and `crps_skill`; `pinball` is the mean loss itself.

    >>> import numpy as np
    >>> losses = {"climatology": {"pinball": np.array([2.0, 2.0])}, "model": {"pinball": np.array([1.0, 1.0])}}
    >>> found, _ = skill([Judged(2015, ("a", "b"), losses)], np.random.default_rng(0), draws=50)
    >>> found["model"]["pinball_skill"]
    Estimate(value=0.5, low=0.5, high=0.5)
    """
    position = {unit: i for i, unit in enumerate(sorted({unit for case in judged for unit in case.units}))}
    ones = np.ones((len(position), 1), np.uint8)
    plain = _losses(judged, position, [ones], 1)
    drawn = _losses(judged, position, _weights(len(position), draws, rng), draws)
    for losses in (plain, drawn):
        yardstick = dict(losses[over])
        for found in losses.values():
            for kind in list(found):
                with np.errstate(invalid="ignore", divide="ignore"):
                    found[f"{kind}_skill"] = 1 - found[kind] / yardstick[kind]
            found.pop("crps", None)
    methods = {m: {k: _mean_estimate(plain[m][k], v) for k, v in found.items()} for m, found in drawn.items()}
    differences = {
        m: {
            k: _mean_estimate(plain[reference][k] - plain[m][k], drawn[reference][k] - v)
            for k, v in found.items()
        }
        for m, found in drawn.items()
        if reference in drawn and m != reference
    }
    return methods, differences


def _losses(
    judged: Sequence[Judged],
    position: Mapping[str, int],
    blocks: Sequence[npt.NDArray[np.uint8]],
    draws: int,
) -> Drawn:
    """Mean loss of every method: (n_origins, draws)."""
    found: Drawn = {}
    filled = 0
    for weights in blocks:
        stop = filled + weights.shape[1]
        for number, case in enumerate(judged):
            drawn = weights[[position[unit] for unit in case.units]].astype(np.float64)
            total = drawn.sum(axis=0)
            for method, kinds in case.losses.items():
                for kind, loss in kinds.items():
                    store = found.setdefault(method, {}).setdefault(
                        kind, np.full((len(judged), draws), np.nan)
                    )
                    with np.errstate(invalid="ignore"):
                        store[number, filled:stop] = (loss[:, None] * drawn).sum(axis=0) / total
        filled = stop
    return found


def _weights(n_units: int, draws: int, rng: np.random.Generator) -> list[npt.NDArray[np.uint8]]:
    """How often each unit is in each draw: blocks (n_units, draws of the block)."""
    starts = range(0, draws, _BLOCK)
    return [rng.poisson(1.0, (n_units, min(_BLOCK, draws - start))).astype(np.uint8) for start in starts]


def _places(case: Case, position: Mapping[str, int]) -> Places:
    return np.array([position[unit] for unit in case.units], dtype=np.int64)


def _mean(values: Float) -> Float:
    """Mean over the origins (first axis) at which the figure is defined."""
    known = np.isfinite(values)
    n = known.sum(axis=0)
    mean: Float = np.where(known, values, 0.0).sum(axis=0) / np.where(n > 0, n, np.nan)
    return mean


def _mean_estimate(figures: Float, drawn: Float) -> Estimate:
    """Mean over the origins (first axis) with its interval."""
    return _estimate(float(_mean(figures)[0]), _mean(drawn))


def _estimate(value: float, drawn: Float) -> Estimate:
    """The middle 95 % of the draws, moved so that their median is the figure.

    Without that, draws flatter: a true unit drawn twice helps its own precision, and a draw is noisier than the
    sample, which calibration errors count as error.
    """
    known = drawn[np.isfinite(drawn)]
    if not len(known) or not np.isfinite(value):
        return Estimate(float("nan"), float("nan"), float("nan"))
    low, middle, high = np.quantile(known, [0.025, 0.5, 0.975])
    low, high = low - middle + value, high - middle + value
    # A figure that is never below 0 or above 1 has no interval there either.
    if known.min() >= 0:
        low = max(low, 0.0)
    if known.max() <= 1:
        high = min(high, 1.0)
    return Estimate(float(value), float(low), float(high))


_OF_ORDER: dict[str, Callable[[Float, Bool], float]] = {
    "auc": metrics.area_under_curve,
    "ap": metrics.average_precision,
    "p50": metrics.precision_at,
    "precision_at_recall_50": metrics.precision_at_recall,
}


def _plain(case: Case) -> dict[str, dict[str, float]]:
    """Every metric without weights, by the definitions of `metrics.py`."""
    rate = float(case.truth.mean())
    found: dict[str, dict[str, float]] = {"all": {"base_rate": rate, "n_units": float(len(case.units))}}
    for method, said in case.said.items():
        order = _lowest_where_unknown(said.order)
        values = {metric: measure(order, case.truth) for metric, measure in _OF_ORDER.items()}
        values["ap_lift"] = values["ap"] / rate if rate else float("nan")
        if said.called is not None:
            values["csi"] = metrics.threat_score(said.called, case.truth)
        if said.probability is not None:
            values["brier"] = metrics.brier(said.probability, case.truth)
            values["ece"] = metrics.calibration_error(said.probability, case.truth)
        found[method] = values
    return found


def _lowest_where_unknown(order: Float) -> Float:
    return np.where(np.isnan(order), -np.inf, order)


@dataclass(frozen=True, slots=True)
class _Order:
    """One method's list at one origin, made ready for any weights.

    Running sums are needed only at a few places of the list (around true units and at the top), so the list is cut
    there: one sparse matrix product sums the weights between the cuts, and the running sum is over the cuts.
    """

    between: Any
    """Sparse (n_cuts, n_units): the units between a cut and the one before it."""
    true: Places
    """True units in the order of the list."""
    end: Places
    """Cut after the tie group of each true unit."""
    start: Places
    """Cut before that group."""
    true_until_end: Places
    """Number of true units up to `end`."""
    true_until_start: Places
    top_ends: Places
    """Cuts after the tie groups that the first 50 can reach."""
    top_true: Places
    """Number of true units up to each of `top_ends`."""

    @staticmethod
    def of(score: Float, truth: Bool) -> _Order:
        from scipy.sparse import csr_array

        order = np.argsort(-score, kind="stable")
        ends = np.append(np.flatnonzero(score[order][1:] != score[order][:-1]) + 1, len(order))
        true = np.flatnonzero(truth[order])
        group = np.searchsorted(ends, true, side="right")
        end, start = ends[group], np.concatenate(([0], ends))[group]
        # A draw leaves about 37 % of the units out; four times 50 is more than any draw can need.
        reach = int(np.searchsorted(ends, min(4 * metrics.TOP, len(order)))) + 1
        top_ends = ends[:reach]
        cuts = np.unique(np.concatenate(([0], end, start, top_ends, [len(order)])))
        between = csr_array(
            (np.ones(len(order), np.float32), order, np.concatenate(([0], cuts))),
            shape=(len(cuts), len(order)),
        )
        return _Order(
            between, order[true], np.searchsorted(cuts, end), np.searchsorted(cuts, start),
            np.searchsorted(true, end), np.searchsorted(true, start),
            np.searchsorted(cuts, top_ends), np.searchsorted(true, top_ends),
        )  # fmt: skip

    def scores(self, weights: Float32) -> dict[str, Float]:
        """Metrics of every draw: (n_draws,). `weights`: (n_units, n_draws)."""
        running = np.cumsum(self.between @ weights, axis=0)
        of_true = weights[self.true]
        hits = np.zeros((len(of_true) + 1, weights.shape[1]), np.float32)
        np.cumsum(of_true, axis=0, out=hits[1:])
        n_true, n_units = hits[-1].astype(float), running[-1].astype(float)
        called, called_before = running[self.end], running[self.start]
        hits_end, hits_before = hits[self.true_until_end], hits[self.true_until_start]
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.where(called > 0, hits_end / called, 0.0)
            ap = (of_true * precision).sum(axis=0, dtype=float) / n_true
            above = (called - hits_end + called_before - hits_before) / 2
            auc = 1 - (of_true * above).sum(axis=0, dtype=float) / (n_true * (n_units - n_true))
        at_recall = np.full(weights.shape[1], np.nan)
        if len(of_true):
            reached = (hits_end >= n_true / 2).argmax(axis=0)
            at_recall = np.take_along_axis(precision, reached[None], axis=0)[0].astype(float)
        return {
            "auc": auc,
            "ap": ap,
            "p50": self._top(running, hits),
            "precision_at_recall_50": np.where(n_true > 0, at_recall, np.nan),
        }

    def _top(self, running: Float32, hits: Float32) -> Float:
        called = np.vstack([np.zeros_like(running[:1]), running[self.top_ends]]).astype(float)
        true = np.vstack([np.zeros_like(hits[:1]), hits[self.top_true]]).astype(float)
        wanted = np.minimum(float(metrics.TOP), called[-1])
        after = np.maximum((called >= wanted).argmax(axis=0), 1)[None]
        low, high = (np.take_along_axis(called, at, axis=0)[0] for at in (after - 1, after))
        hits_low, hits_high = (np.take_along_axis(true, at, axis=0)[0] for at in (after - 1, after))
        with np.errstate(invalid="ignore", divide="ignore"):
            part = np.where(high > low, (wanted - low) / (high - low), 0.0)
            found: Float = (hits_low + part * (hits_high - hits_low)) / wanted
        return found


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One case, sorted once, so that a block of draws costs running sums and matrix products only."""

    truth: Float32
    orders: dict[str, _Order]
    called: dict[str, tuple[Float32, Float32]]
    """Method -> (right calls, right calls with false alarms and misses)."""
    probable: dict[str, Any]
    """Method -> sparse (1 + n_bins, n_units): squared errors, then signed errors of each calibration bin."""

    @staticmethod
    def of(case: Case) -> _Prepared:
        from scipy.sparse import csr_array

        orders, called, probable = {}, {}, {}
        for method, said in case.said.items():
            orders[method] = _Order.of(_lowest_where_unknown(said.order), case.truth)
            if said.called is not None:
                called[method] = (
                    (said.called & case.truth).astype(np.float32),
                    (said.called | case.truth).astype(np.float32),
                )
            if said.probability is not None:
                bins = metrics.calibration_bins(said.probability)
                off = said.probability - case.truth
                rows, places = np.concatenate((np.zeros_like(bins), 1 + bins)), np.arange(len(off))
                # A sparse product adds in one order on any number of processors, which a dense one need not.
                probable[method] = csr_array(
                    (np.concatenate((off**2, off)), (rows, np.concatenate((places, places)))),
                    shape=(1 + metrics.BINS, len(off)),
                )
        return _Prepared(case.truth.astype(np.float32), orders, called, probable)

    def scores(self, weights: Float32) -> dict[str, dict[str, Float]]:
        """Method -> metric -> (n_draws,)."""
        n_units = weights.sum(axis=0, dtype=float)
        with np.errstate(invalid="ignore", divide="ignore"):
            rate = (self.truth @ weights) / n_units
            found: dict[str, dict[str, Float]] = {"all": {"base_rate": rate}}
            for method, order in self.orders.items():
                values = order.scores(weights)
                values["ap_lift"] = values["ap"] / rate
                if method in self.called:
                    right, union = self.called[method]
                    values["csi"] = (right @ weights).astype(float) / (union @ weights)
                if method in self.probable:
                    sums = (self.probable[method] @ weights).astype(float) / n_units
                    values["brier"], values["ece"] = sums[0], np.abs(sums[1:]).sum(axis=0)
                found[method] = values
        return found
