"""Spreads track evidence from concepts that have it to their neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def propagate(seed: Any, graph: Any, *, damping: float = 0.5, rounds: int = 2) -> npt.NDArray[np.float32]:
    """What the neighbours of each concept say about its tracks, its own evidence left out.

    Args:
        seed: (n, k), evidence per concept and track, rows summing to 0 (nothing known) to 1; array or CSR.
        graph: scipy CSR (n, n), weights >= 0 of co-occurrence (for example PPMI); the diagonal is ignored.
        damping: weight of a further step against the one before, 0..1.
        rounds: how many steps away evidence is seen.

    Returns:
        float32 (n, k): the mean evidence of neighbours, near ones more, 0..1; rows sum to at most 1 and stay
        low where the neighbours know nothing. Formula, P being `graph` without diagonal and with rows summing
        to 1: sum over r = 1..rounds of damping^(r-1) P^r seed, divided by the sum of damping^(r-1).

    The evidence of a concept comes back to itself over two steps; that echo is taken out.

    >>> from scipy.sparse import csr_array
    >>> chain = csr_array(np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=np.float32))
    >>> propagate(np.array([[1.0], [0.0], [0.0]]), chain, rounds=1).ravel().tolist()
    [0.0, 0.5, 0.0]
    >>> propagate(np.array([[1.0], [0.0], [0.0]]), chain).astype(float).round(4).ravel().tolist()
    [0.0, 0.3333, 0.1667]
    """
    from scipy.sparse import csr_array, diags_array

    known = np.asarray(seed.toarray() if hasattr(seed, "toarray") else seed, dtype=np.float32)
    links = csr_array(graph, dtype=np.float32, copy=True)
    links.setdiag(0)
    links.eliminate_zeros()
    total = np.asarray(links.sum(axis=1)).ravel()
    inverse = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    steps = csr_array(diags_array(inverse) @ links)
    back = np.asarray(steps.multiply(steps.T).sum(axis=1)).ravel().astype(np.float32)
    current = known
    gathered = np.zeros_like(known)
    weight, weights = 1.0, 0.0
    for step in range(1, rounds + 1):
        current = np.asarray(steps @ current, dtype=np.float32)
        seen = np.maximum(current - back[:, None] * known, 0) if step == 2 else current
        gathered += np.float32(weight) * seen
        weights += weight
        weight *= damping
    return gathered / np.float32(max(weights, 1e-9))
