"""Mends a schedule that was published: what need not change stays, and whoever lost a meeting is offered another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from foretrack.domains.exchange.meetings.asking import Asked, Meeting, Pair
from foretrack.domains.exchange.meetings.placing import USUAL, Effort, place
from foretrack.foundation.errors import HouseError


@dataclass(frozen=True, slots=True)
class Moved:
    """A meeting of the same two at another time."""

    pair: Pair
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Mended:
    """The schedule after the change, and all that is different."""

    meetings: tuple[Meeting, ...]
    """By slot, then by pair."""
    kept: tuple[Meeting, ...]
    moved: tuple[Moved, ...]
    cancelled: tuple[Meeting, ...]
    added: tuple[Meeting, ...]
    freed: tuple[str, ...]
    """Participants who are still there and lost a meeting or had it moved."""
    helped: int
    """Of the freed, those who got a new meeting or had theirs moved."""
    least: int
    """Meetings that no schedule can keep: as many as `moved` and `cancelled` together where the answer is proved best."""
    proved: bool

    @property
    def changed(self) -> int:
        """Meetings that were published and are not held as published."""
        return len(self.moved) + len(self.cancelled)


def replan(asked: Asked, published: Sequence[Meeting], *, effort: Effort = USUAL) -> Mended:
    """The schedule that keeps as many published meetings as can be kept, and within that helps whoever was hit.

    In this order: the number of published meetings that stay as they are; published meetings that are moved rather
    than cancelled; freed participants with a meeting in exchange; the worth of what is new. New meetings are only those
    in which a freed participant takes part: nobody else's day is touched, but by one who gains a meeting.

    Where every published meeting that is still possible by itself also goes together with the others - always, when
    somebody drops out - all of them stay, and no solver is needed to prove it. Otherwise (fewer tables, a lower most)
    CP-SAT finds the greatest number that does.

    Args:
        asked: the question as it is now; whoever dropped out is no longer in `free`.
        published: keeps the rules of the question as it was then.

    >>> free = frozenset((0, 1))
    >>> from foretrack.domains.exchange.meetings.asking import Wish
    >>> answer = replan(
    ...     Asked({"a": free, "b": free, "c": free}, [Wish("a", "b"), Wish("a", "c")], room=[1, 1], most=2),
    ...     [Meeting(("a", "b"), 0), Meeting(("a", "x"), 1)],
    ... )
    >>> answer.kept, answer.cancelled
    ((Meeting(pair=('a', 'b'), slot=0),), (Meeting(pair=('a', 'x'), slot=1),))
    >>> answer.added, answer.freed, answer.least
    ((Meeting(pair=('a', 'c'), slot=1),), ('a',), 1)
    """
    possible = [
        one
        for one in published
        if one.pair not in asked.declined
        and all(key in asked.free and one.slot in asked.free[key] for key in one.pair)
        and one.slot < len(asked.room)
    ]
    kept, most_kept = _keep(asked, possible, effort)
    hit = {one.pair: one.slot for one in published if one not in kept}
    freed = tuple(sorted({key for pair in hit for key in pair if key in asked.free}))
    fresh = _offer(asked, kept, hit, freed, effort)
    moved = tuple(Moved(one.pair, hit[one.pair], one.slot) for one in fresh if one.pair in hit)
    again = {one.pair for one in moved}
    added = tuple(one for one in fresh if one.pair not in hit)
    helped = {key for one in fresh for key in one.pair} & set(freed)
    everything = _ordered([*kept, *fresh])
    asked.check(everything)
    return Mended(
        everything, _ordered(kept), moved,
        _ordered([one for one in published if one.pair in hit and one.pair not in again]), added, freed, len(helped),
        len(published) - most_kept, len(kept) == most_kept,
    )  # fmt: skip


def _ordered(meetings: Sequence[Meeting]) -> tuple[Meeting, ...]:
    return tuple(sorted(meetings, key=lambda one: (one.slot, one.pair)))


def _fits(asked: Asked, meetings: Sequence[Meeting]) -> bool:
    load = Counter(key for one in meetings for key in one.pair)
    used = Counter(one.slot for one in meetings)
    return all(n <= asked.most for n in load.values()) and all(n <= asked.room[s] for s, n in used.items())


def _keep(asked: Asked, possible: Sequence[Meeting], effort: Effort) -> tuple[list[Meeting], int]:
    """As many of the possible meetings as go together, and a number that cannot be exceeded."""
    if _fits(asked, possible):
        return list(possible), len(possible)
    model = cp_model.CpModel()
    stays = {one: model.new_bool_var("") for one in _ordered(possible)}
    loads: dict[str, list[cp_model.IntVar]] = {}
    tables: dict[int, list[cp_model.IntVar]] = {}
    for one, var in stays.items():
        tables.setdefault(one.slot, []).append(var)
        for key in one.pair:
            loads.setdefault(key, []).append(var)
    for among in loads.values():
        model.add(sum(among) <= asked.most)
    for slot, among in tables.items():
        model.add(sum(among) <= asked.room[slot])
    # Which go, where some must: those of the least worth; never at the price of one more.
    scale = sum(asked.worth.get(one.pair, 0) for one in stays) + 1
    model.maximize(sum((scale + asked.worth.get(one.pair, 0)) * var for one, var in stays.items()))
    solver = effort.solver(effort.placing)
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise HouseError("the solver kept no meeting", do="give the planning more effort")
    return [one for one, var in stays.items() if solver.boolean_value(var)], int(
        solver.best_objective_bound // scale
    )


def _offer(
    asked: Asked, kept: Sequence[Meeting], hit: Mapping[Pair, int], freed: Sequence[str], effort: Effort
) -> tuple[Meeting, ...]:
    """New meetings in what is left free, for those who were hit."""
    busy = {(key, one.slot) for one in kept for key in one.pair}
    load = Counter(key for one in kept for key in one.pair)
    used = Counter(one.slot for one in kept)
    room = [space - used[slot] for slot, space in enumerate(asked.room)]
    done = {one.pair for one in kept}
    touched = set(freed)
    slots: dict[Pair, list[int]] = {}
    for pair in sorted({*asked.worth, *(p for p in hit if all(key in asked.free for key in p))} - done):
        if pair in asked.declined or not touched & set(pair):
            continue
        open_slots = [
            slot
            for slot in asked.shared(pair)
            if room[slot] > 0 and not any((key, slot) in busy for key in pair) and hit.get(pair) != slot
        ]
        if open_slots:
            slots[pair] = open_slots
    person = sum(asked.worth.get(pair, 0) for pair in slots) + 1
    again = person * (len(freed) + 1)
    placed = place(
        {pair: asked.worth.get(pair, 0) + (again if pair in hit else 0) for pair in slots}, slots, room=room,
        left={key: asked.most - load[key] for key in asked.free}, bonus=dict.fromkeys(freed, person), effort=effort,
    )  # fmt: skip
    return placed.meetings
