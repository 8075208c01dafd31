"""Truth and points over all rows of a table, as columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from foretrack.packs.rule_shapes import Ends, Interval
from foretrack.rules.columns import Floats

Flags: TypeAlias = NDArray[np.bool_]
UNDECIDED = -1


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition over all rows, in the logic of Kleene."""

    sure: Flags
    possible: Flags

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.sure & other.sure, self.possible & other.possible)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.sure | other.sure, self.possible | other.possible)

    def __invert__(self) -> Truth:
        return Truth(~self.possible, ~self.sure)

    def codes(self) -> NDArray[np.int8]:
        """1 where it is met, 0 where it is not, -1 where it is undecided."""
        return np.where(self.sure, 1, np.where(self.possible, UNDECIDED, 0)).astype(np.int8)


@dataclass(frozen=True, slots=True)
class Points:
    """Points over all rows, from the least to the most."""

    low: Floats
    high: Floats

    def __add__(self, other: Points) -> Points:
        return Points(rounded(self.low + other.low), rounded(self.high + other.high))

    def capped(self, most: float) -> Points:
        """The points with nothing above `most`."""
        return Points(np.minimum(self.low, most), np.minimum(self.high, most))

    def listed(self) -> Callable[[int], Interval]:
        """`of(row)`: the points of one row."""
        low, high = _plain(self.low), _plain(self.high)
        return lambda row: Interval(low[row], high[row])


def _plain(values: Floats) -> list[float | int]:
    """The numbers of Python, whole ones without their point, as `assess` gives them."""
    return [int(value) if value.is_integer() else value for value in values.tolist()]


def rounded(values: Floats) -> Floats:
    """Nine digits, as Python rounds: sums of decimal points reach their threshold in both ways of assessing."""
    if bool((values == np.rint(values)).all()):
        return values
    kinds, places = np.unique(values, return_inverse=True)
    return np.array([round(float(kind), 9) for kind in kinds])[places]


def held(ends: Ends, values: Floats) -> Truth:
    """Whether numbers lie in a stretch; undecided where there is none."""
    missing = np.isnan(values)
    after = np.ones(len(values), bool)
    if ends.low is not None:
        after = values > ends.low if ends.low_open else values >= ends.low
    before = np.ones(len(values), bool)
    if ends.high is not None:
        before = values < ends.high if ends.high_open else values <= ends.high
    sure = after & before & ~missing
    return Truth(sure, sure | missing)
