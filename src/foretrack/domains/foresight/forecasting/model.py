"""The model: what matured origins teach of extreme growth, of doubling and of the shares to come."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.labels import HORIZON_YEARS, TARGETS, TOP_PART, Target, outcome
from foretrack.domains.foresight.forecasting.bands import Bands
from foretrack.domains.foresight.forecasting.blend import Blend
from foretrack.domains.foresight.forecasting.forecast import HORIZONS, LEVELS, Forecast
from foretrack.domains.foresight.forecasting.parts import PARTS, by_part
from foretrack.domains.foresight.history.origins import Origin
from foretrack.foundation.errors import EvidenceError

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

METHOD = "forecast-1"
LEAN: dict[Target, float] = {"EG3": 0.5, "DBL3": 0.0}
"""Part of the outlook in the order (`Blend.fit`)."""
NEWEST = 12
"""Matured origins that are learnt from, the newest ones."""
CALIBRATED_ON = (2, 5)
"""Least and most of the newest matured origins whose forecasts, made without them, turn scores into probabilities."""
ENOUGH_TRUE = 80
"""Units that came true among them, with which no further origin is held back."""
MIN_ORIGINS = 3
MIN_TRUE = 15
"""Units that came true, and units that did not, without which nothing is learnt."""
MIN_UNITS = 300


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt of one target: p = 1 / (1 + exp(-(slope x score + offset)))."""

    blend: Blend
    slope: float
    offset: float

    def probability(self, score: Float) -> Float:
        p: Float = 1 / (1 + np.exp(-np.clip(self.slope * score + self.offset, -30, 30)))
        return p


@dataclass(slots=True)
class OutlookModel:
    """Forecasts from numbers of the past alone, learnt anew at every origin from origins whose labels had matured.

    Order and probability come from `Blend`, calibrated by Platt's curve on the newest matured origins, which the
    calibrated copy has not learnt from (Platt 1999, "Probabilistic outputs for support vector machines"); the
    quantiles come from `Bands`.
    """

    name: str = METHOD
    threads: int = 1
    """Learners that work side by side; what they learn does not depend on it."""
    learnt_until: int = 0
    """The last year of which anything was learnt."""
    rows: dict[Target, tuple[int, ...]] = field(default_factory=dict)
    """Origins whose labels were learnt from."""
    _learnt: dict[Target, Learnt] = field(default_factory=dict)
    _bands: Bands | None = None

    def fit(self, past: Sequence[Origin], year: int) -> None:
        """Learns from the origins whose three following years are known; EvidenceError when they are too few.

        Doubling is rarer than extreme growth: where it alone cannot be learnt, nothing is said of it.
        """
        self.learnt_until = year
        known_of: dict[Target, list[tuple[Origin, Bool]]] = {}
        for target in TARGETS:
            known = [
                (origin, truth)
                for origin in past
                if (truth := outcome(origin, target)) is not None and len(origin)
            ]
            known = known[-NEWEST:]
            try:
                _require(known, target)
            except EvidenceError:
                if target == "EG3":
                    raise
                continue
            self.rows[target] = tuple(origin.year for origin, _ in known)
            known_of[target] = known
        with ThreadPoolExecutor(self.threads) as pool:
            learning = {target: pool.submit(_learn, known, target) for target, known in known_of.items()}
            bands = pool.submit(Bands.fit, past[-NEWEST - HORIZON_YEARS :])
            self._learnt = {"EG3": learning.pop("EG3").result()}
            for target, learnt in learning.items():
                try:
                    self._learnt[target] = learnt.result()
                except EvidenceError:
                    del self.rows[target]
            self._bands = bands.result()

    def forecast(self, origin: Origin) -> Forecast:
        """Order, probabilities, calls and quantiles of every unit."""
        if self._bands is None:
            raise ValueError("forecast before fit")
        scores = {target: learnt.blend.score(origin.features) for target, learnt in self._learnt.items()}
        p = {target: self._learnt[target].probability(score) for target, score in scores.items()}
        called = {target: found >= worth_calling(found) for target, found in p.items()}
        nothing = np.full(len(origin), np.nan)
        return Forecast(
            scores["EG3"], scores.get("DBL3", nothing), p["EG3"], p.get("DBL3"), self._bands.quantiles(origin),
            called["EG3"], called.get("DBL3", np.zeros(len(origin), dtype=bool)),
        )  # fmt: skip

    def learnt(self, target: Target) -> Learnt:
        """What was learnt of one target."""
        return self._learnt[target]

    def contributions(self, origin: Origin, target: Target = "EG3") -> tuple[tuple[str, ...], Float]:
        """What each feature adds to the order: names and (n_units, n_names); the last is what all units have alike."""
        blend = self._learnt[target].blend
        return (*blend.names, "alike"), blend.contributions(origin.features)


def _require(known: Sequence[tuple[Origin, Bool]], target: Target) -> None:
    n_units = sum(len(truth) for _, truth in known)
    n_true = int(sum(truth.sum() for _, truth in known))
    n_false = n_units - n_true
    if len(known) >= MIN_ORIGINS and n_units >= MIN_UNITS and min(n_true, n_false) >= MIN_TRUE:
        return
    raise EvidenceError(
        f"not enough evidence to forecast: needs {MIN_ORIGINS} earlier years whose following three are known, with "
        f"{MIN_UNITS} units, {MIN_TRUE} that fulfilled {target} and {MIN_TRUE} that did not; "
        f"there are {len(known)} with {n_units}, {n_true} and {n_false}",
        expected="a corpus in which some grow and others do not, over about ten years",
        do="ingest documents of more years, or choose a later year",
    )


def _learn(known: Sequence[tuple[Origin, Bool]], target: Target) -> Learnt:
    names = known[0][0].feature_names
    held = known[-_n_held(known) :]
    # Labels of neighbouring origins share years; those that overlap the held ones stay out where enough remain.
    first = held[0][0].year
    earlier = [pair for pair in known if pair[0].year <= first - HORIZON_YEARS]
    if len(earlier) < MIN_ORIGINS or sum(int(t.sum()) for _, t in earlier) < MIN_TRUE:
        earlier = [pair for pair in known if pair[0].year < first]
    seen = np.concatenate([truth for _, truth in earlier])
    if seen.all() or not seen.any():
        raise EvidenceError(
            f"not enough evidence to forecast: needs units that fulfilled {target} and others that did not before "
            f"{first}, to learn from; {'all' if seen.all() else 'none'} of {len(seen)} did",
            expected="earlier years that differ",
            do="ingest documents of more years, or choose a later year",
        )
    trial = Blend.fit(names, [(origin.features, truth) for origin, truth in earlier], lean=LEAN[target])
    scores = np.concatenate([trial.score(origin.features) for origin, _ in held])
    truth = np.concatenate([truth for _, truth in held])
    slope, offset = platt(scores, truth)
    blend = Blend.fit(names, [(origin.features, truth) for origin, truth in known], lean=LEAN[target])
    return Learnt(blend, slope, offset)


def _n_held(known: Sequence[tuple[Origin, Bool]]) -> int:
    """How many of the newest origins calibrate: more where little came true, never so many that too few teach."""
    most = min(CALIBRATED_ON[1], len(known) // 2)
    if most < CALIBRATED_ON[0]:
        return 1
    for n in range(CALIBRATED_ON[0], most):
        if sum(int(truth.sum()) for _, truth in known[-n:]) >= ENOUGH_TRUE:
            return n
    return most


def worth_calling(p: Float) -> float:
    """Probability from which units should be called, so that the expected threat score is largest; 1 for no units.

    Of called units with probabilities p, sum p are expected to be right; the called and the others that come true are
    n called + sum of the other p. No outcome enters: how good the threshold is rests on the calibration.

    >>> worth_calling(np.array([.9, .8, .3, .05]))       # 1.7 / (2 + .35) = .72 beside 2 / (3 + .05) = .66
    0.8
    """
    if not len(p):
        return 1.0
    ordered = np.sort(p)[::-1]
    right = np.cumsum(ordered)
    expected = right / (np.arange(1, len(p) + 1) + right[-1] - right)
    return float(ordered[int(expected.argmax())])


def platt(score: Float, truth: Bool) -> tuple[float, float]:
    """Slope and offset of the curve that turns scores into probabilities, with Platt's prior of one case each way.

    >>> slope, offset = platt(np.array([-2.0, -1, 0, 1, 2, 3]), np.array([False, False, False, True, True, True]))
    >>> slope > 0
    True
    """
    from scipy.optimize import minimize

    n_true, n_false = float(truth.sum()), float((~truth).sum())
    wanted = np.where(truth, (n_true + 1) / (n_true + 2), 1 / (n_false + 2))
    scale = max(float(score.std()), 1e-9)
    x = score / scale

    def loss(parameters: Float) -> tuple[float, Float]:
        z = parameters[0] * x + parameters[1]
        p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
        value = float(np.sum(np.logaddexp(0, z) - wanted * z))
        return value, np.array([np.sum((p - wanted) * x), np.sum(p - wanted)])

    found = minimize(
        loss, np.array([1.0, float(np.log((n_true + 1) / (n_false + 1)))]), jac=True, method="BFGS"
    )
    return float(max(found.x[0], 0.0)) / scale, float(found.x[1])


def told_by_part(model: OutlookModel, origin: Origin, target: Target = "EG3") -> Float:
    """Log odds of every unit as a sum over `parts.PARTS`: (n_units, len(PARTS)); p = 1 / (1 + exp(-sum))."""
    learnt = model.learnt(target)
    names, added = model.contributions(origin, target)
    told = by_part(names, added * learnt.slope)
    told[:, PARTS.index("alike")] += learnt.offset
    return told


def expected_top_year(origin: Origin, quantiles: Float, part: float = TOP_PART) -> npt.NDArray[np.int64]:
    """First year in which a unit's median share reaches what the top `part` of all units have as of the origin.

    (n_units,): the origin's year for those already there; 0 for those not expected within the horizons.

    Args:
        quantiles: shares (n_units, len(HORIZONS), len(LEVELS)).

    >>> from foretrack.domains.foresight.history.origins import Origin
    >>> shares = np.array([[.1], [.2], [.9]])
    >>> origin = Origin(2015, "concept", tuple("abc"), tuple("abc"), np.ones(3, np.int8), np.ones((3, 1), int),
    ...                 np.array([9]), shares, np.empty((3, 0)), (), None)
    >>> ahead = np.zeros((3, len(HORIZONS), len(LEVELS))); ahead[1, 2:] = .95
    >>> expected_top_year(origin, ahead, part=.3).tolist()
    [0, 2018, 2015]
    """
    found = np.zeros(len(origin), dtype=np.int64)
    if not len(origin):
        return found
    now = np.nan_to_num(origin.shares[:, -1])
    size = max(int(np.ceil(part * len(origin))), 1)
    least = np.partition(now, -size)[-size]
    found[(now >= least) & (now > 0)] = origin.year
    for place, ahead in enumerate(HORIZONS):
        median = quantiles[:, place, LEVELS.index(0.5)]
        found[(found == 0) & (median >= least) & (median > 0)] = origin.year + ahead
    return found
