"""Concepts or technologies as of one year, and what became of them: what forecasters learn from and are judged by.

An origin holds nothing later than its year. What came later is in its `future`, apart, so that a forecaster can be
given the origin without it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]
Unit: TypeAlias = Literal["concept", "technology"]

FUTURE_YEARS = 5
"""Years after an origin that are looked at."""


@dataclass(frozen=True, slots=True)
class Future:
    """What became of the units of an origin, counted with what was known at the origin.

    Shapes: `counts` (n_units, FUTURE_YEARS), `totals` (FUTURE_YEARS,), `shares` (n_units, FUTURE_YEARS). Years after
    `last_year` are unknown, not zero: counts and totals 0 there, shares nan. A known year without documents also has
    share nan.
    """

    last_year: int
    """The last year that may be looked at; the origin's year + FUTURE_YEARS at most."""
    counts: Int
    totals: Int
    shares: Float

    def until(self, year: int, origin: int) -> Future | None:
        """The same future seen from `year`; None when nothing of it was known then.

        >>> import numpy as np
        >>> future = Future(2018, np.array([[1, 2, 3, 0, 0]]), np.array([9, 9, 9, 0, 0]),
        ...                 np.array([[.1, .2, .3, np.nan, np.nan]]))
        >>> future.until(2017, 2015).counts.tolist()
        [[1, 2, 0, 0, 0]]
        """
        last = min(self.last_year, year)
        if last <= origin:
            return None
        known = np.arange(origin + 1, origin + 1 + FUTURE_YEARS) <= last
        return Future(
            last,
            np.where(known, self.counts, 0),
            np.where(known, self.totals, 0),
            np.where(known, self.shares, np.nan),
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """The units with enough evidence as of a year.

    Shapes: per unit (n_units,); `counts` and `shares` (n_units, n_years), `totals` (n_years,), the last year is
    `year`; `features` (n_units, len(feature_names)). Shares are standardised over sources (measures/panel.py) and
    nan where a year has no documents.
    """

    year: int
    unit: Unit
    ids: tuple[str, ...]
    """Stable identifiers, the same at every origin: what the bootstrap draws."""
    labels: tuple[str, ...]
    n_words: npt.NDArray[np.int8]
    """Words of the longest spelling of a concept; 0 for technologies."""
    counts: Int
    totals: Int
    shares: Float
    features: Float
    """nan where not measured."""
    feature_names: tuple[str, ...]
    future: Future | None
    """None at the newest origin, of which nothing later is known."""

    def __len__(self) -> int:
        return len(self.ids)

    def as_of(self, year: int) -> Origin:
        """The same origin with only so much of its future as was known in `year`."""
        future = self.future.until(year, self.year) if self.future else None
        return dataclasses.replace(self, future=future)

    def matured(self, horizon: int) -> bool:
        """Whether the `horizon` years after the origin are all known."""
        return self.future is not None and self.future.last_year >= self.year + horizon
