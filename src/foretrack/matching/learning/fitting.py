"""Weights from labels: logistic regression that is drawn towards the weights in force, each label weighted by its place.

Somebody who looks at the first places alone judges what stands there; so a label counts the more, the less its place
was likely to be looked at (inverse propensity, Joachims, Swaminathan, Schnabel 2017,
doi:10.1145/3018661.3018699), up to a limit that keeps a single far one from deciding. The penalty is the squared
distance to the weights in force, so that with few labels nearly nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from foretrack.foundation.errors import EvidenceError

Floats = npt.NDArray[np.float64]
RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Label:
    """One judgement of a pair that was shown."""

    record: str
    """Whose list it stood in: judgements of one list are resampled together."""
    parts: Mapping[str, float]
    """Part of the score to its value when it was shown."""
    rank: int
    """Its place, 1 first."""
    good: bool
    at: str
    """Sortable moment of the judgement."""
    own: bool = False
    """The list had been ordered by learned weights."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How labels are learned from."""

    eta: float
    """How fast looking declines with the place."""
    most: float
    """The most that one label counts."""
    penalty: float
    """Of the squared distance to the weights in force, beside the mean loss of a label."""
    later: float
    """Share of the labels, the latest, on which the result is tried."""
    least: int
    """Labels without which nothing is learned."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Proposed weights, and how they did on labels that are later than all they learned from."""

    weights: Mapping[str, float]
    n_learned: int
    n_tried: int
    learned_until: str
    before: float
    """Share of (good, not good) pairs of the later labels in the right order, by the weights in force; .5 is chance."""
    after: float
    """The same, by the proposed ones."""
    low: float
    high: float
    """95 % interval of `after - before`, lists resampled."""


def propensity(rank: int, eta: float) -> float:
    """How likely a place is to be looked at, beside the first.

    >>> propensity(1, 1.0), propensity(4, 1.0)
    (1.0, 0.25)
    """
    return float(max(rank, 1) ** -eta)


def importance(label: Label, terms: Terms) -> float:
    """How much a label counts: the inverse of how likely its place was looked at, up to the limit."""
    return min(1 / propensity(label.rank, terms.eta), terms.most)


def fit(labels: Sequence[Label], shipped: Mapping[str, float], terms: Terms, *, seed: int = 7) -> Fit:
    """Weights learned from the earlier labels, tried on the later ones.

    Only parts that `shipped` names are learned, and no weight falls below zero: each part was made so that more of it is
    better. Their sum stays as it was, so that scores stay comparable.

    Args:
        shipped: part to weight, as in force.

    Raises EvidenceError where there are too few labels, or only one sort of them, to learn from or to try on.
    """
    names = sorted(shipped)
    ordered = sorted(labels, key=lambda one: (one.at, one.record))
    if len(ordered) < terms.least:
        raise EvidenceError.of(
            "{n} judgements are too few to learn from", n=len(ordered), expected="at least {least}", least=terms.least,
            do="wait for more, or lower match-least-labels in a pack of the workspace",
        )  # fmt: skip
    cut = len(ordered) - max(1, round(terms.later * len(ordered)))
    early, late = ordered[:cut], ordered[cut:]
    if any(len({one.good for one in part}) < 2 for part in (early, late)):
        raise EvidenceError.of(
            "the judgements before or after {day} are all of one sort", day=late[0].at[:10],
            expected="good and bad matches in both parts", do="wait for more",
        )  # fmt: skip
    x, y, w = _columns(early, names, terms)
    start = np.array([shipped[name] for name in names])
    scale = _scale(x @ start, y, w)
    anchor = scale[0] * start
    learned = _penalised(x, y, w, anchor, scale[1], terms.penalty)
    weights = np.maximum(learned, 0.0)
    total = weights.sum()
    weights = weights / total * start.sum() if total > 0 else start
    lx, ly, lw = _columns(late, names, terms)
    groups = [one.record for one in late]
    before, after = _ordered(lx @ start, ly, lw), _ordered(lx @ weights, ly, lw)
    low, high = _interval(lx @ start, lx @ weights, ly, lw, groups, seed)
    return Fit(
        {name: round(float(value), 6) for name, value in zip(names, weights, strict=True)}, len(early), len(late),
        early[-1].at, round(before, 4), round(after, 4), round(low, 4), round(high, 4),
    )  # fmt: skip


def _columns(labels: Sequence[Label], names: Sequence[str], terms: Terms) -> tuple[Floats, Floats, Floats]:
    x = np.array([[float(one.parts.get(name, 0.0)) for name in names] for one in labels])
    y = np.array([1.0 if one.good else 0.0 for one in labels])
    w = np.array([importance(one, terms) for one in labels])
    return x, y, w / w.sum()


def _loss(z: Floats, y: Floats, w: Floats) -> tuple[float, Floats]:
    """Weighted log loss and its slope by z."""
    value = float(w @ (np.logaddexp(0.0, z) - y * z))
    return value, w * (1 / (1 + np.exp(-np.clip(z, -500, 500))) - y)


def _scale(score: Floats, y: Floats, w: Floats) -> tuple[float, float]:
    """(a, b) of the likeliest a * score + b with a > 0: how the weights in force read as odds."""

    def target(p: Floats) -> tuple[float, Floats]:
        a = np.exp(p[0])
        value, slope = _loss(a * score + p[1], y, w)
        # A weak pull towards a = 4 keeps separable labels from driving the scale to infinity.
        return value + 0.01 * (p[0] - np.log(4)) ** 2, np.array(
            [float(slope @ score) * a + 0.02 * (p[0] - np.log(4)), float(slope.sum())]
        )

    best = minimize(target, np.array([np.log(4.0), -2.0]), jac=True, method="L-BFGS-B")
    return float(np.exp(best.x[0])), float(best.x[1])


def _penalised(x: Floats, y: Floats, w: Floats, anchor: Floats, offset: float, penalty: float) -> Floats:
    def target(p: Floats) -> tuple[float, Floats]:
        value, slope = _loss(x @ p[:-1] + p[-1], y, w)
        away = p[:-1] - anchor
        return value + penalty * float(away @ away), np.append(slope @ x + 2 * penalty * away, slope.sum())

    best = minimize(target, np.append(anchor, offset), jac=True, method="L-BFGS-B")
    return np.asarray(best.x[:-1], dtype=np.float64)


def _ordered(score: Floats, y: Floats, w: Floats) -> float:
    """Weighted share of (good, not good) pairs that the score puts in the right order; ties count half."""
    good, bad = w * (y > 0.5), w * (y < 0.5)
    total = float(good.sum() * bad.sum())
    if not total:
        return 0.5
    _, level = np.unique(score, return_inverse=True)
    below = np.bincount(level, bad)
    under = np.concatenate(([0.0], np.cumsum(below)))[:-1] + below / 2
    return float(good @ under[level] / total)


def _interval(
    before: Floats, after: Floats, y: Floats, w: Floats, groups: Sequence[str], seed: int
) -> tuple[float, float]:
    rows: dict[str, list[int]] = {}
    for i, name in enumerate(groups):
        rows.setdefault(name, []).append(i)
    lists = [np.array(one) for one in rows.values()]
    generator = np.random.default_rng(seed)
    found: list[float] = []
    for _ in range(RESAMPLES):
        drawn = np.concatenate([lists[i] for i in generator.integers(0, len(lists), len(lists))])
        if len(set(y[drawn].tolist())) == 2:
            found.append(
                _ordered(after[drawn], y[drawn], w[drawn]) - _ordered(before[drawn], y[drawn], w[drawn])
            )
    if not found:
        return -1.0, 1.0
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)
