"""The figures of a stage: from its sheets to raw and corrected scores, ranks, agreement and signs to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import stdev

from foretrack.packs.rubrics import Rubric
from foretrack.packs.thresholds import load_thresholds
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Record
from foretrack.review.models import Reviewer, Sheet
from foretrack.review.scoring import watching
from foretrack.review.scoring.agreement import Agreement, agreement
from foretrack.review.scoring.harshness import Correction, correct
from foretrack.review.scoring.marks import Mark, Marks
from foretrack.review.scoring.watching import Flag


@dataclass(frozen=True, slots=True)
class Figure:
    """What the sheets say of one submission."""

    sheets: int
    raw: float
    spread: float | None
    corrected: float
    error: float | None
    rank_raw: int
    rank: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What the sheets say of one reviewer in this stage."""

    reviewer: str
    sheets: int
    mean: float
    effect: float
    error: float | None


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


def marks_of(sheets: Mapping[int, Sheet]) -> Marks:
    """The totals of the sheets that count, as a table."""
    return Marks.of(Mark(one.task.submission, one.task.reviewer, one.total) for one in sheets.values())


@lru_cache(maxsize=16)
def _known(totals: tuple[tuple[str, str, float], ...]) -> tuple[Correction, Agreement]:
    """Corrected scores and agreement of (submission, reviewer, total): the same ones give the same, so once will do."""
    marks = Marks.of(Mark(*one) for one in totals)
    return correct(marks), agreement(marks)


def figures_of(sheets: Mapping[int, Sheet]) -> Figures:
    """The figures of the sheets that count, by task."""
    if not sheets:
        return Figures({}, (), None, None, None, 0)
    known, agreed = _known(
        tuple((one.task.submission, one.task.reviewer, one.total) for one in sheets.values())
    )
    totals: dict[str, list[float]] = {}
    given: dict[str, list[float]] = {}
    for one in sheets.values():
        totals.setdefault(one.task.submission, []).append(one.total)
        given.setdefault(one.task.reviewer, []).append(one.total)
    raw = {one.submission: one.raw for one in known.submissions if one.raw is not None}
    corrected = {one.submission: one.corrected for one in known.submissions if one.corrected is not None}
    by_raw, by_corrected = ranked(raw), ranked(corrected)
    return Figures(
        of={
            one.submission: Figure(
                one.n, raw[one.submission],
                stdev(totals[one.submission]) if len(totals[one.submission]) > 1 else None,
                corrected[one.submission], one.error, by_raw[one.submission], by_corrected[one.submission],
            )
            for one in known.submissions
        },
        reviewers=tuple(
            Effect(one.reviewer, one.n, sum(given[one.reviewer]) / one.n, one.effect, one.error)
            for one in known.reviewers
        ),
        alpha=agreed.alpha, alpha_low=agreed.low, alpha_high=agreed.high, components=known.n_components,
    )  # fmt: skip


def ranked(scores: Mapping[str, float]) -> dict[str, int]:
    """Place of each, 1 for the highest; equals share a place and the next ones are missing.

    Scores are compared to six digits, so that the order of an addition never decides.

    >>> ranked({"a": 2, "b": 3, "c": 2, "d": 1})
    {'a': 2, 'b': 1, 'c': 2, 'd': 4}
    """
    rounded = {key: round(score, 6) for key, score in scores.items()}
    place: dict[float, int] = {}
    for number, score in enumerate(sorted(rounded.values(), reverse=True), start=1):
        place.setdefault(score, number)
    return {key: place[score] for key, score in rounded.items()}


def flags_of(
    submissions: Sequence[Record], sheets: Mapping[int, Sheet], rubric: Rubric, profiles: Mapping[str, Reviewer],
    day: date,
) -> tuple[Flag, ...]:  # fmt: skip
    """Signs that an officer should look at; computed when they are looked at, and kept nowhere."""
    if not sheets:
        return ()
    most = {one.id: one.most for one in rubric.criteria}
    return watching.watch(
        marks_of(sheets),
        watching.limits_on(load_thresholds(PACK_TERMS.paths), day.isoformat()),
        sheets=[
            watching.Sheet(
                one.task.submission, one.task.reviewer,
                tuple(float(points) / most[name] for name, points in one.scores.items() if name in most),
                tuple(text for text in one.comments.values() if text),
                one.seconds / 60 if one.seconds is not None else None,
            )
            for one in sheets.values()
        ],
        works_for={key: tuple(profile.employers) for key, profile in profiles.items()},
        applies_for={
            r.key: (str(r.body["organisation"]), *map(str, r.body.get("partners") or ())) for r in submissions
        },
    )  # fmt: skip
