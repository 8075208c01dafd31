"""Lasting identity: which community of a year is which technology of the year before.

Matching follows the weight that two technologies have in common (Palla, Barabasi & Vicsek 2007, "Quantifying social
group evolution", doi:10.1038/nature05670, compares unions of communities; here weights decide, so that the concepts
in which a technology consists count more than those at its edge).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from foretrack.domains.foresight.technologies.technology import Anchor, Members, Resting

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

MIN_SAME = 0.25
"""Harmonic mean of the part of the old that is kept and the part of the new that is old, for an identity to last."""
ANCHORS = 5
"""Leading concepts at birth that are remembered."""
MIN_ANCHORS = 2
"""Of them, those that a technology must still hold, or the first alone: else it is about other things by now."""
MIN_REVIVED = 0.40
"""The same for a technology that comes back."""
MIN_MERGED = 0.50
"""Part of a technology that must go into one other to have merged into it."""
MIN_PARENT = 0.30
"""Part of a new technology that must come from an old one to be born from it."""
RESTING_YEARS = 3
"""Years that a dormant technology may come back."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What old technologies and new communities have in common. Shapes: dense (n_old, n_new), all 0..1 but `common`."""

    common: Float
    """Weight in both: decides who is the larger part."""
    kept: Float
    """Part of the old technology's weight that went into the new community."""
    taken: Float
    """Part of the new community's weight that was in the old technology."""
    jaccard: Float
    """Concepts in both over concepts in one of them."""
    anchored: npt.NDArray[np.bool_]
    """Whether the new community holds the concept that led the old technology at its birth, or two of the first five."""

    @property
    def same(self) -> Float:
        """Harmonic mean of `kept` and `taken`."""
        total = self.kept + self.taken
        mean: Float = np.divide(2 * self.kept * self.taken, total, out=np.zeros_like(total), where=total > 0)
        return mean


@dataclass(frozen=True, slots=True)
class Lineage:
    """Who each new community is.

    Shapes: (n_new,). `old` is the technology of the year before whose identity lasts, -1 if none; `revived` the
    resting technology that comes back, -1 if none.
    """

    old: Int
    revived: Int
    parents: tuple[tuple[int, ...], ...]
    """Old technologies that a new one was born from, the largest part first; empty where an identity lasts."""
    merged_into: Mapping[int, int]
    """Old technology that lasts no more -> the community that took it up."""
    ended: tuple[int, ...]
    """Old technologies that neither last nor went into another."""


def overlap_of(
    old_technology: npt.NDArray[np.integer[Any]],
    old_concept: npt.NDArray[np.integer[Any]],
    old_mass: Float,
    old_anchors: Sequence[Sequence[int]],
    of_concept: npt.NDArray[np.integer[Any]],
    mass: Float,
    n_new: int,
) -> Overlap:
    """Compares members of old technologies with the communities of the year.

    Args:
        old_concept: (n_members,) number of the member among the concepts of the new year, -1 if it is none any more.
        old_anchors: per old technology the numbers of its leading concepts at birth, likewise.
        of_concept, mass: (n_concepts,) community and mass of each concept of the new year.

    >>> import numpy as np
    >>> found = overlap_of(np.array([0, 0, 0]), np.array([0, 1, -1]), np.array([4., 1., 5.]), [[0]],
    ...                    np.array([0, -1, 0]), np.array([3., 1., 1.]), 1)
    >>> found.kept.tolist(), found.taken.tolist(), found.jaccard.round(2).tolist()
    ([[0.4]], [[0.75]], [[0.25]])
    """
    n_old = len(old_anchors)
    shape = (n_old, n_new)
    anchored = np.zeros(shape, dtype=bool)
    for old, anchors in enumerate(old_anchors):
        held = [int(of_concept[a]) if a >= 0 else -1 for a in anchors]
        for new in set(held) - {-1}:
            anchored[old, new] = held[0] == new or held.count(new) >= MIN_ANCHORS
    size_old = np.bincount(old_technology, minlength=n_old).astype(float)
    inside_new = of_concept >= 0
    size_new = np.bincount(of_concept[inside_new], minlength=n_new).astype(float)
    total_old = np.bincount(old_technology, weights=old_mass, minlength=n_old)
    total_new = np.bincount(of_concept[inside_new], weights=mass[inside_new], minlength=n_new)
    there = old_concept >= 0
    row, concept, before = old_technology[there], old_concept[there], old_mass[there]
    col = of_concept[concept]
    row, concept, before, col = row[col >= 0], concept[col >= 0], before[col >= 0], col[col >= 0]
    after = mass[concept]

    def summed(values: Float) -> Float:
        dense: Float = sparse.coo_array((values, (row, col)), shape=shape).toarray()
        return dense

    both = summed(np.ones(len(row)))
    union = size_old[:, None] + size_new[None, :] - both
    return Overlap(
        common=summed(np.sqrt(before * after)),
        kept=_part(summed(before), total_old[:, None]),
        taken=_part(summed(after), total_new[None, :]),
        jaccard=_part(both, union),
        anchored=anchored,
    )


def trace(overlap: Overlap, resting: Overlap) -> Lineage:
    """Identities of the communities of a year.

    The pair with the most in common is settled first: so a merged technology is the larger of those that went into it,
    and of one that splits the larger part keeps the identity. Then resting technologies may come back.
    """
    n_old, n_new = overlap.common.shape
    old = _greedy(overlap, MIN_SAME, np.zeros(n_new, dtype=bool))
    revived = _greedy(resting, MIN_REVIVED, old >= 0)
    parents = tuple(
        () if old[new] >= 0 else _largest(overlap.taken[:, new], MIN_PARENT) for new in range(n_new)
    )
    lasting = set(old[old >= 0].tolist())
    merged: dict[int, int] = {}
    ended: list[int] = []
    for number in range(n_old):
        if number in lasting:
            continue
        heir = int(overlap.kept[number].argmax()) if n_new else -1
        if heir >= 0 and overlap.kept[number, heir] >= MIN_MERGED and old[heir] >= 0:
            merged[number] = heir
        else:
            ended.append(number)
    return Lineage(old, revived, parents, merged, tuple(ended))


def place_members(
    ids: Sequence[str],
    forms: Sequence[tuple[str, ...]],
    known_ids: Mapping[str, int],
    known_forms: Mapping[str, int],
) -> Int:
    """Number of each earlier concept among those of the year: by identifier, else by its first shared spelling; or -1.

    >>> place_members(["slam", "old-name", "gone"], [("slam",), ("a", "new name"), ("gone",)], {"slam": 4},
    ...               {"new name": 7}).tolist()
    [4, 7, -1]
    """
    found = np.full(len(ids), -1, dtype=np.int64)
    for place, (name, spellings) in enumerate(zip(ids, forms, strict=True)):
        number = known_ids.get(name)
        if number is None:
            number = next((known_forms[form] for form in spellings if form in known_forms), -1)
        found[place] = number
    return found


def rest(
    members: Members,
    technology: int,
    *,
    id: str,
    born: int,
    came_from: tuple[str, ...],
    anchors: tuple[Anchor, ...],
    since: int,
    why: Literal["merged", "dormant"],
    n: int,
    share: float,
) -> Resting:
    """What must be remembered of a technology that is none any more."""
    mine = np.flatnonzero(members.technology == technology)
    return Resting(
        id, born, came_from, since, why, anchors, tuple(members.ids[m] for m in mine),
        tuple(members.forms[m] for m in mine), tuple(members.mass[mine].tolist()), n, share,
    )  # fmt: skip


def _greedy(overlap: Overlap, minimum: float, taken_already: npt.NDArray[np.bool_]) -> Int:
    """For each new community the old technology with the most in common that is still free."""
    n_old, n_new = overlap.common.shape
    result = np.full(n_new, -1, dtype=np.int64)
    row, col = np.nonzero((overlap.same >= minimum) & overlap.anchored & ~taken_already[None, :])
    order = np.lexsort((col, row, -np.round(overlap.common[row, col], 9)))
    used = np.zeros(n_old, dtype=bool)
    for a, b in zip(row[order].tolist(), col[order].tolist(), strict=True):
        if not used[a] and result[b] < 0:
            used[a] = True
            result[b] = a
    return result


def _largest(parts: Float, minimum: float) -> tuple[int, ...]:
    chosen = np.flatnonzero(parts >= minimum)
    return tuple(int(n) for n in chosen[np.lexsort((chosen, -np.round(parts[chosen], 9)))])


def _part(some: npt.NDArray[Any], whole: npt.NDArray[Any]) -> Float:
    part: Float = np.divide(some, whole, out=np.zeros(some.shape), where=whole > 0)
    return part
