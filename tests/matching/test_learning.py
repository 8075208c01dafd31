"""Weights learned from labels: what they find, what they leave alone, and what the audit raises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foretrack.foundation.errors import EvidenceError
from foretrack.matching.learning.exposure import Limits, audit, gini
from foretrack.matching.learning.fitting import Label, Terms, fit, importance
from foretrack.matching.learning.overlap import rank_biased_overlap
from foretrack.matching.settings import settings_on

SHIPPED = {"words": 1.0, "meaning": 0.3, "evidence": 0.05}
TERMS = Terms(eta=1.0, most=10.0, penalty=0.005, later=0.3, least=60)
LIMITS = Limits(gini_rise=0.05, top_rise=0.1, least_overlap=0.5, most_own=0.8)


def labels(n: int, truth: dict[str, float], seed: int = 1, *, noise: float = 0.05) -> list[Label]:
    """Judgements of somebody who goes by `truth` alone, of pairs with random parts at random places."""
    chance = np.random.default_rng(seed)
    made = []
    for number in range(n):
        parts = {name: float(chance.uniform()) for name in SHIPPED}
        liked = sum(truth[name] * parts[name] for name in SHIPPED) / sum(truth.values()) > 0.5
        good = bool(liked) ^ bool(chance.uniform() < noise)
        made.append(
            Label(
                f"r{number % 40}", parts, int(chance.integers(1, 11)), good, f"2026-01-{1 + number // 40:02d}"
            )
        )
    return made


def test_what_people_go_by_is_learned_and_is_better_on_later_labels() -> None:
    found = fit(labels(400, {"words": 0.05, "meaning": 1.0, "evidence": 0.0}), SHIPPED, TERMS)

    assert found.weights["meaning"] > found.weights["words"]
    assert sum(found.weights.values()) == pytest.approx(sum(SHIPPED.values()))
    assert found.after > found.before
    assert found.low > 0
    assert (found.n_learned, found.n_tried) == (280, 120)


def test_people_who_go_by_the_weights_in_force_change_little() -> None:
    found = fit(labels(400, SHIPPED), SHIPPED, TERMS)
    assert found.weights["words"] == pytest.approx(1.0, abs=0.15)
    assert found.low < 0.02


def test_a_strong_pull_keeps_the_weights_in_force() -> None:
    given = labels(400, {"words": 0.05, "meaning": 1.0, "evidence": 0.0})
    held = fit(given, SHIPPED, replace(TERMS, penalty=1000.0))
    assert held.weights == pytest.approx(SHIPPED, abs=0.01)


def test_a_label_far_down_counts_more_up_to_a_limit() -> None:
    one = labels(1, SHIPPED)[0]
    assert [importance(replace(one, rank=rank), TERMS) for rank in (1, 4, 50)] == [1.0, 4.0, 10.0]


def test_places_that_are_seldom_looked_at_do_not_bend_what_is_learned() -> None:
    """Whoever looks at first places alone judges mostly what the weights in force put there: weighting undoes that."""
    chance = np.random.default_rng(3)
    every = labels(1500, {"words": 0.2, "meaning": 1.0, "evidence": 0.1}, noise=0.0)
    seen = [one for one in every if chance.uniform() < 1 / one.rank]
    whole = fit(every, SHIPPED, replace(TERMS, eta=0.0)).weights
    weighted = fit(seen, SHIPPED, TERMS).weights
    assert weighted["meaning"] == pytest.approx(whole["meaning"], abs=0.2)


@pytest.mark.parametrize(
    "given", [labels(30, SHIPPED), [replace(one, good=True) for one in labels(100, SHIPPED)]]
)
def test_nothing_is_learned_from_too_little_or_one_sort_alone(given: list[Label]) -> None:
    with pytest.raises(EvidenceError):
        fit(given, SHIPPED, TERMS)


def test_a_popularity_bias_is_learned_and_the_audit_raises_it() -> None:
    """Forty organisations; people pick whoever has most evidence, whatever they offer. The proposal would show few."""
    chance = np.random.default_rng(11)
    known = np.array([60.0, 50.0, 40.0, 30.0, 30.0] + [0.0] * 35)
    share = np.minimum(np.log1p(known) / np.log1p(10), 1.0)
    offers = [(f"o{n}", n % 40) for n in range(200)]
    fits = {(need, key): float(chance.uniform()) for need in range(60) for key, _ in offers}

    def lists(weights: dict[str, float]) -> dict[str, list[str]]:
        def score(need: int, offer: tuple[str, int]) -> float:
            return weights["words"] * fits[need, offer[0]] + weights["evidence"] * float(share[offer[1]])

        return {
            f"n{need}": [key for key, _ in sorted(offers, key=lambda one: -score(need, one))[:10]]
            for need in range(60)
        }

    shipped = {"words": 1.0, "evidence": 0.05}
    before = lists(shipped)
    biased = [
        Label(
            f"n{need}", {"words": fits[need, key], "evidence": float(share[owner])}, int(chance.integers(1, 11)),
            bool(share[owner] > 0.5) ^ bool(chance.uniform() < 0.05), f"2026-01-{1 + need // 3:02d}",
        )
        for need in range(60) for key, owner in (offers[int(chance.integers(0, 200))] for _ in range(8))
    ]  # fmt: skip
    proposed = fit(biased, shipped, TERMS).weights
    assert proposed["evidence"] > shipped["evidence"]

    owner_of = {key: f"org{owner}" for key, owner in offers}
    every = sorted(set(owner_of.values()))
    groups, members = {"organisation": owner_of.__getitem__}, {"organisation": every}
    found = audit(before, lists(dict(proposed)), groups, members, eta=1.0, own_labels=0.1, limits=LIMITS)
    assert "organisation" in found.raised
    assert found.groups[0].after.gini > found.groups[0].before.gini + 0.05

    same = audit(before, before, groups, members, eta=1.0, own_labels=0.9, limits=LIMITS)
    assert (same.raised, same.overlap) == (("own labels",), 1.0)


def test_overlap_looks_at_the_top() -> None:
    keys = list("abcdefghij")
    top, bottom = [keys[1], keys[0], *keys[2:]], [*keys[:8], keys[9], keys[8]]
    assert rank_biased_overlap(keys, top) < rank_biased_overlap(keys, bottom) < 1.0
    assert rank_biased_overlap(keys, keys[:5]) == pytest.approx(1.0)
    assert rank_biased_overlap([], []) == 1.0
    assert rank_biased_overlap(keys, []) == 0.0


def test_gini_of_nothing_and_of_everything_to_one() -> None:
    assert gini([]) == gini([0, 0]) == 0.0
    assert gini([0] * 99 + [5]) == pytest.approx(0.99)


def test_the_pack_says_every_number() -> None:
    from datetime import date

    found = settings_on(date(2026, 3, 2))
    assert (found.length, found.terms, found.limits) == (10, TERMS, LIMITS)
