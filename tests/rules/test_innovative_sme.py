"""The first echelon of 2022: every band at its boundary and on both sides of it, worked by hand. Firms are invented."""

from __future__ import annotations

from typing import ClassVar

import pytest

from foretrack.foundation.errors import EvidenceError
from foretrack.packs.loading import load_packs
from foretrack.packs.rule_shapes import Interval
from foretrack.rules.answers import Assessment
from foretrack.rules.assessing import assess
from foretrack.rules.choosing import choose_rule

DAY = "2025-06-30"
RULE = choose_rule(load_packs(), "innovative-sme", DAY)

CLEAN = {
    "registered-in-china": True, "industry": "c-manufacturing", "staff": 120, "revenue": 30_000_000, "assets": 50_000_000,
    "listed": False, "prohibited-products": False, "major-violation": False,
}  # fmt: skip
NO_SHORTCUT = {
    "st-award": "no-award",
    "valid-title": False,
    "rd-institution": "no-institution",
    "new-equity": 0,
}
# 15 + 15 + 15 + 10 + 5 + 15 = 75 points: innovation 30, growth 25, specialisation 20.
SOUND = {
    **CLEAN, **NO_SHORTCUT, "ip-class": "class-1-own", "rd-ratio": 4, "revenue-growth": 12, "debt-ratio": 50,
    "product-field": "other", "main-share": 0.65,
}  # fmt: skip
# All 100 points.
FULL = {
    "ip_class": "class-1-high-value", "rd_ratio": 9, "revenue_growth": 20, "main_share": 0.8,
    "product_field": "strategic-emerging",
}  # fmt: skip


def answer(**changed: object) -> Assessment:
    return assess(RULE, {**SOUND, **{k.replace("_", "-"): v for k, v in changed.items()}}, on=DAY)


def points(item: str, **changed: object) -> float:
    (found,) = (result for result in answer(**changed).items if result.id == item)
    assert found.points.decided
    return found.points.low


@pytest.mark.parametrize(
    ("given", "item", "value", "wanted"),
    [
        ("ip_class", "ip-points", "class-1-high-value", 20),
        ("ip_class", "ip-points", "class-1-own", 15),
        ("ip_class", "ip-points", "class-1", 10),
        ("ip_class", "ip-points", "class-2", 5),
        ("ip_class", "ip-points", "no-ip", 0),
        ("rd_ratio", "rd-points", 0, 0),
        ("rd_ratio", "rd-points", 0.99, 0),
        ("rd_ratio", "rd-points", 1, 5),
        ("rd_ratio", "rd-points", 1.99, 5),
        ("rd_ratio", "rd-points", 2, 10),
        ("rd_ratio", "rd-points", 2.99, 10),
        ("rd_ratio", "rd-points", 3, 15),
        ("rd_ratio", "rd-points", 4.99, 15),
        ("rd_ratio", "rd-points", 5, 20),
        ("rd_ratio", "rd-points", 250, 20),  # a firm may spend more than it earns
        ("revenue_growth", "growth-points", -100, 0),
        ("revenue_growth", "growth-points", -0.01, 0),
        ("revenue_growth", "growth-points", 0, 5),
        ("revenue_growth", "growth-points", 4.99, 5),
        ("revenue_growth", "growth-points", 5, 10),
        ("revenue_growth", "growth-points", 9.99, 10),
        ("revenue_growth", "growth-points", 10, 15),
        ("revenue_growth", "growth-points", 14.99, 15),
        ("revenue_growth", "growth-points", 15, 20),
        ("debt_ratio", "debt-points", 0, 10),
        ("debt_ratio", "debt-points", 54.99, 10),
        ("debt_ratio", "debt-points", 55, 5),
        ("debt_ratio", "debt-points", 75, 5),
        ("debt_ratio", "debt-points", 75.01, 0),
        ("debt_ratio", "debt-points", 130, 0),
        ("product_field", "field-points", "strategic-emerging", 10),
        ("product_field", "field-points", "other", 5),
        ("main_share", "share-points", 0, 0),
        ("main_share", "share-points", 0.4999, 0),
        ("main_share", "share-points", 0.5, 5),
        ("main_share", "share-points", 0.5499, 5),
        ("main_share", "share-points", 0.55, 10),
        ("main_share", "share-points", "55%", 10),
        ("main_share", "share-points", 0.5999, 10),
        ("main_share", "share-points", 0.6, 15),
        ("main_share", "share-points", 0.6999, 15),
        ("main_share", "share-points", "70 %", 20),
        ("main_share", "share-points", 1, 20),
    ],
)
def test_points_of_a_value(given: str, item: str, value: object, wanted: float) -> None:
    assert points(item, **{given: value}) == wanted


def test_a_sound_firm_has_75_points_and_is_met() -> None:
    found = answer()

    assert found.outcome == "met"
    assert found.score == Interval(75, 75)
    assert [(g.id, g.points.low) for g in found.groups] == [
        ("innovation", 30),
        ("growth", 25),
        ("specialisation", 20),
    ]
    assert found.gaps == ()
    assert found.missing == ()


class TestTheGate:
    def test_sixty_points_are_enough(self) -> None:
        # 15 + 5, 5 + 10, 10 + 15: innovation 20, growth 15, specialisation 25: each sub-gate at its boundary or above.
        found = answer(rd_ratio=1, revenue_growth=0, product_field="strategic-emerging")

        assert (found.score, found.outcome) == (Interval(60, 60), "met")

    def test_fifty_five_are_not(self) -> None:
        found = answer(rd_ratio=1, revenue_growth=0)

        assert (found.score, found.outcome) == (Interval(55, 55), "not met")
        assert [(gap.name, gap.needs, gap.short) for gap in found.gaps if gap.place == "gate"] == [
            ("total", "≥ 60", Interval(5, 5))
        ]

    @pytest.mark.parametrize(
        ("changed", "group", "has"),
        [
            # 15 + 0 of innovation, all else full: 75 points.
            ({**FULL, "ip_class": "class-1-own", "rd_ratio": 0.5}, "innovation", 15),
            # 0 + 10 of growth: 80 points.
            ({**FULL, "revenue_growth": -3}, "growth", 10),
            # 5 + 5 of specialisation: 80 points.
            ({**FULL, "product_field": "other", "main_share": 0.5}, "specialisation", 10),
        ],
    )
    def test_each_group_must_reach_its_own_threshold(
        self, changed: dict[str, object], group: str, has: float
    ) -> None:
        found = answer(**changed)

        assert found.score.low >= 60
        assert found.outcome == "not met"
        assert [(gap.name, gap.has) for gap in found.gaps if gap.place == "gate"] == [
            (group, Interval(has, has))
        ]

    def test_a_group_exactly_at_its_threshold_is_enough(self) -> None:
        # Innovation 20 (10 + 10), growth 15 (5 + 10), specialisation 15 (10 + 5): met but for the total of 50.
        found = answer(
            ip_class="class-1",
            rd_ratio=2,
            revenue_growth=0,
            main_share=0.5,
            product_field="strategic-emerging",
        )

        assert [gap.name for gap in found.gaps if gap.place == "gate"] == ["total"]


class TestShortcuts:
    POOR: ClassVar[dict[str, object]] = {
        "ip_class": "no-ip", "rd_ratio": 0, "revenue_growth": -5, "debt_ratio": 90, "main_share": 0.1,
    }  # fmt: skip

    @pytest.mark.parametrize(
        ("shortcut", "value", "outcome"),
        [
            ("st_award", "national-top-3", "met"),
            ("st_award", "national-top-5", "met"),
            ("st_award", "provincial-top-3", "met"),
            ("st_award", "other-award", "met"),
            ("st_award", "no-award", "not met"),
            ("valid_title", True, "met"),
            ("valid_title", False, "not met"),
            ("rd_institution", "national", "met"),
            ("rd_institution", "provincial", "met"),
            ("rd_institution", "city", "not met"),
            ("rd_institution", "no-institution", "not met"),
        ],
    )
    def test_one_is_enough(self, shortcut: str, value: object, outcome: str) -> None:
        assert answer(**self.POOR, **{shortcut: value}).outcome == outcome

    @pytest.mark.parametrize(
        ("equity", "outcome"), [(4_999_999, "not met"), (5_000_000, "met"), (5_000_001, "met")]
    )
    def test_new_equity_from_five_million(self, equity: int, outcome: str) -> None:
        assert answer(**self.POOR, new_equity=equity).outcome == outcome

    def test_none_helps_an_excluded_firm(self) -> None:
        for exclusion, value in (
            ("listed", True),
            ("prohibited_products", True),
            ("major_violation", True),
            ("registered_in_china", False),
            ("staff", 1000),  # with the revenue of a large enterprise, below
        ):
            found = answer(valid_title=True, **{"revenue": 400_000_000, exclusion: value})

            assert found.outcome == "not met"
            assert [gap.place.split()[0] for gap in found.gaps] == ["exclusion"]


class TestWhatIsNotGiven:
    def test_is_never_zero(self) -> None:
        found = assess(RULE, {}, on=DAY)

        # The least: 0 + 0 + 0 + 0 + 5 + 0, since another field gives five points too.
        assert found.score == Interval(5, 100)
        assert found.outcome == "undecided"
        assert set(found.missing) == set(RULE.known_indicators())

    def test_is_undecided_where_it_matters(self) -> None:
        assert answer(main_share=None, revenue_growth=None).outcome == "undecided"

    def test_does_not_matter_where_the_rest_decides(self) -> None:
        # Without the IP class: 0 to 20 + 15 of innovation; 25 + 20 beside it: the total is at least 60 only from 15 on.
        assert answer(ip_class=None, rd_ratio=5, main_share=0.7).outcome == "met"
        assert answer(ip_class=None, rd_ratio=0, main_share=0.1, revenue_growth=-1).outcome == "not met"

    def test_an_exclusion_that_nobody_has_looked_at_leaves_it_undecided(self) -> None:
        found = answer(listed=None)

        assert found.outcome == "undecided"
        assert [(gap.name, gap.standing) for gap in found.gaps] == [("listed", "undecided")]


class TestVintages:
    @pytest.mark.parametrize(
        ("day", "in_force"),
        [("2022-07-31", False), ("2022-08-01", True), ("2026-01-16", True), ("2026-01-17", False)],
    )
    def test_it_is_in_force_for_its_days_only(self, day: str, in_force: bool) -> None:
        if in_force:
            assert assess(RULE, SOUND, on=day).outcome == "met"
            assert choose_rule(load_packs(), "innovative-sme", day) == RULE
        else:
            with pytest.raises(EvidenceError):
                assess(RULE, SOUND, on=day)
            with pytest.raises(EvidenceError):
                choose_rule(load_packs(), "cn-srdi-2022/innovative-sme", day)

    def test_the_measure_of_2026_decides_nothing(self) -> None:
        (following,) = (r for p in load_packs() for r in p.rules if r.full_id == RULE.superseded_by)

        with pytest.raises(EvidenceError, match="is an empty template: its thresholds are not known"):
            choose_rule(load_packs(), "innovative-sme", "2026-01-17")
        with pytest.raises(EvidenceError, match="is an empty template: its thresholds are not known"):
            assess(following, SOUND, on="2026-01-17")
        with pytest.raises(EvidenceError, match="cn-srdi-2026/innovative-sme follows it"):
            choose_rule(load_packs(), "cn-srdi-2022/innovative-sme", "2026-01-17")

    def test_the_answer_says_that_it_was_superseded(self) -> None:
        found = answer()

        assert found.superseded_by == "cn-srdi-2026/innovative-sme"
        assert "2026-01-17" in found.note.en

    def test_every_number_carries_its_source_and_mark(self) -> None:
        found = answer()

        assert all(item.source and item.confidence for item in found.items)
        assert all(used.source and used.confidence for item in found.items for used in item.used)
        tests = [result for result in (*found.shortcuts, *found.exclusions) if result.what == "indicator"]
        assert len(tests) == 8
        assert all(result.confidence for result in tests)
        assert found.confidence == "K"  # the weakest: the size gate is known, not read


def test_next_steps_name_the_nearest_better_band() -> None:
    steps = {step.item: (step.next, step.gain) for step in answer(debt_ratio=80).steps}

    assert steps == {
        "ip-points": ("class-1-high-value", Interval(5, 5)),
        "rd-points": ("≥ 5", Interval(5, 5)),
        "growth-points": ("≥ 15", Interval(5, 5)),
        "debt-points": ("[55, 75]", Interval(5, 5)),
        "field-points": ("strategic-emerging", Interval(5, 5)),
        "share-points": ("≥ 0.7", Interval(5, 5)),
    }
