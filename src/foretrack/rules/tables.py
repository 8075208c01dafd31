"""Assesses whole tables at once: the same answers as `assess`, by columns.

Logic of three values is carried as two columns of truth: `sure` says that a condition is met, `possible` that it may be.
Points are two columns, the least and the most. What `assess` says of a row, with every reason, is made from the row when
somebody asks for it (`TableAnswer.assessment`); docs/methods/rules.md says how both are held together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, reduce
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from foretrack.foundation.errors import InputError
from foretrack.packs.rule_shapes import (
    TOTAL,
    AtLeast,
    Condition,
    Ends,
    Group,
    IfThen,
    Item,
    Not,
    Overlay,
    Rule,
    RuleTest,
    ScoreTest,
    Test,
)
from foretrack.rules.answers import STANDINGS, Assessment, Brief, Standing
from foretrack.rules.assessing import assess, in_force, said, years_between
from foretrack.rules.choosing import laid_over, refuse_template
from foretrack.rules.columns import NOT_GIVEN, Columns, Floats, read_columns
from foretrack.rules.lacking import Filled, Lacking
from foretrack.rules.truth import UNDECIDED, Points, Truth, held, rounded

Places: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ItemColumn:
    """One line of the score sheet over all rows."""

    id: str
    how: Literal["bands", "per", "sum", "cases"]
    points: Points
    chosen: Places
    """The place in `names` of the band or case that gave the points, -1 where no single one is decided; of `per` the
    number of steps; of `sum` a bit for each case that holds."""
    names: tuple[str, ...]
    """The bands and cases in signs; of `per` the points of a step."""

    def band(self, row: int) -> str | None:
        """The band or case of a row in signs, as `assess` says it."""
        chosen = int(self.chosen[row])
        if self.how == "sum":
            return " + ".join(name for place, name in enumerate(self.names) if chosen >> place & 1) or None
        if chosen == UNDECIDED:
            return None
        return f"{chosen} × {self.names[0]}" if self.how == "per" else self.names[chosen]


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """What a rule says of every row of a table."""

    rule: Rule
    """With the overlay, where one was laid over it."""
    on: str
    outcome: NDArray[np.int8]
    """1 met, 0 not met, -1 undecided; of a rejected row what its other values say."""
    score: Points
    groups: Mapping[str, Points]
    items: Mapping[str, ItemColumn]
    gate: NDArray[np.int8]
    shortcuts: tuple[NDArray[np.int8], ...]
    exclusions: tuple[NDArray[np.int8], ...]
    rejected: Mapping[int, InputError]
    """Row -> why it is not assessed."""
    columns: Columns
    base: Rule
    overlay: Overlay | None
    lacking: Callable[[], Lacking]

    def standing(self, row: int) -> Standing:
        """The outcome of a row. The row's InputError where it was rejected."""
        if row in self.rejected:
            raise self.rejected[row]
        return STANDINGS[int(self.outcome[row])]

    def assessment(self, row: int) -> Assessment:
        """All that `assess` says of a row, with every reason. The row's InputError where it was rejected."""
        return assess(self.base, self.columns.values(row, self.rule), on=self.on, overlay=self.overlay)

    def brief(self, row: int) -> Brief:
        """What `assess` says of a row, without its trace. The row's InputError where it was rejected.

        >>> from foretrack.packs.loading import load_packs
        >>> from foretrack.rules.choosing import choose_rule
        >>> rule = choose_rule(load_packs(), "cn-sme-size-2011/micro", "2025-06-30")
        >>> answer, = assess_table([rule], [{"industry": "i-software", "staff": 500}], on="2025-06-30")
        >>> answer.brief(0).missing, answer.brief(0).gaps == answer.assessment(0).gaps
        (('revenue', 'assets'), True)
        """
        return self.lacking().brief(row, self.standing(row))

    def counts(self) -> dict[str, int]:
        """How many rows have which outcome, the rejected ones apart."""
        kept = np.ones(self.columns.n_rows, bool)
        kept[list(self.rejected)] = False
        found: dict[str, int] = {
            name: int((kept & (self.outcome == code)).sum()) for code, name in _CODES.items()
        }
        return {**found, "rejected": len(self.rejected)}


_CODES: Mapping[int, str] = {1: "met", 0: "not met", UNDECIDED: "undecided"}


def assess_table(
    rules: Sequence[Rule],
    rows: Sequence[Mapping[str, object]],
    *,
    on: str,
    overlays: Iterable[Overlay] = (),
) -> list[TableAnswer]:
    """What each rule says of each row on an ISO date: the same as `assess`, for whole tables.

    Args:
        rows: indicator -> value; one row serves all rules, and a rule looks only at its own indicators.
        overlays: each is laid over the rules that it belongs to.

    EvidenceError and InputError as `assess`; a value that does not fit rejects its row for the rules that look at it.

    >>> from foretrack.packs.loading import load_packs
    >>> from foretrack.rules.choosing import choose_rule
    >>> rule = choose_rule(load_packs(), "cn-sme-size-2011/micro", "2025-06-30")
    >>> firms = [{"industry": "i-software", "staff": n, "revenue": 2_000_000} for n in (9, 10)] + [{"staff": 9}]
    >>> answer, = assess_table([rule], firms, on="2025-06-30")
    >>> answer.outcome.tolist(), answer.assessment(2).outcome
    ([1, 0, -1], 'undecided')
    """
    overlays = tuple(overlays)
    pairs = [
        (rule, next((o for o in overlays if o.of == rule.full_id or rule.names(o.of)), None))
        for rule in rules
    ]
    return assess_pairs(pairs, rows, on=on)


def assess_pairs(
    pairs: Sequence[tuple[Rule, Overlay | None]], rows: Sequence[Mapping[str, object]], *, on: str
) -> list[TableAnswer]:
    """As `assess_table`, with the overlay of each rule, or None."""
    laid = []
    for rule, fit in pairs:
        for dated in (rule, *((fit,) if fit else ())):
            in_force(dated, on)
        refuse_template(rule)
        laid.append((rule, fit, laid_over(rule, fit) if fit else rule))
    columns = read_columns([whole for _, _, whole in laid], rows)
    table = _Table(columns, date.fromisoformat(on))
    return [table.answer(base, overlay, whole) for base, overlay, whole in laid]


class _Table:
    """The columns of a table, and what rules said of them."""

    def __init__(self, columns: Columns, on: date) -> None:
        self.columns, self.on = columns, on
        self.done: dict[int, _Sheet] = {}
        self.ages: dict[str, Floats] = {}

    def sheet(self, rule: Rule) -> _Sheet:
        # Rules are compared by what they say, which is slow; one object is asked for many times.
        if id(rule) not in self.done:
            self.done[id(rule)] = _Sheet(self, rule)
        return self.done[id(rule)]

    def answer(self, base: Rule, overlay: Overlay | None, rule: Rule) -> TableAnswer:
        sheet = self.sheet(rule)
        rejected = {}
        early = sheet.too_early()
        for row in sorted({*self.columns.problems, *early}):
            error = self.columns.problem(row, rule)
            if error is None and row in early:
                error = self._refused(base, overlay, rule, row)
            if error is not None:
                rejected[row] = error
        return TableAnswer(
            rule=rule,
            on=self.on.isoformat(),
            outcome=sheet.outcome.codes(),
            score=sheet.total,
            groups=sheet.groups,
            items=sheet.items,
            gate=sheet.gate.codes(),
            shortcuts=tuple(truth.codes() for truth in sheet.shortcuts),
            exclusions=tuple(truth.codes() for truth in sheet.exclusions),
            rejected=rejected,
            columns=self.columns,
            base=base,
            overlay=overlay,
            lacking=lambda: sheet.lacking,
        )

    def _refused(self, base: Rule, overlay: Overlay | None, rule: Rule, row: int) -> InputError | None:
        try:
            assess(base, self.columns.values(row, rule), on=self.on.isoformat(), overlay=overlay)
        except InputError as error:
            return error
        return None

    def age(self, name: str) -> Floats:
        """Years since a date, NaN where it is not given or lies after the day."""
        if name not in self.ages:
            days = self.columns.numbers[name]
            kinds, places = np.unique(days, return_inverse=True)
            today = self.on.toordinal()
            years = [
                years_between(date.fromordinal(int(kind)), self.on) if kind <= today else np.nan
                for kind in kinds
            ]
            self.ages[name] = np.array(years, float)[places] if len(kinds) else days
        return self.ages[name]


class _Sheet:
    """The score sheet of a rule over all rows, and the conditions judged over it."""

    def __init__(self, table: _Table, rule: Rule) -> None:
        self.table, self.rule, self.columns = table, rule, table.columns
        self.indicators = rule.known_indicators()
        self.aged: set[str] = set()
        self.scores: dict[str, Points] = {}
        self.groups: dict[str, Points] = {}
        self.items: dict[str, ItemColumn] = {}
        self.total = self._points(0, 0)
        for group in rule.groups:
            self._group(group)
        self.scores[TOTAL] = self.total
        self.gate = self.judge(rule.gate) if rule.gate is not None else self._always()
        self.shortcuts = tuple(self.judge(condition) for condition in rule.shortcuts)
        self.exclusions = tuple(self.judge(condition) for condition in rule.exclusions)
        passed = reduce(Truth.__or__, self.shortcuts, self.gate)
        self.outcome = reduce(lambda so_far, exclusion: so_far & ~exclusion, self.exclusions, passed)

    @cached_property
    def lacking(self) -> Lacking:
        """What stands between the rows and `met`, made when somebody asks."""
        return Lacking(
            Filled(
                self.rule, self.table.on, self.columns, self.judge, self.scores.__getitem__, self.table.age, self.gate,
                self.shortcuts, self.total, self.groups,
            )
        )  # fmt: skip

    def too_early(self) -> set[int]:
        """Rows with a date after the day of which an age is asked."""
        today = self.table.on.toordinal()
        return {int(row) for name in self.aged for row in np.flatnonzero(self.columns.numbers[name] > today)}

    def _points(self, low: float, high: float) -> Points:
        n = self.columns.n_rows
        return Points(np.full(n, float(low)), np.full(n, float(high)))

    def _always(self) -> Truth:
        yes = np.ones(self.columns.n_rows, bool)
        return Truth(yes, yes)

    def _group(self, group: Group) -> None:
        points = self._points(0, 0)
        for item in group.items:
            found = self._item(item)
            self.items[item.id] = found
            self.scores[item.id] = found.points
            points += found.points
        if group.by_overlay:
            points = Points(points.low, np.maximum(points.high, group.maximum))
        points = points.capped(group.maximum)
        self.scores[group.id] = self.groups[group.id] = points
        self.total += points

    def _item(self, item: Item) -> ItemColumn:
        ways: dict[str, Callable[[Item], ItemColumn]] = {
            "sum": self._sum, "cases": self._first_case, "per": self._per, "bands": self._bands,
        }  # fmt: skip
        found = ways[item.how](item)
        return replace(found, points=found.points.capped(item.maximum))

    def _sum(self, item: Item) -> ItemColumn:
        whole = self._points(0, 0)
        chosen = np.zeros(self.columns.n_rows, np.int32)
        for place, case in enumerate(item.cases):
            truth = self.judge(case.when)
            low = np.where(truth.sure, case.points.low, 0.0)
            high = np.where(truth.possible, case.points.high, 0.0)
            whole += Points(low, high)
            chosen |= np.where(truth.sure, 1 << place, 0).astype(np.int32)
        return ItemColumn(item.id, "sum", whole, chosen, tuple(said(case.when) for case in item.cases))

    def _first_case(self, item: Item) -> ItemColumn:
        n = self.columns.n_rows
        low, high = np.full(n, np.inf), np.full(n, -np.inf)
        chosen = np.full(n, UNDECIDED, np.int32)
        n_possible = np.zeros(n, np.int32)
        is_open = np.ones(n, bool)  # no earlier case holds for sure
        ways = [
            *((self.judge(case.when), case.points) for case in item.cases),
            (self._always(), item.otherwise),
        ]
        for place, (truth, points) in enumerate(ways):
            maybe = is_open & truth.possible
            low = np.where(maybe, np.minimum(low, points.low), low)
            high = np.where(maybe, np.maximum(high, points.high), high)
            n_possible += maybe
            ends = is_open & truth.sure
            chosen = np.where(ends & (n_possible == 1), place, chosen)
            is_open &= ~truth.sure
        names = (*(said(case.when) for case in item.cases), "–")
        return ItemColumn(item.id, "cases", Points(low, high), chosen.astype(np.int32), names)

    def _per(self, item: Item) -> ItemColumn:
        assert item.per is not None
        assert item.indicator is not None
        values = self.columns.numbers[item.indicator]
        given = ~np.isnan(values)
        steps = np.floor(rounded((np.where(given, values, item.per.start) - item.per.start) / item.per.every))
        steps = np.maximum(steps, 0)
        points = np.minimum(item.maximum, rounded(steps * item.per.points))
        chosen = np.where(given, steps, UNDECIDED).astype(np.int32)
        return ItemColumn(
            item.id,
            "per",
            Points(np.where(given, points, 0.0), np.where(given, points, float(item.maximum))),
            chosen,
            (f"{item.per.points:g}",),
        )

    def _bands(self, item: Item) -> ItemColumn:
        assert item.indicator is not None
        found = self._points(
            min(band.points.low for band in item.bands), max(band.points.high for band in item.bands)
        )
        low, high = found.low, found.high
        chosen = np.full(self.columns.n_rows, UNDECIDED, np.int32)
        for place, band in enumerate(item.bands):
            truth = self._in(item.indicator, band.ends, band.values)
            here = truth.sure & (chosen == UNDECIDED)
            low, high = np.where(here, band.points.low, low), np.where(here, band.points.high, high)
            chosen[here] = place
        return ItemColumn(
            item.id, "bands", Points(low, high), chosen, tuple(str(band) for band in item.bands)
        )

    def _in(self, name: str, ends: Ends | None, values: tuple[str | bool, ...]) -> Truth:
        """Whether the values of an indicator lie in a stretch, or are among some."""
        if ends is not None:
            return held(ends, self.columns.numbers[name])
        codes = self.columns.codes[name]
        indicator = self.indicators[name]
        wanted = [
            int(value) if isinstance(value, bool) else [c.id for c in indicator.choices].index(value)
            for value in values
        ]
        sure = np.isin(codes, wanted)
        return Truth(sure, sure | (codes == NOT_GIVEN))

    def judge(self, condition: Condition) -> Truth:
        """A condition over all rows."""
        match condition:
            case Test(indicator=name, age=Ends() as age):
                self.aged.add(name)
                return held(age, self.table.age(name))
            case Test(indicator=name, ends=ends, values=values):
                return self._in(name, ends, values)
            case ScoreTest(score=score, ends=ends):
                points = self.scores[score]
                low, high = held(ends, points.low).sure, held(ends, points.high).sure
                below = np.zeros(len(low), bool)
                if ends.high is not None:
                    below = points.low >= ends.high if ends.high_open else points.low > ends.high
                above = np.zeros(len(low), bool)
                if ends.low is not None:
                    above = points.high <= ends.low if ends.low_open else points.high < ends.low
                return Truth(low & high, ~(below | above))
            case RuleTest(rule=name):
                other = self.rule.others[name]
                in_force(other, self.table.on.isoformat())
                refuse_template(other)
                sheet = self.table.sheet(other)
                self.aged |= sheet.aged
                return sheet.outcome
            case AtLeast(n=n, parts=parts):
                truths = [self.judge(part) for part in parts]
                if n == len(parts):
                    return reduce(Truth.__and__, truths)
                if n == 1:
                    return reduce(Truth.__or__, truths)
                sure = np.sum([truth.sure for truth in truths], axis=0)
                possible = np.sum([truth.possible for truth in truths], axis=0)
                return Truth(sure >= n, possible >= n)
            case Not(part=part):
                return ~self.judge(part)
            case IfThen(condition=first, then=then, otherwise=otherwise):
                asked, yes, no = self.judge(first), self.judge(then), self.judge(otherwise)
                unknown = asked.possible & ~asked.sure
                sure = np.where(unknown, yes.sure & no.sure, np.where(asked.sure, yes.sure, no.sure))
                possible = np.where(
                    unknown, yes.possible | no.possible, np.where(asked.sure, yes.possible, no.possible)
                )
                return Truth(sure, possible)
