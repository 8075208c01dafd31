"""A reviewer's sheet against its rubric: whole, on the scale, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foretrack.foundation.errors import InputError
from foretrack.packs.rubrics import Rubric

WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Score:
    """A sheet that is whole."""

    scores: Mapping[str, float]
    """Criterion to points, in the order of the rubric."""
    total: float
    """Weighted share of the points, 0 to 100."""


def check_sheet(rubric: Rubric, scores: Mapping[str, object]) -> Score:
    """A sheet with its total: 100 times the weighted mean of points / most.

    InputError for a criterion that is missing, unknown or off its scale: a sheet that is filled in by half counts as
    none, never as zero.

    >>> from foretrack.packs.loading import load_packs
    >>> (rubric,) = (r for pack in load_packs() for r in pack.rubrics if r.id == "typical")
    >>> check_sheet(rubric, {"novelty": 10, "effect": 5, "maturity": 0, "transfer": 8}).total  # .25 + .15 + 0 + .2
    60.0
    """
    known = {one.id: one for one in rubric.criteria}
    strange = [name for name in scores if name not in known]
    if strange:
        raise InputError.of(
            "there is no criterion {name!r}", name=str(strange[0])[:60], expected="one of {known}",
            known=", ".join(known), do="correct the name",
        )  # fmt: skip
    missing = [name for name in known if scores.get(name) in (None, "")]
    if missing:
        raise InputError.of(
            "no points for {missing}", missing=", ".join(missing), expected="points for every criterion",
            do="fill in the sheet, or keep it as a draft",
        )  # fmt: skip
    kept: dict[str, float] = {}
    for name, criterion in known.items():
        try:
            points = float(scores[name])  # type: ignore[arg-type]
        except (TypeError, ValueError):
            points = -1.0
        if isinstance(scores[name], bool) or not 0 <= points <= criterion.most:
            raise InputError.of(
                "{name} has {points!r} points", name=name, points=str(scores[name])[:40],
                expected="a number from 0 to {most}", most=criterion.most, do="correct it",
            )  # fmt: skip
        kept[name] = points
    weights = sum(one.weight for one in known.values())
    share = sum(one.weight * kept[name] / one.most for name, one in known.items()) / weights
    return Score(kept, round(WHOLE * share, 9))
