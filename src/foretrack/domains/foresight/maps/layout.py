"""A map of technologies: what is studied together lies near each other, and last year's map is still recognised."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

EXAGGERATION, EXAGGERATED = 4.0, 100
"""How much attraction outweighs repulsion at first, and for how many steps: groups form before they spread."""
STEPS, STEPS_AGAIN = 400, 150
"""Steps of the descent from nothing, and from the map of the year before."""
HOLD = 0.02
"""How strongly a technology is held where it lay a year before; chosen by `docs/methods/map.md`."""
COMMON = 0.1
"""What part of all affinity is spread over every pair: without it, what has few links drifts away from the rest."""
_BLOCK = 128
_GOLDEN_ANGLE = np.pi * (3 - 5**0.5)


def lay_out(weights: Any, before: Float | None = None) -> Float:
    """Positions of technologies from the weights of their links.

    Neighbour embedding: t-SNE (van der Maaten & Hinton 2008, Journal of Machine Learning Research 9, 2579-2605) whose
    affinities are the weights themselves, started from classical scaling of the shortest paths, since a start that
    knows the whole keeps the whole (Kobak & Berens 2019, doi:10.1038/s41467-019-13056-x). With a map of the year before,
    the descent begins there and is held there (dynamic t-SNE: Rauber, Falcão & Telea 2016,
    doi:10.2312/eurovisshort.20161164), and the result is turned onto it (`turned`). No chance takes part.

    Args:
        weights: (n, n) sparse, from 0; links are taken in both directions.
        before: (n, 2) positions a year before, nan for what is new; None for a map of its own.

    Returns:
        (n, 2), around 0; the mean distance from 0 is about 1.

    >>> from scipy.sparse import csr_array
    >>> two_pairs = csr_array(np.array([[0, 9, 0, 0], [9, 0, 1, 0], [0, 1, 0, 9], [0, 0, 9, 0]], dtype=float))
    >>> at = lay_out(two_pairs)
    >>> bool(np.linalg.norm(at[0] - at[1]) < np.linalg.norm(at[1] - at[2]) < np.linalg.norm(at[0] - at[3]))
    True
    """
    n = weights.shape[0]
    graph = weights.maximum(weights.T).tocsr()
    if n < 3 or graph.nnz == 0:
        return _spiral(n)
    if before is None:
        return _scaled(_descend(graph, _start(graph), None, STEPS))
    held = np.isfinite(before[:, 0])
    if held.sum() < 3:
        return _scaled(_descend(graph, _start(graph), None, STEPS))
    # Positions are told around 1; the descent works in its own size, which is that of a map of so many points.
    size = float(np.sqrt(n))
    begin = _with_new(graph, before * size, held)
    anchors = np.where(held[:, None], begin, np.nan)
    found = _descend(graph, begin, anchors, STEPS_AGAIN)
    return _scaled(turned(found, before, held))


def turned(found: Float, wanted: Float, held: npt.NDArray[np.bool_]) -> Float:
    """`found` turned or mirrored as a whole so that the held points come nearest to `wanted`.

    Least squares: Schönemann 1966, doi:10.1007/BF02289451. Both are taken around the middle of their held points. The
    size is left alone: a least-squares size shrinks with every year in which anything moves.

    >>> square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    >>> quarter = square @ np.array([[0.0, 1], [-1, 0]])
    >>> np.round(turned(quarter, square, np.full(4, True)) + 0.5, 6).tolist()
    [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
    """
    middle, aim = found[held].mean(axis=0), wanted[held].mean(axis=0)
    u, _, v = np.linalg.svd((found[held] - middle).T @ (wanted[held] - aim))
    return np.asarray((found - middle) @ (u @ v))


def _spiral(n: int) -> Float:
    """Evenly spread points where nothing is known (Vogel 1979, doi:10.1016/0025-5564(79)90080-4)."""
    number = np.arange(n)
    radius, angle = np.sqrt((number + 0.5) / max(n, 1)), number * _GOLDEN_ANGLE
    return _scaled(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))


def _scaled(points: Float) -> Float:
    """Around 0, with a mean distance of 1."""
    if not len(points):
        return points
    points = points - points.mean(axis=0)
    mean = float(np.hypot(*points.T).mean())
    return points / mean if mean > 0 else points


def _start(graph: Any) -> Float:
    """Classical scaling of the shortest paths, a link being as long as it is weak."""
    from scipy.linalg import eigh
    from scipy.sparse.csgraph import shortest_path

    lengths = graph.copy()
    lengths.data = graph.data.max() / graph.data
    far = shortest_path(lengths, directed=False)
    reached = np.isfinite(far)
    far[~reached] = 1.5 * far[reached].max()
    n = len(far)
    squares = far**2
    centred = -0.5 * (squares - squares.mean(axis=0) - squares.mean(axis=1, keepdims=True) + squares.mean())
    values, vectors = eigh(centred, subset_by_index=[n - 2, n - 1])
    points = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0))
    # A vector and its negative are both right: the largest entry decides, so that every machine says the same.
    points = points * np.where(points[np.abs(points).argmax(axis=0), [0, 1]] < 0, -1, 1)
    spread = float(points[:, 0].std()) or 1.0
    # Points in one place would never part: the spiral parts them by less than anything else does.
    return np.asarray(np.round(1e-2 * points / spread, 8) + 1e-5 * _spiral(n))


def _with_new(graph: Any, before: Float, held: npt.NDArray[np.bool_]) -> Float:
    """What is new begins in the middle of its neighbours, as each came to lie by its links; else at the rim."""
    placed = np.where(held[:, None], before, 0.0)
    weight = graph @ held.astype(float)
    middle = np.divide(graph @ placed, weight[:, None], out=np.zeros_like(placed), where=weight[:, None] > 0)
    apart = 0.05 * float(np.abs(placed).max()) * _spiral(len(held))
    rim = 1.1 * float(np.hypot(*placed.T).max()) * _spiral(len(held))
    new = np.where(weight[:, None] > 0, middle + apart, rim)
    return np.where(held[:, None], placed, new)


def _descend(graph: Any, points: Float, anchors: Float | None, steps: int) -> Float:
    """Gradient descent with momentum and gains, as the authors of t-SNE do it."""
    n = graph.shape[0]
    links = graph.tocoo()
    one, other, affinity = links.row, links.col, links.data / links.data.sum()
    rate = max(n / EXAGGERATION, 20.0)
    held = None if anchors is None else ~np.isnan(anchors[:, 0])
    speed, gains = np.zeros_like(points), np.ones_like(points)
    for step in range(steps):
        exaggerated = anchors is None and step < EXAGGERATED
        total, away, together = _all_pairs(points)
        gap = points[one] - points[other]
        pull = affinity / (1.0 + (gap**2).sum(axis=1))
        drawn = np.column_stack([np.bincount(one, pull * gap[:, axis], minlength=n) for axis in (0, 1)])
        drawn = (1 - COMMON) * drawn + COMMON / (n * (n - 1)) * together
        slope = 4 * ((EXAGGERATION if exaggerated else 1.0) * drawn - away / total)
        if anchors is not None and held is not None:
            slope[held] += HOLD / n * (points[held] - anchors[held])
        gains = np.where(np.sign(slope) == np.sign(speed), 0.8 * gains, gains + 0.2).clip(0.01)
        speed = (0.5 if exaggerated else 0.8) * speed - rate * gains * slope
        points = points + speed
        if anchors is None:
            points = points - points.mean(axis=0)
    return points


def _all_pairs(points: Float) -> tuple[float, Float, Float]:
    """Over all pairs, block by block: their nearness in sum, and per point what pushes it away and pulls it in.

    sum_j w_ij (x_i - x_j) = x_i sum_j w_ij - sum_j w_ij x_j, so that a product of matrices does what loops would.
    """
    n = len(points)
    told = np.column_stack([np.ones(n), points])
    squares = (points**2).sum(axis=1)
    away, together, total = np.empty_like(points), np.empty_like(points), 0.0
    for start in range(0, n, _BLOCK):
        block = slice(start, min(start + _BLOCK, n))
        near = points[block] @ (-2.0 * points.T)
        near += squares[None, :]
        near += squares[block, None] + 1.0
        # Rounding may bring the distance of a point from itself below 0.
        np.maximum(near, 1.0, out=near)
        np.reciprocal(near, out=near)
        for push, squared in ((together, False), (away, True)):
            if squared:
                np.multiply(near, near, out=near)
            sums = near @ told
            push[block] = points[block] * sums[:, :1] - sums[:, 1:]
            if not squared:
                total += float(sums[:, 0].sum())
    return max(total - n, 1e-12), away, together
