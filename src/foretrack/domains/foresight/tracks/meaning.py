"""How near texts are to what each track is about, by the inner product of centred vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from foretrack.language.embedding.centring import centre, script_language, unit_rows
from foretrack.language.embedding.port import Embedder, Vectors
from foretrack.packs.shapes import LANGUAGES, Bilingual, Lexicon

TERMS = 16
"""How many strong terms stand for a track in its second description."""


class Described(Protocol):
    """A track or a product family."""

    @property
    def label(self) -> Bilingual: ...
    @property
    def lexicon(self) -> Mapping[str, Lexicon]: ...


def descriptions(entries: Sequence[Described]) -> list[tuple[int, str]]:
    """(position of the entry, text): per language its label with definition, and its first strong terms."""
    found = []
    for number, entry in enumerate(entries):
        definition = getattr(entry, "definition", Bilingual())
        for language in LANGUAGES:
            label, sentence = getattr(entry.label, language), getattr(definition, language)
            if label:
                found.append((number, f"{label}. {sentence}" if sentence else label))
            terms = entry.lexicon.get(language, Lexicon()).strong[:TERMS]
            if terms:
                found.append((number, ("、" if language == "zh" else ", ").join(terms)))
    return found


def embed_centred(texts: Sequence[str], embedder: Embedder, means: Mapping[str, Vectors]) -> Vectors:
    """(n, d) unit vectors of texts with the mean of each text's language taken out."""
    return centre(embedder.embed(texts), [script_language(text) for text in texts], means)


def prototypes(entries: Sequence[Described], embedder: Embedder, means: Mapping[str, Vectors]) -> Vectors:
    """(k, d) unit vectors, each the mean of an entry's descriptions in both languages."""
    parts = descriptions(entries)
    vectors = embed_centred([text for _, text in parts], embedder, means)
    total = np.zeros((len(entries), embedder.dimension), dtype=np.float32)
    np.add.at(total, [number for number, _ in parts], vectors)
    return unit_rows(total)


def similarities(
    texts: Sequence[str], entries: Sequence[Described], embedder: Embedder, means: Mapping[str, Vectors]
) -> npt.NDArray[np.float32]:
    """(n, k) float32, cosine of each text with each entry, -1..1."""
    result: npt.NDArray[np.float32] = (
        embed_centred(texts, embedder, means) @ prototypes(entries, embedder, means).T
    )
    return result
