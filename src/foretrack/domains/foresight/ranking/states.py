"""The state of a concept: emerging, growing, steady, declining, or not enough evidence."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.answers import State

Float = npt.NDArray[np.float64]

MIN_RECENT = 5
"""Documents of the last three years without which nothing is claimed."""
MIN_TOTAL = 5
MIN_YEARS_WITH_DOCUMENTS = 4
"""Years of the growth window in which the corpus has documents; with fewer there is no trend to speak of."""
FALSE_DISCOVERIES = 0.10
"""Of the concepts called emerging or growing, at most this share is expected to be chance."""
MIN_NOVELTY = 0.35
"""Novelty that sets the emerging apart from the growing: for a steady user share, an age of about 5 years."""


def decide_states(
    *,
    recent: npt.NDArray[np.int64],
    total: npt.NDArray[np.int64],
    rate: Float,
    sd: Float,
    q_value: Float,
    novelty: Float,
    enough_years: bool,
) -> list[State]:
    """State of every concept.

    not enough evidence: fewer than 5 recent documents or too few years; emerging: growth with q <= 0.10 and
    novelty >= 0.35; growing: growth with q <= 0.10; declining: the upper end of the 95 % interval of growth is
    below 0; steady: everything else.

    >>> import numpy as np
    >>> decide_states(recent=np.array([4, 50, 50]), total=np.array([9, 60, 900]), rate=np.array([.5, .4, -.2]),
    ...               sd=np.array([.1, .05, .05]), q_value=np.array([.01, .001, 1.0]),
    ...               novelty=np.array([.9, .8, .1]), enough_years=True)
    ['not enough evidence', 'emerging', 'declining']
    """
    states: list[State] = []
    for n_recent, n_total, r, s, q, new in zip(
        recent.tolist(),
        total.tolist(),
        rate.tolist(),
        sd.tolist(),
        q_value.tolist(),
        novelty.tolist(),
        strict=True,
    ):
        if not enough_years or n_recent < MIN_RECENT or n_total < MIN_TOTAL:
            states.append("not enough evidence")
        elif q <= FALSE_DISCOVERIES and r > 0:
            states.append("emerging" if new >= MIN_NOVELTY else "growing")
        elif r + 1.96 * s < 0:
            states.append("declining")
        else:
            states.append("steady")
    return states
