"""Numbers that an installation or its jurisdiction sets: thresholds of packs, by their names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from foretrack.matching.learning.exposure import Limits
from foretrack.matching.learning.fitting import Terms
from foretrack.packs.thresholds import load_thresholds
from foretrack.registry.declaring.terms import PACK_TERMS


@dataclass(frozen=True, slots=True)
class Settings:
    """What the packs say on a day (`matching-rules/thresholds.yml`, each with its source)."""

    length: int
    """Entries of a list."""
    exploring: float
    """Share of an own list's places that is kept for records that were shown little."""
    standing_most: int
    """Standing matches of one new record."""
    standing_score: float
    standing_similarity: float
    """From which score, and from which nearness of its best pair of sentences, a match is told by itself."""
    terms: Terms
    limits: Limits
    persistence: float
    """Of rank-biased overlap."""


def settings_on(day: date) -> Settings:
    """The settings that are valid on a day; InputError where no pack says one."""
    known, at = load_thresholds(PACK_TERMS.paths), day.isoformat()

    def of(name: str) -> float:
        return known.on(f"match-{name}", at).value

    return Settings(
        round(of("list")), of("exploring"), round(of("standing-most")), of("standing-score"), of("standing-similarity"),
        Terms(of("eta"), of("most-importance"), of("penalty"), of("later"), round(of("least-labels"))),
        Limits(of("gini-rise"), of("top-rise"), of("least-overlap"), of("most-own-labels")), of("persistence"),
    )  # fmt: skip
