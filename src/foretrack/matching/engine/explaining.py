"""Why two profiles match: sentences that meet, words and tracks in common, filters, and what of the need nobody meets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from foretrack.language.chinese import has_han
from foretrack.matching.engine.filters import Check, checks
from foretrack.matching.engine.passages import width
from foretrack.matching.engine.prepared import Passage, Prepared, weights_of
from foretrack.matching.profiles import Profile
from foretrack.search.words import Placed, placed, sequence

MET = 0.4
"""Similarity from which two sentences speak of the same; or the share of the asked sentence's word weight."""
PAIRS = 3
"""Sentences that are shown to meet at most."""
WORDS = 8
"""Words in common that are shown at most."""
MISSING = 3
"""Unmet sentences that are shown at most."""
_TELLING = 40
"""Narrower sentences are not called missing."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Met:
    """A sentence of the need and the sentence of the offer that meets it.

    `similarity`: the cosine of their meanings, or without a model the share of the sentence's words, weighted by rarity.
    """

    need: Passage
    offer: Passage
    similarity: float


@dataclass(frozen=True, slots=True)
class Explained:
    """Everything there is to say about one match. Passages are places in the two profiles' texts."""

    met: tuple[Met, ...]
    """Best first, each sentence of the need once."""
    words: tuple[str, ...]
    """Words in common as the need writes them, the most telling first."""
    tracks: tuple[str, ...]
    checks: tuple[Check, ...]
    missing: tuple[Passage, ...]
    """Sentences of the need that no sentence of the offer meets, in their order."""
    n_sentences: int
    """Sentences of the need that are long enough to ask for something, and how many of them are met."""
    n_met: int
    evidence: Mapping[str, int]
    """What speaks for the offering organisation."""


def explain(asking: Prepared, other: Prepared, rarity: Mapping[str, float], today: date) -> Explained:
    """Why these two match, from the need's point of view.

    Args:
        rarity: of the asking profile's words on the shelf of the other (`measuring.rarities`).
    """
    need, offer = (asking, other) if asking.profile.side == "need" else (other, asking)
    similar = _similar(need, offer, rarity)
    best = similar.max(axis=1, initial=0.0)
    telling = [width(piece.of(need.profile)) >= _TELLING for piece in need.passages]
    order = np.lexsort((np.arange(len(best)), -np.round(best * weights_of(need), 6)))
    met = [row for row in order.tolist() if best[row] >= MET]
    missing = [row for row, value in enumerate(best.tolist()) if value < MET and telling[row]]
    missing = sorted(sorted(missing, key=lambda row: round(float(best[row]), 6))[:MISSING])
    return Explained(
        tuple(
            Met(need.passages[row], offer.passages[column], round(float(similar[row, column]), 4))
            for row in met[:PAIRS]
            for column in (int(np.argmax(np.round(similar[row], 6))),)
        ),
        shared_words(need.profile, need.words.keys() & offer.words.keys(), rarity),
        tuple(sorted(need.profile.tracks & offer.profile.tracks)),
        checks(need.profile, offer.profile, today),
        tuple(need.passages[row] for row in missing),
        sum(telling),
        sum(told and value >= MET for told, value in zip(telling, best.tolist(), strict=True)),
        dict(sorted(offer.profile.evidence.items())),
    )


def shared_words(profile: Profile, shared: Collection[str], rarity: Mapping[str, float]) -> tuple[str, ...]:
    """The shared words as the profile writes them, the rarest first; neighbouring Chinese pairs as one run.

    >>> profile = Profile(key="n", side="need", title="固态电池 for Cold regions", texts=())
    >>> rarity = {"固态": 2.0, "态电": 3.0, "电池": 1.0, "cold": 2.5}
    >>> shared_words(profile, {"固态", "态电", "电池", "池", "cold"}, rarity)
    ('固态电池', 'Cold')
    """
    weight: dict[str, float] = {}
    spelled: dict[str, str] = {}
    for text in (profile.title, *profile.texts):
        start = end = -1
        heavy = 0.0
        for word, at, until in [*_placed(text), ("", len(text) + 2, len(text) + 2)]:
            known = word in shared and word in rarity
            if known and at <= end and has_han(word):
                end, heavy = max(end, until), max(heavy, rarity[word])
                continue
            if end - start > 1:
                written = text[start:end]
                name = " ".join(sequence(written)[:1]) if not has_han(written) else written
                spelled.setdefault(name, written)
                weight[name] = max(weight.get(name, 0.0), heavy)
            start, end, heavy = (at, until, rarity[word]) if known else (-1, -1, 0.0)
    ordered = sorted(weight, key=lambda name: (-round(weight[name], 6), -width(spelled[name]), name))
    return tuple(spelled[name] for name in ordered[:WORDS])


@lru_cache(maxsize=64)
def _placed(text: str) -> tuple[Placed, ...]:
    """The words of one need with their places, which all its matches are explained by."""
    return tuple(placed(text))


def _similar(need: Prepared, offer: Prepared, rarity: Mapping[str, float]) -> Floats:
    """(sentences of the need, sentences of the offer): cosines, or without vectors shares of words."""
    if need.vectors.shape[1]:
        return np.asarray(need.vectors @ offer.vectors.T, np.float64)
    told = [set(sequence(piece.of(offer.profile))) for piece in offer.passages]
    rows = []
    for piece in need.passages:
        asked = {word: rarity[word] for word in sequence(piece.of(need.profile)) if word in rarity}
        total = sum(asked.values())
        rows.append([sum(asked[w] for w in asked.keys() & own) / total if total else 0.0 for own in told])
    return np.array(rows, np.float64).reshape(len(need.passages), len(offer.passages))
