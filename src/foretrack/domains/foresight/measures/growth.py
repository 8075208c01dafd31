"""Growth of a share, shrunk where counts are small, with its interval and test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from foretrack.domains.foresight.measures.panel import Panel

Float = npt.NDArray[np.float64]

WINDOW_YEARS = 6
PRIOR_SD = 0.20
"""Standard deviation of yearly log growth before a concept's own counts are seen: 95 % of concepts between
-33 % and +48 % a year."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Shapes: all float (n_concepts,). `rate` is the yearly log growth of the share."""

    rate: Float
    sd: Float
    p_value: Float
    n_used: Float
    """Documents in the window."""

    def per_year(self, z: float = 0.0) -> Float:
        """Growth a year as a fraction (0.25 = +25 %), `z` standard deviations above the estimate."""
        return np.expm1(self.rate + z * self.sd)


def estimate_growth(panel: Panel, *, window: int = WINDOW_YEARS, prior_sd: float = PRIOR_SD) -> Growth:
    """Log-linear growth over the last `window` years, one rate over all strata.

    Within a stratum s and given the concept's documents n_s in the window, document years are multinomial with
    probability proportional to total_s(t) * exp(rate * t): the conditional Poisson trend model, so strata need
    no common level and corpus growth cancels. The rate has a normal prior with mean 0 and `prior_sd`; the mode
    and the curvature there give `rate` and `sd`. Counts are more scattered than Poisson, so the
    information is divided by the square root of 1 + n/50. `p_value` is the one-sided score test of no growth (Armitage
    1955, "Tests for linear trends in proportions and frequencies", Biometrics 11:375-386).

    >>> import numpy as np
    >>> panel = Panel(2017, (("a", "paper"),), np.array([[[2, 2, 4, 4, 8, 12], [5, 5, 5, 5, 5, 5]]], np.int32),
    ...               np.full((1, 6), 100))
    >>> growth = estimate_growth(panel)
    >>> [round(float(x), 2) for x in growth.per_year()], bool(growth.p_value[0] < 0.01 < growth.p_value[1])
    ([0.32, 0.0], True)
    """
    counts = panel.counts[:, :, -window:].astype(float)
    totals = panel.totals[:, -window:].astype(float)
    n_years = counts.shape[2]
    time = np.arange(n_years) - (n_years - 1) / 2
    n_by_stratum = counts.sum(axis=2)
    n_used = n_by_stratum.sum(axis=0)
    observed = (counts * time).sum(axis=(0, 2))
    # An offset of the overdispersion: see the docstring.
    dispersion = np.sqrt(1 + n_used / 50)
    rate = np.zeros(panel.n_concepts)
    information = np.zeros(panel.n_concepts)
    score_at_zero = np.zeros(panel.n_concepts)
    information_at_zero = np.zeros(panel.n_concepts)
    for step in range(12):
        mean, variance = _moments(rate, n_by_stratum, totals, time)
        score = (observed - mean) / dispersion
        information = variance / dispersion
        if step == 0:
            score_at_zero, information_at_zero = score, information
        move = (score - rate / prior_sd**2) / (information + 1 / prior_sd**2)
        rate = np.clip(rate + np.clip(move, -0.5, 0.5), -1.5, 1.5)
        if np.abs(move).max(initial=0) < 1e-6:
            break
    sd = 1 / np.sqrt(information + 1 / prior_sd**2)
    z = np.divide(
        score_at_zero,
        np.sqrt(information_at_zero),
        out=np.zeros_like(score_at_zero),
        where=information_at_zero > 0,
    )
    p_value = np.where(information_at_zero > 0, ndtr(-z), 1.0)
    return Growth(rate, sd, p_value, n_used)


def _moments(rate: Float, n_by_stratum: Float, totals: Float, time: Float) -> tuple[Float, Float]:
    """Expected sum of document times under `rate`, and its variance, over the strata."""
    mean, variance = np.zeros_like(rate), np.zeros_like(rate)
    lift = np.exp(rate[:, None] * time)
    for n, total in zip(n_by_stratum, totals, strict=True):
        weight = lift * total
        norm = weight.sum(axis=1)
        if not norm.any():
            continue
        first = (weight * time).sum(axis=1) / norm
        second = (weight * time**2).sum(axis=1) / norm
        mean += n * first
        variance += n * (second - first**2)
    return mean, variance


def benjamini_hochberg(p_values: Float) -> Float:
    """False-discovery-rate adjusted values, in the order given.

    Source: Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57:289-300, doi:10.1111/j.2517-6161.1995.tb02031.x.

    >>> import numpy as np
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03]))
    array([0.03, 0.04, 0.04])
    """
    n = len(p_values)
    if n == 0:
        return p_values
    order = np.argsort(p_values, kind="stable")
    ranked = p_values[order] * n / np.arange(1, n + 1)
    adjusted = np.minimum.accumulate(ranked[::-1])[::-1]
    out = np.empty(n)
    out[order] = np.minimum(adjusted, 1.0)
    return out
