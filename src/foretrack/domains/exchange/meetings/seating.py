"""Which table a meeting gets: the one it had, then one where a partner sits already, then the first that is free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from foretrack.domains.exchange.meetings.asking import Meeting, Pair
from foretrack.foundation.errors import HouseError


def seat(
    meetings: Iterable[Meeting],
    tables: Sequence[str],
    *,
    before: Mapping[tuple[Pair, int], str] | None = None,
) -> dict[Meeting, str]:
    """Meeting to table, no table twice in a slot.

    Args:
        tables: in the order in which they are filled.
        before: (pair, slot) to the table that was published; it stays where that table still is.

    >>> answer = seat([Meeting(("a", "b"), 0), Meeting(("c", "d"), 0), Meeting(("c", "e"), 1)], ["1", "2"])
    >>> list(answer.values())          # c stays at table 2
    ['1', '2', '2']
    """
    kept = before or {}
    found: dict[Meeting, str] = {}
    habit: dict[str, Counter[str]] = {}
    by_slot: dict[int, list[Meeting]] = {}
    for one in sorted(meetings, key=lambda meeting: (meeting.slot, meeting.pair)):
        by_slot.setdefault(one.slot, []).append(one)
    for slot, among in by_slot.items():
        if len(among) > len(tables):
            raise HouseError("there are more meetings than tables", do="mend the planning")
        taken: set[str] = set()
        for one in among:
            table = kept.get((one.pair, slot))
            if table in tables and table not in taken:
                found[one] = str(table)
                taken.add(str(table))
        for one in among:
            if one not in found:
                liked = Counter[str]()
                for key in one.pair:
                    liked.update(habit.get(key, Counter()))
                found[one] = min(
                    (table for table in tables if table not in taken),
                    key=lambda t: (-liked[t], tables.index(t)),
                )
                taken.add(found[one])
        for one in among:
            for key in one.pair:
                habit.setdefault(key, Counter())[found[one]] += 1
    return {one: found[one] for among in by_slot.values() for one in among}
