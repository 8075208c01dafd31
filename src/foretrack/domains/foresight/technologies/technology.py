"""The technologies of one year: what they consist of, what they are called, what happened to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.technologies.answers import EventKind

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

EVENT_KINDS: tuple[EventKind, ...] = (
    "first", "birth", "growth", "shrinking", "merge", "merged", "split", "dormant", "revival", "death",
)  # fmt: skip
"""first: there when the record begins; birth: new this year (`others`: what it came from); merge: took up `others`;
merged: went into `others`; split: `others` came out of it; dormant: holds together no more; revival: holds together
again, under its old identity; death: dormant for three years."""


Anchor: TypeAlias = tuple[str, tuple[str, ...]]
"""Identifier and spellings of a concept that led a technology at its birth."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a technology in a year."""

    year: int
    technology: str
    kind: EventKind
    others: tuple[str, ...] = ()
    """Identifiers of the other technologies concerned, the closest first."""
    n_before: int | None = None
    """Documents of three years before the event: those up to the year before. None when there was no technology."""
    n_after: int | None = None
    """Documents of the three years up to the event."""
    share_before: float | None = None
    share_after: float | None = None
    """The same as shares of all documents of those years, 0..1."""
    overlap: float | None = None
    """Part of the smaller one's weight that is common to both, 0..1, where two technologies are compared."""


@dataclass(frozen=True, slots=True)
class Members:
    """Concepts of technologies, in order of technology and then of weight, the leading concept first.

    Shapes: (n_members,). `concept` numbers the concepts of the year.
    """

    technology: npt.NDArray[np.int32]
    concept: npt.NDArray[np.int32]
    ids: tuple[str, ...]
    forms: tuple[tuple[str, ...], ...]
    membership: Float
    """Part of the concept's links that stay within the technology, 0..1."""
    weight: Float
    """How much the concept stands for the technology; orders the concepts of one technology."""
    mass: Float
    """What the concept counts when technologies of two years are compared."""
    evidence: Float
    """What a mention of the concept counts when a document is given to a technology."""


@dataclass(frozen=True, slots=True)
class Resting:
    """A technology that merged into another or fell apart, and may come back under its identity."""

    id: str
    born: int
    came_from: tuple[str, ...]
    since: int
    """The year in which it no longer was one."""
    why: Literal["merged", "dormant"]
    anchors: tuple[Anchor, ...]
    concepts: tuple[str, ...]
    forms: tuple[tuple[str, ...], ...]
    mass: tuple[float, ...]
    n_recent: int
    share_recent: float


@dataclass(frozen=True, slots=True)
class Technologies:
    """All technologies of a year, ordered by identifier.

    Shapes: per technology (n,); `of_concept` and `evidence_of_concept` (n_concepts,), -1 and 0 for concepts of none;
    `in_documents` and `in_technologies` (n_pairs,), which document belongs to which, ordered by technology and document;
    links (n_links,), both directions, strongest first.
    """

    year: int
    ids: tuple[str, ...]
    """Year of birth and leading concept at birth: lasting, never reused."""
    born: Int
    came_from: tuple[tuple[str, ...], ...]
    """Technologies that each was born from."""
    anchors: tuple[tuple[Anchor, ...], ...]
    """Leading concepts at birth: while some of them are members, the identifier tells what the technology is."""
    labels: tuple[str, ...]
    labels_en: tuple[str | None, ...]
    labels_zh: tuple[str | None, ...]
    members: Members
    of_concept: npt.NDArray[np.int32]
    evidence_of_concept: Float
    in_documents: npt.NDArray[np.int32]
    in_technologies: npt.NDArray[np.int32]
    n_all_documents: int
    """Documents up to the year, of any technology or none."""
    n_documents: Int
    """Documents up to the year."""
    n_recent: Int
    """Documents of the last three years."""
    share_recent: Float
    """Part of all documents of the last three years, 0..1."""
    closeness: Float
    separation: Float
    persistence: Float
    """nan in the first year of a technology."""
    coherence: Float
    link_from: npt.NDArray[np.int32]
    link_to: npt.NDArray[np.int32]
    link_weight: Float
    resting: tuple[Resting, ...]
    events: tuple[Event, ...]
    """Of all years so far, oldest first."""

    def __len__(self) -> int:
        return len(self.ids)
