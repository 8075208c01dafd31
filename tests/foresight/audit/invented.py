"""Invented origins and an honest method: the correct run into which each leak is injected."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.audit.auditing import AuditedRun
from foretrack.domains.foresight.backtest.audit.watching import Log, Stamp, watch
from foretrack.domains.foresight.backtest.labels import HORIZON_YEARS, TARGETS, Target, outcome
from foretrack.domains.foresight.backtest.rolling import Maker, Rolled, roll
from foretrack.domains.foresight.forecasting.baselines.learning import matured
from foretrack.domains.foresight.forecasting.forecast import HORIZONS, LEVELS, Forecast
from foretrack.domains.foresight.history.origins import FUTURE_YEARS, Future, Origin

Float = npt.NDArray[np.float64]
FIRST, LAST = 2004, 2021
YEARS = (2012, 2013, 2014)
"""Test origins."""


def origins(n: int = 80, seed: int = 5) -> list[Origin]:
    """Origins of every year from 2007 on: series that wander, of which some take off."""
    rng = np.random.default_rng(seed)
    span = LAST - FIRST + 1
    start = rng.integers(4, span - 3, n)
    rate = 6 * np.exp(np.cumsum(rng.normal(scale=0.3, size=(n, span)), axis=1))
    rate *= 1.5 ** np.clip(np.arange(span) - start[:, None], 0, 5)
    counts = rng.poisson(rate).astype(np.int64)
    totals = np.full(span, 4000, dtype=np.int64)
    shares = counts / totals
    found = []
    for year in range(FIRST + 3, LAST):
        now = year - FIRST + 1
        ahead = min(FUTURE_YEARS, span - now)
        pad = FUTURE_YEARS - ahead
        future = Future(
            year + ahead,
            np.pad(counts[:, now : now + ahead], ((0, 0), (0, pad))),
            np.pad(totals[now : now + ahead], (0, pad)),
            np.pad(shares[:, now : now + ahead], ((0, 0), (0, pad)), constant_values=np.nan),
        )
        recent, before = shares[:, now - 2 : now].mean(axis=1), shares[:, : now - 2].mean(axis=1)
        features = np.column_stack(
            [recent, before, np.log((recent + 1e-4) / (before + 1e-4)), shares[:, now - 1]]
        )
        found.append(
            Origin(
                year,
                "concept",
                tuple(f"u{i}" for i in range(n)),
                tuple(f"unit {i}" for i in range(n)),
                np.full(n, 2, np.int8),
                counts[:, :now],
                totals[:now],
                shares[:, :now],
                features,
                ("recent", "before", "rise", "last"),
                future,
            )
        )
    return found


class Honest:
    """A linear score of scaled features, learnt by least squares from matured origins."""

    name = "honest-1"

    def __init__(self) -> None:
        self.weights: dict[Target, Float] = {}
        self.scale: tuple[Float, Float] | None = None
        self.stamps: tuple[Stamp, ...] = ()

    def fit(self, past: Sequence[Origin], year: int) -> None:
        rows = {target: matured(past, target, self.name) for target in TARGETS}
        self.scale = self.scaler([origin for origin, _ in rows["EG3"]])
        for target, known in rows.items():
            self.learn(target, known)
        used = tuple(origin.year for origin, _ in rows["EG3"])
        self.stamps = (Stamp("scaler", used, 0), Stamp("model", used, HORIZON_YEARS))

    def scaler(self, seen: Sequence[Origin]) -> tuple[Float, Float]:
        features = np.concatenate([origin.features for origin in seen])
        return features.mean(axis=0), features.std(axis=0)

    def learn(self, target: Target, known: Sequence[tuple[Origin, npt.NDArray[np.bool_]]]) -> None:
        x = np.concatenate([self.scaled(origin) for origin, _ in known])
        y = np.concatenate([truth for _, truth in known]).astype(float)
        self.weights[target] = np.linalg.lstsq(x, y, rcond=None)[0]

    def scaled(self, origin: Origin) -> Float:
        assert self.scale is not None
        mean, sd = self.scale
        return np.column_stack([(origin.features - mean) / sd, np.ones(len(origin))])

    def forecast(self, origin: Origin) -> Forecast:
        eg3, dbl3 = (self.scaled(origin) @ self.weights[target] for target in TARGETS)
        wide = np.repeat(origin.shares[:, -1][:, None], len(HORIZONS), axis=1)[..., None]
        quantiles = wide * (1 + np.array(LEVELS))
        return Forecast(eg3, dbl3, np.clip(eg3, 0, 1), np.clip(dbl3, 0, 1), quantiles)


Makers = Callable[[Sequence[Origin]], Mapping[str, Maker]]


def run_of(makers: Makers, known: Sequence[Origin], rolling: Callable[..., Rolled] = roll) -> AuditedRun:
    """A finished backtest of the methods that `makers` makes with all origins within reach."""
    watched, log = watch(makers(known))
    rolled = rolling(known, YEARS, watched, required=tuple(watched))

    def reroll(changed: Sequence[Origin], year: int) -> Rolled:
        again = makers(changed)
        return rolling(changed, [year], again, required=tuple(again))

    return AuditedRun(unit="concept", origins=known, rolled=rolled, log=log, reroll=reroll)


def honest(known: Sequence[Origin]) -> dict[str, Maker]:
    """The correct run."""
    return {"model": Honest}


def without_log(run: AuditedRun) -> AuditedRun:
    """As if nobody had watched: what remains must be found by noise."""
    return dataclasses.replace(run, log=Log())


def truth_of(known: Sequence[Origin], year: int, target: Target) -> npt.NDArray[np.bool_]:
    """What came true at an origin, with all that is known today."""
    found = outcome(next(origin for origin in known if origin.year == year), target)
    assert found is not None
    return found
