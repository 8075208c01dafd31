"""How far a map can be trusted: whether what lies near is near, and whether what is near lies near."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

NEIGHBOURS = 10


@dataclass(frozen=True, slots=True)
class MapQuality:
    """0..1, higher is better; about a half for points thrown at random."""

    neighbours: int
    """How many neighbours were looked at."""
    trustworthiness: float
    """Low where points lie near that are not near."""
    continuity: float
    """Low where what is near was torn apart."""
    kept: float
    """Part of the nearest that are also nearest on the map."""


def quality(far: Float, points: Float, neighbours: int = NEIGHBOURS) -> MapQuality | None:
    """Trustworthiness and continuity of a map; None with too few points to say.

    With r(i, j) the place of j among the nearest to i and U the points that lie among the k nearest on the map and are
    not among the k nearest in truth:

        trustworthiness = 1 - 2 / (n k (2n - 3k - 1)) sum_i sum_{j in U(i)} (r(i, j) - k)

    and continuity the same with map and truth exchanged (Venna & Kaski 2001, doi:10.1007/3-540-44668-0_68).

    Args:
        far: (n, n) how far apart things are in truth; only the order within a row counts.
        points: (n, 2).

    >>> line = np.arange(8.0)
    >>> quality(np.abs(line[:, None] - line), np.column_stack([line, 0 * line]), 2)
    MapQuality(neighbours=2, trustworthiness=1.0, continuity=1.0, kept=1.0)
    """
    n, k = len(points), neighbours
    if 3 * k + 1 >= 2 * n:
        return None
    truth = _places(far)
    shown = _places(
        np.hypot(points[:, None, 0] - points[None, :, 0], points[:, None, 1] - points[None, :, 1])
    )
    scale = 2.0 / (n * k * (2 * n - 3 * k - 1))

    def told(inside: npt.NDArray[np.int64], places: npt.NDArray[np.int64]) -> float:
        wrong = (inside >= 1) & (inside <= k) & (places > k)
        return 1.0 - scale * float((places - k)[wrong].sum())

    both = (truth >= 1) & (truth <= k) & (shown >= 1) & (shown <= k)
    return MapQuality(k, told(shown, truth), told(truth, shown), float(both.sum()) / (n * k))


def _places(far: Float) -> npt.NDArray[np.int64]:
    """(n, n): at [i, j] the place of j among those nearest to i, 1 = nearest; 0 for itself. Ties by number."""
    far = far.copy()
    np.fill_diagonal(far, -np.inf)
    order = np.argsort(far, axis=1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(len(far))[None, :], axis=1)
    return places


def apart(documents: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]], n: int) -> Float:
    """How far technologies are apart by the documents that they share: 1 - cosine of what belongs to each.

    The layout never sees these counts, so that they can judge it.

    Args:
        documents: (technology, document) of every pair that belongs together.
        n: number of technologies.

    >>> one, other = np.array([0, 0, 1, 1, 2], np.int32), np.array([0, 1, 1, 2, 3], np.int32)
    >>> apart((one, other), 3).tolist()
    [[0.0, 0.5, 1.0], [0.5, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    from scipy.sparse import csr_array

    rows, columns = documents
    size = (n, int(columns.max()) + 1 if len(columns) else 1)
    member = csr_array((np.ones(len(rows)), (rows, columns)), shape=size)
    shared = (member @ member.T).toarray()
    root = np.sqrt(np.maximum(np.diag(shared), 1.0))
    far = 1.0 - shared / root[:, None] / root[None, :]
    np.fill_diagonal(far, 0.0)
    return np.round(far, 12)
