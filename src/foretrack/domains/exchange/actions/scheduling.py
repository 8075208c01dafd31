"""The schedule of an exhibition: planned by a job, published in one revision, mended, changed by a free slot."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foretrack.domains.exchange.actions.exhibitions import (
    SYSTEM,
    TAKES_PART,
    Fair,
    begun_schedule,
    check_state,
    fair,
    meetings_in,
    mine,
    participations,
    run,
    schedule_of,
)
from foretrack.domains.exchange.meetings.asking import Asked, Meeting, Pair, Wish, pair_of
from foretrack.domains.exchange.meetings.seating import seat
from foretrack.domains.exchange.meetings.slots import Slot, Timetable
from foretrack.foundation.errors import InputError
from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.queueing import enqueue
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import edit
from foretrack.registry.actions.writing import ConflictError
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry, moment

TRIES = 5
"""How often a change of the schedule is tried while others change it in the same moment."""
PLANS = ("registration", "scheduled", "running")
"""States of an exhibition in which its schedule may change."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between what is published and another schedule: numbers of meetings."""

    kept: int
    moved: int
    cancelled: int
    added: int


def asked_of(key: str, timetable: Timetable) -> Asked:
    """The question that the wishes of an exhibition's participants make."""
    there = participations(key, TAKES_PART)
    keys = {one.key for one in there}
    away = {one.key: set(one.body.get("away") or ()) for one in there}
    told = [
        (row.get("asked_at", ""), one.key, row["whom"], int(row["weight"]))
        for one in there
        for row in one.body.get("wishes") or ()
        if row["whom"] in keys
    ]
    refused = (
        pair_of(one.key, whom) for one in there for whom in one.body.get("refused") or () if whom in keys
    )
    return Asked(
        {
            key: frozenset(slot.number for slot in timetable.slots if slot.name not in away[key])
            for key in keys
        },
        [Wish(by, of, weight) for _, by, of, weight in sorted(told)],
        [len(timetable.tables)] * len(timetable.slots),
        int(Record.objects.values_list("body__most_meetings", flat=True).get(key=key)),
        frozenset(refused),
    )


def ask_plan(registry: Registry, actor: Actor, key: str, *, mend: bool = False) -> str:
    """Asks for a proposal; the worker makes it. Gives the identifier of the job.

    Args:
        mend: keep of what is published all that can be kept, instead of planning anew.
    """
    found = run(registry, actor, key)
    check_state(found, *PLANS)
    task = enqueue(propose, found.page.key, mend)
    _change(registry, found, lambda schedule: {"planning": task})
    return task


@job(Terms(most_attempts=3, seconds=600))
def propose(run: Run, key: str, mend: bool) -> None:
    """Plans and keeps the proposal, in one revision: a run that dies leaves what was there."""
    make_proposal(run.registry, key, mend=mend)


def make_proposal(registry: Registry, key: str, *, mend: bool) -> None:
    """Plans anew or mends, and keeps the outcome beside what is published."""
    from foretrack.domains.exchange.meetings.planning import first_come, plan
    from foretrack.domains.exchange.meetings.replanning import replan

    found = fair(registry, SYSTEM, key)
    asked = asked_of(key, found.timetable)
    figures: dict[str, float] = {"wishes": len(asked.wishes), "participants": len(asked.free)}
    if mend:
        mended = replan(asked, meetings_of(meetings_in(schedule_of(key)), found.timetable))
        meetings = mended.meetings
        figures |= {
            "changed": mended.changed, "least": mended.least, "freed": len(mended.freed), "helped": mended.helped,
        }  # fmt: skip
    else:
        made = plan(asked)
        meetings = made.meetings
        queue = first_come(asked)
        figures |= {
            "bound": made.bound, "met": made.met, "hopeful": made.hopeful,
            "first_come": sum(asked.worth[one.pair] for one in queue),
        }  # fmt: skip
    figures |= {"meetings": len(meetings), "worth": sum(asked.worth.get(one.pair, 0) for one in meetings)}
    slots = found.timetable.slots
    values = {
        "proposal": [
            {"first": one.pair[0], "second": one.pair[1], "begins": slots[one.slot].name} for one in meetings
        ],
        "figures": [{"name": name, "value": value} for name, value in figures.items()],
        "planning": None,
    }
    _change(registry, found, lambda schedule: values)


def publish(registry: Registry, actor: Actor, key: str, *, revision: int, why: str = "") -> Differences:
    """Publishes the proposal as the next version; whoever is concerned is told.

    Args:
        revision: of the schedule that the actor looked at: ConflictError where it has changed since.

    InputError without a proposal, or where somebody in it dropped out since it was made.
    """
    found = run(registry, actor, key)
    check_state(found, *PLANS)
    schedule = schedule_of(found.page.key)
    if schedule is None or not schedule.body.get("proposal"):
        raise InputError.of(
            "there is no proposal to publish",
            expected="a schedule that was planned",
            do="plan the meetings first",
        )
    rows = schedule.body["proposal"]
    there = {one.key for one in participations(found.page.key, TAKES_PART)}
    if gone := {row[side] for row in rows for side in ("first", "second")} - there:
        raise InputError.of(
            "{n} participants of the proposal have dropped out", n=len(gone), expected="participants who are there",
            do="mend the schedule, then publish it",
        )  # fmt: skip
    values, differences = _version(registry, found, schedule, meetings_of(rows, found.timetable), why)
    emptied = {"proposal": None, "figures": None}
    edit(registry, actor, schedule.key, values | emptied, revision=revision, reason=why or "published")
    return differences


def take(registry: Registry, actor: Actor, key: str, *, whom: str, begins: str) -> None:
    """Takes a slot that is free on both sides for a meeting with somebody who asked for one.

    Two who want the same slot of somebody at once: the first gets it, the other is told that it is taken.

    InputError where the other one did not ask for a meeting, or the slot is not free for both, or no table is.
    """
    record = mine(registry, actor, key)
    found = fair(registry, SYSTEM, record.body["exhibition"])
    check_state(found, "scheduled", "running")
    pair = pair_of(key, whom)
    why = "a free slot was taken"

    def taken(schedule: Record) -> Mapping[str, Any]:
        asked = asked_of(found.page.key, found.timetable)
        published = meetings_of(meetings_in(schedule), found.timetable)
        free = {slot.name: slot for slot in free_slots(asked, published, found.timetable, pair)}
        if begins not in free or not any(wish.by == whom and wish.of == key for wish in asked.wishes):
            raise InputError.of(
                "this slot is not free for both of you any more", expected="a slot that both have free, with a table",
                do="look at the slots once more",
            )  # fmt: skip
        return _version(registry, found, schedule, [*published, Meeting(pair, free[begins].number)], why)[0]

    _change(registry, found, taken, why)


def free_slots(asked: Asked, published: Sequence[Meeting], timetable: Timetable, pair: Pair) -> list[Slot]:
    """Slots in which two could meet beside everything that is published; none where they meet already."""
    if (
        any(one.pair == pair for one in published)
        or pair in asked.declined
        or not set(pair) <= asked.free.keys()
    ):
        return []
    load = Counter(key for one in published for key in one.pair)
    busy = {(key, one.slot) for one in published for key in one.pair}
    used = Counter(one.slot for one in published)
    if max(load[key] for key in pair) >= asked.most:
        return []
    return [
        timetable.slots[slot]
        for slot in asked.shared(pair)
        if used[slot] < asked.room[slot] and not any((key, slot) in busy for key in pair)
    ]


def differences_of(published: Sequence[Meeting], wanted: Sequence[Meeting]) -> Differences:
    """What differs, in numbers.

    >>> a, b, c = ("a", "b"), ("a", "c"), ("a", "d")
    >>> differences_of([Meeting(a, 0), Meeting(b, 1)], [Meeting(a, 2), Meeting(c, 1)])
    Differences(kept=0, moved=1, cancelled=1, added=1)
    """
    before, after = {one.pair: one.slot for one in published}, {one.pair: one.slot for one in wanted}
    both = before.keys() & after.keys()
    kept = sum(1 for pair in both if before[pair] == after[pair])
    return Differences(kept, len(both) - kept, len(before.keys() - both), len(after.keys() - both))


def code_of(exhibition: str, pair: Pair) -> str:
    """The code of a meeting: the same in every version, so that calendars know it again.

    >>> len(code_of("X", ("a", "b"))), code_of("X", ("a", "b")) == code_of("Y", ("a", "b"))
    (10, False)
    """
    return hashlib.sha256(f"{exhibition}:{pair[0]}:{pair[1]}".encode()).hexdigest()[:10].upper()


def meetings_of(rows: Sequence[Mapping[str, Any]], timetable: Timetable) -> list[Meeting]:
    """Rows of a record as meetings; those cancelled, and those in slots that are gone, left out."""
    return [
        Meeting(pair_of(row["first"], row["second"]), timetable.by_name[row["begins"]].number)
        for row in rows
        if "cancelled" not in row and row["begins"] in timetable.by_name
    ]


def _version(
    registry: Registry, found: Fair, schedule: Record, wanted: Sequence[Meeting], why: str
) -> tuple[dict[str, Any], Differences]:
    """The fields of the next version: every meeting there ever was, those cancelled marked, changed ones counted up."""
    timetable, now = found.timetable, moment(registry.now())
    rows: dict[Pair, dict[str, Any]] = {
        pair_of(row["first"], row["second"]): row for row in meetings_in(schedule)
    }
    published = meetings_of(list(rows.values()), timetable)
    before = {(one.pair, one.slot): str(rows[one.pair].get("table", "")) for one in published}
    for one, table in seat(wanted, timetable.tables, before=before).items():
        row, begins = rows.get(one.pair), timetable.slots[one.slot].name
        if row is None:
            made = {"code": code_of(found.page.key, one.pair), "first": one.pair[0], "second": one.pair[1]}
            rows[one.pair] = {**made, "begins": begins, "table": table, "sequence": 0}
        elif row["begins"] != begins or row.get("table") != table or "cancelled" in row:
            again = {name: value for name, value in row.items() if name != "cancelled"}
            rows[one.pair] = {**again, "begins": begins, "table": table, "sequence": row["sequence"] + 1}
    stays = {one.pair for one in wanted}
    for pair, row in rows.items():
        if pair not in stays and "cancelled" not in row:
            rows[pair] = {**row, "cancelled": now, "sequence": row["sequence"] + 1}
    differences = differences_of(published, wanted)
    version = int(schedule.body.get("version") or 0) + 1
    line = {
        "version": version, "at": now, "kept": differences.kept, "moved": differences.moved,
        "cancelled": differences.cancelled, "added": differences.added, **({"why": why[:200]} if why else {}),
    }  # fmt: skip
    values = {
        "meetings": sorted(rows.values(), key=lambda row: (row["begins"], row["code"])),
        "version": version,
        "versions": [*(schedule.body.get("versions") or ()), line],
    }
    return values, differences


def _change(
    registry: Registry, found: Fair, changes: Callable[[Record], Mapping[str, Any]], reason: str = ""
) -> None:
    """Changes the schedule with what a function makes of it, as it stands at that moment."""
    for attempt in range(1, TRIES + 1):
        schedule = begun_schedule(registry, found)
        values = changes(schedule)
        try:
            edit(registry, SYSTEM, schedule.key, values, revision=schedule.revision, reason=reason)
        except ConflictError:
            if attempt == TRIES:
                raise
        else:
            return
