"""The best of a shelf for one profile: filters, then words, meaning, sentences, tracks and evidence.

Two stages. Every row that passes the filters is scored by its words and by the vector of its whole text; the best
of them also by how its sentences meet those of the asking profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from foretrack.foundation.errors import InputError
from foretrack.matching.engine.explaining import Explained, explain
from foretrack.matching.engine.facts import passing
from foretrack.matching.engine.measuring import Rows, evidence, meaning, rarities, sentences, tracks, words
from foretrack.matching.engine.prepared import Prepared
from foretrack.matching.engine.shelf import Shelf
from foretrack.matching.engine.weights import DEFAULT, PARTS, Part, Weights
from foretrack.matching.profiles import Profile

Floats = npt.NDArray[np.float64]

SHORTLIST = 200
"""Rows whose sentences are compared one by one."""


@dataclass(frozen=True, slots=True)
class Match:
    """One match. `parts` are what each adds to the score, 0 to 1 together."""

    key: str
    profile: Profile
    score: float
    parts: Mapping[Part, float]
    explained: Explained


@dataclass(frozen=True, slots=True)
class Matches:
    """The list, best first, and how many there were to choose from."""

    matches: tuple[Match, ...]
    n_shelf: int
    n_passed: int
    model: str
    """Of the vectors; empty where matching went without."""
    weights: Weights


def rank(
    asking: Prepared,
    shelf: Shelf,
    *,
    today: date,
    n: int = 10,
    own: Shelf | None = None,
    weights: Weights = DEFAULT,
    diverse: bool = False,
) -> Matches:
    """The `n` best rows of the other side that fail no filter, each explained. Ties go by key.

    Args:
        asking: a need beside a shelf of offers, or an offer beside a shelf of needs; prepared with the shelf's model.
        today: the day on which all have to be valid.
        own: the asking profile's own side, which tells what everybody says there. Whether the profile lies in it does not
            matter much.
        diverse: take off what is said already above (maximal marginal relevance; Carbonell & Goldstein 1998,
            doi:10.1145/290941.291025), and show at most `weights.per_organisation` of one organisation while there are
            others. Otherwise by score alone, which is the order whose relevance is measured.

    Raises InputError when both are of one side or were not embedded alike.
    """
    if asking.profile.side == shelf.side or asking.vectors.shape[1] != shelf.dimension:
        raise InputError.of(
            "the profile {key!r} cannot be compared with this shelf",
            expected="a need and offers, or an offer and needs, prepared with one model",
            do="prepare both alike", key=asking.profile.key,
        )  # fmt: skip
    masks = [block.alive & passing(block.facts, asking.profile, today) for block in shelf.blocks]
    rows = Rows.of(shelf, masks)
    if not len(rows) or n < 1:
        return Matches((), len(shelf), len(rows), shelf.model, weights)
    use = [part for part in PARTS if shelf.dimension or part not in ("meaning", "sentences")]
    weight = {part: weights.of(part) / sum(map(weights.of, use)) for part in use}
    parts: dict[Part, Floats] = {
        "words": weight["words"] * words(asking, shelf, rows, own),
        "tracks": weight["tracks"] * tracks(asking.profile, shelf, rows),
        "evidence": weight["evidence"] * evidence(asking.profile, shelf, rows),
    }
    if shelf.dimension:
        near = meaning(asking, shelf, rows, own)
        # Words and sentences of two languages cannot meet: there, meaning stands for all three.
        foreign = rows.languages() != asking.language
        whole = weight["words"] + weight["meaning"] + weight["sentences"]
        parts["meaning"] = np.where(
            foreign, whole * np.minimum(weights.bridge * near, 1.0), weight["meaning"] * near
        )
        parts["words"][foreign] = 0.0
    chosen = _best(sum(parts.values(), start=np.zeros(len(rows))), rows, max(SHORTLIST, 4 * n))
    short = rows.take(chosen)
    parts = {part: share[chosen] for part, share in parts.items()}
    if shelf.dimension:
        met = sentences(asking, shelf, short)
        parts["sentences"] = np.where(short.languages() != asking.language, 0.0, weight["sentences"] * met)
    parts = {part: np.round(parts[part], 9) for part in use}
    score = sum(parts.values(), start=np.zeros(len(short)))
    order = np.lexsort((short.keys(), -np.round(score, 6)))
    if diverse:
        order = _diverse(order, score, short, weights, n)
    rarity = rarities(asking, shelf)
    return Matches(
        tuple(
            Match(
                short.profile(at).key,
                short.profile(at),
                float(score[at]),
                {part: float(parts[part][at]) for part in use},
                explain(asking, short.prepared(at), rarity, today),
            )
            for at in order[:n].tolist()
        ),
        len(shelf),
        len(rows),
        shelf.model,
        weights,
    )


def _best(scores: Floats, rows: Rows, n: int) -> npt.NDArray[np.int64]:
    """The places of the `n` best, the same whatever order the rows are in."""
    if len(scores) <= n:
        return np.arange(len(scores))
    rounded = np.round(scores, 6)
    edge = np.partition(rounded, len(rounded) - n)[len(rounded) - n]
    sure = np.flatnonzero(rounded > edge)
    level = np.flatnonzero(rounded == edge)
    by_key = np.argsort(rows.take(level).keys(), kind="stable")
    return np.concatenate((sure, level[by_key[: n - len(sure)]]))


def _diverse(
    order: npt.NDArray[np.int64], score: Floats, rows: Rows, weights: Weights, n: int
) -> npt.NDArray[np.int64]:
    """The order with each next one chosen by score less likeness to those above; one organisation only so often."""
    left = order.tolist()
    documents = rows.documents()
    likest = np.zeros(len(score))
    shown: dict[str, int] = {}
    chosen: list[int] = []
    while left and len(chosen) < n:
        free = [at for at in left if shown.get(rows.profile(at).organisation, 0) < weights.per_organisation]
        marginal = (1 - weights.diversity) * score - weights.diversity * likest
        at = max(free or left, key=lambda one: round(float(marginal[one]), 6))
        left.remove(at)
        chosen.append(at)
        if organisation := rows.profile(at).organisation:
            shown[organisation] = shown.get(organisation, 0) + 1
        if documents.shape[1]:
            np.maximum(likest, documents @ documents[at], out=likest)
    return np.array(chosen, np.int64)
