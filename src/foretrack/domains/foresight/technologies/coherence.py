"""Whether a technology hangs together, or is a drawer of odds and ends."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

Float = npt.NDArray[np.float64]

LEADING = 10
"""Concepts whose mutual weights are averaged, the leading ones."""


def closeness(weights: sparse.csr_array, of_leading: npt.NDArray[np.int32], n: int) -> Float:
    """Mean weight of all pairs among the leading concepts of each technology: (n,), 0..1.

    This is the topic coherence that agrees best with readers (NPMI of the leading ten; Aletras & Stevenson 2013,
    "Evaluating topic coherence using distributional semantics"), with 0 for pairs that are no neighbours.

    Args:
        of_leading: (n_concepts,) technology of which a concept is among the leading ten, else -1.

    >>> import numpy as np
    >>> from scipy import sparse
    >>> weights = sparse.csr_array(np.array([[0, .6, .3], [.6, 0, 0], [.3, 0, 0]]))
    >>> closeness(weights, np.zeros(3, np.int32), 1).round(2)     # (0.6 + 0.3 + 0) / 3
    array([0.3])
    """
    coo = weights.tocoo()
    own = of_leading[coo.row]
    same = (own >= 0) & (own == of_leading[coo.col])
    inner = np.bincount(own[same], weights=coo.data[same], minlength=n)
    k = np.bincount(of_leading[of_leading >= 0], minlength=n).astype(float)
    mean: Float = np.divide(inner, k * (k - 1), out=np.zeros(n), where=k >= 2)
    return mean


def separation(weights: sparse.csr_array, of_concept: npt.NDArray[np.int32], n: int) -> Float:
    """How much more of the members' weight stays inside than chance would have it: (n,), at most 1.

    (inside - expected) / (1 - expected), where `inside` is the part of the members' weight that leads to members (1 -
    conductance) and `expected` the part of all weight that ends at members: what a random graph with the same
    strengths gives (Newman & Girvan 2004, doi:10.1103/PhysRevE.69.026113). 0 = as by chance, 1 = apart from the rest.

    >>> import numpy as np
    >>> from scipy import sparse
    >>> pair = np.array([[0, 1], [1, 0]])
    >>> weights = sparse.csr_array(np.block([[pair, 0 * pair], [0 * pair, pair]]).astype(float))
    >>> separation(weights, np.array([0, 0, 1, 1], np.int32), 2), separation(weights, np.array([0, 1, 1, 0], np.int32), 2)
    (array([1., 1.]), array([-1., -1.]))
    """
    coo = weights.tocoo()
    own, other = of_concept[coo.row], of_concept[coo.col]
    member = own >= 0
    total = np.bincount(own[member], weights=coo.data[member], minlength=n)
    same = member & (own == other)
    inner = np.bincount(own[same], weights=coo.data[same], minlength=n)
    inside = np.divide(inner, total, out=np.zeros(n), where=total > 0)
    expected = total / max(float(coo.data.sum()), 1e-12)
    found: Float = np.divide(inside - expected, 1 - expected, out=np.ones(n), where=expected < 1)
    return found


def coherence(closeness: Float, separation: Float, persistence: Float) -> Float:
    """One number from the three, 0..1: see docs/methods/technologies.md for what high and low values read like.

    >>> import numpy as np
    >>> coherence(np.array([.25, .25]), np.array([.64, .64]), np.array([.5, np.nan])).round(2)
    array([0.43, 0.4 ])
    """
    bond = np.sqrt(np.clip(closeness, 0, 1) * np.clip(separation, 0, 1))
    lasting = np.where(np.isnan(persistence), bond, persistence)
    return 0.7 * bond + 0.3 * np.nan_to_num(lasting)
