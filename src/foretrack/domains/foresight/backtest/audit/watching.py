"""Keeps a record of what every method was given to learn from, and of what it says it learnt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from foretrack.domains.foresight.backtest.labels import HORIZON_YEARS, Target
from foretrack.domains.foresight.forecasting.forecast import Forecast, Forecaster
from foretrack.domains.foresight.history.origins import Origin

Maker: TypeAlias = Callable[[], Forecaster]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What one fitted thing learnt from. A forecaster may show them as its attribute `stamps`."""

    what: str
    """`model`, `calibrator`, `scaler`, `threshold`, ..."""
    origins: tuple[int, ...]
    """Years of the origins whose rows it saw."""
    horizon: int
    """Years of outcome after each that it saw; 0 when it saw none."""

    @property
    def until(self) -> int | None:
        """The last year of which it knows anything; None when it learnt nothing.

        >>> Stamp("model", (2008, 2010), 3).until
        2013
        """
        return max(self.origins) + self.horizon if self.origins else None


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that was made elsewhere from texts: an embedding, a language model. Attribute `resources`."""

    name: str
    cutoff: int | None
    """The last year of the texts it was made from; None when nobody says."""


@dataclass(frozen=True, slots=True)
class Given:
    """What one fit and its forecasts were given."""

    method: str
    year: int
    """The year for which it was fitted."""
    past: tuple[tuple[int, int | None], ...]
    """(origin, last year of its future that could be seen) of every origin given; None: no future."""
    stamps: tuple[Stamp, ...]
    learnt_until: int | None
    """The last year of which the method says it learnt anything; None when it does not say."""
    resources: tuple[Resource, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One origin that was given to be forecast, and whether its future lay open."""

    method: str
    fitted_for: int | None
    year: int
    future_until: int | None


class Log:
    """Everything that watched methods were given, in the order in which it happened."""

    def __init__(self) -> None:
        self.given: list[Given] = []
        self.asked: list[Asked] = []


class _Watched:
    """A forecaster that behaves as the one inside and leaves a record."""

    def __init__(self, inside: Forecaster, key: str, log: Log) -> None:
        self.name = inside.name
        self._inside: Any = inside
        self._key = key
        self._log = log
        self._year: int | None = None

    def fit(self, past: Sequence[Origin], year: int) -> None:
        self._inside.fit(past, year)
        self._year = year
        seen = tuple((o.year, None if o.future is None else o.future.last_year) for o in past)
        stamps = (*getattr(self._inside, "stamps", ()), *_rows(self._inside))
        resources = tuple(getattr(self._inside, "resources", ()))
        until = getattr(self._inside, "learnt_until", None)
        self._log.given.append(Given(self._key, year, seen, stamps, until, resources))

    def forecast(self, origin: Origin) -> Forecast:
        until = None if origin.future is None else origin.future.last_year
        self._log.asked.append(Asked(self._key, self._year, origin.year, until))
        found: Forecast = self._inside.forecast(origin)
        return found


def _rows(method: Any) -> tuple[Stamp, ...]:
    """Stamps of a method that names the origins whose labels it learnt from, per target, as `rows`."""
    rows: Mapping[Target, tuple[int, ...]] = getattr(method, "rows", {})
    return tuple(Stamp("model", tuple(years), HORIZON_YEARS) for years in rows.values())


def watch(makers: Mapping[str, Maker]) -> tuple[dict[str, Maker], Log]:
    """The same makers under watch, and the log that fills while they work."""
    log = Log()

    def watched(key: str, make: Maker) -> Maker:
        return lambda: _Watched(make(), key, log)

    return {key: watched(key, make) for key, make in makers.items()}, log
