"""What came true: the published label of extreme growth, and who is asked about."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

EXTREME_GROWTH = 1.08
HORIZON_YEARS = 3
PEAK_YEARS = 15
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
