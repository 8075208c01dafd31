"""CD index: whether later work cites a document instead of what it built on (1), or together with it (-1)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.positions.answers import Disruption

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

ENOUGH_DOCUMENTS = 10
"""Fewer documents with a CD index give no mean."""


def cd_index(only_it: Int, both: Int, only_before: Int) -> Float:
    """CD index of each document, -1..1; nan where no later document cites it or anything that it cites.

    Of the documents of the five following years, `only_it` cite the document but nothing that it cites, `both` cite
    it and something that it cites, `only_before` cite only what it cites:

        CD5 = (only_it - both) / (only_it + both + only_before)

    Funk & Owen-Smith 2017, Management Science 63(3), 791-817, doi:10.1287/mnsc.2015.2366, the unweighted form;
    range as of a year: only documents up to that year cite.

    >>> cd_index(np.array([3, 0, 1, 0]), np.array([1, 2, 1, 0]), np.array([0, 0, 2, 0])).tolist()
    [0.5, -1.0, 0.0, nan]
    """
    total = only_it + both + only_before
    found: Float = np.divide(only_it - both, total, out=np.full(len(total), np.nan), where=total > 0)
    return found


def mean_disruption(only_it: Int, both: Int, only_before: Int) -> Disruption:
    """The mean over documents, with the count it rests on.

    >>> mean_disruption(np.array([1] * 9), np.zeros(9, int), np.zeros(9, int)).mean is None
    True
    >>> mean_disruption(np.array([1] * 10), np.zeros(10, int), np.ones(10, int))
    Disruption(mean=0.5, low=0.5, high=0.5, n_documents=10, n_cited=10, years=5)
    """
    index = cd_index(only_it, both, only_before)
    known = index[np.isfinite(index)]
    cited = int(((only_it + both) > 0).sum())
    if len(known) < ENOUGH_DOCUMENTS:
        return Disruption(None, None, None, len(known), cited)
    mean = float(known.mean())
    half = 1.645 * float(known.std(ddof=1)) / float(np.sqrt(len(known)))
    return Disruption(mean, max(mean - half, -1.0), min(mean + half, 1.0), len(known), cited)
