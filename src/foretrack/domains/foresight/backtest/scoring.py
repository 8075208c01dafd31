"""Everything a backtest reports, from what was said and what came true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from foretrack.domains.foresight.backtest import intervals
from foretrack.domains.foresight.backtest.intervals import DRAWS, Scores
from foretrack.domains.foresight.backtest.judging import (
    Coverage,
    Lead,
    Names,
    cases,
    coverage,
    lead,
    names,
    quantile_losses,
)
from foretrack.domains.foresight.backtest.labels import TARGETS
from foretrack.domains.foresight.backtest.rolling import Rolled
from foretrack.foundation.progress import Progress, silent

MULTIWORD = "concept_multiword"
"""Unit name of the concepts of two words and more: one-word concepts hold more general words."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores by name; leaves are `Estimate`s. The nesting is that of the documented JSON."""

    targets: Mapping[str, Any]
    """Target -> unit -> `base_rate`, `by_origin`, and method -> metric, with `difference` for baselines."""
    quantiles: Mapping[str, Any]
    """Unit -> method -> `pinball`, `pinball_skill`, `crps_skill`, `coverage_80`, `coverage_90`."""
    lead: Mapping[str, Mapping[str, Lead]]
    """Unit -> method."""
    lists: Mapping[str, Mapping[str, Names]]
    """Target -> unit -> hits, false alarms and misses of the reference method."""


def score_all(
    rolled: Mapping[str, Rolled],
    *,
    seed: int,
    draws: int = DRAWS,
    reference: str = "model",
    progress: Progress = silent,
) -> Scored:
    """Scores all units and targets.

    Args:
        rolled: unit (`concept`, `technology`) -> what was said.
        seed: of the bootstrap; every part draws from a generator of its own, so that none depends on another.
    """
    targets: dict[str, Any] = {target: {} for target in TARGETS}
    quantiles: dict[str, Any] = {}
    leads: dict[str, dict[str, Lead]] = {}
    lists: dict[str, dict[str, Names]] = {target: {} for target in TARGETS}
    steps = len(rolled) * (len(TARGETS) + 1)
    for number, (unit, run) in enumerate(rolled.items()):
        for place, target in enumerate(TARGETS):
            progress("scoring", number * (len(TARGETS) + 1) + place, steps)
            told = cases(run, target)
            parts = {unit: told}
            if unit == "concept":
                parts[MULTIWORD] = [
                    case.only(origin.n_words >= 2) for case, origin in zip(told, run.origins, strict=True)
                ]
            for name, part in parts.items():
                rng = np.random.default_rng([seed, number, place])
                targets[target][name] = _nested(intervals.score(part, rng, draws=draws, reference=reference))
            if reference in run.told:
                lists[target][unit] = names(run, reference, target)
        progress("scoring", number * (len(TARGETS) + 1) + len(TARGETS), steps)
        quantiles[unit] = _quantiles(run, np.random.default_rng([seed, number, 9]), draws, reference)
        leads[unit] = {
            method: lead(
                run, method, np.random.default_rng([seed, number, 10]), draws=draws, reference=reference
            )
            for method in run.told
        }
    return Scored(targets, quantiles, leads, lists)


def _nested(scores: Scores) -> dict[str, Any]:
    found: dict[str, Any] = {"base_rate": scores.base_rate}
    for method, values in scores.methods.items():
        found[method] = dict(values)
        if method in scores.differences:
            found[method]["difference"] = dict(scores.differences[method])
    found["by_origin"] = scores.by_origin
    return found


def _quantiles(run: Rolled, rng: np.random.Generator, draws: int, reference: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    judged = quantile_losses(run)
    if "climatology" not in run.told or not judged:
        return found
    skills, differences = intervals.skill(judged, rng, draws=draws, reference=reference)
    for method, values in skills.items():
        found[method] = dict(values)
        if method in differences:
            found[method]["difference"] = differences[method]
        for part in (80, 90):
            held: Coverage | None = coverage(run, method, part / 100)
            if held is not None:
                pooled = held.pooled
                found[method][f"coverage_{part}"] = {
                    "value": pooled.value,
                    "low": pooled.low,
                    "high": pooled.high,
                    "bins": held.bins,
                    "origins": held.origins,
                    "years_ahead": held.years_ahead,
                }
    return found
