"""One origin as a case to learn from or to be judged by: sampled open pairs, their features, what came true.

An origin has millions of open pairs. A case holds some true and some false ones, each with the number of pairs it
stands for, so that every sum over all open pairs is estimated without bias.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from foretrack.domains.foresight.backtest.labels import HORIZON_YEARS
from foretrack.domains.foresight.history.years import Year
from foretrack.domains.foresight.links.features import candidate_features
from foretrack.domains.foresight.links.pairs import (
    Float,
    Int,
    LinkGraph,
    closeness,
    open_blocks,
    outcome,
    prepare,
)

MAX_TRUE = 12_000
MAX_FALSE = 30_000


@dataclass(frozen=True, slots=True)
class LinkCase:
    """Sampled open pairs of one origin. Shapes: per pair (n_pairs,)."""

    origin: int
    ids: tuple[str, ...]
    """Of the vertices (n,)."""
    pairs: Int
    """(n_pairs, 2): vertices."""
    features: npt.NDArray[np.float32]
    """(n_pairs, len(FEATURES)): as of the origin."""
    documents: Int
    """Documents of the three years after the origin that carry both."""
    stands_for: Float
    """Number of open pairs that the sampled one stands for."""
    n_open: int


def make_case(
    graph: LinkGraph,
    later: sparse.csr_array,
    rng: np.random.Generator,
    *,
    max_true: int = MAX_TRUE,
    max_false: int = MAX_FALSE,
) -> LinkCase:
    """Samples about `max_true` true and `max_false` false open pairs, all of them where there are fewer.

    True pairs are drawn alike. Of the false ones half are drawn alike and half in proportion to their recent paths,
    since those are the ones that a list could confuse with true ones (Poisson sampling; Horvitz & Thompson 1952,
    10.1080/01621459.1952.10483446).

    Args:
        later: what became of the pairs, as `pairs.outcome` says it.
    """
    n_true = 0
    for start, is_open in open_blocks(graph):
        n_true += int((later[start : start + len(is_open)].toarray()[is_open] > 0).sum())
    near = closeness(graph)
    n_open = graph.n_open
    found: list[tuple[Int, Int, Int, Float]] = []
    for start, is_open in open_blocks(graph):
        row, column = np.nonzero(is_open)
        if not len(row):
            continue
        came = later[start : start + len(is_open)].toarray()[is_open].astype(np.int64)
        # Open pairs lie right of the diagonal only.
        ahead = (near[start:] @ near[start : start + len(is_open)].T).toarray().T
        paths = ahead[is_open[:, start:]]
        paths = np.where(came > 0, 0.0, paths)
        share = (max_false * len(row) / max(n_open, 1)) * (
            0.5 / max(int((came == 0).sum()), 1) + 0.5 * paths / max(float(paths.sum()), 1e-12)
        )
        chance = np.minimum(np.where(came > 0, max_true / max(n_true, 1), share), 1.0)
        drawn = rng.random(len(row)) < chance
        found.append(
            (
                row[drawn].astype(np.int64) + start,
                column[drawn].astype(np.int64),
                came[drawn],
                1 / chance[drawn],
            )
        )
    empty = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    one, other, documents, weight = (
        (np.concatenate(part) for part in zip(empty, *found, strict=True)) if found else empty
    )
    pairs = np.stack([one, other], axis=1)
    return LinkCase(
        graph.as_of, graph.ids, pairs, candidate_features(graph, pairs), documents, weight, n_open
    )


def matured(case: LinkCase, year: int) -> bool:
    """Whether what became of the case was known in `year`."""
    return case.origin + HORIZON_YEARS <= year


def graph_of(year: Year) -> LinkGraph:
    """The graph of a year that was looked back at."""
    seen = year.mentions
    return prepare(
        seen.documents, seen.concepts, seen.years, ids=year.concepts.ids, as_of=year.year,
        names=[
            (label, concept.replace("-", " "))
            for label, concept in zip(year.concepts.labels, year.concepts.ids, strict=True)
        ],
        known=np.ones(len(year.concepts.ids), dtype=bool),
    )  # fmt: skip


def case_of(year: Year, *, seed: int) -> LinkCase | None:
    """The case of a year that was looked back at; None when its three years are not over.

    The draw depends on `seed` and the year alone.
    """
    if not year.concepts.matured(HORIZON_YEARS):
        return None
    graph = graph_of(year)
    later = outcome(graph, year.later.documents, year.later.concepts, year.later.years)
    return make_case(graph, later, np.random.default_rng([seed, year.year]))
