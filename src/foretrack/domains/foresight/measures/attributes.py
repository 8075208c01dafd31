"""Novelty, impact and uncertainty of concepts (growth and coherence have modules of their own).

The five attributes are those of Rotolo, Hicks & Martin 2015, "What is an emerging technology?", Research
Policy 44:1827-1843, doi:10.1016/j.respol.2015.06.006; the formulas are ours.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.measures.panel import RECENT_YEARS

Float = npt.NDArray[np.float64]

NOVEL_AGE_YEARS = 5.0
"""Age at which the age part of novelty has fallen to one half."""
ESTABLISHED_DF = 3
"""Documents up to a year from which a concept counts as begun; one or two may be chance."""


def novelty(counts: npt.NDArray[np.int64], shares: Float) -> Float:
    """How new a concept is, 0..1.

    novelty = sqrt(recency * youth), recency = share summed over the last three years / share summed over all
    years, youth = 1 / (1 + age / 5), age = years since the concept reached three documents.

    Args:
        counts, shares: (n_concepts, n_years), the last year is the as-of year.

    >>> import numpy as np
    >>> counts = np.array([[0, 0, 0, 0, 3, 5], [9, 9, 9, 9, 9, 9]])
    >>> novelty(counts, counts / 100).round(2)      # sqrt(1 / (1 + 1/5)); sqrt(.5 / (1 + 5/5))
    array([0.91, 0.5 ])
    """
    share = np.nan_to_num(shares)
    total = share.sum(axis=1)
    recency = np.divide(
        share[:, -RECENT_YEARS:].sum(axis=1), total, out=np.zeros(len(share)), where=total > 0
    )
    begun = np.cumsum(counts, axis=1) >= ESTABLISHED_DF
    n_years = counts.shape[1]
    age = np.where(begun.any(axis=1), n_years - 1 - begun.argmax(axis=1), 0)
    value: Float = np.sqrt(recency / (1 + age / NOVEL_AGE_YEARS))
    return value


def uncertainty(sd: Float, prior_sd: float, disagreement: Float) -> Float:
    """How little the evidence settles, 0..1: 1 - (1 - sd / prior sd) * (1 - disagreement).

    `sd / prior sd` is 1 when a concept's own counts say nothing about its growth and goes to 0 with more of
    them; `disagreement` (0..1) is how far sources tell different stories.

    >>> import numpy as np
    >>> uncertainty(np.array([0.2, 0.05]), 0.2, np.array([0.0, 0.5]))
    array([1.   , 0.625])
    """
    known = 1 - np.clip(sd / prior_sd, 0, 1)
    return 1 - known * (1 - np.clip(disagreement, 0, 1))


def disagreement(growth_by_stratum: Float, documents_by_stratum: Float) -> Float:
    """How far strata disagree on the direction of growth, 0..1; 0 with one stratum.

    1 - |sum n_s rate_s| / sum n_s |rate_s|: 0 when all strata with documents move the same way, 1 when rises and falls
    cancel.

    Args:
        both (n_strata, n_concepts): yearly log growth and documents of each stratum alone.

    >>> import numpy as np
    >>> disagreement(np.array([[.2, .2], [.1, -.2]]), np.array([[10, 10], [10, 10]])).round(2)
    array([0., 1.])
    """
    signed = np.abs((growth_by_stratum * documents_by_stratum).sum(axis=0))
    unsigned = (np.abs(growth_by_stratum) * documents_by_stratum).sum(axis=0)
    value: Float = 1 - np.divide(signed, unsigned, out=np.ones_like(unsigned), where=unsigned > 1e-12)
    return value


def percentile(values: Float) -> Float:
    """Mid-rank percentile of each value among the finite ones, 0..1; nan stays nan.

    >>> import numpy as np
    >>> percentile(np.array([3.0, 1.0, 2.0, np.nan])).round(2)
    array([0.83, 0.17, 0.5 ,  nan])
    """
    out = np.full(len(values), np.nan)
    finite = np.flatnonzero(np.isfinite(values))
    if len(finite):
        from scipy.stats import rankdata

        out[finite] = (rankdata(values[finite]) - 0.5) / len(finite)
    return out


def mean_over_mentions(
    value: Float, documents: npt.NDArray[np.int32], concepts: npt.NDArray[np.int32], n_concepts: int
) -> Float:
    """Mean of a document value over the documents that mention each concept; nan where none has a value.

    Args:
        value: per document, nan where unknown.
    """
    known = np.isfinite(value[documents])
    n = np.bincount(concepts[known], minlength=n_concepts)
    total = np.bincount(concepts[known], weights=value[documents[known]], minlength=n_concepts)
    mean: Float = np.divide(total, n, out=np.full(n_concepts, np.nan), where=n > 0)
    return mean


def spread(
    group: npt.NDArray[np.int64],
    documents: npt.NDArray[np.int32],
    concepts: npt.NDArray[np.int32],
    n_concepts: int,
) -> Float:
    """Effective number of groups (venues, countries, kinds) that a concept's documents come from.

    exp(entropy) of the concept's documents over groups, divided by what as many random draws could reach at
    most (the number of documents), as a log ratio: ln(effective) / ln(1 + documents), 0..1. nan with fewer than two
    grouped documents.

    Args:
        group: group number of each document, -1 for none.

    >>> import numpy as np
    >>> spread(np.array([0, 1, 2, 0, 0]), np.arange(5), np.array([0, 0, 0, 1, 1]), 2).round(2)
    array([0.79, 0.  ])
    """
    known = group[documents] >= 0
    concept, where = concepts[known].astype(np.int64), group[documents[known]]
    n_groups = int(group.max(initial=0)) + 1
    pair, n = np.unique(concept * n_groups + where, return_counts=True)
    owner = pair // n_groups
    total = np.bincount(owner, weights=n, minlength=n_concepts)
    p = n / total[owner]
    entropy = np.bincount(owner, weights=-p * np.log(p), minlength=n_concepts)
    return np.where(total >= 2, entropy / np.log1p(np.maximum(total, 1)), np.nan)
