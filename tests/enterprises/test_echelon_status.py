"""An enterprise's way up an echelon: who decides where, how long it lasts, what happens at its end (invented)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.enterprises.conftest import CITY, MINISTRY, PROVINCE, SECOND, Way

from foretrack.domains.enterprises.actions.funnel import funnel
from foretrack.domains.enterprises.actions.statuses import standing_on, watch_statuses
from foretrack.domains.enterprises.kinds.echelon_status import ECHELON_STATUS
from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.registry.access.actor import VISITOR
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.overview import find_tasks
from foretrack.registry.registry import Registry

FIRST = "quality-sme/innovative-sme"
On = Callable[[str], Registry]


@pytest.fixture
def way(on: On) -> Way:
    return Way(on, FIRST)


class TestTheWay:
    def test_a_status_lasts_as_long_as_its_ladder_says(self, way: Way) -> None:
        page = way.recognised()

        assert page.status == "recognised"
        assert (page.values["valid_from"], page.values["valid_until"]) == ("2025-04-10", "2028-04-09")

    def test_a_city_does_not_decide_for_a_province(self, way: Way) -> None:
        way.move("2025-03-10", way.member, "submit")
        way.move("2025-03-20", CITY, "pass-city")

        with pytest.raises(AccessError):
            way.move("2025-04-01", CITY, "announce")

        assert [m.name for m in way.shown("2025-04-01", CITY).moves] == ["return", "decline"]
        assert "announce" in {m.name for m in way.shown("2025-04-01", PROVINCE).moves}

    def test_only_the_last_level_of_the_chain_announces(self, way: Way) -> None:
        way.move("2025-03-10", way.member, "submit")

        with pytest.raises(InputError, match="decided at the level province"):
            way.move("2025-03-20", CITY, "announce-city")
        way.move("2025-03-20", CITY, "pass-city")
        with pytest.raises(InputError, match="decided at the level province"):
            way.move("2025-04-01", PROVINCE, "recommend")

    def test_the_notice_is_waited_for_and_four_eyes_are_asked(self, way: Way) -> None:
        way.move("2025-03-10", way.member, "submit")
        way.move("2025-03-20", CITY, "pass-city")
        way.move("2025-04-01", PROVINCE, "announce")

        with pytest.raises(ForetrackError, match="public notice runs until 2025-04-06"):
            way.move("2025-04-06", SECOND, "recognise")
        assert way.move("2025-04-07", SECOND, "recognise").status == "recognised"

    @pytest.mark.parametrize("said", [None, False])
    def test_nothing_is_handed_in_that_nobody_declares_to_be_true(self, on: On, said: bool | None) -> None:
        way = Way(on, FIRST, truthful=said)

        with pytest.raises(InputError):
            way.move("2025-03-10", way.member, "submit")

    def test_an_applicant_does_not_say_how_long_it_lasts(self, on: On) -> None:
        way = Way(on, FIRST, valid_from="2020-01-01", valid_until="2099-01-01", renewed=9)

        page = way.recognised()

        assert (page.values["valid_from"], page.values["valid_until"]) == ("2025-04-10", "2028-04-09")
        assert "renewed" not in page.values

    def test_an_application_is_nobody_elses_business(self, way: Way) -> None:
        way.move("2025-03-10", way.member, "submit")

        with pytest.raises(InputError, match="no record"):
            way.shown("2025-03-11", VISITOR)


class TestItsEnd:
    def test_a_warning_opens_the_re_check_in_time_and_once(self, way: Way, on: On) -> None:
        way.recognised()

        assert watch_statuses(on("2028-02-08")).opened == 0  # 61 days before its last
        assert watch_statuses(on("2028-02-09")).opened == 1
        assert watch_statuses(on("2028-02-10")).opened == 0

        page = way.shown("2028-02-10")
        assert (page.status, page.due_on) == ("recheck", "2028-04-09")
        (task,) = [t for t in find_tasks(on("2028-02-10"), PROVINCE).tasks if t.key == way.key]
        assert (task.due_on, task.overdue) == ("2028-04-09", False)
        assert {m.name for m in task.moves} >= {"renew", "lapse"}

    def test_a_recognised_status_waits_for_nobody_before(self, way: Way, on: On) -> None:
        way.recognised()

        assert way.key not in {task.key for task in find_tasks(on("2026-01-01"), PROVINCE).tasks}

    def test_renewed_it_lasts_as_long_again_from_its_end(self, way: Way, on: On) -> None:
        way.recognised()
        watch_statuses(on("2028-02-20"))

        page = way.move("2028-03-01", PROVINCE, "renew")

        assert (page.status, page.values["valid_until"], page.values["renewed"]) == (
            "recognised", "2031-04-09", 1,
        )  # fmt: skip
        assert watch_statuses(on("2028-04-10")).lapsed == 0

    def test_it_lapses_on_the_day_after_its_last(self, way: Way, on: On) -> None:
        way.recognised()
        watch_statuses(on("2028-02-20"))

        assert watch_statuses(on("2028-04-09")).lapsed == 0
        assert watch_statuses(on("2028-04-10")).lapsed == 1
        assert way.shown("2028-04-10", VISITOR).status == "lapsed"

    def test_after_a_long_pause_of_the_worker_it_lapses_without_a_re_check(self, way: Way, on: On) -> None:
        way.recognised()

        found = watch_statuses(on("2029-01-01"))

        assert (found.opened, found.lapsed) == (0, 1)

    def test_where_no_worker_runs_it_is_told_as_lapsed_all_the_same(self, way: Way, on: On) -> None:
        way.recognised()

        assert standing_on("recognised", "2028-04-09", date(2028, 4, 10)) == "lapsed"
        told = funnel(on("2028-04-10"), MINISTRY).counts
        assert [(c.year, c.stage) for c in told if c.stage == "lapsed"] == [(2028, "lapsed")]


class TestFunnel:
    def test_each_stage_counts_in_its_year_and_opens_its_records(self, way: Way, on: On) -> None:
        way.recognised()
        watch_statuses(on("2028-02-20"))
        way.move("2028-03-01", PROVINCE, "renew")

        found = funnel(on("2028-03-02"), PROVINCE)

        assert [(c.region, c.year, c.stage, c.n) for c in found.counts] == [
            ("CN-3301", 2025, "applied", 1), ("CN-3301", 2025, "city", 1), ("CN-3301", 2025, "province", 1),
            ("CN-3301", 2025, "recognised", 1), ("CN-3301", 2028, "renewed", 1),
        ]  # fmt: skip
        assert found.behind("recognised", region="CN-3301", year=2025) == (way.key,)

    def test_a_visitor_learns_of_what_is_public_alone(self, way: Way, on: On) -> None:
        way.recognised()

        assert [c.stage for c in funnel(on("2025-05-01"), VISITOR).counts] == ["recognised"]

    def test_a_region_counts_what_lies_inside_it(self, way: Way, on: On) -> None:
        way.recognised()

        assert funnel(on("2025-05-01"), MINISTRY, region="CN-33").counts != ()
        assert funnel(on("2025-05-01"), MINISTRY, region="CN-34").counts == ()
        assert funnel(on("2025-05-01"), MINISTRY, echelon=FIRST).counts != ()
        assert funnel(on("2025-05-01"), MINISTRY, echelon="quality-sme/other").counts == ()


def test_no_state_leads_on_for_nobody() -> None:
    for state in ECHELON_STATUS.states:
        assert state.closed or ECHELON_STATUS.leaving(state.name), state.name
