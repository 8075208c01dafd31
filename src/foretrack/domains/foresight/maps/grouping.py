"""A few large groups of technologies, for corpora that no policy pack fits."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_SEED = 20200101
_ITERATIONS = 5


def group(weights: Any, most: int = 7) -> npt.NDArray[np.int64]:
    """Group of each technology, the largest group being 0; -1 for those of no group among the first `most`.

    Leiden (Traag, Waltman & van Eck 2019, doi:10.1038/s41598-019-41695-z) for modularity, at the resolution from 1
    downwards at which `most` groups or fewer hold nine of ten.

    Args:
        weights: (n, n) sparse, from 0; links are taken in both directions.

    >>> from scipy.sparse import csr_array
    >>> pairs = np.zeros((5, 5)); pairs[0, 1] = pairs[2, 3] = pairs[3, 4] = pairs[2, 4] = 1.0
    >>> group(csr_array(pairs)).tolist()
    [1, 1, 0, 0, 0]
    """
    import graspologic_native

    n = weights.shape[0]
    links = weights.maximum(weights.T).tocoo()
    upper = links.row < links.col
    rows, columns, values = links.row[upper], links.col[upper], links.data[upper]
    order = np.lexsort((columns, rows))
    edges = [
        (str(a), str(b), float(w))
        for a, b, w in zip(rows[order].tolist(), columns[order].tolist(), values[order].tolist(), strict=True)
    ]
    found = np.full(n, -1, dtype=np.int64)
    if not edges:
        return found
    for resolution in (1.0, 0.8, 0.6, 0.4, 0.25, 0.1):
        _, partition = graspologic_native.leiden(
            edges, resolution=resolution, randomness=0.001, iterations=_ITERATIONS, use_modularity=True, seed=_SEED,
            trials=1,
        )  # fmt: skip
        groups = np.full(n, -1, dtype=np.int64)
        for name, number in partition.items():
            groups[int(name)] = number
        found = _by_size(groups, most)
        if (found >= 0).sum() >= 0.9 * len(partition):
            break
    return found


def _by_size(groups: npt.NDArray[np.int64], most: int) -> npt.NDArray[np.int64]:
    """Renumbered by size, ties by first member; what is beyond the first ones, or alone, is -1."""
    members: dict[int, list[int]] = {}
    for number, name in enumerate(groups.tolist()):
        if name >= 0:
            members.setdefault(name, []).append(number)
    ordered = sorted((m for m in members.values() if len(m) > 1), key=lambda m: (-len(m), m[0]))
    found = np.full(len(groups), -1, dtype=np.int64)
    for place, chosen in enumerate(ordered[:most]):
        found[chosen] = place
    return found
