"""What `links` answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkConcept:
    """One of the two concepts of a pair."""

    concept: str
    label: str
    label_en: str | None
    label_zh: str | None
    n_recent: int
    """Documents of the last three years."""
    growth: float | None
    """Yearly growth of its share, the last three years against the three before; None when it had no document then."""


@dataclass(frozen=True, slots=True)
class LinkBridge:
    """A concept that both were studied with in the last three years."""

    concept: str
    label: str
    n_with_first: int
    """Recent documents that carry it and the first concept."""
    n_with_second: int
    share: float
    """Of all recent paths between the two, the share that leads over it, 0..1."""


@dataclass(frozen=True, slots=True)
class LinkItem:
    """Two concepts that no document carries together yet."""

    rank: int
    first: LinkConcept
    """The one with more recent documents."""
    second: LinkConcept
    p: float
    """Probability that a document of the next three years carries both."""
    p_established: float | None
    """That three documents do; None when too few pairs were established to learn it."""
    common_neighbours: int
    """Concepts that both were studied with, at any time."""
    distance: int | None
    """Fewest connections between them: 2, 3, or None for more or no way at all."""
    bridges: tuple[LinkBridge, ...]
    """The strongest first."""


@dataclass(frozen=True, slots=True)
class LinkList:
    """The ranked pairs."""

    as_of: int
    method: str
    snapshot: str
    concept: str | None
    track: str | None
    horizon: int
    """Years ahead."""
    learnt_from: tuple[int, ...]
    """Origins that the model learnt from; their three years were over."""
    n_concepts: int
    n_open: int
    """Pairs that no document carries together."""
    n_scored: int
    """Open pairs that the model judged; the others have fewer recent paths."""
    items: tuple[LinkItem, ...]
