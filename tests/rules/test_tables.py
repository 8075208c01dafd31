"""Whole tables are assessed as single rows are."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.edges import DAY, ENTERPRISE, near, whole_edges
from tests.rules.invented import invented, rule_of

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import Indicator, Interval, Overlay, Rule
from foretrack.rules.answers import STANDINGS, brief_of
from foretrack.rules.assessing import assess
from foretrack.rules.choosing import choose_rule, laid_over
from foretrack.rules.tables import TableAnswer, assess_table
from foretrack.rules.truth import Points

with TemporaryDirectory() as _folder:
    BAKERIES = invented(Path(_folder))
HILLS = BAKERIES.overlays[0]
BAKERY_RULES = tuple(BAKERIES.rules)


def value_of(indicator: Indicator, edges: set[float]) -> st.SearchStrategy[Any]:
    """Values of an indicator, most of them at an edge or beside it."""
    if indicator.type == "choice":
        return st.sampled_from([choice.id for choice in indicator.choices])
    beside = [value for edge in sorted(edges) for value in near(indicator, edge)]
    anywhere: st.SearchStrategy[Any] = {
        "number": st.floats(0, min(50, indicator.maximum or 50)),
        "share": st.floats(0, 1),
        "count": st.integers(0, 60),
        "date": st.sampled_from(["2001-02-28", "2024-02-29", DAY]),
    }.get(indicator.type, st.booleans())
    return st.one_of(st.sampled_from(beside), anywhere) if beside else anywhere


def rows_of(rules: tuple[Rule, ...], most: int = 3) -> st.SearchStrategy[list[dict[str, Any]]]:
    known: dict[str, Indicator] = {}
    edges: dict[str, set[float]] = {}
    for rule in rules:
        known |= rule.known_indicators()
        for name, numbers in whole_edges(rule).items():
            edges.setdefault(name, set()).update(numbers)
    row = st.fixed_dictionaries(
        {}, optional={name: value_of(i, edges.get(name, set())) for name, i in known.items()}
    )
    return st.lists(row, min_size=1, max_size=most)


def agree(answer: TableAnswer, row: int, values: dict[str, Any], overlay: Overlay | None) -> None:
    known = answer.rule.known_indicators()
    slow = assess(answer.base, {k: v for k, v in values.items() if k in known}, on=DAY, overlay=overlay)
    assert answer.assessment(row) == slow
    assert answer.brief(row) == brief_of(slow)
    assert answer.standing(row) == slow.outcome
    assert interval(answer.score, row) == slow.score
    assert {name: interval(points, row) for name, points in answer.groups.items()} == {
        group.id: group.points for group in slow.groups
    }
    assert {name: (interval(item.points, row), item.band(row)) for name, item in answer.items.items()} == {
        item.id: (item.points, item.band) for item in slow.items
    }
    assert STANDINGS[answer.gate[row]] == slow.gate.standing
    assert [STANDINGS[codes[row]] for codes in answer.shortcuts] == [r.standing for r in slow.shortcuts]
    assert [STANDINGS[codes[row]] for codes in answer.exclusions] == [r.standing for r in slow.exclusions]


def interval(points: Points, row: int) -> Interval:
    return Interval(points.low[row], points.high[row])


@settings(max_examples=25, deadline=None)
@given(rows=rows_of(ENTERPRISE))
def test_a_table_says_of_each_row_what_assess_says(rows: list[dict[str, Any]]) -> None:
    for answer in assess_table(ENTERPRISE, rows, on=DAY):
        for number, row in enumerate(rows):
            agree(answer, number, row, None)


@pytest.mark.parametrize("overlays", [(), (HILLS,)], ids=["plain", "hills"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_rule_of_every_shape_too_with_its_overlay(
    overlays: tuple[Overlay, ...], data: st.DataObject
) -> None:
    laid = tuple(laid_over(rule, overlays[0]) if overlays else rule for rule in BAKERY_RULES)
    rows = data.draw(rows_of(laid))

    for answer in assess_table(BAKERY_RULES, rows, on=DAY, overlays=overlays):
        for number, row in enumerate(rows):
            agree(answer, number, row, overlays[0] if overlays else None)


@pytest.mark.parametrize(
    ("rule", "name", "value", "expected"),
    [
        ("cn-sme-size-2011/sme", "staff", -5, "a number from 0"),
        ("cn-sme-size-2011/sme", "staff", 12.5, "a whole number"),
        ("cn-sme-size-2011/sme", "staff", "many", "a whole number"),
        ("cn-sme-size-2011/sme", "staff", True, "a whole number"),
        ("cn-sme-size-2011/sme", "revenue", -1, "a number from 0"),
        ("cn-sme-size-2011/sme", "revenue", float("nan"), "a number, with a point for decimals"),
        ("cn-sme-size-2011/sme", "revenue", float("inf"), "a number, with a point for decimals"),
        ("cn-sme-size-2011/sme", "revenue", "1e400", "a number, with a point for decimals"),
        ("cn-sme-size-2011/sme", "revenue", "3,5", "a number, with a point for decimals"),
        ("cn-sme-size-2011/sme", "revenue", "50%", "a number without a percent sign"),
        ("cn-sme-size-2011/sme", "industry", "c", "one of a-agriculture"),
        ("cn-srdi-2022/srdi-sme", "main-share", "400%", "a share from 0 to 1"),
        ("cn-srdi-2022/srdi-sme", "main-share", 70, "a share from 0 to 1"),
        ("cn-srdi-2022/srdi-sme", "net-margin", 120, "a number from -∞ to 100"),
        ("cn-srdi-2022/srdi-sme", "rd-ratio", -0.1, "a number from 0"),
        ("cn-srdi-2022/srdi-sme", "own-brand", "perhaps", "yes or no"),
        ("cn-hte-2016/high-tech-enterprise", "rd-base", 7, "a number from 0 to 6"),
        ("cn-hte-2016/high-tech-enterprise", "founded", "2025-02-30", "an ISO date"),
        (
            "cn-hte-2016/high-tech-enterprise",
            "founded",
            "2025-07-01",
            "a date up to the day of the assessment",
        ),
        ("unicorn-cn/unicorn", "valuation", "$1bn", "a number, with a point for decimals"),
    ],
)
def test_an_impossible_value_gets_a_clear_answer_in_both_ways(
    rule: str, name: str, value: object, expected: str
) -> None:
    chosen = choose_rule(load_packs(), rule, DAY)
    with pytest.raises(InputError) as one:
        assess(chosen, {name: value}, on=DAY)
    (answer,) = assess_table([chosen], [{name: value}, {}], on=DAY)

    assert str(value) in str(one.value)
    assert expected in str(one.value)
    assert {row: str(error) for row, error in answer.rejected.items()} == {0: str(one.value)}
    assert answer.standing(1) == assess(chosen, {}, on=DAY).outcome


@pytest.mark.parametrize(
    "text",
    [
        "7",
        "7.25",
        ".5",
        "5.",
        "0.1",
        "-3",
        "+4",
        "1e3",
        " 8 ",
        "5 %",
        "123456789012345",
        "1234567890123456",
        "²",
        ".",
    ],
)
def test_text_of_a_table_is_understood_as_in_a_single_row(text: str) -> None:
    rule = choose_rule(load_packs(), "srdi-sme", DAY)
    (answer,) = assess_table([rule], [{"rd-ratio": text}], on=DAY)
    try:
        slow = assess(rule, {"rd-ratio": text}, on=DAY).values["rd-ratio"]
    except InputError:
        slow = None

    assert list(answer.rejected) == ([] if slow is not None else [0])
    assert slow is None or answer.columns.numbers["rd-ratio"][0] == slow


class TestRejectedRows:
    RULES = (
        choose_rule(load_packs(), "unicorn", DAY),
        choose_rule(load_packs(), "cn-sme-size-2011/sme", DAY),
    )

    def test_a_value_that_does_not_fit_rejects_its_row_for_the_rules_that_look_at_it(self) -> None:
        rows: list[dict[str, object]] = [{"staff": -5, "valuation": 2e9}, {"staff": 5, "valuation": "much"}]

        unicorn, size = assess_table(self.RULES, rows, on=DAY)

        assert (list(unicorn.rejected), list(size.rejected)) == ([1], [0])
        assert (unicorn.counts()["rejected"], size.counts()["undecided"]) == (1, 1)
        with pytest.raises(InputError, match="staff is -5"):
            size.standing(0)
        with pytest.raises(InputError, match="staff is -5"):
            size.assessment(0)
        with pytest.raises(InputError, match="valuation is 'much'"):
            unicorn.standing(1)

    def test_a_firm_founded_tomorrow_is_rejected_as_assess_does(self) -> None:
        rows = [{"founded": "2025-07-01"}, {"founded": DAY}]

        unicorn, size = assess_table(self.RULES, rows, on=DAY)

        assert list(unicorn.rejected) == [0]
        assert not size.rejected
        with pytest.raises(InputError, match="founded is 2025-07-01, after 2025-06-30"):
            unicorn.assessment(0)

    def test_a_name_that_no_rule_knows_is_an_error(self) -> None:
        with pytest.raises(InputError, match="has no indicator 'stuff'"):
            assess_table(self.RULES, [{"stuff": 5}], on=DAY)

    def test_a_day_before_the_rules_is_an_error(self) -> None:
        with pytest.raises(EvidenceError, match="is not in force on 1999-12-31"):
            assess_table(self.RULES, [], on="1999-12-31")

    def test_indicators_that_mean_another_thing_are_an_error(self, tmp_path: Path) -> None:
        text = """\
id: other
title: {en: Invented}
valid_from: "2020-01-01"
rules:
  - id: other
    label: {en: Invented}
    valid_from: "2020-01-01"
    indicators: [{id: staff, label: {en: Staff}, type: share}]
    gate: {indicator: staff, from: 0.5}
"""
        other = rule_of(invented(tmp_path, text), "other")
        with pytest.raises(InputError, match="'staff' means another thing in other/other"):
            assess_table((*self.RULES, other), [], on=DAY)

    def test_an_empty_table_has_no_rows(self) -> None:
        unicorn, _ = assess_table(self.RULES, [], on=DAY)

        assert unicorn.counts() == {"met": 0, "not met": 0, "undecided": 0, "rejected": 0}


def test_points_with_decimals_are_rounded_as_in_a_single_row() -> None:
    from foretrack.rules.truth import rounded

    values = np.array([0.1 + 0.2, 1 / 3, 2.0, 1e9 + 1 / 7])

    assert rounded(values).tolist() == [round(float(value), 9) for value in values]


def test_shared_indicators_mean_the_same_in_all_rules() -> None:
    """One row of figures serves all rules."""
    assert assess_table(ENTERPRISE, [{}], on=DAY)[0].columns.n_rows == 1
