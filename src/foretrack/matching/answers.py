"""What matching answers with: plain values, public ones and those of what the asker's own organisation did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SentencePair:
    """A sentence of the need and the one of the offer that meets it."""

    need: str
    offer: str
    similarity: float


@dataclass(frozen=True, slots=True)
class FilterLine:
    """One hard filter: `passed` or `not-stated`, since what fails one is not in a list."""

    name: str
    outcome: str
    need: tuple[str, ...]
    offer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchLine:
    """One match and why it is one."""

    key: str
    kind: str
    title: str
    organisation: str
    organisation_name: str
    region: str
    rank: int
    score: float
    parts: Mapping[str, float]
    """Part to what it adds; together they are the score."""
    met: tuple[SentencePair, ...]
    words: tuple[str, ...]
    tracks: tuple[str, ...]
    filters: tuple[FilterLine, ...]
    missing: tuple[str, ...]
    """Sentences of the need that nothing in the offer meets."""
    n_sentences: int
    n_met: int
    evidence: Mapping[str, int]
    exploring: bool
    """It stands in the place that is kept for records that were shown little."""
    echo: str
    """`repeats the other side`, `repeats itself` or empty."""
    without_meaning: bool
    """Its meaning is not made yet: it was compared by words, tracks and evidence."""
    state: str = ""
    """For the own organisation: `new`, `viewed`, `not relevant`, or the state of the interest between the two."""
    interest: str = ""
    """Key of the interest between the two, where the asker is one of its sides."""


@dataclass(frozen=True, slots=True)
class MatchList:
    """The matches of one record."""

    key: str
    kind: str
    title: str
    side: str
    status: str
    matched: bool
    """Whether others are matched with it now; a draft's list is only looked at."""
    own: bool
    """The asker belongs to its organisation."""
    lines: tuple[MatchLine, ...]
    n_shelf: int
    n_passed: int
    model: str
    """Of the meanings; empty where matching goes without."""
    n_waiting: int
    """Records whose meaning is not made yet."""
    weights: str


@dataclass(frozen=True, slots=True)
class SuggestedLine:
    """A match in short."""

    key: str
    kind: str
    title: str
    score: float
    state: str


@dataclass(frozen=True, slots=True)
class InterestLine:
    """An expression of interest in short."""

    key: str
    title: str
    status: str
    status_label: str
    sender: str
    addressee: str
    way: str
    """`sent` or `received` by the asker's organisation, or empty."""
    at: str


@dataclass(frozen=True, slots=True)
class OwnProfile:
    """A need or offer of one's own, and how its matching stands."""

    key: str
    kind: str
    title: str
    side: str
    status: str
    status_label: str
    until: str
    matched: bool
    new: int
    """Standing matches that nobody looked at."""
    interests: int
    """Open interests about it or answered with it."""
    best: tuple[SuggestedLine, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What somebody finds under matches: own needs and offers, and interests on either side."""

    profiles: tuple[OwnProfile, ...]
    interests: tuple[InterestLine, ...]
    mails: bool
    """Whether the account gets the mail of the day."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A number of the dashboard with what it counts."""

    name: str
    n: int
    of: int
    """Out of how many; 0 where it is no share."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How matching does."""

    on_shelf: Mapping[str, int]
    """Side to the needs or offers that may be matched."""
    funnel: tuple[Measured, ...]
    """Suggestions made, told, looked into; interests sent, seen, accepted, meetings, agreements."""
    days_to_match: tuple[float, float, float] | None
    """Quartiles of the days from the publication of a need or offer to the first accepted interest in it."""
    n_matched: int
    n_published: int
    declined: Mapping[str, int]
    """Reason to how often an interest was declined for it."""
    put_aside: Mapping[str, int]
    """Reason to how often a match was called not relevant for it."""
    exposure: tuple[Spreading, ...]
    weights: str


@dataclass(frozen=True, slots=True)
class Spreading:
    """How exposure is spread over the members of a group."""

    group: str
    members: int
    gini: float
    top: float
