"""How far reviewers agree beyond chance: Krippendorff's alpha for four scales, with holes, and its interval.

Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", University of Pennsylvania; Krippendorff 2018, "Content
Analysis", 4th edition, chapter 12. The interval is a bootstrap over submissions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from foretrack.foundation.errors import InputError
from foretrack.review.scoring.marks import Float, Int, Marks

Scale: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]
SCALES: tuple[str, ...] = get_args(Scale)
LEAST_UNITS = 2
"""Submissions with two marks or more below which there is no interval."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """1 is agreement in everything, 0 what chance alone gives; below 0 reviewers contradict one another."""

    alpha: float | None
    """None where nobody shares a submission, or all marks are equal: then nothing tells agreement from habit."""
    low: float | None
    high: float | None
    """Bounds of the interval."""
    confidence: float
    n_submissions: int
    """Those with two marks or more; the others say nothing."""
    n_marks: int
    """Marks of those."""


def agreement(
    marks: Marks, scale: Scale = "interval", *, seed: int = 0, draws: int = 1000, confidence: float = 0.95
) -> Agreement:
    """Krippendorff's alpha: 1 - observed disagreement / disagreement expected by chance.

        observed  sum over submissions of (sum over pairs of marks of difference²) / (marks - 1), / n
        expected  sum over pairs of all marks of difference², / (n (n - 1))

    difference²: nominal 0 or 1; interval (a - b)²; ratio ((a - b) / (a + b))²; ordinal (a - b)² of the mean ranks
    among the marks that count.

    Raises:
        InputError: an unknown scale, marks below 0 on a ratio scale, numbers of draws or confidence out of their range.

    >>> from foretrack.review.scoring.marks import Mark
    >>> table = Marks.of([Mark("a", "x", 1), Mark("a", "y", 2), Mark("b", "x", 5), Mark("b", "y", 5)])
    >>> agreement(table).alpha                 # 1 - (2 / 4) / (102 / 12)
    0.9411764705882353
    """
    if scale not in SCALES:
        raise InputError.of(
            "there is no scale {scale!r}", expected="one of {known}", do="choose one", scale=str(scale)[:40],
            known=", ".join(SCALES),
        )  # fmt: skip
    if draws < 1 or not 0 < confidence < 1:
        raise InputError.of(
            "{draws} draws at a confidence of {confidence}", expected="at least one draw, a confidence between 0 and 1",
            do="correct the numbers", draws=draws, confidence=confidence,
        )  # fmt: skip
    if scale == "ratio" and (marks.value < 0).any():
        raise InputError.of(
            "a mark below 0 on a ratio scale", expected="marks from 0 up", do="choose the scale `interval`"
        )
    counts: Int = np.bincount(marks.row, minlength=len(marks.submissions))
    counting = counts[marks.row] > 1
    rows = np.unique(marks.row[counting], return_inverse=True)[1].astype(np.int64)
    values = marks.value[counting]
    n = int(rows.max(initial=-1)) + 1
    alpha = float(_alphas(rows, values, np.ones((1, n)), scale)[0]) if n else float("nan")
    low = high = None
    if n >= LEAST_UNITS and np.isfinite(alpha):
        chance = np.random.default_rng(seed)
        times = chance.multinomial(n, np.full(n, 1 / n), size=draws).astype(np.float64)
        drawn = _alphas(rows, values, times, scale)
        drawn = drawn[np.isfinite(drawn)]
        if len(drawn):
            ends = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
            low, high = float(ends[0]), float(ends[1])
    return Agreement(alpha if np.isfinite(alpha) else None, low, high, confidence, n, int(counting.sum()))


def _alphas(rows: Int, values: Float, times: Float, scale: Scale) -> Float:
    """Alpha for every way of counting submissions so many times: `times` is (n_ways, n_submissions)."""
    if scale == "ordinal":
        kinds, kind = np.unique(values, return_inverse=True)
        found = np.empty(len(times))
        for i, weight in enumerate(times):
            of_kind = np.bincount(kind, weight[rows], minlength=len(kinds))
            middle = np.cumsum(of_kind) - of_kind / 2
            found[i] = _alphas(rows, middle[kind], weight[None, :], "interval")[0]
        return found
    size = np.bincount(rows).astype(np.float64)
    within = _within(rows, values, size, scale)
    n = times @ size
    observed = times @ within / n
    expected = _among(rows, values, times, n, scale) / (n * (n - 1))
    share: Float = np.divide(observed, expected, out=np.full(len(n), np.nan), where=expected > 1e-12)
    return 1 - share


def _within(rows: Int, values: Float, size: Float, scale: Scale) -> Float:
    """Sum of difference² over ordered pairs of marks of each submission, / (marks - 1)."""
    if scale == "interval":
        centred = values - (np.bincount(rows, values) / size)[rows]
        inside: Float = 2 * size * np.bincount(rows, centred**2) / (size - 1)
        return inside
    total = np.zeros(len(size))
    order = np.argsort(rows, kind="stable")
    for s, mine in enumerate(np.split(values[order], np.cumsum(size.astype(int))[:-1])):
        total[s] = _difference2(mine[:, None], mine[None, :], scale).sum()
    return total / (size - 1)


def _among(rows: Int, values: Float, times: Float, n: Float, scale: Scale) -> Float:
    """Sum of difference² over ordered pairs of all marks, each counted as often as its submission."""
    if scale == "interval":
        centred = values - values.mean()
        first, second = np.bincount(rows, centred), np.bincount(rows, centred**2)
        return 2 * (n * (times @ second) - (times @ first) ** 2)
    kinds, kind = np.unique(values, return_inverse=True)
    table = np.zeros((times.shape[1], len(kinds)))
    np.add.at(table, (rows, kind), 1)
    of_kind = times @ table
    found: Float = ((of_kind @ _difference2(kinds[:, None], kinds[None, :], scale)) * of_kind).sum(axis=1)
    return found


def _difference2(one: Float, other: Float, scale: Scale) -> Float:
    if scale == "nominal":
        differs: Float = (one != other).astype(np.float64)
        return differs
    both = one + other
    far: Float = np.divide(one - other, both, out=np.zeros(np.broadcast(one, other).shape), where=both > 0)
    squares: Float = far**2
    return squares
