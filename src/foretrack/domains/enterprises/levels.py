"""The level that an enterprise reaches on a ladder: the rule of every echelon decided over one set of figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from foretrack.foundation.errors import InputError
from foretrack.packs.ladders import Ladder
from foretrack.packs.rule_shapes import Indicator, Overlay, Rule, Value
from foretrack.packs.shapes import Bilingual
from foretrack.rules.answers import Assessment, Brief, Standing, brief_of
from foretrack.rules.assessing import assess
from foretrack.rules.reaching import Way, cheapest_way
from foretrack.rules.values import checked_value


@dataclass(frozen=True, slots=True)
class Steps:
    """The rules of a ladder's echelons, ready to be asked on a day."""

    ladder: Ladder
    on: str
    rules: Mapping[str, Rule]
    """Echelon to its rule; where a rule names another one, with the overlay of that one."""
    overlays: Mapping[str, Overlay]
    """Echelon to what a region adds to its rule."""

    def indicators(self) -> dict[str, Indicator]:
        """Everything that any of the rules asks for, each once, in the order of the echelons.

        InputError where two rules mean different things by one name.
        """
        found: dict[str, Indicator] = {}
        for echelon, rule in self.rules.items():
            laid = self.overlays.get(echelon)
            for asked in (rule, *((laid.rule,) if laid and laid.rule else ())):
                for name, one in asked.known_indicators().items():
                    known = found.setdefault(name, one)
                    if (known.type, known.unit) != (one.type, one.unit):
                        raise InputError.of(
                            "two rules of the ladder {ladder} mean different things by {indicator}",
                            expected="one type and unit for one name",
                            do="mend the pack: give one of them another name",
                            ladder=self.ladder.id,
                            indicator=name,
                        )
        return found


@dataclass(frozen=True, slots=True)
class EchelonAnswer:
    """One echelon for one enterprise."""

    echelon: str
    label: Bilingual
    rule: str
    standing: Standing
    """Its rule, and the echelon that has to be reached before."""
    needs: str | None
    brief: Brief
    trace: Callable[[], Assessment] = field(compare=False)

    @property
    def assessment(self) -> Assessment:
        """Everything, with every reason; of a table it is made each time it is asked for."""
        return self.trace()


@dataclass(frozen=True, slots=True)
class LevelAnswer:
    """Where an enterprise stands on a ladder."""

    level: str | None
    """The highest echelon that is surely met; None below the first."""
    possible: str | None
    """The highest echelon that what is not known might still allow; at least `level`."""
    next: str | None
    """The lowest echelon above the level; None at the top."""
    echelons: tuple[EchelonAnswer, ...]
    """In the order of the ladder, the lowest first."""

    def of(self, echelon: str) -> EchelonAnswer:
        """The answer about one echelon."""
        return next(one for one in self.echelons if one.echelon == echelon)


def steps_of(
    ladder: Ladder, rules: Mapping[str, Rule], *, on: str, overlays: Sequence[Overlay] = ()
) -> Steps:
    """The ladder with its rules.

    Args:
        rules: full id to rule.
        overlays: at most one for each rule; where another rule asks for that one, it asks with the overlay.

    InputError for a rule that is not there, and for an overlay of none of the rules.
    """
    laid = {overlay.of: overlay for overlay in overlays}
    if len(laid) != len(overlays) or set(laid) - {one.rule for one in ladder.echelons}:
        raise InputError.of(
            "the overlays {overlays} do not fit the ladder {ladder}",
            expected="at most one for each of {rules}",
            do="leave one of them out",
            overlays=", ".join(overlay.full_id for overlay in overlays),
            ladder=ladder.id,
            rules=", ".join(one.rule for one in ladder.echelons),
        )
    found: dict[str, Rule] = {}
    for echelon in ladder.echelons:
        if echelon.rule not in rules:
            raise InputError.of(
                "the echelon {echelon} is decided by {rule}, which no pack holds",
                expected="the full id of a rule",
                do="correct `rule` in the ladder, or add the pack",
                echelon=echelon.id,
                rule=echelon.rule,
            )
        found[echelon.id] = _with_others(rules[echelon.rule], laid)
    return Steps(
        ladder, on, found, {one.id: laid[one.rule] for one in ladder.echelons if one.rule in laid}
    )  # fmt: skip


def _with_others(rule: Rule, laid: Mapping[str, Overlay]) -> Rule:
    """The rule, asking those rules that it names with their overlays."""
    others = {}
    for name, other in rule.others.items():
        overlay = laid.get(other.full_id)
        others[name] = overlay.rule if overlay is not None and overlay.rule is not None else other
    return rule if others == dict(rule.others) else replace(rule, others=others)


def read_figures(
    indicators: Mapping[str, Indicator], given: Mapping[str, object]
) -> tuple[dict[str, Value], dict[str, InputError]]:
    """What was given, understood by the type of each indicator, and what is wrong with the rest.

    Nothing is left out silently: what stands in neither answer was empty.
    """
    values: dict[str, Value] = {}
    wrong: dict[str, InputError] = {}
    for name, raw in given.items():
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            continue
        try:
            values[name] = checked_value(indicators[name], raw)
        except InputError as error:
            wrong[name] = error
    return values, wrong


def level_of(steps: Steps, values: Mapping[str, Value]) -> LevelAnswer:
    """Where an enterprise with these figures stands.

    InputError for a date after the day of the assessment.

    >>> from foretrack.packs.ladders import choose_ladder, load_ladders
    >>> from foretrack.packs.loading import load_packs
    >>> rules = {rule.full_id: rule for pack in load_packs() for rule in pack.rules}
    >>> steps = steps_of(choose_ladder(load_ladders(), "cn-srdi-2022"), rules, on="2025-06-30")
    >>> clean = {"listed": False, "prohibited-products": False, "major-violation": False, "registered-in-china": True}
    >>> small = {"industry": "c-manufacturing", "staff": 50, "revenue": 10_000_000}
    >>> answer = level_of(steps, {**clean, **small, "st-award": "other-award"})
    >>> answer.level, answer.echelons[0].standing
    ('innovative-sme', 'met')
    >>> level_of(steps, clean).level, level_of(steps, clean).echelons[0].standing
    (None, 'undecided')
    """
    found: dict[str, tuple[Brief, Callable[[], Assessment]]] = {}
    for echelon, (rule, overlay) in pairs_of(steps).items():
        asked = overlay.rule if overlay is not None and overlay.rule is not None else rule
        mine = {name: values[name] for name in asked.known_indicators() if name in values}
        answer = assess(rule, mine, on=steps.on, overlay=overlay)
        found[echelon] = brief_of(answer), partial(_itself, answer)
    return level_by(steps, found)


def _itself(answer: Assessment) -> Assessment:
    return answer


def level_by(steps: Steps, said: Mapping[str, tuple[Brief, Callable[[], Assessment]]]) -> LevelAnswer:
    """Where an enterprise stands, by what the rule of each echelon says of it, and how that is made with every reason."""
    found: dict[str, EchelonAnswer] = {}
    for echelon in steps.ladder.echelons:
        brief, trace = said[echelon.id]
        before = found[echelon.needs].standing if echelon.needs else "met"
        found[echelon.id] = EchelonAnswer(
            echelon.id, echelon.label, steps.rules[echelon.id].full_id, _both(brief.outcome, before), echelon.needs,
            brief, trace,
        )  # fmt: skip
    met = [name for name, one in found.items() if one.standing == "met"]
    possible = [name for name, one in found.items() if one.standing != "not met"]
    order = list(found)
    level = met[-1] if met else None
    above = order[order.index(level) + 1 :] if level else order
    return LevelAnswer(
        level, possible[-1] if possible else None, above[0] if above else None, tuple(found.values())
    )


def way_up(steps: Steps, values: Mapping[str, Value], answer: LevelAnswer) -> Way | None:
    """The cheapest way to the next echelon; None at the top of the ladder.

    Only what a pack calls changeable is changed. With many figures that were not given it takes seconds.
    """
    if answer.next is None:
        return None
    rule, overlay = _asked(steps, answer.next)
    asked = overlay.rule if overlay is not None and overlay.rule is not None else rule
    mine = {name: values[name] for name in asked.known_indicators() if name in values}
    return cheapest_way(rule, mine, on=steps.on, overlay=overlay)


def pairs_of(steps: Steps) -> dict[str, tuple[Rule, Overlay | None]]:
    """Echelon to its rule and overlay."""
    return {one.id: _asked(steps, one.id) for one in steps.ladder.echelons}


def _asked(steps: Steps, echelon: str) -> tuple[Rule, Overlay | None]:
    """The rule of an echelon and its overlay, both asking other rules with theirs."""
    rule, overlay = steps.rules[echelon], steps.overlays.get(echelon)
    if overlay is None or overlay.rule is None:
        return rule, overlay
    return rule, replace(overlay, rule=replace(overlay.rule, others=rule.others))


def _both(one: Standing, two: Standing) -> Standing:
    """Kleene's `and`."""
    if "not met" in (one, two):
        return "not met"
    return "undecided" if "undecided" in (one, two) else "met"
