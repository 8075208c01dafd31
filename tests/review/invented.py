"""Invented calls with planted reviewers: harsh, lenient, lazy, erratic, in league with one another; and the planted
truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from foretrack.review.scoring.marks import Float, Mark, Marks
from foretrack.review.scoring.watching import Limits, Sheet, Sign

LIMITS = Limits(
    false_share=0.05,
    effect_points=10,
    least_marks=5,
    least_shared=3,
    repeated_share=0.2,
    hasty_minutes=3,
    alike_share=0.9,
)
"""Those of the pack that comes with Foretrack (a test compares them)."""
CRITERIA = 4


@dataclass(frozen=True)
class Setting:
    """How a call is invented. Points are of 100."""

    submissions: int = 200
    reviewers: int = 40
    each: int = 3
    """Marks of each submission."""
    panels: int = 0
    """Into how many panels reviewers and submissions are split; 0: assigned one by one with even loads."""
    quality: float = 8
    """Standard deviation of the planted quality."""
    field: float = 0
    """Standard deviation of the mean quality of eight fields, when reviewers are assigned by field."""
    effect: float = 4
    """Standard deviation of the effects of honest reviewers."""
    noise: float = 6
    stretch: float = 0
    """Standard deviation of the logarithm of how far honest reviewers stretch the scale."""
    harsh: int = 0
    lenient: int = 0
    lazy: int = 0
    erratic: int = 0
    league: int = 0
    """Reviewers who lift the same submissions, all of one panel where there are panels."""
    reciprocal: int = 0
    """Pairs of organisations whose reviewers (two each) lift each other's submissions (three each)."""
    shift: float = 18
    """Points by which harsh and lenient reviewers differ from others."""
    lift: float = 22
    """Points by which submissions are lifted."""


@dataclass(frozen=True)
class Invented:
    """A call with what was planted."""

    marks: Marks
    truth: Float
    sheets: tuple[Sheet, ...]
    works_for: Mapping[str, tuple[str, ...]]
    applies_for: Mapping[str, tuple[str, ...]]
    planted: Mapping[str, frozenset[Sign]]
    """Reviewer to the signs that should be found. Everybody else is honest."""
    lifted: frozenset[str] = field(default_factory=frozenset)


def invent(setting: Setting, seed: int) -> Invented:
    """A call; the same seed gives the same one."""
    chance = np.random.default_rng(seed)
    n, m = setting.submissions, setting.reviewers
    fields = chance.integers(0, 8, n)
    truth = 65 + chance.normal(0, setting.quality, n) + chance.normal(0, 1, 8)[fields] * setting.field
    effect = chance.normal(0, setting.effect, m)
    stretch = np.exp(chance.normal(0, 1, m) * setting.stretch)
    planted: dict[int, frozenset[Sign]] = {}
    league: list[int] = []
    homes = {r: f"home{r}" for r in range(m)}
    owners = {s: f"firm{s}" for s in range(n)}
    if setting.league:
        league = list(range(setting.league))  # of the first panel, where there are panels
        planted |= {r: frozenset[Sign](("lifting together",)) for r in league}
    free = [int(r) for r in chance.permutation(m) if r not in planted]
    take = iter(free)
    for kind, number in (("harsh", setting.harsh), ("lenient", setting.lenient)):
        for _ in range(number):
            r = next(take)
            effect[r] = chance.normal(0, 2) + (setting.shift if kind == "lenient" else -setting.shift)
            planted[r] = frozenset((kind,))  # type: ignore[arg-type]
    lazy = [next(take) for _ in range(setting.lazy)]
    planted |= {r: frozenset[Sign](("flat", "straight lines", "copied comments", "hasty")) for r in lazy}
    erratic = [next(take) for _ in range(setting.erratic)]
    planted |= {r: frozenset[Sign](("erratic",)) for r in erratic}
    swaps: set[tuple[int, int]] = set()
    forced: dict[int, set[int]] = {}
    for pair in range(setting.reciprocal):
        sides = [[next(take) for _ in range(2)] for _ in range(2)]
        theirs = [[int(s) for s in chance.choice(n, 3, replace=False)] for _ in range(2)]
        for side in range(2):
            for r in sides[side]:
                homes[r] = f"ring{pair}.{side}"
                planted[r] = frozenset[Sign](("reciprocal",))
            for s in theirs[side]:
                owners[s] = f"ring{pair}.{side}"
                forced.setdefault(s, set()).add(sides[1 - side][s % 2])
                swaps |= {(s, r) for r in sides[1 - side]}
    seen = _assigned(setting, chance, fields, forced)
    lifted = _lifted(setting, chance, seen, league)

    marks, sheets = [], []
    for s in range(n):
        for r in sorted(seen[s]):
            value = 65 + stretch[r] * (truth[s] - 65) + effect[r] + chance.normal(0, setting.noise)
            if r in lazy:
                value = 70 + chance.normal(0, 1.5)
            elif r in erratic:
                value = chance.uniform(30, 100)
            elif (r in league and s in lifted) or (s, r) in swaps:
                value += setting.lift
            total = float(np.clip(value, 0, 100))
            marks.append(Mark(f"s{s:04d}", f"r{r:03d}", round(total, 1)))
            sheets.append(_sheet(chance, s, r, total, r in lazy))
    return Invented(
        Marks.of(marks),
        truth,
        tuple(sheets),
        {f"r{r:03d}": (home,) for r, home in homes.items()},
        {f"s{s:04d}": (owner,) for s, owner in owners.items()},
        {f"r{r:03d}": signs for r, signs in planted.items()},
        frozenset(f"s{s:04d}" for s in lifted),
    )


def _assigned(
    setting: Setting, chance: np.random.Generator, fields: np.ndarray, forced: Mapping[int, set[int]]
) -> list[set[int]]:
    """Who sees what: panels see everything of theirs, otherwise loads are even and, with fields, mostly of one's own."""
    n, m = setting.submissions, setting.reviewers
    if setting.panels:
        size = m // setting.panels
        return [set(range(s % setting.panels * size, s % setting.panels * size + size)) for s in range(n)]
    of_field = chance.integers(0, 8, m)
    load = np.zeros(m)
    seen = []
    for s in range(n):
        cost = load + chance.random(m)
        if setting.field:
            cost += 5.0 * (of_field != fields[s])
        mine = set(forced.get(s, ()))
        for r in np.argsort(cost).tolist():
            if len(mine) >= setting.each:
                break
            mine.add(r)
        load[list(mine)] += 1
        seen.append(mine)
    return seen


def _lifted(
    setting: Setting, chance: np.random.Generator, seen: list[set[int]], league: list[int]
) -> set[int]:
    """What the league lifts: six submissions of its panel, or twelve into whose review two of it have got each."""
    if not league:
        return set()
    if setting.panels:
        return {
            int(s)
            for s in chance.choice([s for s, who in enumerate(seen) if set(league) <= who], 6, replace=False)
        }
    chosen = [int(s) for s in chance.choice(len(seen), 12, replace=False)]
    for i, s in enumerate(chosen):
        others = [r for r in sorted(seen[s]) if r not in league][: max(1, setting.each - len(league))]
        mine = [league[(i + j) % len(league)] for j in range(setting.each - len(others))]
        seen[s] = {*mine, *others}
    return set(chosen)


def _sheet(chance: np.random.Generator, s: int, r: int, total: float, lazy: bool) -> Sheet:
    share = total / 100
    if lazy:
        return Sheet(f"s{s:04d}", f"r{r:03d}", (round(share, 1),) * CRITERIA, ("Good project, agreed.",), 1.5)
    shares = tuple(np.clip(np.round(share + chance.normal(0, 0.12, CRITERIA), 1), 0, 1).tolist())
    words = " ".join(f"w{w}" for w in chance.integers(0, 5000, 12))
    return Sheet(f"s{s:04d}", f"r{r:03d}", shares, (words,), float(np.exp(chance.normal(3, 0.5))))
