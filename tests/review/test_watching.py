"""Planted reviewers are found with evidence, honest ones are left alone, and little is said from few marks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from tests.review.invented import LIMITS, Invented, Setting, invent

from foretrack.packs.thresholds import load_thresholds
from foretrack.review.scoring.marks import Mark, Marks
from foretrack.review.scoring.watching import Flag, Sheet, adjusted, limits_on, watch


def flags_of(call: Invented) -> tuple[Flag, ...]:
    return watch(
        call.marks, LIMITS, sheets=call.sheets, works_for=call.works_for, applies_for=call.applies_for
    )


@pytest.fixture(scope="module")
def counted() -> tuple[Counter[str], Counter[str], int, int]:
    """Planted signs, those of them found, honest reviewers, those of them flagged; over six calls."""
    planted, found, honest, flagged = Counter[str](), Counter[str](), 0, 0
    for seed in range(3):
        for setting in (
            Setting(submissions=150, reviewers=30, harsh=1, lenient=1, lazy=1, erratic=1, reciprocal=1),
            Setting(submissions=60, reviewers=9, panels=1, harsh=1, lenient=1, lazy=1, league=2),
        ):
            call = invent(setting, seed)
            flags = flags_of(call)
            for reviewer in call.marks.reviewers:
                signs = {flag.sign for flag in flags if reviewer in flag.reviewers}
                expected = call.planted.get(reviewer, frozenset())
                planted.update(expected)
                found.update(expected & signs)
                honest += not expected
                flagged += bool(not expected and signs)
    return planted, found, honest, flagged


def test_planted_reviewers_are_found(counted: tuple[Counter[str], Counter[str], int, int]) -> None:
    planted, found, _, _ = counted
    assert set(planted) == {
        "harsh", "lenient", "flat", "straight lines", "copied comments", "hasty", "erratic", "lifting together",
        "reciprocal",
    }  # fmt: skip
    assert {sign: found[sign] / n for sign, n in planted.items() if found[sign] / n < 0.6} == {}
    assert sum(found.values()) / planted.total() > 0.85


def test_honest_reviewers_are_left_alone(counted: tuple[Counter[str], Counter[str], int, int]) -> None:
    _, _, honest, flagged = counted
    assert honest > 70
    assert flagged / honest < 0.05


def test_a_flag_says_what_it_rests_on() -> None:
    call = invent(Setting(submissions=60, reviewers=9, panels=1, harsh=1, lazy=1, league=2), 3)
    by_sign = {flag.sign: flag for flag in flags_of(call)}
    assert str(by_sign["hasty"].evidence) == "60 of 60 sheets were filled in within 3 minutes"
    assert str(by_sign["harsh"].evidence).endswith("60 marks)")
    league = by_sign["lifting together"]
    assert league.reviewers == ("r000", "r001")
    assert len(set(league.submissions) & call.lifted) >= len(league.submissions) - 1 >= 2
    assert all(0 <= flag.p <= flag.q <= LIMITS.false_share for flag in by_sign.values())


def test_little_is_said_from_few_marks() -> None:
    few = [Mark("a", "x", 90), Mark("a", "y", 20), Mark("b", "x", 95), Mark("b", "y", 10)]
    sheets = [Sheet(m.submission, m.reviewer, (0.5, 0.5), ("same",), 0.1) for m in few]
    assert watch(Marks.of(few), LIMITS, sheets=sheets) == ()
    assert watch(Marks.of([]), LIMITS) == ()


def test_what_everybody_does_is_nobodys_sign() -> None:
    chance = np.random.default_rng(1)
    marks = [Mark(f"s{s:02d}", r, float(chance.normal(60, 10))) for s in range(20) for r in "uvwxyz"]
    hasty = [Sheet(m.submission, m.reviewer, minutes=1.0) for m in marks]
    assert [f for f in watch(Marks.of(marks), LIMITS, sheets=hasty) if f.sign == "hasty"] == []
    one = [replace(s, minutes=1.0 if s.reviewer == "x" else 30.0) for s in hasty]
    assert [f.reviewers for f in watch(Marks.of(marks), LIMITS, sheets=one) if f.sign == "hasty"] == [("x",)]


def test_a_comment_with_another_full_stop_is_the_same_comment() -> None:
    chance = np.random.default_rng(2)
    marks = [Mark(f"s{s:02d}", r, float(chance.normal(60, 10))) for s in range(10) for r in "wxyz"]
    sheets = [
        Sheet(
            m.submission, m.reviewer,
            comments=(
                "Good  plan, sound team" + "." * (i % 2) if m.reviewer == "x" else str(chance.integers(1 << 62)),
            ),
        )
        for i, m in enumerate(marks)
    ]  # fmt: skip
    flags = [f for f in watch(Marks.of(marks), LIMITS, sheets=sheets) if f.sign == "copied comments"]
    assert [(f.reviewers, len(f.submissions)) for f in flags] == [(("x",), 10)]


def test_adjusted_never_falls_below_and_keeps_the_order() -> None:
    p = np.random.default_rng(3).random(50)
    q = adjusted(p.tolist())
    assert (q >= p - 1e-12).all()
    assert (np.diff(q[np.argsort(p)]) >= -1e-12).all()
    assert len(adjusted([])) == 0


def test_the_limits_of_these_tests_are_those_that_come_with_the_program() -> None:
    assert limits_on(load_thresholds(), "2026-03-02") == LIMITS
