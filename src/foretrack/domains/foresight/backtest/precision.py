"""How right the top of a list was, with intervals over concepts and paired against a baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class OriginScores:
    """What a method and a baseline said at one origin, and what came true. Shapes: all (n_concepts,)."""

    origin: int
    concepts: Sequence[str]
    truth: Bool
    score: Float
    baseline: Float


def precision_at(score: Float, truth: Bool, k: int = 50) -> float:
    """Share of the `k` highest scores that came true; ties in the order given.

    >>> import numpy as np
    >>> precision_at(np.array([.9, .8, .1]), np.array([True, False, True]), k=2)
    0.5
    """
    return float(truth[np.argsort(-score, kind="stable")[:k]].mean())


def paired_precision(
    origins: Sequence[OriginScores], rng: np.random.Generator, *, k: int = 50, draws: int = DRAWS
) -> dict[str, Estimate]:
    """Mean precision at `k` over origins: `method`, `baseline` and `difference`, each with a 95 % interval.

    A concept is drawn or not drawn at all origins together (Poisson bootstrap over concepts), since the same
    concept at two origins is not two independent cases; method and baseline see the same draws.
    """
    names = sorted({concept for origin in origins for concept in origin.concepts})
    position = {name: index for index, name in enumerate(names)}
    prepared = []
    for origin in origins:
        ids = np.array([position[name] for name in origin.concepts])
        by_method = np.argsort(-origin.score, kind="stable")
        by_baseline = np.argsort(-origin.baseline, kind="stable")
        # A draw leaves about 37 % of concepts out; four times k is more than any draw can need.
        prepared.append(
            tuple((ids[order[: 4 * k]], origin.truth[order[: 4 * k]]) for order in (by_method, by_baseline))
        )
    drawn = np.empty((draws, 2))
    for draw in range(draws):
        weight = rng.poisson(1.0, len(names))
        drawn[draw] = np.mean(
            [[_weighted_precision(weight[ids], truth, k) for ids, truth in pair] for pair in prepared], axis=0
        )
    plain = np.array(
        [[precision_at(o.score, o.truth, k), precision_at(o.baseline, o.truth, k)] for o in origins]
    ).mean(axis=0)
    columns = {
        "method": (plain[0], drawn[:, 0]),
        "baseline": (plain[1], drawn[:, 1]),
        "difference": (plain[0] - plain[1], drawn[:, 0] - drawn[:, 1]),
    }
    return {
        name: Estimate(float(value), *map(float, np.quantile(values, [0.025, 0.975])))
        for name, (value, values) in columns.items()
    }


def _weighted_precision(weight: npt.NDArray[np.int64], truth: Bool, k: int) -> float:
    taken = np.minimum(np.cumsum(weight), k)
    used = np.diff(np.concatenate(([0], taken)))
    total = used.sum()
    return float((used * truth).sum() / total) if total else 0.0
