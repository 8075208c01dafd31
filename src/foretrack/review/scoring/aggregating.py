"""Marks to one number for each submission and a ranking, in five ways, with ties told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from foretrack.foundation.errors import InputError
from foretrack.review.scoring.marks import Float, Int, Marks

TRIMMED = 0.2
"""Share of marks left out at each end by the trimmed mean, rounded to whole marks, and at least one from three marks
on: the usual "without the highest and the lowest" for panels of three to seven."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A submission's number and place."""

    submission: str
    value: float | None
    """None without any mark; then there is no place either."""
    rank: int | None
    """1 is the best; those who tie share a place and the next ones are left out (1, 2, 2, 4)."""
    n: int
    """Marks that it got."""
    tied: tuple[str, ...] = ()
    """Who shares the place."""


def mean(marks: Marks) -> Float:
    """The mean of each submission's marks, nan without any."""
    return _each(marks, np.mean)


def median(marks: Marks) -> Float:
    """The median of each submission's marks, nan without any."""
    return _each(marks, np.median)


def trimmed_mean(marks: Marks) -> Float:
    """The mean without the highest and the lowest fifth (at least one each, from three marks on).

    >>> from foretrack.review.scoring.marks import Mark
    >>> trimmed_mean(Marks.of([Mark("a", r, v) for r, v in zip("vwxyz", (10, 60, 70, 80, 100))]))
    array([70.])
    """

    def trimmed(values: Float) -> float:
        out = max(1, round(TRIMMED * len(values))) if len(values) >= 3 else 0
        return float(np.sort(values)[out : len(values) - out].mean())

    return _each(marks, trimmed)


def rank_mean(marks: Marks) -> Float:
    """The mean share of a reviewer's other submissions that each beats, 0..1 (Borda's count over unequal stacks).

    Within a reviewer with k submissions the mark that beats b of them and ties with t counts (b + t / 2) / (k - 1). A
    reviewer with one submission says nothing here; nan where nobody else does.

    >>> from foretrack.review.scoring.marks import Mark
    >>> rank_mean(Marks.of([Mark("a", "x", 90), Mark("b", "x", 80), Mark("c", "x", 10), Mark("c", "y", 50)]))
    array([1. , 0.5, 0. ])
    """
    from scipy.stats import rankdata

    share = np.full(len(marks.value), np.nan)
    for r in range(len(marks.reviewers)):
        mine = np.flatnonzero(marks.column == r)
        if len(mine) > 1:
            share[mine] = (rankdata(marks.value[mine]) - 1) / (len(mine) - 1)
    return _each(marks.with_values(share), _mean_of_known)


def normalised_mean(marks: Marks) -> Float:
    """The mean of marks as z-scores of their reviewer, back on the scale of all marks.

    z = (mark - mean of the reviewer) / standard deviation of the reviewer (n - 1), then times the standard deviation and
    plus the mean of all marks. It takes every reviewer to have had submissions of the same quality. A reviewer with
    one mark or without spread says nothing; nan where nobody else does.

    >>> from foretrack.review.scoring.marks import Mark
    >>> table = Marks.of([Mark("a", "x", 90), Mark("b", "x", 70), Mark("a", "y", 50), Mark("b", "y", 30)])
    >>> normalised_mean(table).round(1)        # 60 +- 25.8 / sqrt(2)
    array([78.3, 41.7])
    """
    z = np.full(len(marks.value), np.nan)
    for r in range(len(marks.reviewers)):
        mine = np.flatnonzero(marks.column == r)
        spread = marks.value[mine].std(ddof=1) if len(mine) > 1 else 0.0
        if spread > 0:
            z[mine] = (marks.value[mine] - marks.value[mine].mean()) / spread
    back = z * marks.value.std(ddof=1) + marks.value.mean() if len(z) > 1 else z
    return _each(marks.with_values(back), _mean_of_known)


WAYS: Mapping[str, Callable[[Marks], Float]] = {
    "mean": mean,
    "trimmed mean": trimmed_mean,
    "median": median,
    "rank mean": rank_mean,
    "normalised": normalised_mean,
}
"""Every way by its name. The one that decides is a matter of the call's rules and is published before."""


def aggregate(marks: Marks, way: str) -> tuple[Ranked, ...]:
    """The ranking by one of `WAYS`, the best first, then those without a number by key.

    >>> from foretrack.review.scoring.marks import Mark
    >>> ranked = aggregate(Marks.of([Mark("a", "x", 70), Mark("b", "x", 80), Mark("c", "x", 80)]), "mean")
    >>> [(r.submission, r.value, r.rank, r.tied) for r in ranked]
    [('b', 80.0, 1, ('c',)), ('c', 80.0, 1, ('b',)), ('a', 70.0, 3, ())]
    """
    if way not in WAYS:
        raise InputError.of(
            "there is no way {way!r} to aggregate", expected="one of {known}", do="choose one", way=way[:40],
            known=", ".join(WAYS),
        )  # fmt: skip
    return ranking(marks, WAYS[way](marks))


def ranking(marks: Marks, values: Float) -> tuple[Ranked, ...]:
    """Places for the numbers of all submissions. Numbers that differ by less than a millionth tie."""
    counts: Int = np.bincount(marks.row, minlength=len(marks.submissions))
    rounded = np.round(values, 6)
    places = ranks(rounded)
    groups: dict[float, list[str]] = {}
    for name, value in zip(marks.submissions, rounded.tolist(), strict=True):
        groups.setdefault(value, []).append(name)
    found = [
        Ranked(
            submission=name,
            value=None if np.isnan(value) else value,
            rank=None if np.isnan(value) else int(place),
            n=int(n),
            tied=() if np.isnan(value) else tuple(other for other in groups[value] if other != name),
        )
        for name, value, place, n in zip(marks.submissions, rounded.tolist(), places, counts, strict=True)
    ]
    return tuple(sorted(found, key=lambda r: (r.rank is None, r.rank or 0, r.submission)))


def ranks(values: Float) -> Float:
    """1 for the greatest; equals share the smallest place; nan stays nan.

    >>> ranks(np.array([5.0, np.nan, 9.0, 5.0]))
    array([ 2., nan,  1.,  2.])
    """
    from scipy.stats import rankdata

    places = np.full(len(values), np.nan)
    known = np.isfinite(values)
    places[known] = rankdata(-values[known], method="min")
    return places


def _each(marks: Marks, of: Callable[[Float], float]) -> Float:
    return np.array([of(values) if len(values) else np.nan for values in marks.by_submission()])


def _mean_of_known(values: Float) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
