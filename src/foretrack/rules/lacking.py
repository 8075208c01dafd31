"""What stands between the rows of a table and `met`, found by columns: the same gaps as `assess` gives for each row.

A condition is walked once for all rows. Each test in it that may be lacking is a column which says in what rows it is;
a gap is made only for a row that somebody asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from foretrack.packs.rule_shapes import (
    AtLeast,
    Condition,
    Ends,
    IfThen,
    Interval,
    Not,
    Rule,
    RuleTest,
    ScoreTest,
    Test,
    Value,
)
from foretrack.rules.answers import STANDINGS, ConditionResult, Gap
from foretrack.rules.assessing import described, short_of
from foretrack.rules.columns import Columns, Floats
from foretrack.rules.truth import UNDECIDED, Flags, Points, Truth


@dataclass(frozen=True, slots=True)
class Filled:
    """A score sheet over all rows, as far as gaps need it."""

    rule: Rule
    on: date
    columns: Columns
    judge: Callable[[Condition], Truth]
    score: Callable[[str], Points]
    age: Callable[[str], Floats]
    gate: Truth
    shortcuts: tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What a row has for a test, and how much is missing to its end."""

    has: Value | Interval | None
    short: Interval | None


@dataclass(frozen=True, slots=True)
class _Lack:
    """One test over all rows, where it may be lacking."""

    place: str
    what: Literal["indicator", "score", "rule", "overlay"]
    test: ConditionResult
    """The test without any value."""
    needs: str
    here: Flags
    """The rows in which it is lacking."""
    codes: list[int]
    alternative: list[bool]
    found: Callable[[int], _Found]

    def gap(self, row: int) -> Gap:
        test, found = self.test, self.found(row)
        return Gap(
            self.place, self.what, test.name, test.label, found.has, self.needs, test.unit, found.short,
            STANDINGS[self.codes[row]], self.alternative[row],
        )  # fmt: skip


class Lacking:
    """The gaps of a rule over all rows, and what was not given."""

    def __init__(self, filled: Filled) -> None:
        self.filled, self.columns = filled, filled.columns
        self.described = described(filled.rule, filled.on)
        self.lacks = tuple(self._all())
        self.places = _by_row([lack.here for lack in self.lacks], self.columns.n_rows)
        self.names = tuple(filled.rule.known_indicators())
        self.empty = _by_row([self.columns.empty(name) for name in self.names], self.columns.n_rows)

    def gaps(self, row: int) -> tuple[Gap, ...]:
        """What stands between a row that is not met and `met`."""
        return tuple(self.lacks[place].gap(row) for place in self.places(row))

    def missing(self, row: int) -> tuple[str, ...]:
        """The indicators that a row does not give."""
        return tuple(self.names[place] for place in self.empty(row))

    def _all(self) -> Iterator[_Lack]:
        filled, rule = self.filled, self.filled.rule
        everywhere = np.ones(self.columns.n_rows, bool)
        none = ~everywhere
        for number, condition in enumerate(rule.exclusions, start=1):
            yield from self._lacking(condition, f"exclusion {number}", False, everywhere, none)
        passed = filled.gate.sure
        for truth in filled.shortcuts:
            passed = passed | truth.sure
        here, shortcut = ~passed, everywhere if rule.shortcuts else none
        for group in rule.groups:
            if group.by_overlay:
                points = filled.score(group.id)
                yield _Lack(
                    "gate", "overlay", ConditionResult("all", "undecided", group.label, group.id), "", here,
                    [UNDECIDED] * len(here), shortcut.tolist(), partial(_points_of, points, None),
                )  # fmt: skip
        if rule.gate is not None:
            yield from self._lacking(rule.gate, "gate", True, here, shortcut)
        for number, condition in enumerate(rule.shortcuts, start=1):
            yield from self._lacking(condition, f"shortcut {number}", True, here, everywhere)

    def _lacking(
        self, condition: Condition, place: str, wanted: bool, where: Flags, alternative: Flags
    ) -> Iterator[_Lack]:
        """As `assessing._lacking`, in the rows `where` it is asked."""
        truth = self.filled.judge(condition)
        where = where & ~(truth.sure if wanted else ~truth.possible)
        match condition:
            case Not(part=part):
                yield from self._lacking(part, place, not wanted, where, alternative)
            case IfThen(condition=first, then=then, otherwise=otherwise):
                asked = self.filled.judge(first)
                unknown = asked.possible & ~asked.sure
                yield from self._unknown(first, place, where & unknown, alternative)
                yield from self._lacking(then, place, wanted, where & asked.possible, alternative | unknown)
                yield from self._lacking(otherwise, place, wanted, where & ~asked.sure, alternative | unknown)
            case AtLeast(n=n, parts=parts):
                needed = n if wanted else len(parts) - n + 1
                for part in parts:
                    others = alternative | (needed < len(parts))
                    yield from self._lacking(part, place, wanted, where, others)
            case _:
                yield self._leaf(condition, place, truth, where, alternative, wanted=wanted)

    def _unknown(
        self, condition: Condition, place: str, where: Flags, alternative: Flags
    ) -> Iterator[_Lack]:  # fmt: skip
        """As `assessing._unknown`: the tests that are undecided."""
        match condition:
            case Not(part=part):
                yield from self._unknown(part, place, where, alternative)
            case IfThen(condition=first, then=then, otherwise=otherwise):
                asked = self.filled.judge(first)
                yield from self._unknown(first, place, where, alternative)
                yield from self._unknown(then, place, where & asked.possible, alternative)
                yield from self._unknown(otherwise, place, where & ~asked.sure, alternative)
            case AtLeast(parts=parts):
                for part in parts:
                    yield from self._unknown(part, place, where, alternative)
            case _:
                truth = self.filled.judge(condition)
                here = where & truth.possible & ~truth.sure
                yield self._leaf(condition, place, truth, here, alternative, wanted=None)

    def _leaf(
        self, condition: Condition, place: str, truth: Truth, here: Flags, alternative: Flags, *,
        wanted: bool | None,
    ) -> _Lack:  # fmt: skip
        """Args: wanted: None where it is asked only because it is undecided."""
        test = self.described(condition)
        assert test.what in ("indicator", "score", "rule")
        return _Lack(
            place, test.what, test, f"≠ {test.needs}" if wanted is False else test.needs, here, truth.codes().tolist(),
            alternative.tolist(), self._found(condition, wanted is True),
        )  # fmt: skip

    def _found(self, condition: Condition, short: bool) -> Callable[[int], _Found]:
        columns = self.columns
        match condition:
            case ScoreTest(score=score, ends=needed):
                return partial(_points_of, self.filled.score(score), needed if short else None)
            case RuleTest():
                return lambda row: _Found(None, None)
            case Test(indicator=name, ends=ends, age=age):
                stretch = age or ends
                if stretch is None or not short:
                    return lambda row: _Found(columns.value(row, name), None)
                return self._to_end(name, stretch, self.filled.age(name) if age else columns.numbers[name])
        raise AssertionError(f"{condition} is no test")

    def _to_end(self, name: str, stretch: Ends, line: Floats) -> Callable[[int], _Found]:
        def of_value(row: int) -> _Found:
            value, place = self.columns.value(row, name), float(line[row])
            return _Found(value, None if value is None else short_of(stretch, Interval(place, place)))

        return of_value


def _points_of(points: Points, needed: Ends | None, row: int) -> _Found:
    found = points.of(row)
    return _Found(found, None if needed is None else short_of(needed, found))


def _by_row(columns: list[Flags], n_rows: int) -> Callable[[int], list[int]]:
    """`places(row)`: the places of those columns that hold in a row, in their order."""
    if not columns:
        return lambda row: []
    rows, places = np.nonzero(np.stack(columns, axis=1))
    starts: NDArray[np.int64] = np.searchsorted(rows, np.arange(n_rows + 1))
    kept, begins = places.tolist(), starts.tolist()
    return lambda row: kept[begins[row] : begins[row + 1]]
