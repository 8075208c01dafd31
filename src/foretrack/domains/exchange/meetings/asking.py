"""What is asked of a schedule: who is there, when, who wishes to meet whom, how many tables there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from foretrack.foundation.errors import InputError

Pair: TypeAlias = tuple[str, str]
"""Two participants, the lesser key first."""

WEIGHTS = (1, 2, 3)
"""What a wish may weigh: would be nice, wanted, most wanted."""
MUTUAL = 3
"""What it adds to a pair that both sides wish for it: as much as a further wish of the greatest weight."""


def pair_of(one: str, other: str) -> Pair:
    """The pair of two participants, whoever is named first.

    >>> pair_of("b", "a")
    ('a', 'b')
    """
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True)
class Wish:
    """That one participant wishes to meet another."""

    by: str
    of: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two participants in a slot."""

    pair: Pair
    slot: int


@dataclass(frozen=True)
class Asked:
    """The whole question.

    InputError where a wish or a slot names what is not there, a weight is none of `WEIGHTS`, or a number is negative.
    """

    free: Mapping[str, frozenset[int]]
    """Participant to the slots in which he or she is free."""
    wishes: Sequence[Wish]
    """In the order in which they were made."""
    room: Sequence[int]
    """Tables in each slot."""
    most: int
    """Meetings of one participant at most."""
    declined: frozenset[Pair] = frozenset()
    """Pairs of which one side does not want to meet the other: never planned."""

    def __post_init__(self) -> None:
        slots = frozenset(range(len(self.room)))
        for wish in self.wishes:
            if wish.by not in self.free or wish.of not in self.free or wish.by == wish.of:
                raise InputError.of(
                    "a wish of {by} to meet {of}", by=wish.by[:40], of=wish.of[:40],
                    expected="two different participants who are there", do="leave the wish out",
                )  # fmt: skip
            if wish.weight not in WEIGHTS:
                raise InputError.of(
                    "a wish that weighs {weight}", weight=wish.weight, expected="one of {known}",
                    known=", ".join(map(str, WEIGHTS)), do="correct the weight",
                )  # fmt: skip
        for key, free in self.free.items():
            if not free <= slots:
                raise InputError.of(
                    "{key} is free in slot {slot}", key=key[:40], slot=max(free - slots),
                    expected="slots from 0 to {last}", last=len(slots) - 1, do="correct the slots",
                )  # fmt: skip
        if self.most < 1 or any(room < 0 for room in self.room):
            raise InputError.of(
                "{most} meetings at most, and {room} tables", most=self.most, room=min(self.room, default=0),
                expected="at least one meeting, and no negative number of tables", do="correct the numbers",
            )  # fmt: skip

    @cached_property
    def worth(self) -> dict[Pair, int]:
        """Pair to what a meeting of the two is worth: the weights of both wishes, and `MUTUAL` where both wish it.

        Only pairs that can meet at all: not declined, and free at the same time in some slot with a table. Of several
        wishes of one for the same other the heaviest counts.

        >>> free = frozenset((0,))
        >>> Asked(
        ...     {"a": free, "b": free, "c": free}, [Wish("a", "b", 2), Wish("b", "a"), Wish("c", "a")], room=[1], most=1
        ... ).worth
        {('a', 'b'): 6, ('a', 'c'): 1}
        """
        heaviest: dict[tuple[str, str], int] = {}
        for wish in self.wishes:
            heaviest[wish.by, wish.of] = max(heaviest.get((wish.by, wish.of), 0), wish.weight)
        found: dict[Pair, int] = {}
        for (by, of), weight in heaviest.items():
            pair = pair_of(by, of)
            if pair not in self.declined and self.shared(pair):
                found[pair] = found.get(pair, 0) + weight + (MUTUAL if pair in found else 0)
        return {pair: found[pair] for pair in sorted(found)}

    def shared(self, pair: Pair) -> tuple[int, ...]:
        """Slots with a table in which both of a pair are free."""
        both = self.free[pair[0]] & self.free[pair[1]]
        return tuple(slot for slot in sorted(both) if self.room[slot] > 0)

    @cached_property
    def hopeful(self) -> frozenset[str]:
        """Participants who belong to a pair that can meet: whoever wishes, or is wished for."""
        return frozenset(key for pair in self.worth for key in pair)

    def check(self, meetings: Sequence[Meeting]) -> None:
        """HouseError unless the meetings keep every rule of the question; what a schedule is tested with."""
        from foretrack.foundation.errors import HouseError

        busy = Counter((key, one.slot) for one in meetings for key in one.pair)
        load = Counter(key for one in meetings for key in one.pair)
        tables = Counter(one.slot for one in meetings)
        broken = (
            any(n > 1 for n in busy.values())
            or any(n > self.most for n in load.values())
            or any(n > self.room[slot] for slot, n in tables.items())
            or any(one.slot not in self.shared(one.pair) or one.pair in self.declined for one in meetings)
            or len({one.pair for one in meetings}) != len(meetings)
        )
        if broken:
            raise HouseError("a schedule breaks a rule", do="mend the planning")
