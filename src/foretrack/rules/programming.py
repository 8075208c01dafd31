"""Which values to take so that a rule is met at the least cost: a problem in whole numbers, solved to its end.

One variable stands for each value that an indicator may have, one for each condition that is wanted to be met or not to
be, points are sums. A variable of a condition forces what it says when it is 1 and nothing when it is 0, so that each
condition is written once for each way in which it is wanted. Solved by branch and bound (HiGHS: Q. Huangfu and
J. A. J. Hall, Parallelizing the dual revised simplex method, Mathematical Programming Computation 10, 2018,
doi:10.1007/s12532-017-0130-5). docs/methods/rules.md has the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from math import floor, inf

import numpy as np

from foretrack.packs.rule_shapes import (
    TOTAL,
    AtLeast,
    Condition,
    Ends,
    IfThen,
    Item,
    Not,
    Rule,
    RuleTest,
    ScoreTest,
    Test,
    Value,
)
from foretrack.rules.assessing import years_between
from foretrack.rules.columns import Floats


@dataclass(frozen=True, slots=True)
class Option:
    """One value that an indicator may have afterwards."""

    value: Value | None
    """None: still not given."""
    cost: float
    changed: bool


@dataclass
class Programme:
    """The problem in whole numbers: columns are variables, rows conditions `lower <= sum <= upper`."""

    rule: Rule
    on: date
    choices: Mapping[str, Sequence[Option]]
    """Indicator -> the values that it may have afterwards."""
    costs: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    options: dict[str, list[tuple[int, Option]]] = field(default_factory=dict)
    done: dict[tuple[int, int, bool], int] = field(default_factory=dict)
    points: dict[tuple[int, str, bool], dict[int, float]] = field(default_factory=dict)

    def variable(self, cost: float = 0.0, *, whole: bool = True, upper: float = 1.0) -> int:
        self.costs.append(cost)
        self.whole.append(int(whole))
        self.uppers.append(upper)
        return len(self.costs) - 1

    def row(self, parts: Mapping[int, float], lower: float, upper: float = inf) -> None:
        self.rows.append((dict(parts), lower, upper))

    def solve(self) -> dict[str, Option] | None:
        """Indicator -> the option to take; None where no choice of them is met."""
        for name, options in self.choices.items():
            self.options[name] = [(self.variable(option.cost), option) for option in options]
            self.row({column: 1.0 for column, _ in self.options[name]}, 1, 1)
        self.row({self._met(self.rule, True): 1.0}, 1)
        first = self._run(np.array(self.costs), [])
        if first is None:
            return None
        # The fewest changes among the cheapest ways, and the first ones among those: the answer is always the same one.
        best = float(np.array(self.costs) @ first)
        slack = 1e-9 * max(1.0, best)
        wanted = np.zeros(len(self.costs))
        for place, found in enumerate(self.options.values()):
            for rank, (column, option) in enumerate(found):
                if option.changed:
                    wanted[column] = 1 + 1e-4 * place + 1e-6 * rank
        second = self._run(wanted, [({n: c for n, c in enumerate(self.costs) if c}, -inf, best + slack)])
        answer = first if second is None else second
        return {
            name: next(option for column, option in found if answer[column] > 0.5)
            for name, found in self.options.items()
        }

    def _run(self, costs: Floats, more: list[tuple[dict[int, float], float, float]]) -> Floats | None:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import coo_array

        rows = [*self.rows, *more]
        places = [(n, column, part) for n, (parts, _, _) in enumerate(rows) for column, part in parts.items()]
        matrix = coo_array(
            ([part for *_, part in places], ([n for n, *_ in places], [c for _, c, _ in places])),
            shape=(len(rows), len(self.costs)),
        ).tocsr()
        found = milp(
            costs,
            integrality=np.array(self.whole),
            bounds=Bounds(np.zeros(len(self.costs)), np.array(self.uppers)),
            constraints=LinearConstraint(
                matrix, np.array([lower for _, lower, _ in rows]), np.array([upper for *_, upper in rows])
            ),
            options={"mip_rel_gap": 0.0},
        )
        return None if found.x is None else np.asarray(found.x)

    # A condition has one variable for each way in which it may be wanted; 1 forces what it says, 0 forces nothing.

    def _met(self, rule: Rule, wanted: bool) -> int:
        """A variable that forces the outcome of a rule to be met, or not to be."""
        key = (id(rule), 0, wanted)
        if key not in self.done:
            ways = [
                *([self._holds(rule, rule.gate, wanted)] if rule.gate is not None else []),
                *(self._holds(rule, condition, wanted) for condition in rule.shortcuts),
            ]
            exclusions = [self._holds(rule, condition, not wanted) for condition in rule.exclusions]
            if wanted:
                self.done[key] = self._several([self._several(ways, 1), *exclusions], len(exclusions) + 1)
            else:
                self.done[key] = self._several([self._several(ways, len(ways)), *exclusions], 1)
        return self.done[key]

    def _several(self, parts: Sequence[int], n: int) -> int:
        """A variable that forces at least `n` of some others."""
        column = self.variable()
        if n > len(parts):
            self.uppers[column] = 0.0
            return column
        self.row({**dict.fromkeys(parts, 1.0), column: -float(n)}, 0) if len(set(parts)) == len(parts) else (
            self.row(_summed(parts, column, n), 0)
        )
        return column

    def _never(self) -> int:
        return self.variable(upper=0.0)

    def _holds(self, rule: Rule, condition: Condition, wanted: bool) -> int:
        """A variable that forces a condition to be met, or not to be; undecided is neither."""
        key = (id(rule), id(condition), wanted)
        if key not in self.done:
            self.done[key] = self._new(rule, condition, wanted)
        return self.done[key]

    def _new(self, rule: Rule, condition: Condition, wanted: bool) -> int:
        match condition:
            case Test():
                return self._test(condition, wanted)
            case ScoreTest(score=score, ends=ends):
                return self._score(rule, score, ends, wanted)
            case RuleTest(rule=name):
                return self._met(rule.others[name], wanted)
            case Not(part=part):
                return self._holds(rule, part, not wanted)
            case AtLeast(n=n, parts=parts):
                needed = n if wanted else len(parts) - n + 1
                return self._several([self._holds(rule, part, wanted) for part in parts], needed)
            case IfThen(condition=first, then=then, otherwise=otherwise):
                yes, no = self._holds(rule, then, wanted), self._holds(rule, otherwise, wanted)
                asked, denied = self._holds(rule, first, True), self._holds(rule, first, False)
                ways = [
                    self._several([asked, yes], 2),
                    self._several([denied, no], 2),
                    self._several([yes, no], 2),
                ]
                return self._several(ways, 1)

    def _test(self, test: Test, wanted: bool) -> int:
        column = self.variable()
        fits = {
            place: 1.0
            for place, option in self.options[test.indicator]
            if option.value is not None and self._passes(test, option.value) is wanted
        }
        self.row({**fits, column: -1.0}, 0)
        return column

    def _passes(self, test: Test, value: Value) -> bool:
        if test.age is not None:
            since = date.fromisoformat(str(value))
            return since <= self.on and test.age.holds(years_between(since, self.on))
        if test.ends is None:
            return value in test.values
        place = date.fromisoformat(value).toordinal() if isinstance(value, str) else float(value)
        return test.ends.holds(place)

    def _score(self, rule: Rule, score: str, ends: Ends, wanted: bool) -> int:
        """A variable that forces a score into a stretch, or out of it."""
        if not wanted:
            below = self._beside(rule, score, ends.low, over=False, strictly=not ends.low_open)
            above = self._beside(rule, score, ends.high, over=True, strictly=not ends.high_open)
            return self._several([c for c in (below, above) if c is not None] or [self._never()], 1)
        over = self._beside(rule, score, ends.low, over=True, strictly=ends.low_open)
        under = self._beside(rule, score, ends.high, over=False, strictly=ends.high_open)
        parts = [c for c in (over, under) if c is not None]
        return self._several(parts, len(parts))

    def _beside(
        self, rule: Rule, score: str, bound: float | None, *, over: bool, strictly: bool
    ) -> int | None:
        """A variable that forces the least of a score over a bound, or the most of it under one."""
        if bound is None:
            return None
        column = self.variable()
        parts = self._points_of(rule, score, least=over)
        # The solver works to six digits, so that bounds stand between the points that there can be.
        nudge = (0.5 if strictly else -0.25) * 10.0 ** -_digits(rule)
        most = rule.maximum + abs(bound) + 1
        if over:
            self.row({**parts, column: -(bound + nudge + most)}, -most)
        else:
            self.row({**parts, column: most}, -inf, bound - nudge + most)
        return column

    def _points_of(self, rule: Rule, score: str, *, least: bool) -> dict[int, float]:
        """A sum of variables that is never above the least of a score, or never below its most."""
        if score == TOTAL:
            return _added([self._points_of(rule, group.id, least=least) for group in rule.groups])
        key = (id(rule), score, least)
        if key in self.points:
            return self.points[key]
        for group in rule.groups:
            if group.id == score:
                found = _added([self._points_of(rule, item.id, least=least) for item in group.items])
                column = self.variable(whole=False, upper=group.maximum)
                if least:
                    self.row({**{n: -part for n, part in found.items()}, column: 1.0}, -inf, 0)
                elif group.by_overlay or sum(item.maximum for item in group.items) > group.maximum:
                    # The cap only lowers the most, so that without it nothing is promised that does not hold.
                    self._capped(found, column, group.maximum, sure=group.by_overlay)
                else:
                    self.row({**{n: -part for n, part in found.items()}, column: 1.0}, 0)
                self.points[key] = {column: 1.0}
            for item in group.items:
                if item.id == score:
                    self.points[key] = self._item(rule, item, least=least)
        return self.points[key]

    def _capped(self, parts: Mapping[int, float], column: int, maximum: float, *, sure: bool) -> None:
        """`column` is at least the smaller of a sum and its cap; the cap itself where it is sure to be reached."""
        if sure:
            self.row({column: 1.0}, maximum)
            return
        at_cap = self.variable()
        self.row({column: 1.0, at_cap: -maximum}, 0)
        reach = sum(max(part, 0) for part in parts.values()) + maximum
        self.row({**{n: -part for n, part in parts.items()}, column: 1.0, at_cap: reach}, 0)

    def _item(self, rule: Rule, item: Item, *, least: bool) -> dict[int, float]:
        if item.how in ("bands", "per"):
            found = {}
            for column, option in self.options[item.indicator or ""]:
                found[column] = self._given(item, option.value, least=least)
            return found
        if item.how == "sum":
            held = self.variable(whole=False, upper=item.maximum)
            if least:
                parts = {self._holds(rule, c.when, True): c.points.low for c in item.cases}
                self.row({**{n: -part for n, part in parts.items()}, held: 1.0}, -inf, 0)
            else:
                # A case counts with its most unless it is sure that it does not hold.
                not_held = {self._holds(rule, c.when, False): c.points.high for c in item.cases}
                whole = sum(c.points.high for c in item.cases)
                at_cap = self.variable()
                self.row({held: 1.0, at_cap: -float(item.maximum)}, 0)
                self.row({**not_held, held: 1.0, at_cap: whole}, whole)
            return {held: 1.0}
        return self._cases(rule, item, least=least)

    def _cases(self, rule: Rule, item: Item, *, least: bool) -> dict[int, float]:
        """The points of the first case that holds, as a sum of steps between those that there are.

        The least reaches a step when every case with fewer points is sure not to be the first: it does not hold, or an
        earlier one does. The most stays below a step in the same way.
        """
        held = [self._holds(rule, case.when, True) for case in item.cases]
        denied = [self._holds(rule, case.when, False) for case in item.cases]
        ends = [case.points for case in item.cases] + [item.otherwise]
        points = [min(p.low if least else p.high, item.maximum) for p in ends]
        levels = sorted(set(points))
        found: dict[int, float] = {}
        for lower, upper in pairwise(levels):
            bad = [n for n, p in enumerate(points) if (p < upper if least else p > lower)]
            ways = [self._several([*held[:n], *denied[n : n + 1]], 1) for n in bad]
            found[self._several(ways, len(ways))] = (upper - lower) if least else (lower - upper)
        start = self.variable()
        self.row({start: 1.0}, 1)
        found[start] = levels[0] if least else levels[-1]
        return found

    def _given(self, item: Item, value: Value | None, *, least: bool) -> float:
        """The points of an item for a value: their least or their most."""
        if item.per is not None:
            if value is None:
                return 0.0 if least else item.maximum
            steps = floor(round((float(value) - item.per.start) / item.per.every, 9))
            return min(item.maximum, round(max(0, steps) * item.per.points, 9))
        if value is None:
            ends = [band.points for band in item.bands]
            found = min(p.low for p in ends) if least else max(p.high for p in ends)
        else:
            is_day = isinstance(value, str) and any(band.ends is not None for band in item.bands)
            place = date.fromisoformat(str(value)).toordinal() if is_day else value
            points = next(band.points for band in item.bands if band.holds(place))
            found = points.low if least else points.high
        return min(found, item.maximum)


def _digits(rule: Rule) -> int:
    """How many decimal digits the points of a rule have."""
    points = [0.0]
    for group in rule.groups:
        points.append(group.maximum)
        for item in group.items:
            ends = [*(b.points for b in item.bands), *(c.points for c in item.cases), item.otherwise]
            points += [item.maximum, *(p.low for p in ends), *(p.high for p in ends)]
            points += [item.per.points] if item.per is not None else []
    return next((n for n in range(9) if all(round(p, n) == p for p in points)), 9)


def _summed(parts: Sequence[int], column: int, n: int) -> dict[int, float]:
    """As a row: some variables, of which one may stand there several times, less n times another."""
    found: dict[int, float] = {column: -float(n)}
    for part in parts:
        found[part] = found.get(part, 0.0) + 1.0
    return found


def _added(sums: Sequence[Mapping[int, float]]) -> dict[int, float]:
    found: dict[int, float] = {}
    for parts in sums:
        for column, part in parts.items():
            found[column] = found.get(column, 0.0) + part
    return found
