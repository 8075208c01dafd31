"""Every band, gate, shortcut and exclusion at its edge and on both sides of it, worked by hand in `examples/`.

Firms are invented. Expected answers were written from the measures, not computed from the packs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.rules.edges import DAY, ENTERPRISE, conditions_of, edges_of, near

from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import (
    MEASURED,
    WHOLE,
    Indicator,
    Interval,
    Rule,
    RuleTest,
    ScoreTest,
    Test,
    leaves_of,
)
from foretrack.rules.answers import Assessment
from foretrack.rules.assessing import assess
from foretrack.rules.choosing import choose_rule

FILES = sorted((Path(__file__).parent / "examples").glob("*.yml"))
EXAMPLES: list[dict[str, Any]] = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES]
RULES = {example["rule"]: choose_rule(load_packs(), example["rule"], DAY) for example in EXAMPLES}


def answer(example: dict[str, Any], line: dict[str, Any], **changed: object) -> Assessment:
    """The answer for the firm of a file, with what a line changes."""
    firm = {**example["firm"], **example.get("also", {}).get(line.get("also"), {}), **line.get("with", {})}
    return assess(RULES[example["rule"]], {**firm, **changed}, on=DAY)


def points(value: object) -> Interval:
    return Interval(*value) if isinstance(value, list) else Interval(value, value)  # type: ignore[arg-type]


def place(indicator: Indicator, value: Any) -> float:
    """A value as a number on its line."""
    return date.fromisoformat(value).toordinal() if indicator.type == "date" else value


def lines(part: str) -> list[Any]:
    found = []
    for example in EXAMPLES:
        for line in example.get(part, ()):
            said = f"{example['rule'].split('/')[1]} {line.get('item', line.get('score', ''))} {line.get('of', '')}"
            found.append(pytest.param(example, line, id=said))
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["rule"])
def test_the_firm_itself_is_met_and_has_given_everything(example: dict[str, Any]) -> None:
    found = answer(example, {})

    assert (found.outcome, found.missing) == ("met", ())


@pytest.mark.parametrize(("example", "line"), lines("points"))
def test_points(example: dict[str, Any], line: dict[str, Any]) -> None:
    found = {}
    for value in line["are"]:
        (item,) = (i for i in answer(example, line, **{line["of"]: value}).items if i.id == line["item"])
        found[value] = item.points

    assert found == {value: points(wanted) for value, wanted in line["are"].items()}


@pytest.mark.parametrize(("example", "line"), lines("outcomes"))
def test_outcomes(example: dict[str, Any], line: dict[str, Any]) -> None:
    assert {value: answer(example, line, **{line["of"]: value}).outcome for value in line["are"]} == line[
        "are"
    ]
    assert len(set(line["are"].values())) == 2  # the value decides


@pytest.mark.parametrize(("example", "line"), lines("scores"))
def test_scores(example: dict[str, Any], line: dict[str, Any]) -> None:
    found = answer(example, line)
    scores = {"total": found.score, **{group.id: group.points for group in found.groups}}

    assert (scores[line["score"]], found.outcome) == (points(line["is"]), line["outcome"])


class TestNothingIsLeftOut:
    def test_every_rule_that_decides_has_a_file(self) -> None:
        decided_by_sizes = {rule.full_id for rule in ENTERPRISE if rule.pack == "cn-sme-size-2011"}

        assert {rule.full_id for rule in ENTERPRISE} - decided_by_sizes == set(RULES)

    @pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["rule"])
    def test_every_edge_and_both_sides_of_it(self, example: dict[str, Any]) -> None:
        rule = RULES[example["rule"]]
        known = rule.known_indicators()
        tried: dict[str, list[Any]] = {}
        for line in (*example.get("points", ()), *example.get("outcomes", ())):
            tried.setdefault(line["of"], []).extend(line["are"])
        lost = []
        for name, edges in edges_of(rule).items():
            values = [place(known[name], value) for value in tried.get(name, [])]
            for edge in edges:
                at = place(known[name], near(known[name], edge)[1]) if known[name].type == "date" else edge
                close = 1 if known[name].type in WHOLE else max(abs(edge), 1) / 50
                low, high = known[name].minimum, known[name].maximum
                if at not in values:
                    lost.append((name, edge, "at"))
                if edge != low and not any(at - close <= value < at for value in values):
                    lost.append((name, edge, "below"))
                if edge != high and not any(at < value <= at + close for value in values):
                    lost.append((name, edge, "above"))

        assert lost == []

    @pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["rule"])
    def test_every_choice_and_answer(self, example: dict[str, Any]) -> None:
        rule = RULES[example["rule"]]
        known = rule.known_indicators()
        places = {("points", item.indicator) for group in rule.groups for item in group.items}
        places |= {
            ("outcomes", test.indicator)
            for c in rule.conditions()
            for test in leaves_of(c)
            if isinstance(test, Test)
        }
        lost = []
        for part, name in places:
            if name is None or known[name].type in MEASURED:
                continue
            every: set[object] = {choice.id for choice in known[name].choices} or {True, False}
            tried = {value for line in example.get(part, ()) if line["of"] == name for value in line["are"]}
            lost += [(part, name, value) for value in every - tried]

        assert lost == []

    @pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["rule"])
    def test_every_score_and_every_rule_that_is_asked(self, example: dict[str, Any]) -> None:
        rule = RULES[example["rule"]]
        for condition in conditions_of(rule):
            for leaf in leaves_of(condition):
                if isinstance(leaf, ScoreTest):
                    assert leaf.ends.low is not None
                    said = [line for line in example["scores"] if line["score"] == leaf.score]
                    least = {points(line["is"]).low: line["outcome"] for line in said}
                    assert leaf.ends.low in least, leaf
                    assert any(low < leaf.ends.low and outcome != "met" for low, outcome in least.items()), (
                        leaf
                    )
                    assert any(low > leaf.ends.low and outcome == "met" for low, outcome in least.items()), (
                        leaf
                    )
                if isinstance(leaf, RuleTest):
                    name = rule.others[leaf.rule].full_id
                    assert any(line.get("names") == name for line in example["outcomes"]), leaf


def rule_met(rule: Rule, firm: Mapping[str, object]) -> str:
    return assess(rule, firm, on=DAY).outcome


class TestSizes:
    """Staff in people, money in 10,000 yuan: below the first number micro, then small, medium; from the last on large."""

    LIMITS: dict[str, dict[str, tuple[int, int, int]]] = {  # noqa: RUF012
        "a-agriculture": {"revenue": (50, 500, 20_000)},
        "b-mining": {"staff": (20, 300, 1_000), "revenue": (300, 2_000, 40_000)},
        "c-manufacturing": {"staff": (20, 300, 1_000), "revenue": (300, 2_000, 40_000)},
        "d-utilities": {"staff": (20, 300, 1_000), "revenue": (300, 2_000, 40_000)},
        "e-construction": {"revenue": (300, 6_000, 80_000), "assets": (300, 5_000, 80_000)},
        "f-wholesale": {"staff": (5, 20, 200), "revenue": (1_000, 5_000, 40_000)},
        "f-retail": {"staff": (10, 50, 300), "revenue": (100, 500, 20_000)},
        "g-transport": {"staff": (20, 300, 1_000), "revenue": (200, 3_000, 30_000)},
        "g-storage": {"staff": (20, 100, 200), "revenue": (100, 1_000, 30_000)},
        "g-post": {"staff": (20, 300, 1_000), "revenue": (100, 2_000, 30_000)},
        "h-lodging": {"staff": (10, 100, 300), "revenue": (100, 2_000, 10_000)},
        "h-catering": {"staff": (10, 100, 300), "revenue": (100, 2_000, 10_000)},
        "i-information-transmission": {"staff": (10, 100, 2_000), "revenue": (100, 1_000, 100_000)},
        "i-software": {"staff": (10, 100, 300), "revenue": (50, 1_000, 10_000)},
        "k-property-development": {"revenue": (100, 1_000, 200_000), "assets": (2_000, 5_000, 10_000)},
        "k-property-management": {"staff": (100, 300, 1_000), "revenue": (500, 1_000, 5_000)},
        "l-leasing-business-services": {"staff": (10, 100, 300), "assets": (100, 8_000, 120_000)},
        "other": {"staff": (10, 100, 300)},
    }
    SIZES = ("micro", "small", "medium", "large")
    NAMES = {  # noqa: RUF012
        name: choose_rule(load_packs(), f"cn-sme-size-2011/{name}", DAY)
        for name in (*SIZES, "sme", "micro-or-small")
    }
    ENORMOUS = {"staff": 10**6, "revenue": 10**13, "assets": 10**13}  # noqa: RUF012

    @pytest.mark.parametrize("industry", LIMITS)
    def test_at_each_limit_and_on_both_sides_of_it(self, industry: str) -> None:
        for name, limits in self.LIMITS[industry].items():
            for place, limit in enumerate(limits):
                at = limit if name == "staff" else limit * 10_000
                for value, size in ((at - 1, place), (at, place + 1), (at + 1, place + 1)):
                    firm = {"industry": industry, **self.ENORMOUS, name: value}
                    found = {rule: rule_met(self.NAMES[rule], firm) for rule in self.NAMES}
                    met = {
                        self.SIZES[size],
                        *(("sme",) if size < 3 else ()),
                        *(("micro-or-small",) if size < 2 else ()),
                    }
                    assert found == {rule: "met" if rule in met else "not met" for rule in self.NAMES}, (
                        name,
                        value,
                    )

    def test_no_limit_of_the_pack_is_left_out(self) -> None:
        (industry,) = (i for i in self.NAMES["sme"].indicators if i.id == "industry")
        assert {choice.id for choice in industry.choices} == set(self.LIMITS)
        for place, name in enumerate(("micro", "micro-or-small", "sme")):
            found = set()
            gate = self.NAMES[name].gate
            assert gate is not None
            for line in gate.parts:  # type: ignore[union-attr]
                industries = next(
                    leaf.values for leaf in leaves_of(line) if isinstance(leaf, Test) and leaf.values
                )
                for leaf in leaves_of(line):
                    if isinstance(leaf, Test) and leaf.ends is not None:
                        found |= {(str(one), leaf.indicator, leaf.ends.high) for one in industries}
            assert found == {
                (one, figure, limits[place] * (1 if figure == "staff" else 10_000))
                for one, figures in self.LIMITS.items()
                for figure, limits in figures.items()
            }

    def test_what_is_not_given_leaves_it_undecided_unless_the_rest_decides(self) -> None:
        sme = self.NAMES["sme"]

        assert (
            rule_met(sme, {"staff": 50, "revenue": 10**7}) == "undecided"
        )  # property development asks for assets
        assert rule_met(sme, {"industry": "c-manufacturing", "revenue": 10**12}) == "undecided"
        assert rule_met(sme, {"industry": "c-manufacturing", "staff": 999}) == "met"
        # It would be met in every industry, but each line is judged on its own: weaker, never wrong.
        assert rule_met(sme, {"staff": 1, "revenue": 1, "assets": 1}) == "undecided"
        assert rule_met(sme, self.ENORMOUS) == "not met"
