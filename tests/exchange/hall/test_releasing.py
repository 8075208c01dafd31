"""Sessions release at their moment, all of it or nothing, whoever comes first; and nothing before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.hall.conftest import Hall, achievement_values, to_the_moment

from foretrack.domains.exchange.embargo import moment_of
from foretrack.domains.exchange.hall import following as hall_following
from foretrack.domains.exchange.hall.releasing import due_sessions, release_due, release_session
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.jobs.models import Job
from foretrack.jobs.worker import Worker
from foretrack.registry.access.permission import AccessError
from foretrack.registry.models import Record
from foretrack.registry.signals import moved


def test_what_was_accepted_is_released_together_at_the_moment_by_the_worker(hall: Hall) -> None:
    session = hall.session()
    first, second = hall.achievement(session, 1), hall.achievement(session, 2)
    waiting = hall.create(
        "owner", "achievement", {**achievement_values(3), "organisation": hall.institute, "session": session}
    )
    hall.move("owner", waiting, "submit")
    to_the_moment(hall, seconds=-1)
    Worker(hall.registry).run(once=True)
    assert [hall.status(key) for key in (session, first, second)] == ["announced", "accepted", "accepted"]

    to_the_moment(hall)
    Worker(hall.registry).run(once=True)

    assert [hall.status(key) for key in (session, first, second)] == ["released"] * 3
    assert hall.status(waiting) == "submitted", "what nobody accepted is not released"


def test_the_first_reader_after_the_moment_releases_where_the_worker_is_late(hall: Hall) -> None:
    session = hall.session()
    key = hall.achievement(session)
    assert release_due(hall.registry) == "nothing due"

    to_the_moment(hall, seconds=1)

    assert release_due(hall.registry) == "released"
    assert hall.status(key) == "released"
    assert release_due(hall.registry) == "nothing due"


def test_two_releases_at_once_do_it_once(hall: Hall) -> None:
    session = hall.session()
    key = hall.achievement(session)
    to_the_moment(hall, seconds=1)

    assert [release_session(hall.registry, session), release_session(hall.registry, session)] == [True, False]
    Worker(hall.registry).run(once=True)

    assert Record.objects.get(key=key).revision == 4, "made, handed in, accepted, released: once each"


def test_a_release_that_breaks_in_the_middle_releases_nothing_and_is_taken_up_again(hall: Hall) -> None:
    session = hall.session()
    keys = [hall.achievement(session, n) for n in (1, 2)]
    to_the_moment(hall, seconds=1)

    def power_cut(record: Record, **_: Any) -> None:
        if record.key == keys[1]:
            raise OSError("invented power cut")

    moved.connect(power_cut)
    try:
        Worker(hall.registry).run(once=True)
        broken = [hall.status(key) for key in (session, *keys)]
    finally:
        moved.disconnect(power_cut)
    assert broken == ["announced", "accepted", "accepted"]
    tried = Job.objects.get(key__startswith=f"hall:{session}")
    assert tried.attempts == 1
    assert "power cut" in tried.problems[0]["what"]

    hall.clock.forward(minutes=1)
    Worker(hall.registry).run(once=True)

    assert [hall.status(key) for key in (session, *keys)] == ["released"] * 3


def test_a_reader_is_told_that_it_is_late_where_a_release_cannot_be_made(hall: Hall) -> None:
    session = hall.session()
    key = hall.achievement(session)
    body = {**Record.objects.get(key=key).body}
    del body["summary"]  # as if a later version asked for a field that it lacks
    Record.objects.filter(key=key).update(body=body)
    to_the_moment(hall, seconds=1)

    assert release_due(hall.registry) == "late"
    assert hall.status(session) == "announced"


def test_nobody_releases_before_the_moment_without_lifting_the_embargo(hall: Hall) -> None:
    session = hall.session()
    key = hall.achievement(session)

    with pytest.raises(EvidenceError, match="releases itself"):
        hall.move("officer", session, "release")
    with pytest.raises(EvidenceError, match="under embargo"):
        hall.move("officer", key, "release")
    with pytest.raises(AccessError):
        hall.move("owner", key, "release")

    hall.move("officer", session, "release-early", notice={"en": "It stood in a newspaper."})
    assert (hall.status(session), hall.status(key)) == ("released", "released")


def test_a_postponed_session_waits_for_its_new_moment(hall: Hall) -> None:
    session = hall.session()
    key = hall.achievement(session)
    hall.move("officer", session, "postpone", release_time="11:00", notice={"en": "The host is late."})

    to_the_moment(hall, minutes=30)
    Worker(hall.registry).run(once=True)
    assert due_sessions(hall.registry) == []
    assert hall.status(key) == "accepted"

    to_the_moment(hall, minutes=60)
    Worker(hall.registry).run(once=True)
    assert hall.status(key) == "released"


def test_a_cancelled_session_gives_back_what_was_accepted(hall: Hall) -> None:
    session = hall.session()
    key = hall.achievement(session)

    hall.move("officer", session, "cancel", notice={"en": "There is a storm."})

    assert (hall.status(session), hall.status(key)) == ("cancelled", "submitted")
    to_the_moment(hall, hours=1)
    Worker(hall.registry).run(once=True)
    assert hall.status(key) == "submitted"
    hall.move("second officer", key, "release")
    assert hall.status(key) == "released"


def test_a_moment_that_has_passed_or_does_not_exist_is_refused(hall: Hall, settings: Any) -> None:
    with pytest.raises(InputError, match="has passed"):
        hall.session(day="2026-03-01")
    settings.TIME_ZONE = "Europe/Berlin"
    with pytest.raises(InputError, match="does not exist in Europe/Berlin"):
        hall.session(day="2026-03-29", time="02:30")
    with pytest.raises(InputError, match="no time of day"):
        hall.session(time="25:00")
    with pytest.raises(InputError, match="after the release"):
        hall.session(hand_in_until="2026-03-04")


def test_the_clock_of_the_installation_decides(hall: Hall, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    session = hall.session()  # 10:00 in Shanghai is 02:00 UTC
    key = hall.achievement(session)

    to_the_moment(hall, hours=-8, seconds=-1)
    assert release_due(hall.registry) == "nothing due"
    to_the_moment(hall, hours=-8)
    assert release_due(hall.registry) == "released"
    assert hall.status(key) == "released"


def test_what_comes_too_late_waits_for_another_session(hall: Hall) -> None:
    session = hall.session(day="2026-03-10", hand_in_until="2026-03-04")
    hall.clock.forward(days=4)
    late = hall.create(
        "owner", "achievement", {**achievement_values(), "organisation": hall.institute, "session": session}
    )

    with pytest.raises(EvidenceError, match="until 2026-03-04"):
        hall.move("owner", late, "submit")


def test_every_move_is_declared_and_the_hall_checks_only_moves_that_there_are() -> None:
    from foretrack.domains.exchange.kinds import KINDS

    declared = {(kind.name, t.name) for kind in KINDS for t in kind.transitions}

    assert set(hall_following._CHECKS) | set(hall_following._FOLLOWS) <= declared


@given(
    st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2035-01-01")),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"]),
)
def test_a_moment_is_never_before_the_clock_shows_the_announced_time_for_the_last_time(
    at: datetime, zone: str
) -> None:
    at = at.replace(second=0, microsecond=0)
    day, time = at.date().isoformat(), f"{at:%H:%M}"
    try:
        moment = moment_of(day, time, zone)
    except InputError:
        before, after = (
            (at + timedelta(minutes=m)).replace(tzinfo=ZoneInfo(zone)).utcoffset() for m in (-60, 60)
        )
        assert before != after, "only a time that the clock leaves out is refused"
        return
    here = moment.astimezone(ZoneInfo(zone))
    assert here.replace(tzinfo=None, fold=0) == at
    again = [moment + timedelta(minutes=m) for m in range(30, 121, 30)]
    assert all(one.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != at for one in again)


def test_a_list_takes_what_was_released_and_nothing_under_embargo(hall: Hall) -> None:
    from foretrack.lists.actions.issuing import prepare, publish
    from foretrack.lists.actions.series import declare_series

    officer, both = hall.actors["officer"], {"en": "Invented catalogue", "zh": "虚构目录"}
    declare_series(
        hall.registry, officer, "invented-catalogue", kind="achievement", title=both, publisher=both
    )
    session = hall.session()
    hidden, shown = hall.achievement(session, 1), hall.achievement("", 2)

    publish(hall.registry, officer, "invented-catalogue", reason="first")
    first = prepare(hall.registry, officer, "invented-catalogue")
    to_the_moment(hall)
    Worker(hall.registry).run(once=True)
    second = prepare(hall.registry, officer, "invented-catalogue")

    assert [entry.record for entry in first.issue.entries] == [shown]
    assert {entry.record for entry in second.issue.entries} == {hidden, shown}
