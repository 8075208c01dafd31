"""The figures of a stage, from its sheets to values: totals, ranks, spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from foretrack.foundation.sentences import Sentence
from foretrack.registry.models import Record
from foretrack.review.models import Sheet, Task


@dataclass(frozen=True, slots=True)
class Figure:
    """What the sheets say of one submission."""

    sheets: int
    raw: float
    spread: float | None
    corrected: float | None
    error: float | None
    rank_raw: int
    rank: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What the sheets say of one reviewer."""

    reviewer: str
    sheets: int
    mean: float
    effect: float
    error: float


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at."""

    kind: str
    reviewers: tuple[str, ...]
    evidence: Sentence
    p: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What the sheets of a stage say."""

    of: Mapping[str, Figure]
    """Of submissions with a sheet."""
    reviewers: tuple[Effect, ...]
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None
    components: int


def figures_of(submissions: Sequence[Record], tasks: Sequence[Task], sheets: Mapping[int, Sheet]) -> Figures:
    """The figures of a stage."""
    totals: dict[str, list[float]] = {}
    for sheet in sheets.values():
        totals.setdefault(sheet.task.submission, []).append(sheet.total)
    means = {key: fmean(values) for key, values in totals.items()}
    ranks = ranked(means)
    return Figures(
        of={
            key: Figure(
                len(values), means[key], stdev(values) if len(values) > 1 else None, None, None, ranks[key], ranks[key]
            )
            for key, values in totals.items()
        },
        reviewers=(), alpha=None, alpha_low=None, alpha_high=None, components=1,
    )  # fmt: skip


def ranked(scores: Mapping[str, float]) -> dict[str, int]:
    """Place of each, 1 for the highest; equals share a place and the next ones are missing.

    >>> ranked({"a": 2, "b": 3, "c": 2, "d": 1})
    {'a': 2, 'b': 1, 'c': 2, 'd': 4}
    """
    ordered = sorted(scores.values(), reverse=True)
    return {key: ordered.index(score) + 1 for key, score in scores.items()}


def flags_of(
    submissions: Sequence[Record], tasks: Sequence[Task], sheets: Mapping[int, Sheet]
) -> tuple[Flag, ...]:
    """What an officer should look at."""
    return ()
