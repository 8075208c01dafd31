"""What a rule pack says: indicators, points in bands, groups, gates, shortcuts, exclusions and regional overlays.

Values only. `rule_reading` reads them from YAML and refuses what contradicts itself; the room `rules` evaluates them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias, get_args

from foretrack.packs.shapes import Bilingual, Entry

IndicatorType: TypeAlias = Literal["number", "share", "count", "date", "choice", "yes-no", "text-condition"]
INDICATOR_TYPES: tuple[str, ...] = get_args(IndicatorType)
MEASURED = ("number", "share", "count", "date")
"""Types whose values lie on a line, so that bands have ends."""
WHOLE = ("count", "date")
"""Types whose values have a next one."""
ANSWERED = ("yes-no", "text-condition")
"""Types that are answered by yes or no; a text condition by a person who has read the text."""

Value: TypeAlias = float | int | str | bool
"""A number, a choice's id, yes or no; a date as ISO text."""

TOTAL = "total"
"""The name of the whole score in a condition."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Points from `low` to `high`; equal where they are decided.

    >>> Interval(1, 2) + Interval(3, 3), Interval(5, 5).decided
    (Interval(low=4, high=5), True)
    """

    low: float
    high: float

    @property
    def decided(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    def __add__(self, other: Interval) -> Interval:
        # Nine digits: sums of decimal points such as .1 must be able to reach their threshold.
        return Interval(round(self.low + other.low, 9), round(self.high + other.high, 9))

    def capped(self, most: float) -> Interval:
        """The interval with nothing above `most`."""
        return Interval(min(self.low, most), min(self.high, most))


@dataclass(frozen=True, slots=True)
class Ends:
    """A stretch of a line, each end closed, open or without limit (None).

    >>> half_open = Ends(3, False, 5, True)  # from 3, below 5
    >>> [half_open.holds(x) for x in (2.99, 3, 4.99, 5)], str(half_open)
    ([False, True, True, False], '[3, 5)')
    >>> str(Ends(5, False, None, False)), str(Ends(None, False, 0, True))
    ('≥ 5', '< 0')
    """

    low: float | None
    low_open: bool
    high: float | None
    high_open: bool
    dates: bool = False
    """Whether the numbers are days (date.toordinal)."""

    def holds(self, value: float) -> bool:
        """Whether a value lies in it."""
        after = self.low is None or (value > self.low if self.low_open else value >= self.low)
        before = self.high is None or (value < self.high if self.high_open else value <= self.high)
        return after and before

    def judge(self, score: Interval) -> bool | None:
        """True when all of an interval lies in it, False when nothing does, None when it is not decided."""
        if self.holds(score.low) and self.holds(score.high):
            return True
        below = self.high is not None and (
            score.low > self.high or (score.low == self.high and self.high_open)
        )
        above = self.low is not None and (score.high < self.low or (score.high == self.low and self.low_open))
        return False if below or above else None

    def written(self, number: float) -> str:
        """A number of this line as people write it."""
        return date.fromordinal(int(number)).isoformat() if self.dates else f"{number:.12g}"

    def __str__(self) -> str:
        if self.low is not None and self.low == self.high:
            return f"= {self.written(self.low)}"
        if self.low is not None and self.high is not None:
            brackets = "[("[self.low_open], "])"[self.high_open]
            return f"{brackets[0]}{self.written(self.low)}, {self.written(self.high)}{brackets[1]}"
        if self.low is not None:
            return f"{'>' if self.low_open else '≥'} {self.written(self.low)}"
        if self.high is not None:
            return f"{'<' if self.high_open else '≤'} {self.written(self.high)}"
        return "any"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of an indicator of the type `choice`."""

    id: str
    label: Bilingual
    definition: Bilingual = field(default_factory=Bilingual)


@dataclass(frozen=True, slots=True)
class Indicator(Entry):
    """One thing that is asked."""

    type: IndicatorType = "number"
    unit: str = ""
    question: Bilingual = field(default_factory=Bilingual)
    """What exactly is asked, in our own words."""
    choices: tuple[Choice, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    better: Literal["higher", "lower"] | None = None
    """Where declared, points never fall as the value goes that way; the reader of packs checks it."""
    changeable: bool = True
    """Whether whom it is asked of can change it by what they do; no for dates, years that pass and past awards."""


@dataclass(frozen=True, slots=True)
class Band:
    """Points of a stretch of values, or of named values."""

    points: Interval
    ends: Ends | None = None
    values: tuple[str | bool, ...] = ()

    def holds(self, value: float | str | bool) -> bool:
        """Whether a value on the line, a choice or an answer belongs to it."""
        if self.ends is not None:
            return self.ends.holds(float(value))
        return value in self.values

    def __str__(self) -> str:
        if self.ends is not None:
            return str(self.ends)
        return ", ".join(v if isinstance(v, str) else "yes" if v else "no" for v in self.values)


@dataclass(frozen=True, slots=True)
class Per:
    """Points for each full step of a value above a start."""

    every: float
    points: float
    start: float = 0


@dataclass(frozen=True, slots=True)
class Test:
    """Whether an indicator lies in a stretch, has one of some values, or is so many years old."""

    __test__ = False  # not a test of pytest

    indicator: str
    ends: Ends | None = None
    values: tuple[str | bool, ...] = ()
    age: Ends | None = None
    label: Bilingual = field(default_factory=Bilingual)


@dataclass(frozen=True, slots=True)
class ScoreTest:
    """Whether the whole score, or that of a group or item, lies in a stretch."""

    score: str
    ends: Ends
    label: Bilingual = field(default_factory=Bilingual)


@dataclass(frozen=True, slots=True)
class RuleTest:
    """Whether another rule is met by the same values."""

    rule: str
    """A rule of the same pack by its id, or one of another pack as `pack/rule`."""
    label: Bilingual = field(default_factory=Bilingual)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Whether at least `n` of the parts hold: all of them, any of them, or a number of them."""

    n: int
    parts: tuple[Condition, ...]
    word: Literal["all", "any", "at_least"] = "at_least"
    label: Bilingual = field(default_factory=Bilingual)


@dataclass(frozen=True, slots=True)
class Not:
    """Whether the part does not hold."""

    part: Condition
    label: Bilingual = field(default_factory=Bilingual)


@dataclass(frozen=True, slots=True)
class IfThen:
    """What must hold depends on another condition: a threshold by size, for example."""

    condition: Condition
    then: Condition
    otherwise: Condition
    label: Bilingual = field(default_factory=Bilingual)


Condition: TypeAlias = Test | ScoreTest | RuleTest | AtLeast | Not | IfThen


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside one."""
    match condition:
        case AtLeast(parts=parts):
            return parts
        case Not(part=part):
            return (part,)
        case IfThen(condition=first, then=then, otherwise=otherwise):
            return first, then, otherwise
        case _:
            return ()


def leaves_of(condition: Condition) -> Iterator[Test | ScoreTest | RuleTest]:
    """The tests inside a condition, in their order."""
    if isinstance(condition, Test | ScoreTest | RuleTest):
        yield condition
    for part in parts_of(condition):
        yield from leaves_of(part)


@dataclass(frozen=True, slots=True)
class Case:
    """Points that are given when a condition holds."""

    when: Condition
    points: Interval


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a score sheet.

    Its points come from one of four ways: `bands` of one indicator; `per` step of one indicator; the `sum` of all
    cases that hold; or the first of the `cases` that holds. None gives more than `maximum`.
    """

    id: str
    label: Bilingual
    maximum: float
    how: Literal["bands", "per", "sum", "cases"]
    indicator: str | None = None
    bands: tuple[Band, ...] = ()
    per: Per | None = None
    cases: tuple[Case, ...] = ()
    otherwise: Interval = Interval(0, 0)
    source: tuple[str, ...] = ()
    confidence: str = ""

    def indicators(self) -> tuple[str, ...]:
        """Ids of the indicators that it looks at."""
        if self.indicator is not None:
            return (self.indicator,)
        return tuple(
            dict.fromkeys(
                leaf.indicator
                for case in self.cases
                for leaf in leaves_of(case.when)
                if isinstance(leaf, Test)
            )
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Items that are summed and capped at a maximum of their own."""

    id: str
    label: Bilingual
    maximum: float
    items: tuple[Item, ...]
    by_overlay: bool = False
    """Whether a region sets its items: without an overlay its points are not known."""


@dataclass(frozen=True, slots=True)
class Rule(Entry):
    """One dated rule: it is met when no exclusion holds, and the gate or one of the shortcuts does."""

    series: str = ""
    """What the rule is a vintage of; rules of one series follow one another."""
    valid_from: str = ""
    valid_to: str | None = None
    superseded_by: str | None = None
    """The rule that follows it, where one is known."""
    months_valid: int | None = None
    """How long a status lasts that was given by this rule; None where the text says nothing or it was not found."""
    template: bool = False
    """Whether it is an empty form for a rule whose thresholds are not known: it decides nothing."""
    note: Bilingual = field(default_factory=Bilingual)
    indicators: tuple[Indicator, ...] = ()
    groups: tuple[Group, ...] = ()
    gate: Condition | None = None
    shortcuts: tuple[Condition, ...] = ()
    exclusions: tuple[Condition, ...] = ()
    others: Mapping[str, Rule] = field(default_factory=dict, repr=False)
    """The rules that its conditions name."""
    overlay: str | None = None
    """The overlay that was laid over it."""
    pack: str = ""

    @property
    def full_id(self) -> str:
        """`pack/rule`, the name that is unique over all packs."""
        return f"{self.pack}/{self.id}" if self.pack else self.id

    @property
    def maximum(self) -> float:
        """The most points there are; 0 of a rule without points."""
        return sum(group.maximum for group in self.groups)

    def in_force(self, on: str) -> bool:
        """Whether it is in force on an ISO date."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def names(self, full_id: str) -> bool:
        """Whether its conditions name a rule, directly or through another one."""
        return any(rule.full_id == full_id or rule.names(full_id) for rule in self.others.values())

    def conditions(self) -> Iterator[Condition]:
        """Its gate, shortcuts and exclusions."""
        if self.gate is not None:
            yield self.gate
        yield from self.shortcuts
        yield from self.exclusions

    def known_indicators(self) -> dict[str, Indicator]:
        """Every indicator that its assessment may look at, those of the rules that it names included."""
        found = {indicator.id: indicator for indicator in self.indicators}
        for other in self.others.values():
            for name, indicator in other.known_indicators().items():
                found.setdefault(name, indicator)
        return found


@dataclass(frozen=True, slots=True)
class Overlay(Entry):
    """What a region adds to a rule or puts in the place of its parts, with dates and sources of its own."""

    of: str = ""
    """Full id of the rule."""
    jurisdiction: str = ""
    valid_from: str = ""
    valid_to: str | None = None
    rule: Rule | None = None
    """The rule with the overlay laid over it."""
    pack: str = ""

    @property
    def full_id(self) -> str:
        """`pack/overlay`."""
        return f"{self.pack}/{self.id}" if self.pack else self.id

    def in_force(self, on: str) -> bool:
        """Whether it is in force on an ISO date."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
