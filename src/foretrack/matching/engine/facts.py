"""The facts of one side as columns, and which of them a profile of the other side may meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from foretrack.matching.engine.filters import inside
from foretrack.matching.profiles import Profile

Bools: TypeAlias = npt.NDArray[np.bool_]
Sets: TypeAlias = Mapping[str, Bools]
"""Per value, which rows have it: (n,) each."""

_NEVER = np.iinfo(np.int32).max
_SETS: Mapping[str, Callable[[Profile], frozenset[str]]] = {
    "organisation": lambda p: frozenset((p.organisation,)) - {""},
    "cooperation": lambda p: p.cooperation,
    "partner_types": lambda p: p.partner_types,
    "sort_of": lambda p: frozenset((p.sort_of,)) - {""},
    "region": lambda p: frozenset((p.region,)) - {""},
    "partner_regions": lambda p: p.partner_regions,
    "languages": lambda p: p.languages,
    "flags": lambda p: p.flags,
    "tracks": lambda p: p.tracks,
}


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Columns of n profiles of one side.

    Shapes: `until` int32 (n,) ordinal of the last day, the largest number where there is none; `lowest`, `highest`
    int8 (n,), 0 where the maturity is not stated; `sets` as row numbers per value: name -> value -> int32 (m,).
    """

    n: int
    until: npt.NDArray[np.int32]
    lowest: npt.NDArray[np.int8]
    highest: npt.NDArray[np.int8]
    sets: Mapping[str, Mapping[str, npt.NDArray[np.int32]]]

    @classmethod
    def of(cls, profiles: Sequence[Profile]) -> Facts:
        """The columns of these profiles, in order."""
        rows: dict[str, dict[str, list[int]]] = {name: {} for name in _SETS}
        for row, profile in enumerate(profiles):
            for name, read in _SETS.items():
                for value in read(profile):
                    rows[name].setdefault(value, []).append(row)
        return cls(
            len(profiles),
            np.array([p.until.toordinal() if p.until else _NEVER for p in profiles], np.int32),
            np.array([p.maturity[0] if p.maturity else 0 for p in profiles], np.int8),
            np.array([p.maturity[1] if p.maturity else 0 for p in profiles], np.int8),
            {
                name: {value: np.array(own, np.int32) for value, own in values.items()}
                for name, values in rows.items()
            },
        )  # fmt: skip

    def having(self, name: str, fits: Callable[[str], bool]) -> Bools:
        """(n,) which rows have a value that fits."""
        mask = np.zeros(self.n, bool)
        for value, rows in self.sets[name].items():
            if fits(value):
                mask[rows] = True
        return mask

    def shared(self, name: str, wanted: frozenset[str]) -> npt.NDArray[np.int32]:
        """(n,) how many of the wanted values each row has."""
        count = np.zeros(self.n, np.int32)
        for value in wanted:
            rows = self.sets[name].get(value)
            if rows is not None:
                count[rows] += 1
        return count


def passing(facts: Facts, profile: Profile, today: date) -> Bools:
    """(n,) which rows fail no filter beside this profile of the other side; the same as `filters.passes` for each.

    >>> offers = [Profile(key=str(level), side="offer", title="t", maturity=(level, level)) for level in (3, 7)]
    >>> need = Profile(key="n", side="need", title="t", maturity=(6, 9))
    >>> passing(Facts.of(offers), need, date(2026, 1, 1)).tolist()
    [False, True]
    """
    if profile.until is not None and profile.until < today:
        return np.zeros(facts.n, bool)
    mask: Bools = facts.until >= today.toordinal()
    if profile.organisation:
        own_rows = facts.sets["organisation"].get(profile.organisation)
        if own_rows is not None:
            mask[own_rows] = False
    if profile.maturity is not None:
        low, high = profile.maturity
        mask &= (facts.lowest == 0) | ((facts.lowest <= high) & (facts.highest >= low))
    for name in ("cooperation", "languages"):
        own: frozenset[str] = getattr(profile, name)
        if own:
            mask &= ~facts.having(name, lambda one: True) | facts.having(name, own.__contains__)
    for wanted, is_ in (("partner_types", "sort_of"), ("partner_regions", "region")):
        asked: frozenset[str] = getattr(profile, wanted)
        if asked:
            fits = asked.__contains__ if is_ == "sort_of" else lambda one: inside(one, asked)  # noqa: B023
            mask &= ~facts.having(is_, lambda one: True) | facts.having(is_, fits)
        mine: str = getattr(profile, is_)
        if mine:
            meets = mine.__eq__ if is_ == "sort_of" else lambda one: inside(mine, (one,))  # noqa: B023
            mask &= ~facts.having(wanted, lambda one: True) | facts.having(wanted, meets)
    if profile.side == "need" and profile.flags:
        mask &= ~facts.having("flags", lambda one: one not in profile.flags)
    elif profile.side == "offer" and profile.flags:
        accepts = ~facts.having("flags", lambda one: True)
        accepts |= facts.shared("flags", profile.flags) == len(profile.flags)
        mask &= accepts
    return mask
