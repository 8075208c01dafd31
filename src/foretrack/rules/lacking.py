"""What stands between the rows of a table and `met`, found by columns: the same gaps as `assess` gives for each row.

A condition is walked once for all rows. Each test in it that may be lacking is a column which says in what rows it is;
a gap is made only for a row that somebody asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

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
from foretrack.rules.answers import STANDINGS, Brief, ConditionResult, Gap, Standing
from foretrack.rules.assessing import described, short_of, short_to
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
    total: Points
    groups: Mapping[str, Points]


Found: TypeAlias = tuple[Value | Interval | None, Interval | None]
"""What a row has for a test, and how much is missing to its end."""


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
    found: Callable[[int], Found]

    def gap(self, row: int) -> Gap:
        test = self.test
        has, short = self.found(row)
        return Gap(
            self.place, self.what, test.name, test.label, has, self.needs, test.unit, short,
            STANDINGS[self.codes[row]], self.alternative[row],
        )  # fmt: skip


class Lacking:
    """The gaps of a rule over all rows, what was not given, and points, ready to be asked row by row."""

    def __init__(self, filled: Filled) -> None:
        self.filled, self.columns = filled, filled.columns
        self.values: dict[str, list[Value | None]] = {}
        self.score = filled.total.listed()
        self.groups = {name: points.listed() for name, points in filled.groups.items()}
        self.described = described(filled.rule, filled.on)
        self.lacks = tuple(self._all())
        self.places = _by_row([lack.here for lack in self.lacks], self.columns.n_rows)
        self.names = tuple(filled.rule.known_indicators())
        self.empty = _by_row([self.columns.empty(name) for name in self.names], self.columns.n_rows)

    def brief(self, row: int, outcome: Standing) -> Brief:
        """What is said of a row with this outcome."""
        groups = {name: of(row) for name, of in self.groups.items()}
        gaps = () if outcome == "met" else self.gaps(row)
        return Brief(outcome, self.score(row), self.filled.rule.maximum, groups, gaps, self.missing(row))

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
                    [UNDECIDED] * len(here), shortcut.tolist(), _points_of(points, None),
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

    def _found(self, condition: Condition, short: bool) -> Callable[[int], Found]:
        match condition:
            case ScoreTest(score=score, ends=needed):
                return _points_of(self.filled.score(score), needed if short else None)
            case RuleTest():
                return lambda row: (None, None)
            case Test(indicator=name, ends=ends, age=age):
                values = self._values(name)
                stretch = age or ends
                if stretch is None or not short:
                    return lambda row: (values[row], None)
                line = self.filled.age(name) if age else self.columns.numbers[name]
                return _to_end(values, stretch, line.tolist())
        raise AssertionError(f"{condition} is no test")

    def _values(self, name: str) -> list[Value | None]:
        if name not in self.values:
            self.values[name] = self.columns.listed(name)
        return self.values[name]


def _to_end(values: list[Value | None], stretch: Ends, line: list[float]) -> Callable[[int], Found]:
    def of(row: int) -> Found:
        value = values[row]
        return value, None if value is None else short_to(stretch, line[row])

    return of


def _points_of(points: Points, needed: Ends | None) -> Callable[[int], Found]:
    listed = points.listed()

    def of(row: int) -> Found:
        found = listed(row)
        return found, None if needed is None else short_of(needed, found)

    return of


def _by_row(columns: list[Flags], n_rows: int) -> Callable[[int], list[int]]:
    """`places(row)`: the places of those columns that hold in a row, in their order."""
    if not columns:
        return lambda row: []
    rows, places = np.nonzero(np.stack(columns, axis=1))
    starts: NDArray[np.int64] = np.searchsorted(rows, np.arange(n_rows + 1))
    kept, begins = places.tolist(), starts.tolist()
    return lambda row: kept[begins[row] : begins[row + 1]]
