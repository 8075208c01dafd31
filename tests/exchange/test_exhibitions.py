"""An exhibition from the registration to its figures: what is published, what stays private, what two at once may do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django_tasks_db.models import DBTaskResult
from icalendar import Calendar
from tests.exchange.fairground import Fairground, fairground

from foretrack.domains.exchange.actions import scheduling
from foretrack.domains.exchange.actions.attending import (
    agenda,
    agenda_file,
    arrive,
    desk,
    end_feed,
    fed,
    new_feed,
    sit,
)
from foretrack.domains.exchange.actions.concluding import statistics, tell_outcome
from foretrack.domains.exchange.actions.exhibitions import meetings_in, schedule_of
from foretrack.domains.exchange.actions.wishing import wishes
from foretrack.domains.exchange.meetings.calendars import Entry, calendar_of
from foretrack.foundation.errors import InputError, NotThereError
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.records import edit as writing_of_records
from foretrack.registry.actions.records import show
from foretrack.registry.actions.tables import table
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.models import Record


@pytest.fixture
def ground(db: None, tmp_path: Path) -> Fairground:
    return fairground(tmp_path)


def live(ground: Fairground) -> list[dict[str, Any]]:
    return [row for row in meetings_in(schedule_of(ground.key)) if "cancelled" not in row]


def with_wishes(ground: Fairground) -> None:
    ground.wish("dock", arm=3, belt=2)
    ground.wish("edge", arm=3, cell=1)
    ground.wish("fork", belt=3)
    ground.wish("arm", dock=3)


def jobs(name: str) -> list[list[Any]]:
    return [
        one.args_kwargs["args"]
        for one in DBTaskResult.objects.order_by("enqueued_at")
        if one.task_path.endswith(name)
    ]


def test_a_schedule_is_published_mended_after_a_drop_out_and_told_to_those_concerned(
    ground: Fairground,
) -> None:
    with_wishes(ground)
    ground.planned()
    assert len(live(ground)) == 5
    first = {row["code"]: row for row in live(ground)}
    assert len(jobs("tell_schedule")[0][2]) == 6
    ground.move("organiser", ground.key, "schedule")

    ground.move("edge", ground.parts["edge"], "drop-out")
    assert jobs("propose") == [[ground.key, True]]
    mine = agenda(ground.registry, ground.actors["arm"], ground.parts["arm"])
    assert [one.gone for one in mine.appointments if one.whom == ground.parts["edge"]] == [True]
    ground.planned(mend=True, why="edge dropped out")
    second = {row["code"]: row for row in live(ground)}
    assert {code: row for code, row in first.items() if code in second} == second, "nobody else is moved"
    assert len(second) == 3
    schedule = schedule_of(ground.key)
    assert schedule is not None
    assert [(v["version"], v["kept"], v["cancelled"]) for v in schedule.body["versions"]] == [
        (1, 0, 0),
        (2, 3, 2),
    ]
    assert set(jobs("tell_schedule")[1][2]) == {ground.parts[name] for name in ("edge", "arm", "cell")}


def test_a_proposal_that_was_changed_since_or_names_somebody_gone_is_not_published(
    ground: Fairground,
) -> None:
    with_wishes(ground)
    scheduling.make_proposal(ground.registry, ground.key, mend=False)
    seen = schedule_of(ground.key)
    assert seen is not None
    organiser = ground.actors["organiser"]
    with pytest.raises(ConflictError):
        scheduling.publish(ground.registry, organiser, ground.key, revision=seen.revision - 1)
    ground.move("dock", ground.parts["dock"], "drop-out")
    now = schedule_of(ground.key)
    assert now is not None
    with pytest.raises(InputError, match="dropped out"):
        scheduling.publish(ground.registry, organiser, ground.key, revision=now.revision)
    with pytest.raises((AccessError, NotThereError)):
        scheduling.publish(ground.registry, ground.actors["arm"], ground.key, revision=now.revision)


def test_two_who_take_the_same_slot_of_somebody_at_once_do_not_both_get_it(
    ground: Fairground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.wish("arm", dock=1)
    ground.planned()
    ground.move("organiser", ground.key, "schedule")
    ground.wish("belt", edge=1, fork=1)
    whom = ground.parts["belt"]
    begins = agenda(ground.registry, ground.actors["edge"], ground.parts["edge"]).offers[0].slots[0]
    real, done = writing_of_records, list[bool]()

    def between(*given: Any, **more: Any) -> Any:
        # The other one is quicker by a hair: after this one looked, before it writes.
        if not done:
            done.append(True)
            scheduling.take(
                ground.registry, ground.actors["fork"], ground.parts["fork"], whom=whom, begins=begins
            )
        return real(*given, **more)

    monkeypatch.setattr(scheduling, "edit", between)
    with pytest.raises(InputError, match="not free"):
        scheduling.take(
            ground.registry, ground.actors["edge"], ground.parts["edge"], whom=whom, begins=begins
        )
    taken = [row for row in live(ground) if whom in (row["first"], row["second"])]
    assert len(taken) == 1
    assert ground.parts["fork"] in (taken[0]["first"], taken[0]["second"])
    with pytest.raises(InputError, match="not free"):  # nobody asked for this one
        scheduling.take(
            ground.registry, ground.actors["edge"], ground.parts["edge"], whom=ground.parts["cell"], begins=begins
        )  # fmt: skip


def test_planning_that_dies_leaves_what_was_published_and_the_next_run_goes_on(
    ground: Fairground, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_wishes(ground)
    ground.planned()
    before = schedule_of(ground.key)

    def dies(*given: Any, **more: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(scheduling, "edit", dies)
        with pytest.raises(KeyboardInterrupt):
            scheduling.make_proposal(ground.registry, ground.key, mend=False)
    after = schedule_of(ground.key)
    assert before is not None
    assert after is not None
    assert (before.revision, before.body) == (after.revision, after.body)
    scheduling.make_proposal(ground.registry, ground.key, mend=False)
    again = schedule_of(ground.key)
    assert again is not None
    assert len(again.body["proposal"]) == 5


def test_wishes_free_time_and_outcomes_of_others_never_leave(ground: Fairground) -> None:
    slot = "2026-05-12T01:30Z"
    ground.wish("dock", (slot,), arm=3, belt=2)
    ground.wish("edge", arm=1)
    ground.planned()
    for who in ("visitor", "belt", "cell", "fork"):
        actor = ground.actors[who]
        told = json.dumps(
            [
                show(ground.registry, actor, ground.parts["dock"]).values,
                [line.values for line in table(ground.registry, actor, "participation").lines],
                [line.values for line in table(ground.registry, actor, "badge").lines],
                [line.values for line in table(ground.registry, actor, "meeting-schedule").lines],
            ]
        )
        if who != "visitor":
            mine = agenda(ground.registry, actor, ground.parts[who])
            theirs = wishes(ground.registry, actor, ground.parts[who])
            told += repr(mine) + repr(theirs.others) + repr(theirs.away)
        for secret in (slot, "Person of dock", "dock@example.org", ground.code("dock"), "secret-room"):
            assert secret not in told, (who, secret)
        for other in ("dock", "edge"):
            with pytest.raises(NotThereError):
                agenda(ground.registry, actor, ground.parts[other])
            with pytest.raises(NotThereError):
                wishes(ground.registry, actor, ground.parts[other])
    asked = wishes(ground.registry, ground.actors["arm"], ground.parts["arm"])
    assert {one.title for one in asked.others if one.asks} == {"Invented dock", "Invented edge"}
    assert {one.weight for one in asked.others} == {0}, "that somebody asks is told, not how much"


def test_from_arrival_to_figures(ground: Fairground) -> None:
    with_wishes(ground)
    ground.planned()
    ground.move("organiser", ground.key, "schedule")
    ground.at("2026-05-12", 1)
    organiser = ground.actors["organiser"]
    assert (
        arrive(ground.registry, organiser, ground.key, code=f" {ground.code('dock').lower()} ")
        == "Invented dock"
    )
    with pytest.raises(InputError):
        arrive(ground.registry, organiser, ground.key, code="WRONG234")
    with pytest.raises((AccessError, NotThereError)):
        arrive(ground.registry, ground.actors["arm"], ground.key, code=ground.code("arm"))
    ground.move("organiser", ground.key, "begin")
    mine = agenda(ground.registry, ground.actors["dock"], ground.parts["dock"])
    assert mine.arrived
    with_arm = next(one for one in mine.appointments if one.whom == ground.parts["arm"])
    for who in ("dock", "arm"):
        sit(ground.registry, organiser, ground.key, meeting=with_arm.code, who=ground.parts[who])
    lines = desk(ground.registry, organiser, ground.key)
    assert [one.first_sat and one.second_sat for one in lines.tables].count(True) == 1

    given = {"result": "trial", "satisfaction": 5, "next_step": {"en": "PLANTED next step"}}
    tell_outcome(
        ground.registry, ground.actors["dock"], ground.parts["dock"], meeting=with_arm.code, values=given
    )
    with pytest.raises(InputError, match="already"):
        tell_outcome(
            ground.registry, ground.actors["dock"], ground.parts["dock"], meeting=with_arm.code, values=given
        )
    with pytest.raises(InputError, match="no part"):
        tell_outcome(
            ground.registry, ground.actors["fork"], ground.parts["fork"], meeting=with_arm.code, values=given
        )
    other = next(one for one in mine.appointments if one.whom == ground.parts["belt"])
    tell_outcome(
        ground.registry, ground.actors["belt"], ground.parts["belt"], meeting=other.code, values={"result": "no-show"}
    )  # fmt: skip
    figures = statistics(ground.registry, organiser, ground.key)
    assert (figures.attended.n, figures.attended.of) == (2, 6)
    assert (figures.held.n, figures.no_shows.n, figures.no_shows.of) == (1, 1, 4)
    counted = {one.result: one for one in figures.results}
    assert counted["trial"].n == 1
    assert len(counted["trial"].records) == 1
    # The two and the officer read it; the organiser's members and others do not.
    key = counted["trial"].records[0]
    assert "PLANTED" in json.dumps(show(ground.registry, ground.actors["arm"], key).values)
    assert "PLANTED" in json.dumps(show(ground.registry, ground.actors["officer"], key).values)
    for who in ("organiser", "belt", "visitor"):
        with pytest.raises(NotThereError):
            show(ground.registry, ground.actors[who], key)
    with pytest.raises(InputError):
        statistics(ground.registry, ground.actors["visitor"], ground.key)
    ground.move("organiser", ground.key, "end")
    public = statistics(ground.registry, ground.actors["visitor"], ground.key)
    assert {one.n for one in public.results} == {None}
    assert public.satisfaction is None
    assert public.attended.n is None
    assert all(not one.records for one in public.results)


def test_registration_keeps_to_its_window_and_its_places(ground: Fairground) -> None:
    ground.firms["gear"], ground.actors["gear"] = ground.firms["fork"], ground.actors["fork"]
    ground.join("gear", "visitor")
    ground.firms["hull"], ground.actors["hull"] = ground.firms["fork"], ground.actors["fork"]
    with pytest.raises(InputError, match="places are taken"):
        ground.join("hull", "visitor")
    ground.at("2026-05-11")
    with pytest.raises(InputError, match="registration runs"):
        ground.join("hull", "visitor", confirm=False)


def test_a_cancelled_exhibition_is_told_to_all_once(ground: Fairground) -> None:
    ground.move("organiser", ground.key, "cancel")
    assert jobs("tell_cancelled") == [[ground.key]]


def test_a_calendar_opens_by_its_secret_alone_and_is_closed_again(ground: Fairground) -> None:
    with_wishes(ground)
    ground.planned()
    actor, key = ground.actors["dock"], ground.parts["dock"]
    first = new_feed(ground.registry, actor, key)
    assert fed(ground.registry, first, "en").agenda == agenda(ground.registry, actor, key)
    assert first not in json.dumps(list(Record.objects.values_list("body", flat=True)))
    second = new_feed(ground.registry, actor, key)
    for wrong in (first, "", "x" * 300):
        with pytest.raises(NotThereError):
            fed(ground.registry, wrong, "en")
    end_feed(ground.registry, actor, key)
    with pytest.raises(NotThereError):
        fed(ground.registry, second, "en")
    with pytest.raises(NotThereError):
        new_feed(ground.registry, ground.actors["edge"], key)
    assert agenda_file(ground.registry, actor, key).agenda.appointments


HOSTILE = "Firm\r\nEND:VEVENT\r\nATTENDEE:mailto:x@example.org\u2028,;\\" + "长" * 200


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Shanghai", "America/New_York"])
def test_a_calendar_reads_back_as_it_was_written_on_the_day_the_clocks_change(zone: str) -> None:
    begins = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    entries = [
        Entry(
            f"{n}@x", at, at + timedelta(minutes=30), HOSTILE, "A1", "https://x.example/", n, n == 2, begins
        )
        for n in range(4)
        for at in [begins + timedelta(minutes=30 * n)]
    ]
    made = calendar_of(HOSTILE, ZoneInfo(zone), entries)
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    read = Calendar.from_ical(made)
    events: list[Any] = list(read.walk("VEVENT"))
    assert len(events) == 4
    assert [event["DTSTART"].dt.astimezone(UTC) for event in events] == [one.begins for one in entries]
    assert [str(event["STATUS"]) for event in events].index("CANCELLED") == 2
    assert [int(event["SEQUENCE"]) for event in events] == [0, 1, 2, 3]
    assert {str(part["TZID"]) for part in read.walk("VTIMEZONE")} == {zone}
    assert not list(read.walk("VALARM"))
    assert all("ATTENDEE" not in event for event in events)
