"""Levels follow from evidence: more of it never lowers one, and market levels stand apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretrack.domains.exchange.maturity.assessing import assess
from foretrack.domains.exchange.maturity.comparing import compare
from foretrack.domains.exchange.maturity.readiness import parted, readiness
from foretrack.domains.exchange.scales import known_scales
from foretrack.packs.schemes import Check, Concept, Scheme
from foretrack.packs.shapes import Bilingual
from foretrack.registry.declaring.terms import PACK_TERMS, SCALE_CHECKS, SCALE_LEVELS


def scale_of(lengths: list[int]) -> Scheme:
    """A scale with so many items at each level."""
    return Scheme(
        "s", Bilingual("S"), "", (), "K", kind="scale",
        concepts=tuple(
            Concept(
                str(n), Bilingual(str(n)), "", (), "K",
                checklist=tuple(Check(f"c{i}", Bilingual(f"c{i}")) for i in range(length)),
            )
            for n, length in enumerate(lengths, start=1)
        ),
    )  # fmt: skip


def place(scale: Scheme, level: str | None) -> int:
    return 0 if level is None else int(level)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=8), st.data())
def test_more_evidence_never_lowers_a_level(lengths: list[int], data: st.DataObject) -> None:
    scale = scale_of(lengths)
    every = [(one.id, check.id) for one in scale.concepts for check in one.checklist]
    some = data.draw(st.sets(st.sampled_from(every)) if every else st.just(set[tuple[str, str]]()))
    more = some | data.draw(st.sets(st.sampled_from(every)) if every else st.just(set[tuple[str, str]]()))

    def of(items: set[tuple[str, str]]) -> dict[str, list[str]]:
        return {one.id: [check for level, check in items if level == one.id] for one in scale.concepts}

    less, full = assess(scale, of(some)), assess(scale, of(more))
    assert place(scale, less.reached) <= place(scale, full.reached)
    assert sum(len(step.missing) for step in less.steps) >= sum(len(step.missing) for step in full.steps)
    if full.reached is not None:
        assert all(step.whole for step in full.steps[: int(full.reached)])
    if every and len(more) == len(every):
        assert full.following is None


def test_a_gap_below_stops_the_level_whatever_stands_above() -> None:
    scale = scale_of([1, 1, 1, 1])
    found = assess(scale, {"1": ["c0"], "3": ["c0"], "4": ["c0"]})
    assert found.reached == "1"
    assert found.following is not None
    assert (found.following.level, [one.level for one in found.beyond]) == ("2", ["3", "4"])
    assert assess(scale, {}).reached is None
    assert assess(scale, {n: ["c0"] for n in "1234"}).following is None


def test_levels_without_a_checklist_are_proved_by_their_neighbours() -> None:
    assert assess(scale_of([1, 0, 1]), {"1": ["c0"]}).reached == "1"
    assert assess(scale_of([1, 0, 1]), {"1": ["c0"], "3": ["c0"]}).reached == "3"
    assert assess(scale_of([1, 0]), {"1": ["c0"]}).reached == "2"
    assert assess(scale_of([0, 0]), {}).reached is None


def test_what_the_scale_does_not_know_is_an_error() -> None:
    with pytest.raises(KeyError):
        assess(scale_of([1]), {"2": ["c0"]})
    with pytest.raises(KeyError):
        assess(scale_of([1]), {"1": ["strange"]})
    with pytest.raises(KeyError):
        compare(scale_of([1]), "9", {}, {}, None, decided=False)


def test_claim_and_decision_are_compared() -> None:
    scale = scale_of([1, 1, 1])
    given_, accepted = {"1": ["c0"], "2": ["c0"]}, {"1": ["c0"]}
    assert compare(scale, "2", given_, accepted, "1", decided=True).standing == "lower"
    assert compare(scale, "1", given_, given_, "2", decided=True).standing == "higher"
    assert compare(scale, "1", given_, accepted, "1", decided=True).standing == "reached"
    assert compare(scale, "1", given_, {}, None, decided=True).standing == "none"
    assert compare(scale, "1", given_, {}, None, decided=False).standing == "open"
    assert compare(scale, "2", given_, accepted, "2", decided=True).too_high
    assert not compare(scale, "2", given_, accepted, "1", decided=True).too_high


def test_every_scale_of_the_packs_can_be_claimed_and_says_what_it_asks_for() -> None:
    levels, checks = PACK_TERMS(SCALE_LEVELS), PACK_TERMS(SCALE_CHECKS)
    scales = known_scales()
    assert {full.rpartition("/")[0] for full in levels} == set(scales)
    assert all(full.rpartition("/")[0] in levels for full in checks)
    assert levels["trl-gbt22900/trl/13"].zh == "13 回报"
    assert checks["trl-iso16290/trl/4/breadboard"].en.startswith("4 ")
    assert PACK_TERMS.groups(SCALE_LEVELS)["mrl-dod/mrl/1"].zh == "制造成熟度等级"
    national = scales["trl-gbt22900/trl"]
    assert {one.confidence for one in national.scheme.concepts} == {"k"}
    assert parted(national.scheme, national.walk)[1] == ("10", "11", "12", "13")
    assert [national.counts_as(level) for level in ("1", "9", "10", "13", None)] == [1, 9, 9, 9, None]
    assert scales["mrl-dod/mrl"].counts_as("10") is None
    with pytest.raises(KeyError):
        readiness(national.scheme, "14", national.walk)
