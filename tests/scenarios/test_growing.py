"""From an opportunity to a scenario and a case, the board by deadline, chains of iterations, benchmarks by region."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.scenarios.conftest import NEED, RESULTS, TRACK, World

from foretrack.domains.scenarios.actions.growing import grow_record
from foretrack.domains.scenarios.actions.opportunities import (
    benchmarks,
    board,
    chain_of,
    measured_against,
    responses_to,
)
from foretrack.domains.scenarios.comparing import against
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import VISITOR
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.records import show
from foretrack.registry.models import Record


def accepted(world: World) -> str:
    """An opportunity whose pilot was accepted."""
    key = world.opportunity()
    world.move("owner", key, "agree-pilot", supplier=world.firm)
    world.move("owner", key, "accept", results=RESULTS)
    return key


def test_one_step_leads_from_an_accepted_pilot_to_a_scenario_and_a_case_that_point_back(world: World) -> None:
    key = accepted(world)

    scenario = grow_record(world.registry, world.actors["owner"], key, "scenario")
    case = grow_record(world.registry, world.actors["owner"], key, "case")

    assert (scenario.kind, scenario.status, scenario.values["opportunity"]) == ("scenario", "draft", key)
    assert scenario.values["suppliers"] == [world.firm]
    assert scenario.values["measures"] == case.values["measures"] == RESULTS
    assert case.values["problem"] == {"en": "Invented need"}
    assert "owner" not in scenario.values, "the name of a person goes nowhere by itself"


def test_nothing_grows_before_the_pilot_is_accepted_and_nobody_grows_for_another(world: World) -> None:
    early = world.opportunity()
    with pytest.raises(InputError, match="no scenario can be made"):
        grow_record(world.registry, world.actors["owner"], early, "scenario")
    key = accepted(world)
    for who in ("rival", "firm", "visitor"):
        with pytest.raises(AccessError):
            grow_record(world.registry, world.actors[who], key, "scenario")


def test_the_board_has_the_next_deadline_first_and_what_is_over_last(world: World) -> None:
    keys = {}
    for day in ("2026-12-31", "2026-03-10", "2026-03-01"):
        values = {**NEED, "deadline": day, "organisation": world.hospital, "region": "CN-33"}
        keys[day] = world.create("owner", "opportunity", values)
        world.move("owner", keys[day], "publish")
    proved = accepted(world)
    world.create("owner", "opportunity", {"title": "Invented draft", "organisation": world.hospital})

    found = board(world.registry, VISITOR)

    assert [(one.line.key, one.days_left) for one in found.open] == [
        (keys["2026-03-10"], 8), (keys["2026-12-31"], 304), (keys["2026-03-01"], -1),
    ]  # fmt: skip
    assert [line.key for line in found.by_state["accepted"]] == [proved]
    assert sum(len(lines) for lines in found.by_state.values()) == 1


def test_answers_stand_beside_the_measures_of_success_for_those_who_may_see_them(world: World) -> None:
    opportunity = world.opportunity()
    key = world.answer(opportunity)
    promised = [{"measure": {"en": "Invented falls"}, "unit": "a year", "value": 1}]
    from foretrack.registry.actions.records import edit

    edit(world.registry, world.actors["firm"], key, {"promised": promised}, revision=1)
    world.move("firm", key, "submit")
    page = show(world.registry, VISITOR, opportunity)

    def seen(who: str) -> list[list[str]]:
        found = responses_to(world.registry, world.actors[who], page)
        return [[one.verdict for one in answer.promised] for answer in found]

    assert seen("owner") == [["met"]]
    assert seen("rival") == seen("visitor") == []
    own = measured_against(
        world.registry, world.actors["firm"], show(world.registry, world.actors["firm"], key)
    )
    assert own is not None
    assert [one.verdict for one in own.measured] == ["missing"]


@pytest.mark.parametrize(
    ("now", "wanted", "got", "verdict"),
    [
        (10, 2, 2, "met"), (10, 2, 1, "met"), (10, 2, 3, "not met"), (1, 5, 6, "met"), (1, 5, 4, "not met"),
        (None, 5, 6, "undecided"), (5, 5, 6, "undecided"), (5, 5, 5, "met"), (1, 5, None, "missing"),
    ],
)  # fmt: skip
def test_whether_more_or_less_is_better_follows_from_where_it_stands(
    now: float | None, wanted: float, got: float | None, verdict: str
) -> None:
    row: dict[str, Any] = {"measure": {"en": "x"}, "wanted": wanted, **({} if now is None else {"now": now})}
    given = [] if got is None else [{"measure": {"en": "X"}, "after": got}]

    (found,) = against([row], given, value="after")

    assert found.verdict == verdict


def test_a_measure_of_another_unit_is_another_measure() -> None:
    row = {"measure": {"en": "x"}, "unit": "%", "now": 1, "wanted": 2}

    (found,) = against([row], [{"measure": {"en": "x"}, "unit": "kg", "after": 3}], value="after")

    assert found.verdict == "missing"


def test_rounds_of_a_product_form_a_chain_that_leads_both_ways(world: World) -> None:
    field = world.create(
        "owner", "test-field",
        {
            "title": "Invented field", "organisation": world.hospital, "region": "CN-33", "tracks": [TRACK],
            "testable": "x", "capacity": [{"what": "Teams", "amount": 1}],
        },
    )  # fmt: skip
    world.move("owner", field, "open")
    keys: list[str] = []
    for number in (1, 2, 3):
        before = {"before": keys[-1]} if keys else {}
        values = {
            "title": f"Invented round {number}", "organisation": world.firm, "test_field": field, "round": number,
            "built": "x", **before,
        }  # fmt: skip
        keys.append(world.create("firm", "iteration", values))

    for key in keys:
        found = chain_of(
            world.registry, world.actors["firm"], show(world.registry, world.actors["firm"], key)
        )
        assert [(one.page.key, one.here) for one in found] == [(other, other == key) for other in keys]
    world.move("firm", keys[0], "test", tested="x")
    assert show(world.registry, world.actors["owner"], keys[0]).circle == "private", (
        "the operator of the field sees it"
    )
    world.move("firm", keys[0], "find", finding="x")
    assert world.move("firm", keys[0], "fix", fix="x").status == "fixed"


def test_local_benchmarks_roll_up_into_one_view_by_region(world: World) -> None:
    later = replace(world.registry, clock=fixed_clock("2026-04-20"))
    for region, benchmark, copies in (
        ("CN-3301", True, 2),
        ("CN-33", True, 1),
        ("CN-31", True, 0),
        ("CN-31", False, 5),
    ):
        values = {
            "title": f"Invented {region}", "organisation": world.hospital, "region": region, "tracks": [TRACK],
            "need": "x", "solution": "x", "effect": "x", "running_since": "2025-01-01", "benchmark": benchmark,
            "copies": copies,
        }  # fmt: skip
        key = world.create("owner", "scenario", values)
        world.move("owner", key, "submit")
        world.move("national officer", key, "announce")
        world.registry, before = later, world.registry
        world.move("second officer", key, "recognise")
        world.registry = before

    found = benchmarks(world.registry, VISITOR)

    assert [(one.code, len(one.lines), one.n_copies) for one in found] == [("CN-33", 2, 3), ("CN-31", 1, 0)]
    assert Record.objects.filter(kind="scenario").count() == 4
