"""The best schedule of one-to-one meetings, how far from the best it is at most, and first-come to compare with."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack

from foretrack.domains.exchange.meetings.asking import Asked, Meeting, Pair, pair_of
from foretrack.domains.exchange.meetings.placing import USUAL, Effort, place
from foretrack.foundation.errors import HouseError
from foretrack.foundation.progress import Progress, silent

MOST_NODES = 2000
"""Branches that the choice of pairs may look at; the first is nearly always the last."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Meetings, and how good they are."""

    meetings: tuple[Meeting, ...]
    """By slot, then by pair."""
    worth: int
    """Sum of the worth of the pairs that meet."""
    bound: int
    """No schedule at all is worth more."""
    met: int
    """Participants with a meeting."""
    hopeful: int
    """Participants who belong to a pair that can meet; `met` cannot be more."""
    met_bound: int
    """No schedule gives more participants a meeting."""

    @property
    def gap(self) -> float:
        """How far the worth is below the bound at most, as a share of it."""
        return 1 - self.worth / self.bound if self.bound else 0.0


def plan(asked: Asked, *, effort: Effort = USUAL, progress: Progress = silent) -> Schedule:
    """A schedule in which as many as possible meet somebody, and of those the one of greatest worth.

    Two steps. First the pairs are chosen without slots: each participant at most `most` meetings and no more than free
    slots, all together no more than there are tables and people to sit at them. That is a relaxation, so its best worth
    is a bound for every schedule (the selection is a b-matching: Edmonds 1965, doi:10.4153/CJM-1965-045-4). Then the
    chosen pairs are put into slots, an edge colouring with availability; what does not fit is replaced by solving the
    whole model, begun from what fits: by CP-SAT of OR-Tools (Perron & Didier).

    >>> free = frozenset((0, 1))
    >>> from foretrack.domains.exchange.meetings.asking import Wish
    >>> answer = plan(Asked(
    ...     {"a": free, "b": free, "c": free, "d": frozenset((0,))},
    ...     [Wish("a", "b", 3), Wish("c", "a", 1), Wish("d", "a", 1)], room=[1, 1], most=2,
    ... ))
    >>> answer.meetings, answer.worth, answer.bound, (answer.met, answer.hopeful)
    ((Meeting(pair=('a', 'd'), slot=0), Meeting(pair=('a', 'b'), slot=1)), 4, 4, (3, 4))
    """
    pairs = tuple(asked.worth)
    if not pairs:
        return Schedule((), 0, 0, 0, 0, 0)
    progress("choosing pairs", 0, 3)
    chosen, bound, met_bound = _select(asked)
    progress("placing them", 1, 3)
    bonus = dict.fromkeys(asked.hopeful, sum(asked.worth.values()) + 1)
    left = dict.fromkeys(asked.free, asked.most)
    slots = {pair: asked.shared(pair) for pair in pairs}
    placed = place(
        {pair: asked.worth[pair] for pair in chosen},
        slots,
        room=asked.room,
        left=left,
        bonus=bonus,
        effort=effort,
    )
    meetings = placed.meetings
    if len(meetings) < len(chosen):
        progress("filling up", 2, 3)
        begun = _filled(asked, placed.meetings)
        placed = place(asked.worth, slots, room=asked.room, left=left, bonus=bonus, effort=effort, hint=begun)
    progress("planned", 3, 3)
    made = schedule_of(asked, placed.meetings, bound=bound, met_bound=met_bound)
    asked.check(made.meetings)
    return made


def schedule_of(asked: Asked, meetings: Iterable[Meeting], *, bound: int, met_bound: int) -> Schedule:
    """Meetings in order, with their figures."""
    kept = tuple(sorted(meetings, key=lambda one: (one.slot, one.pair)))
    return Schedule(
        kept, sum(asked.worth.get(one.pair, 0) for one in kept), bound, len({key for one in kept for key in one.pair}),
        len(asked.hopeful), met_bound,
    )  # fmt: skip


def _value(asked: Asked, meetings: Sequence[Meeting]) -> tuple[int, int]:
    """By what schedules are compared: participants who meet anybody, then worth."""
    return len({key for one in meetings for key in one.pair}), sum(asked.worth[one.pair] for one in meetings)


def first_come(asked: Asked) -> tuple[Meeting, ...]:
    """What a list by the door gives: wishes in the order in which they were made, each into the first slot that is free.

    >>> free = frozenset((0,))
    >>> from foretrack.domains.exchange.meetings.asking import Wish
    >>> first_come(Asked(
    ...     {"a": free, "b": free, "c": free}, [Wish("c", "a"), Wish("a", "b", 3)], room=[1], most=1
    ... ))
    (Meeting(pair=('a', 'c'), slot=0),)
    """
    return _filled(asked, (), [pair_of(wish.by, wish.of) for wish in asked.wishes])


def _filled(
    asked: Asked, meetings: Sequence[Meeting], order: Sequence[Pair] | None = None
) -> tuple[Meeting, ...]:
    """Meetings, and what else fits beside them: pair by pair, without an order the most worth first."""
    made = list(meetings)
    done = {one.pair for one in made}
    busy = {(key, one.slot) for one in made for key in one.pair}
    load = Counter(key for one in made for key in one.pair)
    used = Counter(one.slot for one in made)
    for pair in order if order is not None else sorted(asked.worth, key=lambda one: (-asked.worth[one], one)):
        if pair in done or pair not in asked.worth or max(load[key] for key in pair) >= asked.most:
            continue
        for slot in asked.shared(pair):
            if used[slot] < asked.room[slot] and not any((key, slot) in busy for key in pair):
                made.append(Meeting(pair, slot))
                done.add(pair)
                busy |= {(key, slot) for key in pair}
                load.update(pair)
                used[slot] += 1
                break
    return tuple(made)


def _select(asked: Asked) -> tuple[tuple[Pair, ...], int, int]:
    """The pairs to be placed, the greatest worth of any schedule, and the most participants that any schedule serves.

    By HiGHS within scipy (Huangfu & Hall 2018, doi:10.1007/s12532-017-0130-5): the relaxation of a b-matching is nearly
    whole-numbered, so that it is solved at the root, in a hundredth of the time that CP-SAT takes.
    """
    pairs, people = tuple(asked.worth), sorted(asked.hopeful)
    at = {key: n for n, key in enumerate(people)}
    n_pairs, n_people = len(pairs), len(people)
    sides = [at[key] for pair in pairs for key in pair]
    touches = csr_array(
        (np.ones(len(sides)), (sides, np.repeat(np.arange(n_pairs), 2))), shape=(n_people, n_pairs)
    )
    most = [min(asked.most, sum(1 for s in asked.free[key] if asked.room[s])) for key in people]
    there = Counter(slot for key in people for slot in asked.free[key])
    tables = sum(min(room, there[slot] // 2) for slot, room in enumerate(asked.room))
    rules = [
        LinearConstraint(hstack([touches, csr_array((n_people, n_people))]), -np.inf, most),
        LinearConstraint(np.concatenate([np.ones(n_pairs), np.zeros(n_people)])[None, :], -np.inf, tables),
        LinearConstraint(hstack([touches, -eye_array(n_people)]), 0, np.inf),
    ]
    worth = np.concatenate([[asked.worth[pair] for pair in pairs], np.zeros(n_people)])
    met = np.concatenate([np.zeros(n_pairs), np.ones(n_people)])

    def solve(goal: npt.NDArray[np.float64], *more: LinearConstraint) -> tuple[npt.NDArray[np.bool_], int]:
        found = milp(
            -goal, constraints=[*rules, *more], integrality=np.ones(n_pairs + n_people, dtype=np.int64),
            bounds=Bounds(0, 1),
            options={"node_limit": MOST_NODES},
        )  # fmt: skip
        if found.x is None:
            raise HouseError("the solver chose no pairs", do="plan with fewer wishes")
        return found.x > 0.5, math.floor(-found.mip_dual_bound + 1e-6)

    _, bound = solve(worth)
    fair, met_bound = solve(met)
    best, _ = solve(worth, LinearConstraint(met[None, :], int(fair[n_pairs:].sum()), np.inf))
    return tuple(pair for n, pair in enumerate(pairs) if best[n]), bound, met_bound
