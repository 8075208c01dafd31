"""Schedules of one-to-one meetings: every rule holds, small ones are the best there is, and a drop-out moves nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.domains.exchange.meetings.asking import Asked, Meeting, Pair, Wish
from foretrack.domains.exchange.meetings.planning import first_come, plan
from foretrack.domains.exchange.meetings.replanning import Mended, replan
from foretrack.domains.exchange.meetings.seating import seat
from foretrack.domains.exchange.meetings.slots import Timetable
from foretrack.foundation.errors import HouseError, InputError

PEOPLE = ("a", "b", "c", "d", "e")


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    """Up to five participants, three slots, seven wishes."""
    slots = draw(st.integers(1, 3))
    free = {key: frozenset(draw(st.sets(st.integers(0, slots - 1)))) for key in PEOPLE}
    wishes = draw(
        st.lists(
            st.builds(Wish, st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.integers(1, 3)).filter(
                lambda wish: wish.by != wish.of
            ),
            max_size=7,
        )
    )
    room = draw(st.lists(st.integers(0, 2), min_size=slots, max_size=slots))
    return Asked(free, wishes, room, draw(st.integers(1, 3)))


def every_schedule(asked: Asked) -> list[tuple[Meeting, ...]]:
    """All schedules that keep the rules, found without a solver."""
    pairs = list(asked.worth)
    found = []
    for chosen in product(*((None, *asked.shared(pair)) for pair in pairs)):
        meetings = tuple(Meeting(p, s) for p, s in zip(pairs, chosen, strict=True) if s is not None)
        try:
            asked.check(meetings)
        except HouseError:
            continue
        found.append(meetings)
    return found


def value(asked: Asked, meetings: Sequence[Meeting]) -> tuple[int, int]:
    """What a schedule is judged by: first who meets anybody, then worth."""
    return len({key for one in meetings for key in one.pair}), sum(
        asked.worth.get(m.pair, 0) for m in meetings
    )


@settings(max_examples=40, deadline=None)
@given(questions())
def test_a_small_schedule_keeps_every_rule_and_no_bound_is_broken(asked: Asked) -> None:
    made = plan(asked)
    asked.check(made.meetings)
    best = max(value(asked, one) for one in every_schedule(asked))
    most_worth = max(value(asked, one)[1] for one in every_schedule(asked))
    assert made.bound >= most_worth
    assert made.met_bound >= best[0]
    assert value(asked, made.meetings) <= best
    # What the selection promised and the slots could hold is the best there is.
    if (made.met, made.worth) == (made.met_bound, made.bound):
        assert value(asked, made.meetings) == best
    asked.check(first_come(asked))


@settings(max_examples=25, deadline=None)
@given(questions(), st.sampled_from(PEOPLE))
def test_a_drop_out_costs_the_meetings_of_whoever_dropped_out_and_none_beside(
    asked: Asked, gone: str
) -> None:
    published = first_come(asked)
    then = Asked(
        {key: free for key, free in asked.free.items() if key != gone},
        [one for one in asked.wishes if gone not in (one.by, one.of)], asked.room, asked.most,
    )  # fmt: skip
    mended = replan(then, published)
    must = [one for one in published if gone in one.pair]
    assert mended.proved
    assert mended.changed == mended.least == len(must)
    assert set(mended.cancelled) == set(must)
    assert mended.moved == ()
    assert all(set(one.pair) & set(mended.freed) for one in mended.added)


def least_changed(asked: Asked, published: Sequence[Meeting]) -> int:
    """The fewest published meetings that have to go, by trying every set of those that stay."""
    best = len(published)
    for stays in product((True, False), repeat=len(published)):
        kept = [one for one, stay in zip(published, stays, strict=True) if stay]
        try:
            asked.check(kept)
        except HouseError:
            continue
        best = min(best, len(published) - len(kept))
    return best


@settings(max_examples=25, deadline=None)
@given(questions(), st.data())
def test_a_lost_table_changes_as_few_meetings_as_any_answer_could(asked: Asked, data: st.DataObject) -> None:
    published = first_come(asked)
    room = [data.draw(st.integers(0, n)) for n in asked.room]
    then = Asked(asked.free, asked.wishes, room, data.draw(st.integers(1, asked.most)))
    mended = replan(then, published)
    assert mended.proved
    assert mended.changed == mended.least == least_changed(then, published)


def test_a_freed_partner_is_offered_another_meeting_and_nobody_else_is_touched() -> None:
    free = frozenset((0, 1))
    asked = Asked(
        dict.fromkeys(("a", "b", "c", "d"), free),
        [Wish("a", "b", 3), Wish("a", "c"), Wish("d", "c")], room=[2, 2], most=2,
    )  # fmt: skip
    mended: Mended = replan(asked, [Meeting(("a", "x"), 0), Meeting(("c", "d"), 0)])
    assert [one.pair for one in mended.kept] == [("c", "d")]
    assert ("a", "b") in [one.pair for one in mended.added]
    assert mended.helped == 1


def test_the_same_question_gives_the_same_answer_in_whatever_order_it_comes() -> None:
    free = {key: frozenset(range(4)) for key in PEOPLE}
    wishes = [Wish(a, b, 1 + (ord(a) + ord(b)) % 3) for a in PEOPLE for b in PEOPLE if a < b]
    one = plan(Asked(free, wishes, [2] * 4, 3))
    other = plan(Asked(dict(reversed(free.items())), wishes[::-1], [2] * 4, 3))
    assert one == other


@pytest.mark.parametrize(
    "more",
    [
        {"wishes": [Wish("a", "a")]},
        {"wishes": [Wish("a", "z")]},
        {"wishes": [Wish("a", "b", 9)]},
        {"free": {"a": frozenset((7,)), "b": frozenset()}},
        {"room": [-1]},
        {"most": 0},
    ],
)
def test_a_question_that_cannot_be_is_refused(more: Mapping[str, Any]) -> None:
    fine: dict[str, Any] = {
        "free": {"a": frozenset((0,)), "b": frozenset((0,))},
        "wishes": [],
        "room": [1],
        "most": 1,
    }
    with pytest.raises(InputError):
        Asked(**{**fine, **more})


def test_a_kept_meeting_keeps_its_table() -> None:
    pair: Pair = ("c", "d")
    seats = seat([Meeting(("a", "b"), 0), Meeting(pair, 0)], ["1", "2"], before={(pair, 0): "1"})
    assert seats[Meeting(pair, 0)] == "1"
    assert seats[Meeting(("a", "b"), 0)] == "2"


BERLIN = {"timezone": "Europe/Berlin", "slot_minutes": 30, "halls": [{"hall": "A", "tables": 1}]}


@pytest.mark.parametrize(("day", "n"), [("2026-03-28", 6), ("2026-03-29", 4), ("2026-10-25", 8)])
def test_a_day_on_which_the_clocks_change_has_as_many_slots_as_it_has_time_for(day: str, n: int) -> None:
    found = Timetable.of({**BERLIN, "days": [{"day": day, "begins": "01:00", "ends": "04:00"}]})
    assert len(found.slots) == n
    assert len({slot.name for slot in found.slots}) == n
    assert all((slot.ends - slot.begins).total_seconds() == 1800 for slot in found.slots)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Mars/Olympus"},
        {"timezone": "../etc/passwd"},
        {"days": [{"day": "2026-05-12", "begins": "12:00", "ends": "09:00"}]},
        {"days": [{"day": "2026-05-12", "begins": "9am", "ends": "10:00"}]},
        {"days": [{"day": "2026-05-12", "begins": "09:00", "ends": "09:10"}]},
        {"days": [{"day": "2026-05-12", "begins": "09:00", "ends": "11:00"}] * 2},
    ],
)
def test_days_and_hours_that_cannot_be_are_refused_with_what_to_do(wrong: Mapping[str, Any]) -> None:
    fine = {**BERLIN, "days": [{"day": "2026-05-12", "begins": "09:00", "ends": "11:00"}]}
    with pytest.raises(InputError) as raised:
        Timetable.of({**fine, **wrong})
    assert raised.value.do
