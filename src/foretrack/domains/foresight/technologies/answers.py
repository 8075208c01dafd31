"""What is answered about technologies; `answers.to_json` gives the documented JSON (docs/guide/json.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from foretrack.domains.foresight.answers import EvidenceDocument, SeriesPoint, ShareQuantiles, TrackLabel

Stage: TypeAlias = Literal["emerging", "growing", "mature", "declining", "not enough evidence"]

EventKind: TypeAlias = Literal[
    "first", "birth", "growth", "shrinking", "merge", "merged", "split", "dormant", "revival", "death"
]


@dataclass(frozen=True, slots=True)
class TechnologyEvent:
    """One thing that happened to a technology."""

    year: int
    event: EventKind
    others: tuple[str, ...]
    """Identifiers of the other technologies concerned."""
    n_before: int | None
    """Documents of three years before the event; null where there was no technology."""
    n_after: int | None
    share_before: float | None
    share_after: float | None
    overlap: float | None
    """Part of one technology that the other has, 0..1, where two are compared."""


@dataclass(frozen=True, slots=True)
class TechnologyItem:
    """One line of the list of technologies."""

    technology: str
    """Lasting identifier: year of birth and leading concept at birth."""
    label: str
    label_en: str | None
    label_zh: str | None
    rank: int | None
    """1 = the likeliest to grow extremely, or the surest growth where there is no forecast; None without enough
    evidence."""
    stage: Stage
    born: int
    came_from: tuple[str, ...]
    """Technologies it was born from."""
    concepts: tuple[str, ...]
    """Labels of its leading concepts."""
    n_concepts: int
    n_documents: int
    """Documents up to the as-of year."""
    n_recent: int
    """Documents in the last three years."""
    share_recent: float
    growth: float | None
    """Yearly growth of the share, shrunk for small counts; 0.25 = +25 % a year. None, as its interval and `q_value`,
    when there is not enough evidence for a stage."""
    growth_low: float | None
    """Lower end of the 80 % interval of `growth`."""
    growth_high: float | None
    novelty: float
    q_value: float | None
    coherence: float
    closeness: float
    separation: float
    persistence: float | None
    """Concepts kept from the year before, 0..1; None in its first year."""
    tracks: tuple[TrackLabel, ...]
    p_no_track: float | None
    events: tuple[TechnologyEvent, ...]
    """Of the last three years, newest first."""
    p_eg3: float | None = None
    """Probability of extreme growth within three years, 0..1; None where nothing could be learnt."""
    p_dbl3: float | None = None
    """Probability that its share doubles within three years."""
    quantiles: tuple[ShareQuantiles, ...] = ()
    """Shares of the coming years, at most five."""
    top_year: int | None = None
    """First year in which its median forecast is among the top 5 % of today's shares."""


@dataclass(frozen=True, slots=True)
class TechnologyList:
    """Technologies of a scan, the first rank first."""

    scan: str
    as_of: int
    method: str
    snapshot: str
    track: str | None
    stage: Stage | None
    n_technologies: int
    n_not_enough_evidence: int
    stages: dict[str, int]
    """Number of technologies per stage, of all."""
    items: tuple[TechnologyItem, ...]


@dataclass(frozen=True, slots=True)
class TechnologyConcept:
    """A concept of a technology."""

    concept: str
    label: str
    state: str
    membership: float
    """Part of its links that stay within the technology, 0..1."""
    n_recent: int


@dataclass(frozen=True, slots=True)
class TechnologyNeighbour:
    """A technology that is studied together with another."""

    technology: str
    label: str
    weight: float
    """Weight of the links between the two over the root of the product of all their links, 0..1."""


@dataclass(frozen=True, slots=True)
class StageTest:
    """One test that decided the stage: `value` against `bound`."""

    test: str
    """`recent`, `years`, `q_value`, `novelty` or `upper`."""
    value: float
    bound: float
    holds: bool


@dataclass(frozen=True, slots=True)
class TechnologyPage:
    """Everything known of one technology as of a year."""

    scan: str
    as_of: int
    item: TechnologyItem
    stage_because: tuple[StageTest, ...]
    concepts: tuple[TechnologyConcept, ...]
    """All, the leading one first."""
    series: tuple[SeriesPoint, ...]
    neighbours: tuple[TechnologyNeighbour, ...]
    events: tuple[TechnologyEvent, ...]
    """Since the record begins, oldest first."""
    evidence: tuple[EvidenceDocument, ...]
    """Newest first."""
