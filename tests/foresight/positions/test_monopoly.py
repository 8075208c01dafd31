"""The monopoly rule at and on both sides of every boundary, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foretrack.domains.foresight.positions.monopoly import judge, level_shares
from foretrack.domains.foresight.positions.shares import bootstrap_totals, collapse
from foretrack.packs.positions import load_position_rules

RULE = next(r for r in load_position_rules().monopoly if r.id == "aspi-technology-monopoly")
LEVELS = ("high", "medium", "low")


def level(lead: float, second: float, in_lead: int, of: int = 10) -> str:
    """Lead country 0 and second country 1, `in_lead` of the first `of` institutions in country 0, a small one in 1."""
    institutions = [5.0] * of + [1.0]
    home = [0] * in_lead + [1] * (of - in_lead) + [1]
    found = judge(np.array([[lead, second]]), np.array([institutions]), np.array(home), RULE)
    return LEVELS[found.level[0]]


@pytest.mark.parametrize(
    ("lead", "second", "in_lead", "expected"),
    [
        (30.0, 10.0, 8, "high"),  # both exactly
        (30.0, 10.0, 10, "high"),
        (99.0, 10.0, 8, "high"),
        (29.99, 10.0, 8, "medium"),  # ratio just missed
        (30.0, 10.0, 7, "medium"),  # one institution too few
        (30.0, 10.0, 5, "medium"),
        (20.0, 10.0, 5, "medium"),  # both exactly
        (20.0, 10.0, 10, "medium"),
        (19.99, 10.0, 10, "low"),  # ratio just missed, whatever the institutions
        (20.0, 10.0, 4, "low"),  # one institution too few
        (99.0, 10.0, 4, "low"),
        (99.0, 10.0, 0, "low"),
        (10.0, 10.0, 10, "low"),  # no lead at all
    ],
)
def test_both_tests_of_a_level_must_hold(lead: float, second: float, in_lead: int, expected: str) -> None:
    assert level(lead, second, in_lead) == expected


def test_the_rule_of_the_pack_is_the_published_one() -> None:
    assert [(x.id, x.institutions, x.lead) for x in RULE.levels] == [("high", 8, 3), ("medium", 5, 2)]
    assert RULE.first == 10


def test_three_thirds_are_three_times_one() -> None:
    assert level(0.1 + 0.2 + 0.6, 0.3, 8) == "high"


def test_without_a_second_country_the_lead_is_boundless() -> None:
    found = judge(np.array([[4.0, 0.0]]), np.ones((1, 10)), np.zeros(10, int), RULE)

    assert (LEVELS[found.level[0]], found.ratio[0]) == ("high", np.inf)


def test_a_tie_at_the_tenth_place_is_shared() -> None:
    # Nine are certain, six of them at home; four tie for the tenth place, one of them at home: 6 + 1/4.
    institutions = np.array([[9.0] * 9 + [5.0] * 4])
    home = np.array([0] * 6 + [1] * 3 + [0, 1, 1, 1])

    assert judge(np.array([[30.0, 10.0]]), institutions, home, RULE).in_lead.tolist() == [6.25]


def test_an_institution_with_nothing_is_none_of_the_first() -> None:
    institutions = np.array([[3.0, 2.0, 1.0] + [0.0] * 9])

    found = judge(np.array([[6.0, 0.0]]), institutions, np.zeros(12, int), RULE)

    assert found.in_lead.tolist() == [3.0]


def test_probabilities_come_from_the_draws_and_are_the_same_again() -> None:
    from scipy.sparse import csr_array

    # 60 documents: 40 of country 0, 18 of country 1; ten institutions, eight in country 0.
    documents = np.zeros((60, 12))
    for i in range(60):
        country = int(i >= 42)
        documents[i, country] = 1
        documents[i, 2 + (i % 8 if country == 0 else 8 + i % 2)] = 1
    rows = csr_array(documents)
    home = np.array([0] * 8 + [1] * 2)

    def shares(seed: int) -> list[float]:
        blocks = bootstrap_totals(rows, np.random.Generator(np.random.PCG64(seed)), draws=2000)
        return level_shares([judge(b[:, :2], b[:, 2:], home, RULE).level for b in blocks], 2)

    first = shares(3)
    assert first == shares(3)
    assert sum(first) == pytest.approx(1)
    # 42 against 18 documents is 2.33 times: medium; 3 times needs 45, about one standard deviation (3.55) away.
    assert first[0] == pytest.approx(0.24, abs=0.05)
    assert first[1] > 0.5


def test_documents_with_equal_rows_are_drawn_as_one_and_add_up() -> None:
    from scipy.sparse import csr_array

    rows = csr_array(np.array([[1.0, 0], [1, 0], [0, 0.5], [1, 0], [0, 0]]))
    different, times = collapse(rows)
    drawn = np.concatenate(bootstrap_totals(rows, np.random.default_rng(0), draws=4000, at_once=999))

    assert sorted(times.tolist()) == [1, 1, 3]
    assert different.shape == (3, 2)
    assert drawn.shape == (4000, 2)
    # Means of the bootstrap are the sums; the variance of a count of 3 in 5 is 5 * .6 * .4 = 1.2.
    assert drawn.mean(axis=0) == pytest.approx([3, 0.5], abs=0.06)
    assert drawn[:, 0].var() == pytest.approx(1.2, abs=0.1)
