"""Points, gates, overlays and what-if of an invented rule, worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rules.invented import invented, rule_of

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import Interval, Rule
from foretrack.packs.shapes import Pack
from foretrack.rules.answers import Assessment, to_json
from foretrack.rules.assessing import assess
from foretrack.rules.choosing import choose_overlay, choose_rule
from foretrack.rules.comparing import what_if
from foretrack.rules.values import checked_values

DAY = "2025-06-30"
GOOD: dict[str, object] = {
    "ovens": 3, "years": 5, "opened": "2020-01-01", "sales": 6000, "rye": 0.4, "level": "national", "organic": True,
    "clean": False, "fined": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return invented(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def rule(pack: Pack) -> Rule:
    return rule_of(pack)


def points(answer: Assessment, item: str) -> Interval:
    return next(result.points for result in answer.items if result.id == item)


class TestPoints:
    def test_bands_may_give_an_interval(self, rule: Rule) -> None:
        assert points(assess(rule, {**GOOD, "ovens": 2}, on=DAY), "oven-points") == Interval(4, 6)
        assert points(assess(rule, {**GOOD, "ovens": 3}, on=DAY), "oven-points") == Interval(10, 10)
        assert points(assess(rule, {**GOOD, "ovens": 0}, on=DAY), "oven-points") == Interval(0, 0)

    @pytest.mark.parametrize(
        ("years", "wanted"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (9, 4), (10, 5), (50, 5)]
    )
    def test_a_point_for_every_two_full_years_up_to_five(self, rule: Rule, years: int, wanted: int) -> None:
        assert points(assess(rule, {**GOOD, "years": years}, on=DAY), "year-points") == Interval(
            wanted, wanted
        )

    @pytest.mark.parametrize(
        ("organic", "clean", "wanted"),
        [
            (True, True, Interval(5, 5)),
            (True, False, Interval(3, 3)),
            (False, False, Interval(0, 0)),
            (True, None, Interval(3, 5)),
            (None, None, Interval(0, 5)),
        ],
    )
    def test_a_sum_is_capped(
        self, rule: Rule, organic: bool | None, clean: bool | None, wanted: Interval
    ) -> None:
        assert points(assess(rule, {**GOOD, "organic": organic, "clean": clean}, on=DAY), "care") == wanted

    @pytest.mark.parametrize(
        ("sales", "rye", "wanted"),
        [
            (5000, 0, Interval(10, 10)),
            (0, 0.5, Interval(10, 10)),
            (4999, 0.49, Interval(4, 4)),
            (999, 0.19, Interval(1, 1)),
            (None, 0.5, Interval(10, 10)),  # the first case holds whatever the sales are
            (None, 0.2, Interval(4, 10)),
            (999, None, Interval(1, 10)),
            (None, None, Interval(1, 10)),
        ],
    )
    def test_the_first_case_that_holds_counts(
        self, rule: Rule, sales: float | None, rye: float | None, wanted: Interval
    ) -> None:
        assert points(assess(rule, {**GOOD, "sales": sales, "rye": rye}, on=DAY), "size") == wanted

    def test_a_group_is_capped_at_its_own_maximum(self, rule: Rule) -> None:
        answer = assess(rule, {**GOOD, "years": 50, "clean": True}, on=DAY)

        # 10 + 5 + 5 + 10 = 30, capped at 20.
        assert answer.groups[0].points == Interval(20, 20)


class TestGates:
    @pytest.mark.parametrize(
        ("sales", "rye", "outcome"),
        [
            (10001, 0.1, "met"),
            (10001, 0.09, "not met"),
            (10000, 0.3, "met"),
            (10000, 0.29, "not met"),
            (5000, 0.3, "met"),
            (4999, 0.49, "not met"),
            (4999, 0.5, "met"),
            (None, 0.5, "met"),  # whatever the size, so much rye is enough
            (None, 0.09, "not met"),
            (None, 0.3, "undecided"),
        ],
    )
    def test_the_threshold_depends_on_the_size(
        self, rule: Rule, sales: float | None, rye: float, outcome: str
    ) -> None:
        assert assess(rule, {**GOOD, "sales": sales, "rye": rye}, on=DAY).outcome == outcome

    @pytest.mark.parametrize(
        ("changed", "outcome"),
        [
            ({"opened": "2024-06-30"}, "met"),  # one full year on the day
            ({"opened": "2024-07-01", "organic": False}, "not met"),
            ({"opened": "2024-07-01"}, "met"),  # organic, and a school
            ({"opened": None, "level": "without"}, "undecided"),
            ({"organic": None}, "met"),
        ],
    )
    def test_two_of_three_are_enough(self, rule: Rule, changed: dict[str, object], outcome: str) -> None:
        assert assess(rule, {**GOOD, **changed}, on=DAY).outcome == outcome

    @pytest.mark.parametrize(("opened", "outcome"), [("1990-12-31", "met"), ("1991-01-01", "not met")])
    def test_a_shortcut_by_a_date(self, rule: Rule, opened: str, outcome: str) -> None:
        assert assess(rule, {**GOOD, "rye": 0.01, "opened": opened}, on=DAY).outcome == outcome

    def test_what_stands_in_the_way_names_all_that_is_lacking(self, rule: Rule) -> None:
        answer = assess(rule, {**GOOD, "sales": 4999, "rye": 0.2, "fined": None}, on=DAY)
        gaps = {(gap.place, gap.name): gap for gap in answer.gaps}

        assert gaps["exclusion 1", "fined"].standing == "undecided"
        assert gaps["gate", "rye"].short == Interval(0.3, 0.3)
        assert gaps["gate", "rye"].needs == "≥ 0.5"
        assert gaps["shortcut 1", "opened"].alternative

    def test_a_rule_may_ask_for_another_one(self, pack: Pack) -> None:
        great = rule_of(pack, "great-bakery")

        assert assess(great, {**GOOD, "ovens": 5}, on=DAY).outcome == "met"
        assert assess(great, {**GOOD, "ovens": 4}, on=DAY).outcome == "not met"
        assert assess(great, {**GOOD, "ovens": 5, "fined": True}, on=DAY).outcome == "not met"
        assert assess(great, {"ovens": 5}, on=DAY).outcome == "undecided"
        assert assess(great, {"ovens": 5}, on=DAY).score == Interval(0, 0)

    def test_a_date_after_the_day_of_the_assessment_is_refused(self, rule: Rule) -> None:
        with pytest.raises(InputError, match="opened is 2025-07-01, after 2025-06-30"):
            assess(rule, {**GOOD, "opened": "2025-07-01"}, on=DAY)


class TestOverlays:
    def test_without_one_the_local_points_are_not_known(self, rule: Rule) -> None:
        answer = assess(rule, GOOD, on=DAY)
        local = answer.groups[-1]

        assert (local.needs_overlay, local.points) == (True, Interval(0, 5))
        assert answer.score.high - answer.score.low == 5

    def test_with_one_they_are(self, pack: Pack, rule: Rule) -> None:
        overlay = choose_overlay([pack], "XX-HI", rule, DAY)
        answer = assess(rule, {**GOOD, "view": True}, on=DAY, overlay=overlay)

        assert answer.overlay == "bakeries/hills"
        assert answer.groups[-1].points == Interval(5, 5)
        assert answer.score.decided

    def test_its_own_dates_count(self, pack: Pack, rule: Rule) -> None:
        (overlay,) = pack.overlays

        with pytest.raises(EvidenceError, match="bakeries/hills is not in force on 2024-05-31"):
            assess(rule, GOOD, on="2024-05-31", overlay=overlay)
        with pytest.raises(InputError, match="0 overlays 'hills'"):
            choose_overlay([pack], "hills", rule, "2024-05-31")

    def test_it_does_not_change_the_rule_itself(self, pack: Pack, rule: Rule) -> None:
        with pytest.raises(InputError, match="has no indicator 'view'"):
            assess(rule, {"view": True}, on=DAY)

    def test_of_another_rule_is_refused(self, pack: Pack) -> None:
        other = choose_rule(load_packs(), "gazelle", DAY)
        with pytest.raises(InputError, match="belongs to bakeries/good-bakery"):
            assess(other, {}, on=DAY, overlay=pack.overlays[0])

    def test_holds_for_a_rule_that_names_its_rule(self, pack: Pack) -> None:
        great = rule_of(pack, "great-bakery")
        (overlay,) = pack.overlays

        assert choose_overlay([pack], "hills", great, DAY) == overlay
        plain, laid = assess(great, {}, on=DAY), assess(great, {}, on=DAY, overlay=overlay)
        assert (plain.overlay, laid.overlay) == (None, "bakeries/hills")
        assert "view" in laid.missing
        assert "view" not in plain.missing

    def test_of_a_user_may_lie_in_another_pack(self, pack: Pack, tmp_path: Path) -> None:
        invented(tmp_path / "packs" / "bakeries")
        text = """\
id: valleys
title: {en: The invented valleys}
valid_from: "2024-01-01"
overlays:
  - id: valley
    label: {en: Valley}
    of: bakeries/good-bakery
    jurisdiction: XX-VA
    valid_from: "2024-01-01"
    groups:
      - id: craft
        label: {en: Craft}
        items: [{id: year-points, label: {en: Years}, maximum: 6, indicator: years, per: {every: 1, points: 1}}]
"""
        (tmp_path / "packs" / "valleys").mkdir()
        (tmp_path / "packs" / "valleys" / "pack.yml").write_text(text, encoding="utf-8")

        packs = load_packs([tmp_path / "packs"])
        rule = choose_rule(packs, "good-bakery", DAY)
        answer = assess(rule, GOOD, on=DAY, overlay=choose_overlay(packs, "valley", rule, DAY))

        assert points(answer, "year-points") == Interval(5, 5)
        assert points(assess(rule, GOOD, on=DAY), "year-points") == Interval(2, 2)


class TestWhatIf:
    def test_says_what_changes_and_by_how_much(self, rule: Rule) -> None:
        answer = what_if(rule, {**GOOD, "rye": 0.2}, {"rye": "30%"}, on=DAY)

        assert answer.outcome_changes
        assert (answer.before.outcome, answer.after.outcome) == ("not met", "met")
        assert [(c.indicator, c.before, c.after) for c in answer.values] == [("rye", 0.2, 0.3)]
        assert answer.items == ()
        assert (answer.score_low, answer.score_high) == (0, 0)

    def test_a_value_may_be_taken_away(self, rule: Rule) -> None:
        answer = what_if(rule, GOOD, {"level": None}, on=DAY)

        assert [(c.item, c.before, c.after) for c in answer.items] == [
            ("level-points", Interval(10, 10), Interval(2, 10))
        ]
        assert (answer.score_low, answer.score_high) == (-8, 0)


class TestValues:
    @pytest.mark.parametrize(
        ("name", "value", "wanted"),
        [
            ("rye", "12.5 %", 0.125),
            ("rye", "3.3%", 0.033),
            ("rye", 0.3, 0.3),
            ("ovens", "4", 4),
            ("ovens", 4.0, 4),
            ("sales", "1234.5", 1234.5),
            ("organic", "YES", True),
            ("organic", "否", False),
            ("clean", "true", True),
            ("level", "National", "national"),
            ("opened", "2024-02-29", "2024-02-29"),
        ],
    )
    def test_text_is_understood_by_the_type(
        self, rule: Rule, name: str, value: object, wanted: object
    ) -> None:
        found = checked_values(rule, {name: value})

        assert found == {name: wanted}
        assert type(found[name]) is type(wanted)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("rye", 70), ("rye", "101%"), ("rye", -0.1), ("rye", "a lot"), ("rye", float("nan")), ("rye", True),
            ("ovens", 2.5), ("ovens", -1), ("ovens", "2%"), ("ovens", "1,000"), ("sales", "5%"), ("sales", 1e99),
            ("sales", -1), ("organic", "perhaps"), ("organic", 2), ("level", "regional"), ("opened", "2023-02-29"),
            ("opened", "yesterday"), ("opened", 2023),
        ],
    )  # fmt: skip
    def test_what_does_not_fit_is_refused_with_its_name(self, rule: Rule, name: str, value: object) -> None:
        with pytest.raises(InputError, match=f"{name} is "):
            checked_values(rule, {name: value})

    def test_an_unknown_indicator_names_near_ones(self, rule: Rule) -> None:
        with pytest.raises(InputError, match=r"has no indicator 'oven'.*ovens"):
            checked_values(rule, {"oven": 3})

    def test_what_is_empty_was_not_given(self, rule: Rule) -> None:
        assert checked_values(rule, {"ovens": None, "level": " ", "organic": ""}) == {}


def test_an_answer_is_json(rule: Rule) -> None:
    import json

    text = json.dumps(to_json(assess(rule, {**GOOD, "ovens": None}, on=DAY)), allow_nan=False)

    assert json.loads(text)["score"] == {"low": 25, "high": 35}
