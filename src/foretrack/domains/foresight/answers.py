"""What the lookout answers, in the shapes that commands, pages, reports and the Python API share.

`to_json` gives the documented JSON of any of them (docs/guide/json.md).
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

State: TypeAlias = Literal["emerging", "growing", "steady", "declining", "not enough evidence"]


@dataclass(frozen=True, slots=True)
class TrackLabel:
    """One track of a policy pack and the probability that the concept belongs to it."""

    pack: str
    direction: str
    track: str
    p: float


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured for one concept as of a year. Formulas: docs/methods/measures.md."""

    n_documents: int
    """Documents up to the as-of year."""
    n_recent: int
    """Documents in the last three years."""
    first_year: int
    """First year with at least one document."""
    share_recent: float
    """Share of the last three years' documents that mention the concept, 0..1."""
    novelty: float
    """0..1, 1 = new."""
    growth: float | None
    """Yearly growth of the share, shrunk for small counts; 0.25 = +25 % a year. None, as its interval, `p_value` and
    `q_value`, when there is not enough evidence for a state."""
    growth_low: float | None
    """Lower end of the 80 % interval of `growth`."""
    growth_high: float | None
    coherence: float | None
    """0..1; None when too few co-occurrences to say."""
    impact: float | None
    """0..1 percentile; None when the corpus has no dated citations, patents or standards to measure it."""
    uncertainty: float
    """0..1; 1 = the evidence disagrees or is thin."""
    burst_weight: float
    """Kleinberg weight of the burst that is open at the as-of year; 0 when none is."""
    e_score: float | None
    """Porter/Carley emergence score; None when the corpus is shorter than ten years or a gate fails."""
    p_value: float | None
    """One-sided, that the share did not grow."""
    q_value: float | None
    """Benjamini-Hochberg adjusted over all concepts with enough evidence."""


@dataclass(frozen=True, slots=True)
class ShareQuantiles:
    """What the share of documents may be in a coming year, 0..1: with probability 0.1 it is below `q10`, and so on."""

    year: int
    q05: float
    q10: float
    q25: float
    q50: float
    q75: float
    q90: float
    q95: float


@dataclass(frozen=True, slots=True)
class ConceptItem:
    """One line of a ranked list."""

    concept: str
    """Stable identifier of the concept."""
    label: str
    label_en: str | None
    label_zh: str | None
    forms: tuple[str, ...]
    """All spellings, the most frequent first."""
    rank: int | None
    """1 = first; None when there is not enough evidence to rank."""
    score: float | None
    """Higher = more likely to grow extremely; `p_eg3` where there is a forecast, else comparable within one scan only."""
    state: State
    tracks: tuple[TrackLabel, ...]
    """Most probable first."""
    p_no_track: float | None
    evidence: tuple[str, ...]
    """Identifiers of documents that carry it, the most recent first."""
    doubt: tuple[str, ...]
    """Reason codes that a reader should know: `coverage_break`, `one_source`, `few_documents`, ..."""
    measures: Measures
    p_eg3: float | None = None
    """Probability of extreme growth within three years, 0..1: in some year the share exceeds its past peak by more
    than 8 % for every year since; None where nothing could be learnt."""
    p_dbl3: float | None = None
    """Probability that the share of the next three years is at least twice that of the last three, 0..1."""
    quantiles: tuple[ShareQuantiles, ...] = ()
    """Shares of the coming years, at most five."""
    top_year: int | None = None
    """First year in which its median forecast is among the top 5 % of today's shares; None if not within five years."""


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """What a scan did."""

    scan: str
    """Name of the result folder."""
    as_of: int
    snapshot: str
    method: str
    """Method name and version."""
    filters: dict[str, Any]
    n_documents: int
    first_year: int
    n_terms: int
    n_concepts: int
    states: dict[str, int]
    """Number of concepts per state."""
    created_at: str
    seconds: float
    notes: tuple[str, ...] = ()
    """What a reader must know: coverage breaks, a partial last year, no citations."""


@dataclass(frozen=True, slots=True)
class EmergingList:
    """The ranked list."""

    scan: str
    as_of: int
    method: str
    snapshot: str
    track: str | None
    n_ranked: int
    n_not_enough_evidence: int
    items: tuple[ConceptItem, ...]


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One year of a concept in one source and document kind; `source` and `kind` are `all` for the whole."""

    year: int
    source: str
    kind: str
    n_documents: int
    n_total: int
    share: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A concept that is studied together with another more than chance would have it."""

    concept: str
    label: str
    n_together: int
    ppmi: float


@dataclass(frozen=True, slots=True)
class EvidenceDocument:
    """A document behind a number."""

    document: str
    title: str
    year: int
    source: str
    kind: str
    doi: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class ConceptPage:
    """Everything known of one concept as of a year."""

    scan: str
    as_of: int
    item: ConceptItem
    form_counts: tuple[tuple[str, int], ...]
    """(spelling, documents up to the as-of year), most frequent first."""
    series: tuple[SeriesPoint, ...]
    neighbours: tuple[Neighbour, ...]
    evidence: tuple[EvidenceDocument, ...]
    """Newest first; titles come from the corpus and are empty when it no longer holds the document."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One part of a score: value, weight and what it adds."""

    part: str
    value: float | None
    unit: str
    weight: float
    adds: float
    why: str
    """One sentence with the numbers it came from."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """From the score down to document ids."""

    scan: str
    as_of: int
    snapshot: str
    method: str
    item: ConceptItem
    contributions: tuple[Contribution, ...]
    """They add up to the score before it is mapped to 0..1: to its log odds where there is a forecast."""
    state_because: tuple[str, ...]
    """The tests that decided the state, each with its numbers."""
    series: tuple[SeriesPoint, ...]
    documents_by_year: tuple[tuple[int, tuple[str, ...]], ...]
    """(year, document identifiers), newest year first; complete, so that every count can be re-counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one concept between two dates."""

    concept: str
    label: str
    change: Literal["entered", "rose", "fell", "left"]
    rank_before: int | None
    rank_after: int | None
    state_before: State | None
    state_after: State | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two dates of the same corpus, or two scans, side by side."""

    scan_before: str
    scan_after: str
    as_of_before: int
    as_of_after: int
    top: int
    """How many ranks are compared."""
    changes: tuple[Change, ...]


def to_json(answer: Any) -> Any:
    """Plain JSON values of an answer: dataclasses become objects, tuples lists, not-a-number null.

    >>> to_json(Neighbour("c1", "graph", 3, 1.5))
    {'concept': 'c1', 'label': 'graph', 'n_together': 3, 'ppmi': 1.5}
    """
    if dataclasses.is_dataclass(answer) and not isinstance(answer, type):
        return {f.name: to_json(getattr(answer, f.name)) for f in dataclasses.fields(answer)}
    if isinstance(answer, dict):
        return {str(key): to_json(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [to_json(value) for value in answer]
    if isinstance(answer, float) and not math.isfinite(answer):
        return None
    return answer
