"""The cheapest way to `met`: as cheap as any other there is, and true when it is gone."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.rules.edges import DAY, ENTERPRISE
from tests.rules.invented import invented, rule_of
from tests.rules.test_tables import rows_of

from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import Indicator, Rule, Value
from foretrack.rules.assessing import assess
from foretrack.rules.choosing import choose_rule
from foretrack.rules.comparing import what_if
from foretrack.rules.reaching import cheapest_way, relative_distance
from foretrack.rules.tables import assess_table

# Every shape of points and conditions, over few enough values that all ways can be tried.
SMALL = """\
id: invented
title: {en: Invented}
valid_from: "2020-01-01"
rules:
  - id: first
    label: {en: First}
    valid_from: "2020-01-01"
    indicators:
      - {id: a, label: {en: A}, type: count, maximum: 4, better: higher}
      - {id: b, label: {en: B}, type: count, maximum: 4}
      - {id: ring, label: {en: Ring}, type: choice, choices: [{id: red, label: {en: Red}}, {id: blue, label: {en: Blue}}, {id: green, label: {en: Green}}]}
      - {id: seen, label: {en: Seen}, type: yes-no}
      - {id: named, label: {en: Named}, type: yes-no}
    groups:
      - id: one
        label: {en: One}
        maximum: 7
        items:
          - {id: a-points, label: {en: A}, maximum: 4, indicator: a, bands: [{to: 1, points: 0}, {from: 2, to: 3, points: [2, 3]}, {from: 4, points: 4}]}
          - {id: b-points, label: {en: B}, maximum: 4, indicator: b, per: {every: 2, points: 2}}
      - id: two
        label: {en: Two}
        maximum: 6
        items:
          - id: sum-points
            label: {en: Sum}
            maximum: 3
            sum: [{when: {indicator: seen, is: yes}, points: 2}, {when: {any: [{indicator: ring, is: red}, {indicator: b, from: 3}]}, points: 1.5}]
          - id: case-points
            label: {en: Cases}
            maximum: 4
            cases:
              - {when: {all: [{indicator: a, from: 3}, {indicator: named, is: yes}]}, points: 4}
              - {when: {indicator: ring, one_of: [red, blue]}, points: [1, 2]}
            otherwise: 3
    gate: GATE
    shortcuts: SHORTCUTS
    exclusions: EXCLUSIONS
  - id: second
    label: {en: Second}
    valid_from: "2020-01-01"
    indicators: [{id: b, label: {en: B}, type: count, maximum: 4}, {id: ring, label: {en: Ring}, type: choice, choices: [{id: red, label: {en: Red}}, {id: blue, label: {en: Blue}}, {id: green, label: {en: Green}}]}]
    gate: {if: {indicator: ring, is: green}, then: {indicator: b, below: 2}, else: {indicator: b, from: 2}}
"""  # noqa: E501
SHAPES = {
    "total": ("{all: [{score: total, from: 10}, {score: one, from: 3}]}", "[]", "[]"),
    "open ends": ("{score: total, above: 9.5}", "[{all: [{indicator: a, above: 3}, {rule: second}]}]", "[]"),
    "at most": ("{all: [{score: two, to: 3}, {score: total, from: 6}]}", "[]", "[{indicator: seen, is: no}]"),
    "not": (
        "{not: {score: total, from: 3, below: 9}}",
        "[]",
        "[{all: [{rule: second}, {indicator: named, is: no}]}]",
    ),
    "if": (
        "{if: {score: one, from: 4}, then: {score: case-points, from: 3}, else: {at_least: 2, of: "
        "[{indicator: seen, is: yes}, {rule: second}, {score: sum-points, from: 3}]}}",
        "[]",
        "[{not: {any: [{indicator: b, from: 1}, {indicator: named, is: yes}]}}]",
    ),
    "never": ("{all: [{indicator: a, from: 4}, {indicator: a, below: 3}]}", "[]", "[]"),
}


def small(gate: str, shortcuts: str, exclusions: str) -> Rule:
    text = SMALL.replace("GATE", gate).replace("SHORTCUTS", shortcuts).replace("EXCLUSIONS", exclusions)
    with TemporaryDirectory() as folder:
        return rule_of(invented(Path(folder), text), "first")


RULES = {name: small(*shape) for name, shape in SHAPES.items()}
SPACE: dict[str, list[Value]] = {
    "a": [0, 1, 2, 3, 4],
    "b": [0, 1, 2, 3, 4],
    "ring": ["red", "blue", "green"],
    "seen": [True, False],
    "named": [True, False],
}


def by_trying(rule: Rule, firm: dict[str, Value], cost: Any) -> float | None:
    """The least cost over all values that there are."""
    known = rule.known_indicators()
    ways: list[tuple[float, dict[str, Value]]] = []
    options = []
    for name, values in SPACE.items():
        now = firm.get(name)
        fit: list[tuple[Value | None, float]] = [(now, 0.0)]
        for value in values:
            better = known[name].better == "higher"
            if value != now and not (better and now is not None and value < now):  # type: ignore[operator]
                fit.append((value, cost(known[name], now, value)))
        options.append([(name, *way) for way in fit])
    for way in product(*options):
        ways.append((sum(price for *_, price in way), {n: v for n, v, _ in way if v is not None}))
    (answer,) = assess_table([rule], [values for _, values in ways], on=DAY)
    return min(
        (price for (price, _), code in zip(ways, answer.outcome, strict=True) if code == 1), default=None
    )


@pytest.mark.parametrize("shape", list(SHAPES))
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_no_other_way_is_cheaper(shape: str, data: st.DataObject) -> None:
    rule = RULES[shape]
    firm = data.draw(
        st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in SPACE.items()})
    )
    weights = data.draw(st.fixed_dictionaries({name: st.integers(1, 9) for name in SPACE}))

    def cost(indicator: Indicator, before: Value | None, after: Value) -> float:
        return weights[indicator.id] * relative_distance(indicator, before, after)

    way = cheapest_way(rule, firm, on=DAY, cost=cost)
    least = by_trying(rule, firm, cost)

    assert way.reachable is (least is not None)
    if least is not None:
        assert way.cost == pytest.approx(least)
        assert way.after is not None
        assert way.after.outcome == "met"
        assert what_if(rule, firm, {c.indicator: c.after for c in way.changes}, on=DAY).after == way.after


def firm_of(name: str) -> dict[str, Any]:
    path = Path(__file__).parent / "examples" / f"{name}.yml"
    example: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return dict(example["firm"])


class TestTheEchelons:
    def test_a_firm_of_59_points_needs_the_cheapest_point(self) -> None:
        rule = choose_rule(load_packs(), "srdi-sme", DAY)
        # 63 less 3 of the digital level, less 1 of the years: 59 points are sure.
        firm = {**firm_of("srdi-sme"), "digital-level": "level-1", "niche-years": 4}

        way = cheapest_way(rule, firm, on=DAY)

        # Growth from 9 to 10 % is .1 and gives 2, R&D from 4.5 to 5 million likewise; debts from 55 to 49.99 % are .0911
        # for 2; main business from 75 to 80 % is .0625 for 2: the cheapest.
        assert [(c.indicator, c.before, c.after, c.cost) for c in way.changes] == [
            ("main-share", 0.75, 0.8, 0.0625)
        ]
        assert way.cost == 0.0625
        assert way.after is not None
        assert (way.before.outcome, way.after.outcome, way.after.score.low) == ("undecided", "met", 61)
        assert set(way.kept) >= {"niche-years", "st-award", "maker-china", "industry", "major-violation"}

    def test_what_the_caller_says_it_costs_decides(self) -> None:
        rule = choose_rule(load_packs(), "srdi-sme", DAY)
        firm = {**firm_of("srdi-sme"), "digital-level": "level-1", "niche-years": 4}

        def dear_business(indicator: Indicator, before: Value | None, after: Value) -> float | None:
            if indicator.id == "own-brand":
                return 0.01
            return None if indicator.id == "main-share" else relative_distance(indicator, before, after)

        way = cheapest_way(rule, firm, on=DAY, cost=dear_business)

        assert [(c.indicator, c.after) for c in way.changes] == [("own-brand", True)]
        assert way.cost == 0.01

    def test_what_is_fixed_is_not_touched(self) -> None:
        rule = choose_rule(load_packs(), "srdi-sme", DAY)
        firm = {**firm_of("srdi-sme"), "digital-level": "level-1", "niche-years": 4}

        way = cheapest_way(rule, firm, on=DAY, fixed=["main-share", "own-brand"])

        assert way.reachable
        assert not {"main-share", "own-brand"} & {c.indicator for c in way.changes}

    def test_from_the_second_echelon_to_the_third(self) -> None:
        rule = choose_rule(load_packs(), "little-giant", DAY)
        firm = {**firm_of("little-giant"), "main-share": 0.65, "class-1-count": 1, "governance": False}

        way = cheapest_way(rule, firm, on=DAY)

        # .05 / .7, 1 / 2 and an answer.
        assert {c.indicator: c.after for c in way.changes} == {
            "main-share": 0.7,
            "class-1-count": 2,
            "governance": True,
        }
        assert way.cost == pytest.approx(0.05 / 0.7 + 0.5 + 1)

    def test_years_cannot_be_bought(self) -> None:
        rule = choose_rule(load_packs(), "little-giant", DAY)

        way = cheapest_way(rule, {**firm_of("little-giant"), "niche-years": 2}, on=DAY)

        assert not way.reachable
        assert (way.changes, way.after) == ((), None)
        assert "niche-years" in way.kept

    def test_a_firm_that_is_met_needs_nothing(self) -> None:
        rule = choose_rule(load_packs(), "srdi-sme", DAY)

        way = cheapest_way(rule, firm_of("srdi-sme"), on=DAY)

        assert (way.reachable, way.cost, way.changes) == (True, 0, ())

    def test_the_answer_is_always_the_same(self) -> None:
        rule = choose_rule(load_packs(), "high-tech-enterprise", DAY)
        firm = {**firm_of("high-tech-enterprise"), "ip-advancement": "nothing", "conversions-per-year": 2}

        one, two = (cheapest_way(rule, firm, on=DAY) for _ in range(2))

        assert one == two
        assert one.after is not None
        assert one.after.score.low > 70


@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_the_way_is_met_when_it_is_gone_for_every_rule(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(ENTERPRISE))
    (firm, *_) = data.draw(rows_of((rule,)))
    way = cheapest_way(rule, firm, on=DAY)
    assume(way.reachable)

    assert assess(rule, {**firm, **{c.indicator: c.after for c in way.changes}}, on=DAY).outcome == "met"
    assert not {c.indicator for c in way.changes} & set(way.kept)
