"""Profiles made ready for comparison: passages with vectors, and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from foretrack.language.embedding.centring import centre, script_language, unit_rows
from foretrack.language.embedding.port import Embedder, Vectors
from foretrack.language.lists import word_list
from foretrack.matching.engine.passages import passages, width
from foretrack.matching.profiles import Profile
from foretrack.search.words import sequence

LANGUAGES = ("en", "zh")
LONGEST_TEXT = 20_000
"""Characters of one paragraph that are read."""
_FULL = 120
"""A passage this wide counts fully in the vector of its profile; a shorter one by the root of its share."""


class Passage(NamedTuple):
    """A piece of a profile: `field` -1 is the title, else the number of its text; [start, end) in that field."""

    field: int
    start: int
    end: int
    language: str

    def of(self, profile: Profile) -> str:
        """The passage itself."""
        whole = profile.title if self.field < 0 else profile.texts[self.field]
        return whole[self.start : self.end]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A profile with what is computed from its texts alone.

    Shapes: `vectors` float32 (n_passages, d), unit rows, the mean of their language taken out; (n_passages, 0) where
    there is no model. `document` float32 (d,): their weighted mean, of length 1.
    """

    profile: Profile
    language: str
    passages: tuple[Passage, ...]
    vectors: Vectors
    document: Vectors
    words: Mapping[str, int]


def pieces(profile: Profile) -> tuple[Passage, ...]:
    """The passages of a profile: its title, then those of each text that are not said already.

    >>> p = Profile(key="n", side="need", title="Cold cells", texts=("A cell that charges at forty below zero, safely.",))
    >>> [piece.of(p) for piece in pieces(p)]
    ['Cold cells', 'A cell that charges at forty below zero, safely.']
    """
    found: list[Passage] = []
    said: set[str] = set()
    for field in range(-1, len(profile.texts)):
        text = profile.title if field < 0 else profile.texts[field][:LONGEST_TEXT]
        for span in passages(text):
            inner = text[span.start : span.end]
            if inner not in said:
                said.add(inner)
                found.append(Passage(field, span.start, span.end, script_language(inner)))
    return tuple(found)


def prepare(
    profiles: Sequence[Profile], embedder: Embedder | None, means: Mapping[str, Vectors] | None = None
) -> list[Prepared]:
    """Each profile with its passages embedded, in order.

    Args:
        embedder: without one, vectors have no columns and matching goes by words, tracks and evidence.
        means: per language, of the embedder (`choosing.stored_means`); taken out of the vectors.
    """
    cut = [pieces(profile) for profile in profiles]
    every = [piece.of(profile) for profile, own in zip(profiles, cut, strict=True) for piece in own]
    languages = [piece.language for own in cut for piece in own]
    if embedder is None:
        vectors: Vectors = np.zeros((len(every), 0), np.float32)
    else:
        distinct = list(dict.fromkeys(every))
        place = {text: row for row, text in enumerate(distinct)}
        vectors = (
            embedder.embed(distinct)[[place[text] for text in every]]
            if every
            else np.zeros((0, embedder.dimension), np.float32)
        )
        vectors = centre(vectors, languages, means or {})
    made: list[Prepared] = []
    start = 0
    for profile, own in zip(profiles, cut, strict=True):
        mine = vectors[start : start + len(own)]
        start += len(own)
        made.append(
            Prepared(
                profile,
                _language(profile, own),
                own,
                mine,
                document_vector(mine, _weights(profile, own)),
                words_of(profile),
            )
        )
    return made


def document_vector(vectors: Vectors, weights: Vectors) -> Vectors:
    """(d,) weighted mean of unit rows, scaled to length 1; zeros stay.

    >>> document_vector(np.eye(2, dtype=np.float32), np.array([3, 4], np.float32)).round(2).tolist()
    [0.6000000238418579, 0.800000011920929]
    """
    mean: Vectors = (weights @ vectors).astype(np.float32)
    scaled: Vectors = unit_rows(mean[None, :])[0]
    return scaled


def words_of(profile: Profile) -> Mapping[str, int]:
    """How often each word stands in title and texts, as search knows words; without those that say nothing.

    >>> words_of(Profile(key="n", side="need", title="The cell", texts=("Cells in the cold.",)))
    {'cell': 2, 'cold': 1}
    """
    empty = word_list("stop_en")
    counts: Counter[str] = Counter()
    for text in (profile.title, *profile.texts):
        counts.update(word for word in sequence(text[:LONGEST_TEXT]) if word not in empty)
    return dict(counts)


def weights_of(one: Prepared) -> Vectors:
    """(n_passages,) how much each passage counts."""
    return _weights(one.profile, one.passages)


def _weights(profile: Profile, own: Sequence[Passage]) -> Vectors:
    return np.array([min(1.0, width(piece.of(profile)) / _FULL) ** 0.5 for piece in own], dtype=np.float32)


def _language(profile: Profile, own: Sequence[Passage]) -> str:
    if profile.language:
        return profile.language
    chinese = sum(width(piece.of(profile)) for piece in own if piece.language == "zh")
    return "zh" if 2 * chinese > sum(width(piece.of(profile)) for piece in own) else "en"
