"""What must hold before a case enters the library, and before an early trial is asked for: rules of packs."""

from __future__ import annotations

from datetime import date

import pytest
from tests.scenarios.conftest import CASE, TRACK, World

from foretrack.domains.scenarios.kinds.cases import CASE as CASE_KIND
from foretrack.foundation.errors import EvidenceError
from foretrack.packs.loading import load_packs
from foretrack.registry.actions.judging import field_of, judge
from foretrack.registry.declaring.bodies import InvalidRecord
from foretrack.rules.choosing import choose_rule

CRITERIA = ("serves_public", "novel", "implemented", "has_impact", "plain_language")


def test_a_case_that_meets_every_criterion_is_handed_in(world: World) -> None:
    key = world.create("owner", "case", {**CASE, "organisation": world.hospital, "region": "CN-33"})

    assert world.move("owner", key, "submit").status == "submitted"


@pytest.mark.parametrize("criterion", CRITERIA)
def test_a_case_that_fails_one_criterion_is_told_which(world: World, criterion: str) -> None:
    values = {**CASE, criterion: False, "organisation": world.hospital, "region": "CN-33"}
    key = world.create("owner", "case", values)

    with pytest.raises(InvalidRecord) as raised:
        world.move("owner", key, "submit")

    assert [p.field for p in raised.value.problems] == [criterion]
    assert "case-entry/case-entry" in str(raised.value)


def test_the_criteria_are_those_of_the_pack_and_each_has_its_field() -> None:
    rule = choose_rule(load_packs(), "case-entry", "2026-03-02")

    assert tuple(field_of(one.id) for one in rule.indicators) == CRITERIA
    assert set(CRITERIA) <= set(CASE_KIND.by_name)


def test_the_trace_names_each_criterion_with_its_source() -> None:
    answer = judge(CASE_KIND, "case-entry", {"novel": True, "implemented": False}, date(2026, 3, 2))

    assert answer.outcome == "not met"
    assert {gap.name for gap in answer.gaps} == {
        "serves-public",
        "implemented",
        "has-impact",
        "plain-language",
    }
    with pytest.raises(EvidenceError, match="not in force"):
        judge(CASE_KIND, "case-entry", {}, date(2020, 1, 1))


TRIAL = {
    "title": {"en": "Invented trial"}, "tracks": [TRACK], "what": "x", "why": "x", "period": "2026-04-01/2026-05-01",
    "affected": 3, "safety": [{"danger": "Invented danger", "guard": "Invented guard"}], "emergency": "x",
    "can_be_stopped": True, "damage_is_covered": True, "people_have_agreed": True, "is_prohibited": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("line", "value"),
    [("can_be_stopped", False), ("damage_is_covered", False), ("people_have_agreed", False), ("is_prohibited", True)],
)  # fmt: skip
def test_a_trial_that_crosses_a_red_line_cannot_even_be_asked_for(
    world: World, line: str, value: bool
) -> None:
    key = world.create(
        "firm", "sandbox-request", {**TRIAL, line: value, "organisation": world.firm, "region": "CN-31"}
    )

    with pytest.raises(InvalidRecord) as raised:
        world.move("firm", key, "request")

    assert line in {p.field for p in raised.value.problems}


def test_a_trial_is_approved_with_conditions_by_another_runs_reports_and_ends(world: World) -> None:
    key = world.create("firm", "sandbox-request", {**TRIAL, "organisation": world.firm, "region": "CN-31"})
    world.move("firm", key, "request")
    with pytest.raises(InvalidRecord, match="Conditions of the approval is missing"):
        world.move("national officer", key, "approve")
    world.move("national officer", key, "approve", conditions=[{"condition": "Invented condition"}])
    world.move("firm", key, "begin")
    world.move("firm", key, "report", report="Invented report", incidents=0)

    assert world.move("national officer", key, "close").status == "closed"


def test_a_running_trial_can_be_stopped_by_the_officer_at_once(world: World) -> None:
    key = world.create("firm", "sandbox-request", {**TRIAL, "organisation": world.firm, "region": "CN-31"})
    world.move("firm", key, "request")
    world.move("national officer", key, "approve", conditions=[{"condition": "Invented condition"}])
    world.move("firm", key, "begin")

    assert world.move("national officer", key, "stop").status == "stopped"
