"""The open pairs that are most likely to be studied together, the likeliest first, each with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.links.features import candidate_features
from foretrack.domains.foresight.links.model import LinkModel
from foretrack.domains.foresight.links.pairs import (
    RECENT_YEARS,
    Float,
    Int,
    LinkGraph,
    closeness,
    open_blocks,
)

MAX_SCORED = 100_000
"""Open pairs that the model judges for a list: those with the most recent paths."""


@dataclass(frozen=True, slots=True)
class RankedLinks:
    """Open pairs, the likeliest first. Shapes: per pair (n_pairs,)."""

    pairs: Int
    """(n_pairs, 2): vertices, the one with more recent documents first."""
    probability: Float
    """Of one document or more that carries both, within three years."""
    established: Float
    """Of three documents or more; nan when that could not be learnt."""
    n_open: int
    """Open pairs that there are."""
    n_scored: int
    """Open pairs that the model judged."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """A concept that both concepts of a pair were studied with in the last three years."""

    vertex: int
    with_one: int
    """Recent documents that carry it and the first concept of the pair."""
    with_other: int
    share: float
    """Of the pair's recent paths that lead over it, 0..1."""


def rank_links(
    graph: LinkGraph,
    model: LinkModel,
    *,
    of: Sequence[int] | None = None,
    max_scored: int = MAX_SCORED,
) -> RankedLinks:
    """The open pairs in the order of the probability that they will be established, else that they will meet at all.

    Args:
        of: only pairs of which one is among these vertices, all of them then judged by the model; None judges the
            `max_scored` pairs with the most recent paths.
    """
    pairs = _nearest(graph, max_scored) if of is None else _all_of(graph, of)
    features = candidate_features(graph, pairs)
    probability, established = model.probability(features), model.probability_established(features)
    first = np.where(np.isnan(established), probability, established)
    # Ties by the identifiers' order, so that the list is the same on every machine.
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -probability, -first))
    pairs = pairs[order]
    n_recent = graph.counts[:, -RECENT_YEARS:].sum(axis=1)
    swap = n_recent[pairs[:, 0]] < n_recent[pairs[:, 1]]
    pairs = np.where(swap[:, None], pairs[:, ::-1], pairs)
    return RankedLinks(pairs, probability[order], established[order], graph.n_open, len(pairs))


def bridges(graph: LinkGraph, one: int, other: int, *, limit: int = 3) -> list[Bridge]:
    """The common neighbours that carry most of a pair's recent paths, the strongest first."""
    near = closeness(graph)
    a, b = near[[one]].toarray().ravel(), near[[other]].toarray().ravel()
    product = a * b
    total = float(product.sum())
    with_one, with_other = (graph.recent[[v]].toarray().ravel() for v in (one, other))
    order = np.lexsort((np.arange(len(product)), -product))[:limit]
    return [
        Bridge(int(v), int(with_one[v]), int(with_other[v]), float(product[v] / total))
        for v in order
        if product[v] > 0
    ]


def distance(graph: LinkGraph, one: int, other: int) -> int | None:
    """Fewest connections that lead from one vertex to the other: 2 with a common neighbour, 3 over two, else None."""
    reach = graph.together[[one]].astype(bool).astype(np.int64)
    target = graph.together[[other]].astype(bool).astype(np.int64)
    if (reach @ target.T).nnz:
        return 2
    return 3 if (reach @ graph.together.astype(np.int64) @ target.T).nnz else None


def _nearest(graph: LinkGraph, count: int) -> Int:
    near = closeness(graph)
    kept: list[tuple[npt.NDArray[np.float64], Int, Int]] = []
    for start, is_open in open_blocks(graph):
        ahead = (near[start:] @ near[start : start + len(is_open)].T).toarray().T
        row, column = np.nonzero(is_open[:, start:])
        paths = ahead[row, column]
        if len(row) > count:
            best = np.sort(np.argpartition(-paths, count)[:count])
            row, column, paths = row[best], column[best], paths[best]
        kept.append((paths, row.astype(np.int64) + start, column.astype(np.int64) + start))
    if not kept:
        return np.empty((0, 2), np.int64)
    paths, one, other = (np.concatenate(part) for part in zip(*kept, strict=True))
    order = np.lexsort((other, one, -paths))[:count]
    return np.stack([one[order], other[order]], axis=1)


def _all_of(graph: LinkGraph, of: Sequence[int]) -> Int:
    found: list[Int] = []
    chosen = np.zeros(len(graph), dtype=bool)
    chosen[list(of)] = True
    for start, is_open in open_blocks(graph):
        is_open &= chosen[None, :] | chosen[start : start + len(is_open), None]
        row, column = np.nonzero(is_open)
        found.append(np.stack([row.astype(np.int64) + start, column.astype(np.int64)], axis=1))
    return np.concatenate(found) if found else np.empty((0, 2), np.int64)
