"""Puts pairs into slots: the one model that planning and re-planning share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from foretrack.domains.exchange.meetings.asking import Meeting, Pair
from foretrack.foundation.errors import HouseError


@dataclass(frozen=True, slots=True)
class Effort:
    """How long the solver tries. Counted in its own deterministic time, so that the same question gives the same answer
    on every machine; a unit is about a second."""

    placing: float = 20.0
    within: float = 0.001
    """The search ends when no better answer can gain more than this share of the worth of all pairs."""
    seed: int = 0

    def solver(self, most: float, worth: float = 0.0) -> cp_model.CpSolver:
        """A solver with one worker: several would race each other, and the winner would be chance."""
        made = cp_model.CpSolver()
        made.parameters.num_workers = 1
        made.parameters.random_seed = self.seed
        made.parameters.max_deterministic_time = most
        # Absolutely, not relatively: a share of the bonuses would be more than all worth together.
        made.parameters.relative_gap_limit = 0.0
        made.parameters.absolute_gap_limit = self.within * worth
        return made


USUAL = Effort()


@dataclass(frozen=True, slots=True)
class Placed:
    """Meetings and how good they can be proved to be."""

    meetings: tuple[Meeting, ...]
    value: int
    """Of the objective: worth, and the bonus of every person who got a meeting."""
    bound: float
    """No placement has a greater value."""


def place(
    worth: Mapping[Pair, int], slots: Mapping[Pair, Sequence[int]], *, room: Sequence[int], left: Mapping[str, int],
    bonus: Mapping[str, int], effort: Effort, hint: Iterable[Meeting] = (),
) -> Placed:  # fmt: skip
    """The meetings with the greatest sum of worth, plus a bonus for each person who has at least one.

    maximise sum worth[p] x[p, s] + sum bonus[i] y[i], x and y in {0, 1}, where each pair meets at most once, each person
    at most once a slot and `left[i]` times in all, each slot holds `room[s]` meetings, and y[i] <= sum of the x of i.

    Args:
        worth: pair to what its meeting is worth; at least 0.
        slots: pair to the slots in which it may meet.
        left: person to the number of meetings that are still possible.
        bonus: person to what it is worth that he or she meets anybody.
        hint: a placement to begin with.
    """
    model = cp_model.CpModel()
    x = {(pair, slot): model.new_bool_var("") for pair in worth for slot in slots[pair]}
    of_person: dict[str, list[cp_model.IntVar]] = {}
    at: dict[tuple[str, int], list[cp_model.IntVar]] = {}
    in_slot: dict[int, list[cp_model.IntVar]] = {}
    for (pair, slot), var in x.items():
        in_slot.setdefault(slot, []).append(var)
        for key in pair:
            of_person.setdefault(key, []).append(var)
            at.setdefault((key, slot), []).append(var)
    for pair in worth:
        model.add_at_most_one(x[pair, slot] for slot in slots[pair])
    for among in at.values():
        model.add_at_most_one(among)
    for slot, among in in_slot.items():
        model.add(sum(among) <= room[slot])
    for key, among in of_person.items():
        if len(among) > left[key]:
            model.add(sum(among) <= left[key])
    met = {key: model.new_bool_var("") for key in bonus if key in of_person}
    for key, var in met.items():
        model.add(sum(of_person[key]) >= var)
    if not x:
        return Placed((), 0, 0.0)
    hinted = {(one.pair, one.slot) for one in hint}
    if hinted:
        for spot, var in x.items():
            model.add_hint(var, spot in hinted)
        there = {key for pair, _ in hinted for key in pair}
        for key, var in met.items():
            model.add_hint(var, key in there)
    model.maximize(
        sum(worth[pair] * var for (pair, _), var in x.items()) + sum(bonus[key] * var for key, var in met.items())
    )  # fmt: skip
    solver = effort.solver(effort.placing, sum(worth.values()))
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        # No meeting at all keeps every rule, so a solver that finds nothing was given no time.
        raise HouseError("the solver found no placement", do="give the planning more effort")
    chosen = tuple(Meeting(pair, slot) for (pair, slot), var in x.items() if solver.boolean_value(var))
    return Placed(chosen, round(solver.objective_value), solver.best_objective_bound)
