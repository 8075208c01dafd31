"""What the correction of harshness and the flags are worth on invented calls whose truth is known.

    PYTHONPATH=src:. python benchmarks/review/fairness.py [--seeds 60] [--json FILE]

Rank correlations (Spearman, Kendall) of means, corrected means, z-normalised means, and corrected means without what
an officer would set aside after the flags, with the planted quality; recall of every sign, the share of flags that
are right, and flags on honest reviewers. Intervals are 95 % of a bootstrap over the seeds.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.stats import kendalltau, spearmanr
from tests.review.invented import LIMITS, Invented, Setting, invent

from foretrack.review.scoring.aggregating import mean, normalised_mean
from foretrack.review.scoring.harshness import correct
from foretrack.review.scoring.marks import Float, Mark, Marks
from foretrack.review.scoring.watching import Flag, watch

PLANTED = {"harsh": 2, "lenient": 2, "lazy": 2, "erratic": 2, "league": 3, "reciprocal": 1}
SETTINGS = {
    "all planted": Setting(**PLANTED),  # type: ignore[arg-type]
    "all planted, fields": Setting(field=8, **PLANTED),  # type: ignore[arg-type]
    "panels, planted": Setting(panels=8, **{**PLANTED, "reciprocal": 0}),  # type: ignore[arg-type]
    "one panel, planted": Setting(
        submissions=60, reviewers=9, panels=1, harsh=1, lenient=1, lazy=1, league=2
    ),
    "harsh and lenient alone": Setting(harsh=4, lenient=4),
    "honest": Setting(),
    "honest, fields": Setting(field=8),
    "honest, no harshness": Setting(effect=0),
    "honest, noisy, no harshness": Setting(effect=0, noise=15),
    "honest, 3 marks a reviewer": Setting(reviewers=200),
    "honest, 3 marks, no harshness": Setting(reviewers=200, effect=0),
    "honest, stretched scales": Setting(stretch=0.4),
    "honest, panels": Setting(panels=8),
}
WAYS = ("mean", "corrected", "set aside", "z-normalised")


def set_aside(call: Invented, flags: tuple[Flag, ...], corrected: Float) -> Float:
    """Corrected again without reviewers who are flat or erratic, and without the marks that a group or two
    organisations lifted."""
    whole = {flag.reviewers[0] for flag in flags if flag.sign in ("flat", "erratic")}
    some = {
        (s, r)
        for flag in flags
        if flag.sign in ("lifting together", "reciprocal")
        for r in flag.reviewers
        for s in flag.submissions
    }
    marks = call.marks
    kept = [
        Mark(marks.submissions[s], marks.reviewers[r], float(v))
        for s, r, v in zip(marks.row, marks.column, marks.value, strict=True)
        if marks.reviewers[r] not in whole and (marks.submissions[s], marks.reviewers[r]) not in some
    ]
    again = correct(Marks.of(kept, submissions=marks.submissions))
    return np.array(
        [corrected[i] if one.corrected is None else one.corrected for i, one in enumerate(again.submissions)]
    )


def interval(values: list[float], chance: np.random.Generator) -> list[float]:
    """Mean and 95 % bounds of it."""
    data = np.array(values)
    drawn = data[chance.integers(0, len(data), (2000, len(data)))].mean(axis=1)
    return [round(float(x), 4) for x in (data.mean(), *np.quantile(drawn, [0.025, 0.975]))]


def run(setting: Setting, seeds: int) -> dict[str, object]:
    chance = np.random.default_rng(0)
    rho: dict[str, list[float]] = {way: [] for way in WAYS}
    tau: dict[str, list[float]] = {way: [] for way in WAYS}
    planted, hits, false = Counter[str](), Counter[str](), Counter[str]()
    right = raised = honest = honest_flagged = 0
    for seed in range(seeds):
        call = invent(setting, seed)
        correction = correct(call.marks)
        corrected = np.array([one.corrected for one in correction.submissions], dtype=np.float64)
        flags = watch(
            call.marks, LIMITS, sheets=call.sheets, works_for=call.works_for, applies_for=call.applies_for,
            correction=correction,
        )  # fmt: skip
        for way, values in zip(
            WAYS, (mean(call.marks), corrected, set_aside(call, flags, corrected), normalised_mean(call.marks)),
            strict=True,
        ):  # fmt: skip
            known = np.isfinite(values)
            rho[way].append(float(spearmanr(values[known], call.truth[known]).statistic))
            tau[way].append(float(kendalltau(values[known], call.truth[known]).statistic))
        signs = {r: {flag.sign for flag in flags if r in flag.reviewers} for r in call.marks.reviewers}
        for reviewer, found in signs.items():
            expected = call.planted.get(reviewer, frozenset())
            planted.update(expected)
            hits.update(expected & found)
            raised += len(found)
            right += len(expected & found)
            if not expected:
                honest += 1
                honest_flagged += bool(found)
                false.update(found)
    return {
        "spearman": {way: interval(values, chance) for way, values in rho.items()},
        "kendall": {way: interval(values, chance) for way, values in tau.items()},
        "gain in spearman": interval(
            [b - a for a, b in zip(rho["mean"], rho["corrected"], strict=True)], chance
        ),
        "recall": {sign: round(hits[sign] / n, 3) for sign, n in sorted(planted.items())},
        "precision": round(right / raised, 3) if raised else None,
        "honest flagged": round(honest_flagged / honest, 4),
        "honest flagged by sign": {sign: round(n / honest, 4) for sign, n in sorted(false.items())},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only")
    chosen = parser.parse_args()
    results = {}
    for name, setting in SETTINGS.items():
        if chosen.only in (None, name):
            results[name] = run(setting, chosen.seeds)
            print(name, json.dumps(results[name]), flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
