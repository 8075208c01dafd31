"""How much each part of a match counts, and where the numbers come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["words", "meaning", "sentences", "tracks", "evidence"]

PARTS: tuple[Part, ...] = ("words", "meaning", "sentences", "tracks", "evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Each part of a score lies within 0 and 1 and counts by its weight; the score is the sum over that of the weights.

    Parts: `words` in common, `meaning` of the whole text, `sentences` that meet, `tracks` in common, `evidence` that
    the offering organisation is able to. Without vectors the second and third are left out of both sums.
    """

    name: str
    version: int
    tuned_on: str
    """What the numbers were chosen by, never what they are reported on."""
    words: float
    meaning: float
    sentences: float
    tracks: float
    evidence: float
    bridge: float = 1.2
    """In the other language meaning stands for words and sentences as well, and counts this many times."""
    diversity: float = 0.3
    """Share of likeness to what stands above that is taken off in a diverse list, 0 to 1."""
    per_organisation: int = 2
    """Entries of one organisation at most in a diverse list, as long as there are others."""

    def of(self, part: Part) -> float:
        """The weight of one part."""
        value: float = getattr(self, part)
        return value


DEFAULT = Weights(
    name="foretrack", version=1,
    tuned_on="162 SBIR needs with the 184 awards whose titles nearly but not exactly equal theirs; part `tune` of the "
    "bilingual set", words=1.0, meaning=0.15, sentences=0.1, tracks=0.1, evidence=0.05,
)  # fmt: skip
