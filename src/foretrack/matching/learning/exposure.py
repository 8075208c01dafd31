"""Who is shown how much: exposure by group, and whether other weights would give more of it to few.

Exposure of a place in a list is the chance that it is looked at, `(1 / rank) ** eta` as in Joachims, Swaminathan,
Schnabel 2017 (doi:10.1145/3018661.3018699), the same as labels are weighted by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from foretrack.matching.learning.overlap import rank_biased_overlap

TOP = 10
"""Members of a group that "the largest" means."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How exposure is spread over the members of one group (organisations, regions, ...)."""

    members: int
    gini: float
    """0: all the same; towards 1: all to one."""
    top: float
    """Share of the ten most shown."""


@dataclass(frozen=True, slots=True)
class GroupAudit:
    """One group under two sets of weights."""

    group: str
    before: Spread
    after: Spread
    raised: bool


@dataclass(frozen=True, slots=True)
class Audit:
    """What other weights would do to who is shown."""

    groups: tuple[GroupAudit, ...]
    overlap: float
    """Mean rank-biased overlap of the lists before and after."""
    lists: int
    own_labels: float
    """Share of the labels that came from lists which learned weights had ordered."""
    raised: tuple[str, ...]
    """What an administrator has to look at: names of groups, `overlap`, `own labels`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where the audit raises something."""

    gini_rise: float
    top_rise: float
    least_overlap: float
    most_own: float


def gini(values: Iterable[float]) -> float:
    """Gini coefficient of amounts that are not negative; 0 where there is nothing.

    >>> gini([1, 1, 1]), round(gini([0, 0, 1]), 4)
    (0.0, 0.6667)
    """
    ordered = sorted(values)
    total = sum(ordered)
    if not ordered or total <= 0:
        return 0.0
    n = len(ordered)
    return max(0.0, 2 * sum((i + 1) * v for i, v in enumerate(ordered)) / (n * total) - (n + 1) / n)


def spread(
    lists: Iterable[Sequence[str]], group_of: Callable[[str], str], eta: float, members: Iterable[str]
) -> Spread:
    """How the exposure of lists of keys is spread over groups.

    Args:
        group_of: key to its group; empty where nobody knows, which is not counted.
        members: every group that could have been shown, so that those which never were count as zero.

    >>> spread([["a", "b"], ["a", "c"]], str.upper, 1.0, "ABCD").gini > 0.4
    True
    """
    amounts = dict.fromkeys((one for one in members if one), 0.0)
    for keys in lists:
        for rank, key in enumerate(keys, 1):
            if group := group_of(key):
                amounts[group] = amounts.get(group, 0.0) + rank**-eta
    total = sum(amounts.values())
    top = sum(sorted(amounts.values(), reverse=True)[:TOP]) / total if total else 0.0
    return Spread(len(amounts), round(gini(amounts.values()), 4), round(top, 4))


def audit(
    before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]],
    groups: Mapping[str, Callable[[str], str]], members: Mapping[str, Iterable[str]], *,
    eta: float, own_labels: float, limits: Limits,
) -> Audit:  # fmt: skip
    """Lists of the same records under the weights in force and under others, compared.

    Args:
        before, after: record to the keys of its list, best first.
        groups: name of a group (`organisation`, `region`, ...) to the member that a key belongs to.
        members: name of a group to all of its members.
    """
    found: list[GroupAudit] = []
    for name, group_of in groups.items():
        every = tuple(members.get(name, ()))
        one, two = (spread(lists.values(), group_of, eta, every) for lists in (before, after))
        # Where there are no more members than "the largest" are, their share says nothing.
        rose = two.members > TOP and two.top - one.top > limits.top_rise
        found.append(GroupAudit(name, one, two, two.gini - one.gini > limits.gini_rise or rose))
    shared = sorted(set(before) & set(after))
    overlaps = [rank_biased_overlap(before[key], after[key]) for key in shared]
    overlap = sum(overlaps) / len(overlaps) if overlaps else 1.0
    raised = [one.group for one in found if one.raised]
    raised += ["overlap"] if overlap < limits.least_overlap else []
    raised += ["own labels"] if own_labels > limits.most_own else []
    return Audit(tuple(found), round(overlap, 4), len(shared), round(own_labels, 4), tuple(raised))
