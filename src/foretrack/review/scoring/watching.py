"""What an officer of a call should look at before scores are used: reviewers and pairs that stand out, with the evidence.

A flag says that marks are unlike those of others; it is no verdict, belongs to one call and its officer, and is kept
on nobody's record (docs/methods/review.md). Every kind of flag has its own test; over all reviewers of the call the
expected share of wrong ones among those raised is held by Benjamini & Hochberg 1995
(doi:10.1111/j.2517-6161.1995.tb02031.x).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np

from foretrack.foundation.sentences import Sentence
from foretrack.packs.thresholds import Thresholds
from foretrack.review.scoring.harshness import Correction, correct
from foretrack.review.scoring.marks import Float, Int, Marks

Sign: TypeAlias = Literal[
    "harsh", "lenient", "flat", "straight lines", "copied comments", "hasty", "erratic", "lifting together", "reciprocal",
]  # fmt: skip
SIGNS: Mapping[Sign, Sentence] = {
    "harsh": Sentence("Harsher than others"),
    "lenient": Sentence("More lenient than others"),
    "flat": Sentence("Hardly tells submissions apart"),
    "straight lines": Sentence("The same points for every criterion"),
    "copied comments": Sentence("The same comment again and again"),
    "hasty": Sentence("Sheets filled in too fast"),
    "erratic": Sentence("Disagrees with everybody"),
    "lifting together": Sentence("Reviewers who lift the same submissions"),
    "reciprocal": Sentence("Organisations that lift one another"),
}
"""Every sign in the words of a page."""
CLEAR = 1.5
"""z above which a mark is clearly above the others."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is a sign; a pack says it (`review-flags`)."""

    false_share: float
    """Expected share of wrong flags among those raised, per sign."""
    effect_points: float
    """Harshness up to so many points is nobody's concern."""
    least_marks: int
    """Marks of a reviewer below which nothing is said."""
    least_shared: int
    """Submissions that two reviewers share, below which nothing is said of them together."""
    repeated_share: float
    """Share of sheets (straight lines, copied comments, haste) up to which repetition is nobody's concern."""
    hasty_minutes: float
    """A sheet filled in faster than this counts as hasty."""
    alike_share: float
    """Likeness of two comments (0..1) from which one counts as copied."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet shows beside its total."""

    submission: str
    reviewer: str
    shares: tuple[float, ...] = ()
    """Points of each criterion over the most it gives, 0..1."""
    comments: tuple[str, ...] = ()
    minutes: float | None = None
    """How long it was open; None where not known."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at."""

    sign: Sign
    reviewers: tuple[str, ...]
    submissions: tuple[str, ...]
    """Those that show it, the clearest first."""
    evidence: Sentence
    p: float
    """How likely marks like these would be without it."""
    q: float
    """p after all that was looked at for this sign (Benjamini-Hochberg)."""


def watch(
    marks: Marks,
    limits: Limits,
    *,
    sheets: Iterable[Sheet] = (),
    works_for: Mapping[str, Sequence[str]] | None = None,
    applies_for: Mapping[str, Sequence[str]] | None = None,
    correction: Correction | None = None,
) -> tuple[Flag, ...]:
    """Every flag of a call, by sign and then by q.

    Args:
        sheets: of the same pairs as the marks; what they lack is not looked at.
        works_for: organisations of each reviewer.
        applies_for: organisations of each submission.
        correction: that of the marks, where it is known already.
    """
    known = correction or correct(marks)
    table = _Table.of(marks, known)
    found = [
        flag
        for flags in (_flat(table, limits), _erratic(table, limits), *_repeated(tuple(sheets), limits))
        for flag in _discoveries(flags, limits.false_share)
    ]
    # Whoever gives marks without looking is no yardstick for others.
    aside = {flag.reviewers[0] for flag in found if flag.sign in ("flat", "erratic")}
    if aside:
        marks = marks.without(aside)
        known = correct(marks)
        table = _Table.of(marks, known)
    for more in (
        _harsh(table, limits),
        _together(table, limits),
        _reciprocal(table, works_for or {}, applies_for or {}),
    ):
        found += _discoveries(more, limits.false_share)
    order = list(SIGNS)
    return tuple(sorted(_grouped(found), key=lambda f: (order.index(f.sign), f.q, f.reviewers)))


def limits_on(thresholds: Thresholds, day: str) -> Limits:
    """The limits that the packs of an installation set for an ISO day; InputError where one of them says nothing."""

    def value(name: str) -> float:
        return thresholds.on(name, day).value

    return Limits(
        false_share=value("flags-false-share"), effect_points=value("flags-effect-points"),
        least_marks=int(value("flags-least-marks")), least_shared=int(value("flags-least-shared")),
        repeated_share=value("flags-repeated-share"), hasty_minutes=value("flags-hasty-minutes"),
        alike_share=value("flags-alike-share"),
    )  # fmt: skip


def adjusted(p: Sequence[float]) -> Float:
    """Benjamini-Hochberg: the least false share at which each would be raised.

    >>> adjusted([0.01, 0.04, 0.03, 0.5]).round(4)
    array([0.04  , 0.0533, 0.0533, 0.5   ])
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values)
    scaled = values[order] * len(values) / np.arange(1, len(values) + 1)
    q = np.empty_like(values)
    q[order] = np.minimum.accumulate(scaled[::-1])[::-1].clip(max=1)
    return q


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Marks, and how each stands to the others of its submission."""

    marks: Marks
    raw: Float
    """(n_submissions, n_reviewers), nan without a mark."""
    level: Float
    """raw without what each reviewer usually gives more or less than the others' median, which a few lifted marks do
    not move."""
    noise: float
    """Standard deviation of a mark; nan where it cannot be told."""

    @classmethod
    def of(cls, marks: Marks, correction: Correction) -> _Table:
        raw = marks.grid()
        noise = np.nan if correction.noise is None else correction.noise
        table = cls(marks, raw, raw, noise)
        usual = np.zeros(raw.shape[1])
        for r in range(len(usual)):
            _, lift, _ = table.lifts((r,), raw)
            usual[r] = float(np.median(lift)) if len(lift) else 0.0
        return cls(marks, raw, raw - usual, noise)

    def lifts(self, inside: Sequence[int], grid: Float) -> tuple[Int, Float, Float]:
        """Submissions that all inside marked and somebody else too, points of each inside above the others' median,
        and the variance of that median over noise².

        The median, since one of a league among the others would lift their mean. Its variance is taken as
        noise² (pi / 2) / (n + pi / 2 - 1), a little more than it is.
        """
        mine = grid[:, inside]
        rows = np.flatnonzero(np.isfinite(mine).all(axis=1) & (np.isfinite(grid).sum(axis=1) > len(inside)))
        if not len(rows):
            return rows, np.empty((0, len(inside))), np.empty(0)
        rest = np.sort(np.delete(grid[rows], inside, axis=1), axis=1)  # what is not there comes last
        n = np.isfinite(rest).sum(axis=1)
        each = np.arange(len(rows))
        median = (rest[each, (n - 1) // 2] + rest[each, n // 2]) / 2
        return rows, mine[rows] - median[:, None], np.pi / 2 / (n + np.pi / 2 - 1)

    def above(self, inside: Sequence[int]) -> tuple[Int, Float, Float]:
        """As `lifts` of the levels, in standard deviations, and how far those of several inside go together by
        chance, because they have one yardstick (correlation)."""
        rows, lift, unsure = self.lifts(inside, self.level)
        return rows, lift / (self.noise * np.sqrt(1 + unsure))[:, None], unsure / (1 + unsure)


def _harsh(table: _Table, limits: Limits) -> Iterator[Flag]:
    """Points from the others' median beyond the limit: p = P(Z > (|points| - limit) / error)."""
    from scipy.stats import norm

    for r, reviewer in enumerate(table.marks.reviewers):
        rows, lift, unsure = table.lifts((r,), table.raw)
        n = len(rows)
        if n < limits.least_marks or not np.isfinite(table.noise):
            continue
        points = float(lift.mean())
        error = table.noise * float(np.sqrt((1 + unsure).sum())) / n
        template = (
            "gives {points} points more than others on the same submissions (±{error}, {n} marks)"
            if points > 0
            else "gives {points} points less than others on the same submissions (±{error}, {n} marks)"
        )
        yield Flag(
            "lenient" if points > 0 else "harsh", (reviewer,), (),
            Sentence(template, {"points": round(abs(points), 1), "error": round(error, 1), "n": n}),
            float(norm.sf((abs(points) - limits.effect_points) / max(error, 1e-9))), 1.0,
        )  # fmt: skip


def _flat(table: _Table, limits: Limits) -> Iterator[Flag]:
    """Less spread than reviewers have: (n - 1) s² / typical s² against chi²(n - 1), lower end."""
    from scipy.stats import chi2

    spreads, counts = _per_reviewer(table.raw)
    enough = counts >= limits.least_marks
    if not enough.any():
        return
    typical = float(np.median(spreads[enough]))
    for r in np.flatnonzero(enough):
        n = int(counts[r])
        p = float(chi2.cdf((n - 1) * spreads[r] / typical, n - 1)) if typical > 0 else 1.0
        evidence = Sentence(
            "marks differ by {own} points where those of reviewers usually differ by {typical} ({n} marks)",
            {
                "own": round(float(np.sqrt(spreads[r])), 1),
                "typical": round(float(np.sqrt(typical)), 1),
                "n": n,
            },
        )
        yield Flag("flat", (table.marks.reviewers[r],), (), evidence, p, 1.0)


def _per_reviewer(grid: Float) -> tuple[Float, Int]:
    """Variance (n - 1) and number of the marks of each reviewer."""
    counts = np.isfinite(grid).sum(axis=0)
    mean = np.divide(np.nansum(grid, axis=0), counts, out=np.zeros(grid.shape[1]), where=counts > 0)
    squares = np.nansum((grid - mean) ** 2, axis=0)
    return squares / np.maximum(counts - 1, 1), counts


def _erratic(table: _Table, limits: Limits) -> Iterator[Flag]:
    """Squares of the distance to the others' median against those of reviewers on other submissions (F test)."""
    from scipy.stats import f

    far2: Float = np.full(table.level.shape, np.nan)
    for reviewer in range(len(table.marks.reviewers)):
        rows, lift, unsure = table.lifts((reviewer,), table.level)
        far2[rows, reviewer] = lift[:, 0] ** 2 / (1 + unsure)
    there = np.isfinite(far2)
    counts, squares = there.sum(axis=0), np.nansum(far2, axis=0)
    for r in np.flatnonzero(counts >= limits.least_marks).tolist():
        apart = there & ~there[:, [r]]  # marks of submissions that this reviewer did not see
        rest, n_rest = float(far2[apart].sum()), int(apart.sum())
        if n_rest < limits.least_marks or rest <= 0:
            continue
        own, usual = squares[r] / counts[r], rest / n_rest
        rows = np.argsort(-np.nan_to_num(far2[:, r]))[: min(3, int(counts[r]))]
        evidence = Sentence(
            "is {own} points away from the others where reviewers are usually {typical} away ({n} marks)",
            {
                "own": round(float(np.sqrt(own)), 1),
                "typical": round(float(np.sqrt(usual)), 1),
                "n": int(counts[r]),
            },
        )
        # Marks of one submission share their yardstick: every second one is taken as free.
        yield Flag(
            "erratic", (table.marks.reviewers[r],), tuple(table.marks.submissions[s] for s in rows), evidence,
            float(f.sf(own / usual, int(counts[r]), n_rest / 2)), 1.0,
        )  # fmt: skip


def _repeated(sheets: Sequence[Sheet], limits: Limits) -> Iterator[Iterator[Flag]]:
    """Straight lines, copied comments and haste: how many sheets show it, against the share that is nobody's concern."""
    yield _share_of(
        sheets, "straight lines", limits,
        {(s.submission, s.reviewer): len(set(s.shares)) == 1 for s in sheets if len(s.shares) > 1},
        "{k} of {n} sheets have the same points for every criterion",
    )  # fmt: skip
    yield _share_of(
        sheets, "copied comments", limits, _copied(sheets, limits.alike_share),
        "{k} of {n} sheets have a comment that stands on another sheet of the same reviewer",
    )  # fmt: skip
    yield _share_of(
        sheets, "hasty", limits,
        {(s.submission, s.reviewer): s.minutes < limits.hasty_minutes for s in sheets if s.minutes is not None},
        "{k} of {n} sheets were filled in within {minutes} minutes", minutes=limits.hasty_minutes,
    )  # fmt: skip


def _share_of(
    sheets: Sequence[Sheet], sign: Sign, limits: Limits, shows: Mapping[tuple[str, str], bool], template: str,
    **values: object,
) -> Iterator[Flag]:  # fmt: skip
    """P(at least k of n) at the greater of the limit and the share among all other reviewers (binomial)."""
    from scipy.stats import binom

    by_reviewer: defaultdict[str, list[str]] = defaultdict(list)
    n_of: Counter[str] = Counter()
    for sheet in sheets:
        yes = shows.get((sheet.submission, sheet.reviewer))
        if yes is not None:
            n_of[sheet.reviewer] += 1
        if yes:
            by_reviewer[sheet.reviewer].append(sheet.submission)
    every, every_n = sum(len(rows) for rows in by_reviewer.values()), n_of.total()
    for reviewer, n in sorted(n_of.items()):
        if n < limits.least_marks:
            continue
        rows = by_reviewer[reviewer]
        usual = (every - len(rows)) / (every_n - n) if every_n > n else 0.0
        p = float(binom.sf(len(rows) - 1, n, min(max(usual, limits.repeated_share), 1.0)))
        evidence = Sentence(template, {"k": len(rows), "n": n, **values})
        yield Flag(sign, (reviewer,), tuple(sorted(rows)), evidence, p, 1.0)


def _copied(sheets: Sequence[Sheet], alike: float) -> dict[tuple[str, str], bool]:
    """Whether a sheet has a comment that is much like one on another sheet of the same reviewer."""
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cdist

    of: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    shows: dict[tuple[str, str], bool] = {}
    for sheet in sheets:
        texts = [text for comment in sheet.comments if (text := " ".join(comment.split()).casefold())]
        if texts:
            shows[sheet.submission, sheet.reviewer] = False
            of[sheet.reviewer] += ((sheet.submission, text) for text in texts)
    for reviewer, rows in of.items():
        like = cdist(
            [text for _, text in rows], [text for _, text in rows], scorer=ratio, score_cutoff=100 * alike
        )
        names = np.array([submission for submission, _ in rows])
        twice = (like > 0) & (names[:, None] != names[None, :])
        for submission in names[twice.any(axis=1)].tolist():
            shows[submission, reviewer] = True
    return shows


def _together(table: _Table, limits: Limits) -> Iterator[Flag]:
    """Two or three reviewers all clearly above everyone else on several of the submissions that they share.

    By chance all are so far above the others' median with the probability of a corner of the normal distribution of
    as many numbers; p is that of at least as many such submissions.
    """
    if not np.isfinite(table.noise) or table.noise <= 0:
        return
    shared: Counter[tuple[int, ...]] = Counter()
    for row in np.isfinite(table.level):
        present = np.flatnonzero(row).tolist()
        for size in (2, 3):
            if len(present) > size:  # somebody else must be there
                shared.update(combinations(present, size))
    for inside in sorted(group for group, n in shared.items() if n >= limits.least_shared):
        rows, z, alike = table.above(inside)
        least = z.min(axis=1)
        clear = np.flatnonzero(least > CLEAR)
        p = (
            _at_least(len(clear), [_corner(len(inside), rho) for rho in alike.tolist()])
            if len(clear)
            else 1.0
        )
        evidence = Sentence(
            "all of them are clearly above everybody else on {k} of the {n} submissions that they share",
            {"k": len(clear), "n": len(rows)},
        )
        yield Flag(
            "lifting together", tuple(table.marks.reviewers[r] for r in inside),
            tuple(table.marks.submissions[s] for s in rows[clear[np.argsort(-least[clear])]]), evidence, p, 1.0,
        )  # fmt: skip


@cache
def _corner(size: int, rho: float) -> float:
    """The probability that all of `size` standard normal numbers with the correlation rho are above `CLEAR`.

    Given what they share they are independent: the mean over it of P(Z > (CLEAR - sqrt(rho) x) / sqrt(1 - rho))^size.

    >>> round(_corner(1, 0.3), 4), round(_corner(2, 0.0), 5), round(_corner(2, 0.5), 5)
    (0.0668, 0.00446, 0.01832)
    """
    from scipy.stats import norm

    x, weight = np.polynomial.hermite_e.hermegauss(40)
    each = norm.sf((CLEAR - np.sqrt(rho) * x) / np.sqrt(1 - rho)) ** size
    return float((weight * each).sum() / np.sqrt(2 * np.pi))


def _at_least(k: int, chances: Sequence[float]) -> float:
    """The probability of at least k among independent events.

    >>> round(_at_least(2, [0.5, 0.5, 0.5]), 3), _at_least(0, [0.1])
    (0.5, 1.0)
    """
    of = np.zeros(len(chances) + 1)
    of[0] = 1.0
    for chance in chances:
        of[1:] = of[1:] * (1 - chance) + of[:-1] * chance
        of[0] *= 1 - chance
    return float(min(1.0, of[k:].sum()))


def _reciprocal(
    table: _Table, works_for: Mapping[str, Sequence[str]], applies_for: Mapping[str, Sequence[str]]
) -> Iterator[Flag]:
    """Two organisations whose reviewers lift each other's submissions: both means above 0, and their sum by chance.

    z of an organisation's marks for another: the sum of z of each mark over the others' median, / sqrt(n). The two
    are put together as (z + z') / sqrt(2), and only where both are above 0.
    """
    from scipy.stats import norm

    if not np.isfinite(table.noise) or table.noise <= 0:
        return
    lifts: defaultdict[tuple[str, str], list[tuple[float, str, str]]] = defaultdict(list)
    place = {name: s for s, name in enumerate(table.marks.submissions)}
    for r, reviewer in enumerate(table.marks.reviewers):
        homes = works_for.get(reviewer, ())
        if not homes:
            continue
        rows, z, _ = table.above((r,))
        for s, own in zip(rows.tolist(), z[:, 0].tolist(), strict=True):
            name = table.marks.submissions[s]
            for home in homes:
                for owner in applies_for.get(name, ()):
                    if owner != home:
                        lifts[home, owner].append((own, reviewer, name))
    for (one, other), there in sorted(lifts.items()):
        back = lifts.get((other, one))
        if one > other or not back:
            continue
        forth, again = (sum(lift for lift, _, _ in way) for way in (there, back))
        z_there, z_back = forth / len(there) ** 0.5, again / len(back) ** 0.5
        p = float(norm.sf((z_there + z_back) / 2**0.5)) if min(z_there, z_back) > 0 else 1.0
        evidence = Sentence(
            "reviewers of {one} give {other} {there} points more than others do, those of {other} give {one} {back} more",
            {
                "one": one,
                "other": other,
                "there": round(table.noise * forth / len(there), 1),
                "back": round(table.noise * again / len(back), 1),
            },
        )
        names = tuple(sorted({reviewer for _, reviewer, _ in (*there, *back)}))
        between = sorted({name for _, _, name in (*there, *back)}, key=place.__getitem__)
        yield Flag("reciprocal", names, tuple(between), evidence, p, 1.0)


def _discoveries(looked_at: Iterable[Flag], false_share: float) -> Iterator[Flag]:
    flags = list(looked_at)
    if flags:
        for flag, q in zip(flags, adjusted([flag.p for flag in flags]).tolist(), strict=True):
            if q <= false_share:
                yield replace(flag, q=q)


def _grouped(flags: Sequence[Flag]) -> Iterator[Flag]:
    """Groups that lift together and have a member in common become one flag."""
    yield from (flag for flag in flags if flag.sign != "lifting together")
    groups: list[list[Flag]] = []
    for flag in flags:
        if flag.sign == "lifting together":
            near = [g for g in groups if any(set(flag.reviewers) & set(other.reviewers) for other in g)]
            groups = [g for g in groups if g not in near] + [[flag, *(other for g in near for other in g)]]
    for group in groups:
        names = tuple(sorted({name for flag in group for name in flag.reviewers}))
        lifted = Counter(name for flag in group for name in flag.submissions)
        clearest = min(group, key=lambda flag: (flag.q, flag.reviewers))
        evidence = Sentence(
            "{who}: {evidence}", {"who": ", ".join(clearest.reviewers), "evidence": clearest.evidence}
        )
        rows = tuple(sorted(lifted, key=lambda name: (-lifted[name], name)))
        yield Flag("lifting together", names, rows, evidence, clearest.p, clearest.q)
