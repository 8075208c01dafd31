"""Decides a rule for given values: points, gates, outcome, and what stands between the values and `met`.

Logic is that of Kleene with three values (S. C. Kleene, Introduction to Metamathematics, 1952, section 64): a value
that is not given makes a test `undecided`, and a whole is decided wherever the parts that are known decide it. Points of
an item whose value is not given are the interval of all that it could give, never zero. docs/methods/rules.md has the
formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from math import floor

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.rule_shapes import (
    TOTAL,
    AtLeast,
    Condition,
    Ends,
    Group,
    IfThen,
    Indicator,
    Interval,
    Item,
    Not,
    Overlay,
    Rule,
    RuleTest,
    ScoreTest,
    Test,
    Value,
    leaves_of,
)
from foretrack.packs.shapes import Bilingual
from foretrack.rules.answers import (
    Assessment,
    ConditionResult,
    Gap,
    GroupResult,
    ItemResult,
    Standing,
    Step,
    Used,
    weakest,
)
from foretrack.rules.choosing import laid_over, refuse_template
from foretrack.rules.values import checked_values

NOTHING = Interval(0, 0)
WHOLE_SCORE = Bilingual("All points", "总分")


def assess(rule: Rule, given: Mapping[str, object], *, on: str, overlay: Overlay | None = None) -> Assessment:
    """The outcome of a rule for values on an ISO date, with score, trace, gaps and steps.

    The outcome is `met` when no exclusion holds and the gate or a shortcut does; `undecided` where the values that were
    given do not decide it.

    Args:
        given: indicator -> value; what is missing, None or empty was not given.

    EvidenceError when the rule or the overlay is not in force on the date, or the rule is an empty template; InputError
    for values that do not fit.

    >>> from foretrack.packs.loading import load_packs
    >>> from foretrack.rules.choosing import choose_rule
    >>> rule = choose_rule(load_packs(), "innovative-sme", "2025-06-30")
    >>> none = {"listed": False, "prohibited-products": False, "major-violation": False, "registered-in-china": True}
    >>> none |= {"industry": "c-manufacturing", "staff": 80}  # a small or medium enterprise whatever its revenue
    >>> answer = assess(rule, {**none, "new-equity": 5_000_000}, on="2025-06-30")
    >>> answer.outcome, str(answer.score)  # by a shortcut; of the points at least 5 are sure
    ('met', 'Interval(low=5, high=100)')
    >>> assess(rule, none, on="2025-06-30").outcome
    'undecided'
    """
    for dated in (rule, *((overlay,) if overlay else ())):
        in_force(dated, on)
    refuse_template(rule)
    if overlay is not None:
        rule = laid_over(rule, overlay)
    values = checked_values(rule, given)
    sheet = _Sheet(rule, values, date.fromisoformat(on))
    gate, shortcuts, exclusions, outcome = sheet.decide()
    looked_at = rule.known_indicators()
    return Assessment(
        rule=rule.full_id,
        label=rule.label,
        on=on,
        overlay=rule.overlay,
        outcome=outcome,
        score=sheet.total,
        maximum=rule.maximum,
        groups=sheet.groups,
        items=sheet.items,
        gate=gate,
        shortcuts=shortcuts,
        exclusions=exclusions,
        gaps=() if outcome == "met" else tuple(_gaps(sheet, gate, shortcuts, exclusions)),
        steps=tuple(sheet.steps()),
        missing=tuple(name for name in looked_at if name not in values),
        values=values,
        superseded_by=rule.superseded_by,
        note=rule.note,
        source=rule.source,
        confidence=weakest([rule.confidence, *(i.confidence for i in looked_at.values())]),
    )


def described(rule: Rule, on: date) -> Callable[[Condition], ConditionResult]:
    """A condition of a rule without any value: its label, and what it needs."""
    return _Sheet(rule, {}, on).judge


def in_force(dated: Rule | Overlay, on: str) -> None:
    """EvidenceError when a rule or overlay is not in force on an ISO date."""
    if not dated.in_force(on):
        raise EvidenceError.of(
            "{name} is not in force on {on}",
            expected="a date in {periods}",
            do="give a date with --on, or add a pack with the rule of that date",
            name=dated.full_id,
            on=on,
            periods=f"{dated.valid_from} – {dated.valid_to or '…'}",
        )


def years_between(since: date, on: date) -> float:
    """Years from one day to a later one: full years, and the part of the year since the last anniversary.

    Who was born on 29 February has the anniversary on 1 March in other years.

    >>> years_between(date(2015, 6, 30), date(2025, 6, 30)), years_between(date(2015, 6, 30), date(2025, 7, 1)) > 10
    (10.0, True)
    """
    full = on.year - since.year - ((on.month, on.day) < (since.month, since.day))
    last, following = _anniversary(since, full), _anniversary(since, full + 1)
    return full + (on - last).days / (following - last).days


def _anniversary(since: date, years: int) -> date:
    try:
        return since.replace(year=since.year + years)
    except ValueError:
        return date(since.year + years, 3, 1)


def _always() -> ConditionResult:
    return ConditionResult("all", "met", Bilingual())


def _opposite(standing: Standing) -> Standing:
    return {"met": "not met", "not met": "met", "undecided": "undecided"}[standing]  # type: ignore[return-value]


def _all(standings: list[Standing]) -> Standing:
    if "not met" in standings:
        return "not met"
    return "undecided" if "undecided" in standings else "met"


def _any(standings: list[Standing]) -> Standing:
    return _opposite(_all([_opposite(standing) for standing in standings]))


def _standing(holds: bool | None) -> Standing:
    return "undecided" if holds is None else "met" if holds else "not met"


class _Sheet:
    """The score sheet of a rule, filled in with values, and the conditions judged over it."""

    def __init__(self, rule: Rule, values: Mapping[str, Value], on: date) -> None:
        self.rule, self.values, self.on = rule, values, on
        self.indicators = rule.known_indicators()
        self.scores: dict[str, Interval] = {}
        items: list[ItemResult] = []
        groups: list[GroupResult] = []
        self.total = NOTHING
        for group in rule.groups:
            results = [self._item(item, group) for item in group.items]
            items += results
            points = NOTHING
            for result in results:
                self.scores[result.id] = result.points
                points += result.points
            if group.by_overlay:
                points = Interval(points.low, max(points.high, group.maximum))
            points = points.capped(group.maximum)
            self.scores[group.id] = points
            groups.append(GroupResult(group.id, group.label, points, group.maximum, group.by_overlay))
            self.total += points
        self.scores[TOTAL] = self.total
        self.items, self.groups = tuple(items), tuple(groups)

    def _used(self, names: tuple[str, ...]) -> tuple[Used, ...]:
        found = []
        for name in names:
            i = self.indicators[name]
            found.append(Used(name, i.label, self.values.get(name), i.unit, i.source, i.confidence))
        return tuple(found)

    def _item(self, item: Item, group: Group) -> ItemResult:
        points, band = self._points(item)
        return ItemResult(
            id=item.id,
            group=group.id,
            label=item.label,
            points=points.capped(item.maximum),
            maximum=item.maximum,
            band=band,
            used=self._used(item.indicators()),
            source=item.source or self.rule.source,
            confidence=item.confidence or self.rule.confidence,
        )

    def _points(self, item: Item) -> tuple[Interval, str | None]:
        """The points of an item and the band or case that gave them."""
        if item.how == "sum":
            whole = NOTHING
            chosen = []
            for case in item.cases:
                standing = self.judge(case.when).standing
                if standing == "met":
                    whole += case.points
                    chosen.append(said(case.when))
                elif standing == "undecided":
                    whole += Interval(0, case.points.high)
            return whole, " + ".join(chosen) or None
        if item.how == "cases":
            return self._first_case(item)
        value = self.values.get(item.indicator or "")
        if item.per is not None:
            if value is None:
                return Interval(0, item.maximum), None
            steps = floor(round((float(value) - item.per.start) / item.per.every, 9))
            points = min(item.maximum, round(max(0, steps) * item.per.points, 9))
            return Interval(points, points), f"{max(0, steps)} × {item.per.points:g}"
        if value is None:
            return Interval(
                min(band.points.low for band in item.bands), max(band.points.high for band in item.bands)
            ), None
        place = self._place(item.indicator or "", value)
        band = next(band for band in item.bands if band.holds(place))
        return band.points, str(band)

    def _first_case(self, item: Item) -> tuple[Interval, str | None]:
        """The first case that holds; while earlier ones are undecided, all that could come of it."""
        possible: list[Interval] = []
        for case in item.cases:
            standing = self.judge(case.when).standing
            if standing == "not met":
                continue
            possible.append(case.points)
            if standing == "met":
                chosen = said(case.when) if len(possible) == 1 else None
                break
        else:
            possible.append(item.otherwise)
            chosen = "–" if len(possible) == 1 else None
        return Interval(min(p.low for p in possible), max(p.high for p in possible)), chosen

    def _place(self, name: str, value: Value) -> float | str | bool:
        """Where a value lies on its line: a date as the number of its day."""
        if self.indicators[name].type == "date":
            return date.fromisoformat(str(value)).toordinal()
        return value

    def decide(
        self,
    ) -> tuple[ConditionResult, tuple[ConditionResult, ...], tuple[ConditionResult, ...], Standing]:
        """The gate, shortcuts and exclusions of the rule, and the outcome that follows from them."""
        rule = self.rule
        gate = self.judge(rule.gate) if rule.gate is not None else _always()
        shortcuts = tuple(self.judge(condition) for condition in rule.shortcuts)
        exclusions = tuple(self.judge(condition) for condition in rule.exclusions)
        passed = _any([gate.standing, *(s.standing for s in shortcuts)])
        return gate, shortcuts, exclusions, _all([passed, *(_opposite(e.standing) for e in exclusions)])

    def judge(self, condition: Condition) -> ConditionResult:
        """A condition with what it found."""
        match condition:
            case Test():
                return self._test(condition)
            case ScoreTest(score=score, ends=ends, label=label):
                points = self.scores[score]
                return ConditionResult(
                    "score", _standing(ends.judge(points)), _shown(label, self._name_of(score)), score, points, str(ends),
                    short=short_of(ends, points),
                )  # fmt: skip
            case RuleTest(rule=name, label=label):
                other = self.rule.others[name]
                in_force(other, self.on.isoformat())
                refuse_template(other)
                *_, outcome = _Sheet(other, self.values, self.on).decide()
                shown = _shown(label, other.label)
                return ConditionResult("rule", outcome, shown, other.full_id, needs="met")
            case AtLeast(n=n, parts=parts, word=word, label=label):
                results = tuple(self.judge(part) for part in parts)
                sure = sum(r.standing == "met" for r in results)
                possible = sum(r.standing != "not met" for r in results)
                standing = _standing(True if sure >= n else False if possible < n else None)
                what = "at least" if word == "at_least" else word
                return ConditionResult(what, standing, label, needs=str(n), parts=results)
            case Not(part=part, label=label):
                result = self.judge(part)
                return ConditionResult("not", _opposite(result.standing), label, parts=(result,))
            case IfThen(condition=first, then=then, otherwise=otherwise, label=label):
                asked, yes, no = self.judge(first), self.judge(then), self.judge(otherwise)
                if asked.standing == "undecided":
                    both = yes.standing == no.standing
                    return ConditionResult(
                        "if", yes.standing if both else "undecided", label, parts=(asked, yes, no)
                    )
                taken = yes if asked.standing == "met" else no
                return ConditionResult("if", taken.standing, label, parts=(asked, taken))

    def _name_of(self, score: str) -> Bilingual:
        """The label of a group or item, or of the whole."""
        labels = {group.id: group.label for group in self.rule.groups}
        labels |= {item.id: item.label for group in self.rule.groups for item in group.items}
        return labels.get(score, WHOLE_SCORE)

    def _test(self, test: Test) -> ConditionResult:
        indicator, value = self.indicators[test.indicator], self.values.get(test.indicator)
        ends = test.ends or test.age
        needs = str(ends) if ends is not None else _named(test.values)
        unit = indicator.unit if test.ends is not None else "years" if test.age is not None else ""
        holds: bool | None = None
        short: Interval | None = None
        if value is not None:
            if test.age is not None:
                place: float = self._age(indicator, str(value))
            elif test.ends is not None:
                place = float(self._place(test.indicator, value))
            if ends is not None:
                holds, short = ends.holds(place), short_of(ends, Interval(place, place))
            else:
                holds = value in test.values
        shown = _shown(test.label, indicator.label)
        return ConditionResult(
            "indicator", _standing(holds), shown, indicator.id, value, needs, unit, short,
            indicator.source, indicator.confidence,
        )  # fmt: skip

    def _age(self, indicator: Indicator, day: str) -> float:
        """Years from a date to the day of the assessment. InputError for a date after it."""
        since = date.fromisoformat(day)
        if since > self.on:
            raise InputError.of(
                "{indicator} is {day}, after {on}",
                expected="a date up to the day of the assessment",
                do="correct it, or leave it empty where it is not known",
                indicator=indicator.id,
                day=day,
                on=self.on.isoformat(),
            )
        return years_between(since, self.on)

    def steps(self) -> Iterator[Step]:
        """For each item that could give more: the nearest better band, and what it would add."""
        results = {result.id: result for result in self.items}
        for item in (item for group in self.rule.groups for item in group.items):
            now = results[item.id].points
            value = self.values.get(item.indicator or "")
            if item.indicator is None or value is None or now.low >= item.maximum:
                continue
            if item.per is not None:
                steps = max(0, floor(round((float(value) - item.per.start) / item.per.every, 9))) + 1
                points = min(item.maximum, round(steps * item.per.points, 9))
                reach = item.per.start + steps * item.per.every
                yield Step(
                    item.id, item.label, item.indicator, value, str(Ends(reach, False, None, False)),
                    _more(now, Interval(points, points)),
                )  # fmt: skip
                continue
            better = [b for b in item.bands if b.points.low > now.low and b.points.high > now.high]
            if not better:
                continue
            place = self._place(item.indicator, value)
            nearest = min(
                better,
                key=lambda b: (
                    (_distance(b.ends, float(place)) if b.ends is not None else 0.0),
                    b.points.low,
                ),
            )
            yield Step(item.id, item.label, item.indicator, value, str(nearest), _more(now, nearest.points))


def _shown(label: Bilingual, other: Bilingual) -> Bilingual:
    """A label of its own, or the other one where there is none."""
    return label if label.en or label.zh else other


def _more(now: Interval, then: Interval) -> Interval:
    return Interval(round(then.low - now.low, 9), round(then.high - now.high, 9))


def _distance(ends: Ends, place: float) -> float:
    """How far a value lies from a stretch."""
    if ends.low is not None and place <= ends.low:
        return ends.low - place
    if ends.high is not None and place >= ends.high:
        return place - ends.high
    return 0


def short_of(ends: Ends, points: Interval) -> Interval:
    """How much is missing to the nearest end, from the least to the most."""
    both = sorted(round(_distance(ends, place), 9) for place in (points.low, points.high))
    return Interval(both[0], both[1])


def short_to(ends: Ends, place: float) -> Interval:
    """How much is missing from a value to the nearest end."""
    missing = round(_distance(ends, place), 9)
    return Interval(missing, missing)


def _named(values: tuple[str | bool, ...]) -> str:
    return " | ".join(v if isinstance(v, str) else "yes" if v else "no" for v in values)


def said(condition: Condition) -> str:
    """A condition in signs, for the trace of an item."""
    if isinstance(condition, Test):
        ends = condition.ends or condition.age
        return f"{condition.indicator} {ends if ends is not None else '= ' + _named(condition.values)}"
    sign = " ∧ " if isinstance(condition, AtLeast) and condition.word == "all" else " ∨ "
    return sign.join(said(leaf) for leaf in leaves_of(condition))


def _gaps(
    sheet: _Sheet,
    gate: ConditionResult,
    shortcuts: tuple[ConditionResult, ...],
    exclusions: tuple[ConditionResult, ...],
) -> Iterator[Gap]:
    """What stands between the values and `met`: exclusions that hold or may hold, and what the gate lacks."""
    for number, result in enumerate(exclusions, start=1):
        yield from _lacking(result, f"exclusion {number}", wanted=False, alternative=False)
    if _any([gate.standing, *(s.standing for s in shortcuts)]) == "met":
        return
    for group in sheet.groups:
        if group.needs_overlay and gate.standing != "met":
            yield Gap(
                "gate",
                "overlay",
                group.id,
                group.label,
                group.points,
                "",
                "",
                None,
                "undecided",
                bool(shortcuts),
            )
    yield from _lacking(gate, "gate", wanted=True, alternative=bool(shortcuts))
    for number, result in enumerate(shortcuts, start=1):
        yield from _lacking(result, f"shortcut {number}", wanted=True, alternative=True)


def _lacking(result: ConditionResult, place: str, *, wanted: bool, alternative: bool) -> Iterator[Gap]:
    """The tests because of which a condition is not as wanted."""
    if result.standing == _standing(wanted):
        return
    if result.what in ("indicator", "score", "rule"):
        yield Gap(
            place, result.what, result.name, result.label, result.has,
            result.needs if wanted else f"≠ {result.needs}",
            result.unit, result.short if wanted else None, result.standing, alternative,
        )  # fmt: skip
    elif result.what == "not":
        yield from _lacking(result.parts[0], place, wanted=not wanted, alternative=alternative)
    elif result.what == "if":
        asked, *taken = result.parts
        if asked.standing == "undecided":
            # Either answer of the question helps to decide, so what is not given there is named.
            yield from _unknown(asked, place, alternative)
        for part in taken:
            yield from _lacking(part, place, wanted=wanted, alternative=alternative or len(taken) > 1)
    else:
        needed = int(result.needs) if wanted else len(result.parts) - int(result.needs) + 1
        for part in result.parts:
            yield from _lacking(
                part, place, wanted=wanted, alternative=alternative or needed < len(result.parts)
            )


def _unknown(result: ConditionResult, place: str, alternative: bool) -> Iterator[Gap]:
    if result.what in ("indicator", "score", "rule") and result.standing == "undecided":
        yield Gap(
            place, result.what, result.name, result.label, result.has,
            result.needs, result.unit, None, "undecided", alternative,
        )  # fmt: skip
    for part in result.parts:
        yield from _unknown(part, place, alternative)
