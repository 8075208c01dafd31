"""What a machine proposes, how a candidate is recognised again, and what a renamed signal is not."""

from __future__ import annotations

import dataclasses

import pytest

from foretrack.domains.foresight.candidates.candidate import (
    Basis,
    CandidateList,
    Shown,
    Sighting,
    Stage,
    Subject,
)
from foretrack.domains.foresight.candidates.diffing import diff
from foretrack.domains.foresight.candidates.proposing import (
    Usual,
    build_list,
    is_signal,
    match,
    proposal,
    reasons_for,
)

SHOWN = Shown(3, "steady", 0.9, 40, 20, 2012, 0.05, -0.1, 0.2, 0.1, 0.0, None, None, (), ("d1", "d2"))
GROWING = dataclasses.replace(SHOWN, state="growing", growth=0.3, growth_low=0.1, growth_high=0.5)
USUAL = Usual(0.05, 0.02)
BASIS = Basis("s", 2020, "snap", "invented-1")


def subject(name: str, *forms: str) -> Subject:
    return Subject("concept", name, name, name, None, forms or (name,))


def listed(*sightings: Sighting, issue: int | None = None) -> CandidateList:
    usual = {"concept": USUAL, "technology": USUAL}
    return build_list(BASIS, {}, sightings, {}, usual, top=50, n_decisions=0, issue=issue)


@pytest.mark.parametrize(("p", "likely"), [(None, False), (0.09, False), (0.1, True), (0.8, True)])
def test_a_forecast_well_above_the_usual_is_a_signal(p: float | None, likely: bool) -> None:
    shown = dataclasses.replace(SHOWN, p_eg3=p)
    codes = [reason.code for reason in reasons_for(shown, USUAL)]
    assert ("likely_extreme_growth" in codes) == likely == is_signal(shown, USUAL)
    if likely:
        assert reasons_for(shown, USUAL)[0].value == p
        assert reasons_for(shown, USUAL)[0].low == USUAL.p_eg3
    assert not is_signal(dataclasses.replace(shown, rank=51), USUAL)
    assert not is_signal(dataclasses.replace(shown, rank=None), USUAL)
    assert not is_signal(dataclasses.replace(shown, evidence=()), USUAL)


@pytest.mark.parametrize(
    ("stage", "state", "proposed"),
    [
        ("signal", "growing", "candidate"),
        ("candidate", "growing", None),
        ("shortlisted", "declining", "dropped"),
        ("graduated", "declining", None),
        ("dropped", "growing", "candidate"),
        ("dropped", "declining", None),
    ],
)
def test_what_is_proposed_depends_on_where_it_stands(stage: Stage, state: str, proposed: str | None) -> None:
    assert proposal(stage, dataclasses.replace(GROWING, state=state), USUAL)[0] == proposed


def test_too_little_evidence_is_said_and_proposes_nothing() -> None:
    rare = dataclasses.replace(SHOWN, rank=None, state="not enough evidence", n_recent=2)
    assert proposal("candidate", rare, USUAL)[0] is None
    assert proposal("candidate", rare, USUAL)[1][0].code == "not_enough_evidence"
    assert proposal("candidate", None, USUAL)[1][0].code == "not_in_scan"


def test_a_candidate_is_recognised_by_one_spelling_but_not_by_two() -> None:
    known = {"a": subject("old", "moss computing", "moss computers")}
    assert match(known, {"concept": {"new"}}, {"concept:moss computing": ["new"]}) == {
        "a": ("new", "spelling")
    }
    two = {"concept:moss computing": ["new"], "concept:moss computers": ["other"]}
    assert match(known, {"concept": {"new", "other"}}, two) == {}
    assert match(known, {"concept": {"old", "new"}}, two) == {"a": ("old", "identifier")}


def test_two_candidates_never_become_one() -> None:
    known = {"a": subject("x", "moss"), "b": subject("x", "moss")}
    assert match(known, {"concept": {"x"}}, {"concept:moss": ["x"]}) == {"a": ("x", "identifier")}


def test_a_signal_under_a_new_identifier_neither_left_nor_entered() -> None:
    before = listed(Sighting(subject("moss computing", "moss computing", "mosses"), GROWING), issue=1)
    now = dataclasses.replace(GROWING, rank=9)
    after = listed(Sighting(subject("mosses", "mosses"), now))

    found = diff(before, after, seen_before={}, seen_after={})

    assert [(c.change, c.candidate) for c in found.changes] == [("evidence", "mosses")]
    assert [(d.code, d.before, d.after) for d in found.changes[0].because] == [("rank", 3, 9)]


def test_a_spelling_in_two_new_signals_is_not_followed() -> None:
    before = listed(Sighting(subject("moss", "moss", "mosses"), GROWING), issue=1)
    after = listed(Sighting(subject("a", "moss"), GROWING), Sighting(subject("b", "mosses"), GROWING))

    found = diff(before, after, seen_before={}, seen_after={})

    assert sorted((c.change, c.candidate) for c in found.changes) == [
        ("entered", "a"),
        ("entered", "b"),
        ("left", "moss"),
    ]
