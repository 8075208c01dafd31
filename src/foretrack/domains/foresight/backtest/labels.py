"""What came true: extreme growth, doubling, later shares, the first year at the top; and who is asked about.

A label exists when the years that it speaks of are known; years without documents are missing, not zero.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.history.origins import Origin

Target: TypeAlias = Literal["EG3", "DBL3"]
TARGETS: tuple[Target, ...] = ("EG3", "DBL3")

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

EXTREME_GROWTH = 1.08
HORIZON_YEARS = 3
PEAK_YEARS = 15
RECENT_YEARS = 3
DOUBLE = 2.0
MIN_LATER = 10
"""Documents of the next three years that a doubling needs."""
TOP_PART = 0.05
MIN_RECENT = 5
MIN_TOTAL = 5


def enough_evidence(counts: npt.NDArray[np.int64]) -> Bool:
    """Concepts with at least 5 documents in the last three years and 5 in all: (n_concepts,).

    Args:
        counts: (n_concepts, n_years), the last year is the origin.
    """
    enough: Bool = (counts[:, -3:].sum(axis=1) >= MIN_RECENT) & (counts.sum(axis=1) >= MIN_TOTAL)
    return enough


def extreme_growth(past: Float, future: Float) -> Bool:
    """EG3: in any of the next three years the share exceeds the past peak by more than 8 % a year.

    With the peak in year P of the last fifteen up to the origin T, growth at horizon h is
    (share(T+h) / share(P)) ** (1 / (T + h - P)); the label holds when it exceeds 1.08 for h = 1, 2 or 3.
    The earliest of equal peaks counts. Years without documents (nan) are passed over.

    Args:
        past: shares (n_concepts, n_years) up to the origin; future: (n_concepts, 3).

    Source: Georgetown CSET, research_cluster_extreme_growth_classifier (2026), label EG_3Yr.

    >>> import numpy as np
    >>> past = np.array([[.01, .02, .02], [.01, .02, .02]])
    >>> future = np.array([[.02, .02, .0281], [.02, .02, .026]])
    >>> extreme_growth(past, future).tolist()      # (.0281/.02) ** (1/4) = 1.089; (.026/.02) ** (1/4) = 1.068
    [True, False]
    """
    window = np.nan_to_num(past[:, -PEAK_YEARS:], nan=-1.0)
    peak_at = window.argmax(axis=1)
    peak = np.maximum(window.max(axis=1), 0.0)
    distance_at_origin = window.shape[1] - 1 - peak_at
    found = np.zeros(len(past), dtype=bool)
    for ahead in range(1, min(HORIZON_YEARS, future.shape[1]) + 1):
        share = future[:, ahead - 1]
        ratio = np.divide(share, peak, out=np.zeros(len(past)), where=(peak > 0) & np.isfinite(share))
        found |= ratio ** (1.0 / (distance_at_origin + ahead)) > EXTREME_GROWTH
    return found


def pooled_share(shares: Float, totals: npt.NDArray[np.int64]) -> Float:
    """Share of the documents of all given years together: (n_units,), nan where no year has documents.

    Yearly shares are weighted by the documents of their year, so for one source it is documents of the unit over all
    documents; standardised shares stay standardised.

    Args:
        shares: (n_units, n_years), nan in years without documents; totals: (n_years,).

    >>> import numpy as np
    >>> pooled_share(np.array([[.1, np.nan, .4]]), np.array([10, 0, 20]))       # (1 + 8) / 30
    array([0.3])
    """
    weight = np.where(np.isfinite(shares), totals, 0.0)
    sums = weight.sum(axis=1)
    pooled: Float = (np.nan_to_num(shares) * weight).sum(axis=1) / np.where(sums > 0, sums, np.nan)
    return pooled


def doubling(recent: Float, later: Float, later_counts: npt.NDArray[np.int64]) -> Bool:
    """DBL3: the pooled share of the next three years is at least twice that of the last three, on 10 documents or more.

    Args:
        recent, later: pooled shares of T-2..T and of T+1..T+3 (n_units,); later_counts: documents of T+1..T+3.

    >>> import numpy as np
    >>> doubling(np.array([.01, .01, .01]), np.array([.02, .019, .05]), np.array([40, 40, 9])).tolist()
    [True, False, False]
    """
    found: Bool = (later >= DOUBLE * recent) & (later > 0) & (later_counts >= MIN_LATER)
    return found


def outcome(origin: Origin, target: Target) -> Bool | None:
    """What came true of the units of an origin (n_units,); None until all three years are known.

    Three known years without a single document say nothing either.
    """
    future = origin.future
    if future is None or not origin.matured(HORIZON_YEARS) or not future.totals[:HORIZON_YEARS].any():
        return None
    later = future.shares[:, :HORIZON_YEARS]
    if target == "EG3":
        return extreme_growth(origin.shares, later)
    return doubling(
        pooled_share(origin.shares[:, -RECENT_YEARS:], origin.totals[-RECENT_YEARS:]),
        pooled_share(later, future.totals[:HORIZON_YEARS]),
        future.counts[:, :HORIZON_YEARS].sum(axis=1),
    )


def log_ratio(shares: Float, origin: Origin) -> Float:
    """Log of a share over the pooled share of T-2..T, half a document added to both: shape of `shares`.

    ln(share + e) - ln(recent + e), where e is half a document of the last three years' documents per year. The
    constant is the same for what came true and for what was forecast, so order and coverage are those of the shares.

    Args:
        shares: (n_units, ...), nan where unknown.

    >>> import numpy as np
    >>> from foretrack.domains.foresight.history.origins import Origin
    >>> origin = Origin(2015, "concept", ("a",), ("a",), np.array([1], np.int8), np.array([[3, 3, 3]]),
    ...                 np.array([100, 100, 100]), np.array([[.03, .03, .03]]), np.empty((1, 0)), (), None)
    >>> log_ratio(np.array([[.065, .03]]), origin).round(3).tolist()       # ln(.07 / .035), ln(.035 / .035)
    [[0.693, 0.0]]
    """
    half, level = _level(origin)
    ratio: Float = np.log(np.maximum(shares, 0.0) + half) - level.reshape(-1, *[1] * (shares.ndim - 1))
    return ratio


def first_year_in_top(origin: Origin, part: float = TOP_PART) -> npt.NDArray[np.int64]:
    """EARLY: the first year from the origin on in which a unit is among the `part` with the largest share.

    In every year the units of this origin are compared with each other. 0 where that was not seen until the last
    known year; years without documents are passed over.

    >>> import numpy as np
    >>> from foretrack.domains.foresight.history.origins import Future, Origin
    >>> shares = np.array([[.1], [.2], [.5], [.3]])
    >>> later = np.array([[.2, .9], [.2, .2], [.5, .5], [.3, .3]])
    >>> future = Future(2017, np.zeros((4, 2), int), np.array([9, 9]), later)
    >>> origin = Origin(2015, "concept", tuple("abcd"), tuple("abcd"), np.ones(4, np.int8), np.ones((4, 1), int),
    ...                 np.array([9]), shares, np.empty((4, 0)), (), future)
    >>> first_year_in_top(origin, part=.25).tolist()
    [2017, 0, 2015, 0]
    """
    found = np.zeros(len(origin), dtype=np.int64)
    columns = [origin.shares[:, -1]]
    if origin.future is not None:
        known = origin.future.last_year - origin.year
        columns += [origin.future.shares[:, ahead] for ahead in range(known)]
    size = max(int(np.ceil(part * len(origin))), 1)
    for ahead, share in enumerate(columns):
        if len(origin) and np.isfinite(share).all():
            least = np.partition(share, -size)[-size]
            found[(found == 0) & (share >= least) & (share > 0)] = origin.year + ahead
    return found


def share_of(ratio: Float, origin: Origin) -> Float:
    """The share that a log ratio stands for: turns `log_ratio` round; never below 0.

    >>> import numpy as np
    >>> from foretrack.domains.foresight.history.origins import Origin
    >>> origin = Origin(2015, "concept", ("a",), ("a",), np.array([1], np.int8), np.array([[3, 3, 3]]),
    ...                 np.array([100, 100, 100]), np.array([[.03, .03, .03]]), np.empty((1, 0)), (), None)
    >>> share_of(log_ratio(np.array([[.065]]), origin), origin).round(4).tolist()
    [[0.065]]
    """
    half, level = _level(origin)
    share: Float = np.exp(ratio + level.reshape(-1, *[1] * (ratio.ndim - 1))) - half
    return np.maximum(share, 0.0)


def _level(origin: Origin) -> tuple[float, Float]:
    """(half a document as a share, log of the pooled recent share with it)."""
    totals = origin.totals[-RECENT_YEARS:]
    half = 0.5 / max(float(totals.sum()) / max(int((totals > 0).sum()), 1), 1.0)
    return half, np.log(np.nan_to_num(pooled_share(origin.shares[:, -RECENT_YEARS:], totals)) + half)
