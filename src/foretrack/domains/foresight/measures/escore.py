"""The emergence score of Porter, Carley and colleagues."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

PERIODS = 10
BASE_PERIODS = 3


def e_score(counts: npt.NDArray[np.int64], totals: npt.NDArray[np.int64]) -> Float:
    """E-score over the last ten years (three base and seven active ones); nan where a gate fails.

    With c_i the concept's and T_i all documents of active year i = 1..7:
    active trend = (c5+c6+c7)/(sqrt T5+sqrt T6+sqrt T7) - (c1+c2+c3)/(sqrt T1+sqrt T2+sqrt T3);
    recent trend = 10 [(c6+c7)/(sqrt T6+sqrt T7) - (c4+c5)/(sqrt T4+sqrt T5)];
    slope = 10 [c7/sqrt T7 - c4/sqrt T4] / 3; score = 2 active trend + recent trend + slope.
    Gates: at least 7 documents, in at least 3 years, at least twice as many in the active as in the base years,
    and in less than 15 % of the base years' documents.

    Args:
        counts: (n_concepts, n_years); totals: (n_years,), years ascending.

    Source: Porter et al. 2018, Technological Forecasting and Social Change; Carley et al. 2018, Scientometrics,
    doi:10.1007/s11192-018-2654-5. Differs: a concept absent from the base years passes the ratio gate, and
    the gate on the number of author sets is left out, since authors are not disambiguated.

    >>> import numpy as np
    >>> counts = np.array([[0, 0, 0, 1, 1, 1, 2, 4, 6, 9]])
    >>> round(float(e_score(counts, np.full(10, 100))[0]), 2)   # 2*(19-3)/30 + 10*(15-6)/20 + 10*(9-2)/10/3
    7.9
    """
    n_concepts, n_years = counts.shape
    if n_years < PERIODS or (totals[-PERIODS:] <= 0).any():
        return np.full(n_concepts, np.nan)
    base, c = counts[:, -PERIODS:-7].astype(float), counts[:, -7:].astype(float)
    root = np.sqrt(totals[-7:].astype(float))
    active = c[:, 4:].sum(axis=1) / root[4:].sum() - c[:, :3].sum(axis=1) / root[:3].sum()
    recent = 10 * (c[:, 5:].sum(axis=1) / root[5:].sum() - c[:, 3:5].sum(axis=1) / root[3:5].sum())
    slope = 10 * (c[:, 6] / root[6] - c[:, 3] / root[3]) / 3
    score = 2 * active + recent + slope
    both = counts[:, -PERIODS:]
    passed = (both.sum(axis=1) >= 7) & ((both > 0).sum(axis=1) >= 3)
    passed &= c.sum(axis=1) >= 2 * base.sum(axis=1)
    passed &= base.sum(axis=1) < 0.15 * max(float(totals[-PERIODS:-7].sum()), 1.0)
    return np.where(passed, score, np.nan)
