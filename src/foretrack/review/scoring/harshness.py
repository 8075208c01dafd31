"""Marks freed of what their reviewers give more or less than others on the same submissions.

    mark[s, r] = quality[s] + effect[r] + noise,    effect ~ N(0, spread²),  noise ~ N(0, noise²)

Qualities are fixed, effects of reviewers are random: they are shrunk to 0 by as much as the marks leave open.
Calibrating examiners by effects that are drawn from one population is Paul 1981, "Bayesian methods for calibration of
examiners", British Journal of Mathematical and Statistical Psychology 34:213-223,
doi:10.1111/j.2044-8317.1981.tb00630.x; for conferences Ge, Welling & Ghahramani 2013, "A Bayesian model for
calibrating conference review scores". Both take qualities as random as well; here they are fixed, so that a reviewer
is compared with others on the same submissions only and never blamed for a weak stack (docs/methods/review.md has the
numbers). Estimation: Henderson's equations with variances by restricted maximum likelihood (Patterson & Thompson
1971, doi:10.1093/biomet/58.3.545).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foretrack.review.scoring.marks import Float, Int, Marks

_LOG_RATIO = (-12.0, 12.0)
"""Bounds of ln(noise² / spread²): beyond them nothing is shrunk, or everything."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A submission's mean beside what it would be from reviewers of average harshness."""

    submission: str
    raw: float | None
    """Mean of its marks; None without any."""
    corrected: float | None
    """raw - mean of the effects of its reviewers."""
    error: float | None
    """Standard error of `corrected`; None where the noise cannot be told from the marks."""
    n: int
    component: int
    """Submissions of different components were seen by nobody in common: `corrected` compares them only as far as their
    reviewers are equally harsh on average."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a reviewer gives more (above 0, lenient) or less (below 0, harsh) than others on the same submissions."""

    reviewer: str
    effect: float
    error: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Correction:
    """Everything that the model says of a table of marks."""

    submissions: tuple[Corrected, ...]
    """In the order of the table."""
    reviewers: tuple[Effect, ...]
    """In the order of the table."""
    spread: float | None
    """Standard deviation of the effects of reviewers; None where nobody shares a submission with anybody."""
    noise: float | None
    """Standard deviation of a mark beside quality and effect."""
    p: float | None
    """How likely such differences between reviewers would be if there were none (F test); None where it cannot be
    told."""
    n_components: int
    """More than one: not all submissions can be compared."""


def correct(marks: Marks) -> Correction:
    """The correction of a table of marks. It changes nothing where nobody shares a submission with anybody.

    Eliminating the qualities gives, with N[s] marks of a submission, N[r] marks of a reviewer and Z[s, r] = 1 for a mark,

        (diag(N[r]) - Z' diag(1 / N[s]) Z + (noise² / spread²) I) effect = sum over marks of r of (mark - mean of s)

    error² of a reviewer: noise² times the diagonal of the inverse of that matrix V; of a submission:
    noise² / N[s] + noise² w' V w with w = Z[s] / N[s].

    Two reviewers mark a, b and c with 20, 14 and 20 points between them: 18 on average, variance 12, so noise² = 12 / 2
    = 6 and spread² = (18² - 12 / 3) / 2 = 160. The difference shrinks to 18 * 3 / (3 + 6 / 160) = 17.78, half of it for
    each; d, whom only the lenient one saw, loses 8.89 of 75 points:

    >>> from foretrack.review.scoring.marks import Mark
    >>> points = {"a": (80, 60), "b": (70, 56), "c": (90, 70)}
    >>> table = [Mark(s, r, v) for s, both in points.items() for r, v in zip("xy", both)] + [Mark("d", "x", 75)]
    >>> found = correct(Marks.of(table))
    >>> [(e.reviewer, round(e.effect, 2), round(e.error, 2)) for e in found.reviewers]
    [('x', 8.89, 9.0), ('y', -8.89, 9.0)]
    >>> round(found.noise ** 2, 2), round(found.spread ** 2, 1)
    (6.0, 160.0)
    >>> [(c.submission, round(c.raw, 2), round(c.corrected, 2), round(c.error, 2)) for c in found.submissions][2:]
    [('c', 80.0, 80.0, 9.11), ('d', 75.0, 66.11, 9.33)]
    """
    n, m = len(marks.submissions), len(marks.reviewers)
    n_of: Int = np.bincount(marks.row, minlength=n)
    components = marks.components()
    raw = np.divide(
        np.bincount(marks.row, marks.value, minlength=n), n_of, out=np.full(n, np.nan), where=n_of > 0
    )
    share = np.zeros((n, m))
    share[marks.row, marks.column] = 1 / n_of[marks.row]
    model = _Model.of(marks, raw, share)
    effect, variances = np.zeros(m), np.full((m, m), np.nan)
    noise2 = spread2 = p = None
    if model is not None:
        ratio = model.ratio()
        effect, variances, noise2 = model.solve(ratio)
        spread2, p = noise2 / ratio, model.p_value()
    corrected = raw - share @ effect
    error2 = (noise2 if noise2 is not None else np.nan) / np.maximum(n_of, 1) + np.einsum(
        "sr,rq,sq->s", share, variances, share, optimize=True
    )
    own = np.diag(variances)
    return Correction(
        submissions=tuple(
            Corrected(
                name, _known(raw[s]), _known(corrected[s]), _known(np.sqrt(error2[s])) if n_of[s] else None,
                int(n_of[s]), int(components[s]),
            )
            for s, name in enumerate(marks.submissions)
        ),
        reviewers=tuple(
            Effect(name, float(effect[r]), _known(np.sqrt(own[r])), int(k))
            for r, (name, k) in enumerate(
                zip(marks.reviewers, np.bincount(marks.column, minlength=m), strict=True)
            )
        ),
        spread=None if spread2 is None else float(np.sqrt(spread2)),
        noise=None if noise2 is None else float(np.sqrt(noise2)),
        p=p,
        n_components=len(np.unique(components[n_of > 0])),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """The equations after the qualities are eliminated, turned so that they stand alone (eigenvectors)."""

    values: Float
    vectors: Float
    turned: Float
    """Right hand side along the eigenvectors."""
    squares: float
    """Squares of marks around the mean of their submission."""
    freedom: int
    """Marks beyond the first of each submission."""

    @classmethod
    def of(cls, marks: Marks, raw: Float, share: Float) -> _Model | None:
        """None where no reviewer can be compared with another."""
        freedom = len(marks.value) - len(np.unique(marks.row))
        if freedom < 1:
            return None
        around = marks.value - raw[marks.row]
        m = len(marks.reviewers)
        ones = (share > 0).astype(float)
        matrix = np.diag(np.bincount(marks.column, minlength=m).astype(float)) - ones.T @ share
        values, vectors = np.linalg.eigh(matrix)
        values = np.where(values < 1e-9 * max(1.0, values.max(initial=0)), 0.0, values)
        right = np.bincount(marks.column, around, minlength=m)
        return cls(values, vectors, vectors.T @ right, float((around**2).sum()), freedom)

    def left(self, ratio: float) -> float:
        """Weighted squares that the effects leave over."""
        least = 1e-12 * max(self.squares, 1.0)
        return max(self.squares - float((self.turned**2 / (self.values + ratio)).sum()), least)

    def ratio(self) -> float:
        """noise² / spread² by restricted maximum likelihood."""
        from scipy.optimize import minimize_scalar

        def minus_twice_the_likelihood(log_ratio: float) -> float:
            ratio = float(np.exp(log_ratio))
            fitted = self.freedom * np.log(self.left(ratio) / self.freedom)
            return float(fitted + np.log1p(self.values / ratio).sum())

        # The likelihood may have more than one top: the best of a coarse walk first.
        walk = np.linspace(*_LOG_RATIO, 49)
        best = int(np.argmin([minus_twice_the_likelihood(x) for x in walk]))
        around = walk[max(best - 1, 0)], walk[min(best + 1, len(walk) - 1)]
        found = minimize_scalar(
            minus_twice_the_likelihood, bounds=around, method="bounded", options={"xatol": 1e-6}
        )
        return float(np.exp(found.x))

    def solve(self, ratio: float) -> tuple[Float, Float, float]:
        """Effects, their (co)variances and noise²."""
        noise2 = self.left(ratio) / self.freedom
        effect = self.vectors @ (self.turned / (self.values + ratio))
        variances = noise2 * (self.vectors / (self.values + ratio)) @ self.vectors.T
        return effect, variances, noise2

    def p_value(self) -> float | None:
        """F test: squares that unshrunk effects explain against those left."""
        from scipy.stats import f

        some = self.values > 0
        explained, n = float((self.turned[some] ** 2 / self.values[some]).sum()), int(some.sum())
        rest = self.freedom - n
        if n == 0 or rest < 1:
            return None
        left = max(self.squares - explained, 1e-12 * max(self.squares, 1.0))
        return float(f.sf(explained / n / (left / rest), n, rest))


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
