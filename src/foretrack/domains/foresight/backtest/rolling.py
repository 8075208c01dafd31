"""The protocol: at every test origin each method learns from matured origins only, forecasts, and is judged later.

At origin T a method is given every earlier origin with its future cut at T. It forecasts the origin without its
future. Where it does not say itself what it calls, the threshold is the best one of its own forecasts at the last two
origins whose labels had matured by T: forecasts that were made, in their turn, from what was known then.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.backtest.labels import HORIZON_YEARS, Target, outcome
from foretrack.domains.foresight.backtest.metrics import best_threshold
from foretrack.domains.foresight.forecasting.forecast import HORIZONS, LEVELS, Forecast, Forecaster
from foretrack.domains.foresight.history.origins import Origin
from foretrack.foundation.errors import EvidenceError, HouseError
from foretrack.foundation.progress import Progress, silent

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Maker: TypeAlias = Callable[[], Forecaster]

INNER_ORIGINS = 2
"""Matured origins before T whose forecasts choose the threshold."""


@dataclass(frozen=True, slots=True)
class Told:
    """A forecast with what it calls, both fixed before anything of the future was known."""

    forecast: Forecast
    called: Mapping[Target, Bool]
    """Targets without any matured earlier forecast to choose a threshold by are absent."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """What every method said at every test origin."""

    origins: tuple[Origin, ...]
    """Test origins with their futures."""
    told: Mapping[str, Mapping[int, Told]]
    """Method -> year -> what it said."""
    left_out: Mapping[str, str]
    """Method -> why it could not forecast."""


def roll(
    origins: Sequence[Origin],
    years: Sequence[int],
    makers: Mapping[str, Maker],
    *,
    required: Sequence[str] = ("model",),
    progress: Progress = silent,
) -> Rolled:
    """Lets every method forecast every test origin.

    Args:
        origins: of one kind of unit; those before the first test origin are learnt from too.
        years: test origins.
        makers: name -> makes the method anew; every fit begins with a new one.
        required: methods without which there is nothing to report; another that lacks evidence is left out.

    EvidenceError when a test origin is not there or its labels have not matured, or a required method lacks evidence.
    """
    by_year = {origin.year: origin for origin in sorted(origins, key=lambda origin: origin.year)}
    tested = tuple(_testable(by_year, year) for year in years)
    told: dict[str, dict[int, Told]] = {}
    left_out: dict[str, str] = {}
    for number, (name, make) in enumerate(makers.items()):
        run = _Run(list(by_year.values()), make)
        found: dict[int, Told] = {}
        try:
            for done, origin in enumerate(tested):
                progress("forecasting", number * len(tested) + done, len(makers) * len(tested))
                found[origin.year] = run.told(origin)
        except EvidenceError as error:
            if name in required:
                raise
            left_out[name] = error.what
        else:
            told[name] = found
    return Rolled(tested, told, left_out)


def _testable(by_year: Mapping[int, Origin], year: int) -> Origin:
    origin = by_year.get(year)
    if origin is None or not len(origin):
        raise EvidenceError(
            f"not enough evidence as of {year}: nothing had five documents in three years",
            expected="origins with units that can be judged"
            + (f", such as {min(by_year)} to {max(by_year)}" if by_year else ""),
            do="choose later --origins, or ingest more documents",
        )
    if outcome(origin, "EG3") is None:
        last = origin.future.last_year if origin.future else year
        raise EvidenceError(
            f"not enough evidence to judge {year}: needs documents until {year + HORIZON_YEARS}"
            + (f", there are some until {last}" if last < year + HORIZON_YEARS else ""),
            expected=f"origins of {last - HORIZON_YEARS} or before" if last < year + HORIZON_YEARS else "",
            do="choose earlier --origins, or ingest newer documents",
        )
    return origin


class _Run:
    """Forecasts of one method, each made once."""

    def __init__(self, origins: Sequence[Origin], make: Maker) -> None:
        self._origins = origins
        self._make = make
        self._made: dict[int, Forecast] = {}

    def forecast(self, origin: Origin) -> Forecast:
        """What the method says at an origin, having learnt from what was known in its year."""
        if origin.year not in self._made:
            past = [earlier.as_of(origin.year) for earlier in self._origins if earlier.year < origin.year]
            method = self._make()
            method.fit(past, origin.year)
            found = method.forecast(dataclasses.replace(origin, future=None))
            _check(found, origin, method.name)
            self._made[origin.year] = found
        return self._made[origin.year]

    def told(self, origin: Origin) -> Told:
        """The forecast and what it calls."""
        forecast = self.forecast(origin)
        called: dict[Target, Bool] = {}
        targets: tuple[tuple[Target, Bool | None], ...] = (
            ("EG3", forecast.called_eg3),
            ("DBL3", forecast.called_dbl3),
        )
        for target, own in targets:
            if own is not None:
                called[target] = own
                continue
            threshold = self._threshold(target, origin.year)
            if threshold is not None:
                called[target] = _claim(forecast, target) >= threshold
        return Told(forecast, called)

    def _threshold(self, target: Target, year: int) -> float | None:
        scores: list[Float] = []
        truths: list[Bool] = []
        for earlier in reversed(self._origins):
            truth = outcome(earlier.as_of(year), target) if earlier.year < year else None
            if truth is None or not truth.any():
                continue
            try:
                scores.append(_claim(self.forecast(earlier), target))
            except EvidenceError:
                break
            truths.append(truth)
            if len(truths) == INNER_ORIGINS:
                break
        return best_threshold(np.concatenate(scores), np.concatenate(truths)) if truths else None


def _claim(forecast: Forecast, target: Target) -> Float:
    """What a threshold is put on: the probability, or the order where there is none; the lowest where unknown."""
    probability, order = (
        (forecast.p_eg3, forecast.order_eg3) if target == "EG3" else (forecast.p_dbl3, forecast.order_dbl3)
    )
    claim = order if probability is None else probability
    return np.where(np.isnan(claim), -np.inf, claim)


def _check(forecast: Forecast, origin: Origin, name: str) -> None:
    n = len(origin)
    shapes: dict[str, tuple[npt.NDArray[np.generic] | None, tuple[int, ...]]] = {
        "order_eg3": (forecast.order_eg3, (n,)),
        "order_dbl3": (forecast.order_dbl3, (n,)),
        "p_eg3": (forecast.p_eg3, (n,)),
        "p_dbl3": (forecast.p_dbl3, (n,)),
        "called_eg3": (forecast.called_eg3, (n,)),
        "called_dbl3": (forecast.called_dbl3, (n,)),
        "quantiles": (forecast.quantiles, (n, len(HORIZONS), len(LEVELS))),
    }
    for part, (values, wanted) in shapes.items():
        if values is not None and values.shape != wanted:
            raise HouseError(
                f"{name} gave {part} of shape {values.shape} as of {origin.year}", expected=f"{wanted}"
            )
    for p in (forecast.p_eg3, forecast.p_dbl3):
        if p is not None and not ((p >= 0) & (p <= 1)).all():
            raise HouseError(
                f"{name} gave no probability as of {origin.year}", expected="0..1 for every unit"
            )
