"""A draw can be repeated by anybody with sha256sum, and nobody can steer it by the order of the list."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import InputError
from foretrack.review.assigning.drawing import Candidate, draw_pool, list_digest

KEYS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)


def test_the_printed_line_draws_again_in_a_shell(tmp_path: Path) -> None:
    keys = [f"专家 {i}\\n%s" for i in range(30)]
    draw = draw_pool([Candidate(key) for key in keys], 7, "2026-03-02 'beacon' $HOME 4711")
    (tmp_path / "candidates.txt").write_text("".join(f"{key}\n" for key in keys), encoding="utf-8")

    def shell(line: str) -> str:
        done = subprocess.run(["sh", "-c", line], cwd=tmp_path, check=True, capture_output=True)
        return done.stdout.decode()

    lines = shell(draw.check()).splitlines()
    assert lines == [f"{ticket.digest}  {ticket.candidate.key}" for ticket in draw.order]
    assert tuple(line.split("  ", 1)[1] for line in lines[:7]) == draw.drawn
    assert shell("LC_ALL=C sort candidates.txt | sha256sum").split()[0] == draw.list_digest


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(KEYS, min_size=1, max_size=20, unique=True), st.integers(1, 25), st.integers(0, 99))
def test_the_order_of_the_list_does_not_matter(keys: list[str], size: int, seed: int) -> None:
    candidates = [Candidate(key, organisation=key[0]) for key in keys]
    one = draw_pool(candidates, size, str(seed), most_per_organisation=1, partial=True)
    candidates = [candidates[i] for i in np.random.default_rng(seed).permutation(len(keys))]
    assert draw_pool(candidates, size, str(seed), most_per_organisation=1, partial=True) == one
    assert max(Counter(key[0] for key in one.drawn).values()) == 1
    assert len(one.drawn) + sum(one.short.values()) == size
    assert len(one.order) == len(keys)
    assert list_digest(sorted(keys)) == one.list_digest


def test_strata_are_filled_each_by_itself_and_what_passed_over_is_said() -> None:
    candidates = [Candidate(f"e{i}", "north" if i % 3 else "south", f"o{i % 4}") for i in range(24)]
    draw = draw_pool(candidates, {"north": 5, "south": 2}, "s", most_per_organisation=2)
    drawn = [c for c in candidates if c.key in draw.drawn]

    assert Counter(c.stratum for c in drawn) == {"north": 5, "south": 2}
    assert max(Counter(c.organisation for c in drawn).values()) <= 2
    fates = Counter(ticket.fate for ticket in draw.order)
    assert fates["drawn"] == 7
    assert fates["organisation full"] + fates["stratum full"] + fates["not reached"] == 17
    assert fates["stratum full"] > 0


def test_every_candidate_is_drawn_as_often_as_every_other() -> None:
    candidates = [Candidate(f"e{i}") for i in range(10)]
    times = Counter(key for seed in range(1000) for key in draw_pool(candidates, 3, str(seed)).drawn)
    # 300 expected, standard deviation 14.5
    assert all(240 < times[c.key] < 360 for c in candidates)


@pytest.mark.parametrize(
    ("size", "seed", "keys", "said"),
    [
        (3, "s", ["a", "b"], "the pool comes out short: * −1"),
        (0, "s", ["a"], "a pool of 0"),
        (1, " ", ["a"], "cannot be published as one line"),
        (1, "a\nb", ["a"], "cannot be published as one line"),
        (1, "s", ["a\u2028b"], "cannot stand on one line"),
        (1, "s", ["a", "a"], "'a' is given twice"),
        ({"east": 1}, "s", ["a"], "no candidate is of the stratum 'east'"),
    ],
)
def test_bad_input_is_answered(size: int | dict[str, int], seed: str, keys: list[str], said: str) -> None:
    with pytest.raises(InputError) as told:
        draw_pool([Candidate(key) for key in keys], size, seed)
    assert said in str(told.value)
