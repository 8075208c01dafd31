"""Five ways from marks to a ranking, each against numbers worked by hand, and what they say of ties and holes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from foretrack.foundation.errors import InputError
from foretrack.review.scoring.aggregating import WAYS, aggregate
from foretrack.review.scoring.marks import Mark, Marks

TABLE = [
    Mark("a", "x", 90), Mark("a", "y", 60), Mark("a", "z", 75), Mark("b", "x", 80), Mark("b", "y", 70),
    Mark("c", "z", 75),
]  # fmt: skip


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("mean", [75, 75, 75]),
        ("median", [75, 75, 75]),
        ("trimmed mean", [75, 75, 75]),
        ("rank mean", [(1 + 0 + 0.5) / 3, (0 + 1) / 2, 0.5]),
        ("normalised", [75, 75, None]),  # x and y cancel; z has no spread, so that c stands on nothing
    ],
)
def test_each_way_by_hand(way: str, expected: list[float | None]) -> None:
    by_name = {ranked.submission: ranked for ranked in aggregate(Marks.of(TABLE), way)}
    found = [by_name[name].value for name in "abc"]
    assert found == pytest.approx(expected) if None not in expected else found == expected


def test_who_ties_shares_a_place_and_who_has_no_mark_has_none() -> None:
    ranked = aggregate(Marks.of([*TABLE, Mark("d", "x", 10)], submissions=["e"]), "mean")
    assert [(r.submission, r.rank, r.tied, r.n) for r in ranked] == [
        ("a", 1, ("b", "c"), 3), ("b", 1, ("a", "c"), 2), ("c", 1, ("a", "b"), 1), ("d", 4, (), 1), ("e", None, (), 0),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
def test_the_order_of_the_sheets_changes_no_ranking(seed: int) -> None:
    chance = np.random.default_rng(seed)
    pairs = chance.choice(30, chance.integers(0, 21), replace=False)
    marks = [Mark(f"s{pair // 5}", f"r{pair % 5}", float(chance.integers(0, 8))) for pair in pairs]
    turned = [marks[i] for i in chance.permutation(len(marks))]
    for way in WAYS:
        one, other = aggregate(Marks.of(marks), way), aggregate(Marks.of(turned), way)
        assert one == other
        assert all(r.value is None or math.isfinite(r.value) for r in one)


def test_bad_input_is_answered() -> None:
    with pytest.raises(InputError, match="x marks a twice"):
        Marks.of([Mark("a", "x", 1), Mark("a", "x", 2)])
    with pytest.raises(InputError, match="no number"):
        Marks.of([Mark("a", "x", math.nan)])
    with pytest.raises(InputError, match="there is no way 'mode'"):
        aggregate(Marks.of([]), "mode")
