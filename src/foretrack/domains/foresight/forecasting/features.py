"""What a forecaster may look at: numbers of a concept or technology as of a year, from its past alone.

Every feature is a ratio, a log or a rank within the origin, so that what was learnt in a small year holds in a large
one, and nothing is scaled with statistics of another year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.stats import nbinom

from foretrack.domains.foresight.measures import attributes
from foretrack.domains.foresight.measures.burst import find_bursts
from foretrack.domains.foresight.measures.escore import e_score
from foretrack.domains.foresight.measures.growth import estimate_growth
from foretrack.domains.foresight.measures.panel import HISTORY_YEARS, Panel
from foretrack.domains.foresight.ranking.outlook import REQUIRED_GROWTH, look_out

Float = npt.NDArray[np.float64]

EXPECTED_GROWTHS = (0.0, 0.5, 1.0)
"""Parts of the present growth rate that are carried forward when the chance of passing the peak is computed."""
_SCATTER = 0.15
"""Variance of a future count beyond chance, as a share of its squared mean."""


@dataclass(frozen=True, slots=True)
class Features:
    """Shapes: `values` (n_units, len(names)), nan where not measured."""

    names: tuple[str, ...]
    values: Float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of the units beside their series. Shapes: (n_units,) and csr (n_units, n_units)."""

    n_words: npt.NDArray[np.int8]
    ppmi: sparse.csr_array
    """Strongest neighbours as of the year."""
    before: sparse.csr_array
    """The same three years earlier, over the same units."""
    coherence: Float
    venues: Float
    """Spread of the recent documents over venues, 0..1; nan where unknown."""
    venues_before: Float
    countries: Float


def measure_features(panel: Panel, surroundings: Surroundings | None = None) -> Features:
    """All features of all units of a panel, as of its last year."""
    found: dict[str, Float] = {}
    counts, totals, shares = panel.pooled(), panel.totals.sum(axis=0), panel.shares()
    c, share = _padded(counts.astype(float)), _padded(np.nan_to_num(shares))
    total = np.concatenate([np.zeros(max(0, HISTORY_YEARS - len(totals))), totals.astype(float)])
    known = total > 0
    _sizes(found, c, total)
    _ratios(found, c, total)
    _slopes(found, c, total, known)
    growth = estimate_growth(panel)
    outlook = look_out(counts, totals, shares, growth)
    short = estimate_growth(panel, window=4)
    found |= {
        "rate": growth.rate, "rate_sd": growth.sd, "rate_z": growth.rate / growth.sd, "rate_4": short.rate,
        "acceleration": short.rate - growth.rate,
        "outlook": outlook.z, "standing": outlook.standing, "momentum": outlook.momentum, "hurdle": outlook.hurdle,
        "novelty": attributes.novelty(counts, shares),
    }  # fmt: skip
    bursts = find_bursts(counts[:, -HISTORY_YEARS:], totals[-HISTORY_YEARS:])
    found["burst"] = np.log1p(bursts.open_weight)
    found["burst_best"] = np.log1p(bursts.best_weight)
    found["burst_age"] = np.where(
        bursts.open_since >= 0, min(len(totals), HISTORY_YEARS) - bursts.open_since, -1
    ).astype(float)
    found["e_score"] = e_score(counts, totals)
    _peaks(found, c, share, total, growth.rate)
    if surroundings is not None:
        _surroundings(found, surroundings)
    names = tuple(found)
    values = np.column_stack([found[name] for name in names]) if len(c) else np.empty((0, len(names)))
    return Features(names, values)


def _padded(values: Float) -> Float:
    """With years of zero before the first, so that every window fits."""
    short = max(0, HISTORY_YEARS - values.shape[1])
    return np.pad(values, ((0, 0), (short, 0)))


def _log_share(c: Float, total: Float, first: int, last: int | None) -> Float:
    """Log share of a span of years, half a document added."""
    value: Float = np.log((c[:, first:last].sum(axis=1) + 0.5) / (total[first:last].sum() + 1.0))
    return value


def _sizes(found: dict[str, Float], c: Float, total: Float) -> None:
    n_years = c.shape[1]
    found["log_n"] = np.log1p(c.sum(axis=1))
    found["log_n_1"] = np.log1p(c[:, -1])
    found["log_n_2"] = np.log1p(c[:, -2])
    found["log_n_3"] = np.log1p(c[:, -3:].sum(axis=1))
    found["log_share_1"] = _log_share(c, total, -1, None)
    found["log_share_3"] = _log_share(c, total, -3, None)
    found["vitality_1"] = c[:, -1] / np.maximum(c[:, -3:].sum(axis=1), 1)
    found["vitality_3"] = c[:, -3:].sum(axis=1) / np.maximum(c.sum(axis=1), 1)
    found["base_share"] = c[:, -10:-7].sum(axis=1) / np.maximum(c[:, -10:].sum(axis=1), 1)
    begun = np.cumsum(c, axis=1) >= 3
    found["age"] = np.where(begun.any(axis=1), n_years - 1 - begun.argmax(axis=1), 0).astype(float)
    found["age_first"] = (n_years - 1 - (c > 0).argmax(axis=1)).astype(float)
    found["years_used"] = (c > 0).sum(axis=1) / np.maximum(found["age_first"] + 1, 1)
    years = np.arange(n_years) - (n_years - 1)
    found["mean_age"] = -(c * years).sum(axis=1) / np.maximum(c.sum(axis=1), 1)


def _ratios(found: dict[str, Float], c: Float, total: Float) -> None:
    now = {
        1: _log_share(c, total, -1, None),
        2: _log_share(c, total, -2, None),
        3: _log_share(c, total, -3, None),
    }
    found["up_1_1"] = now[1] - _log_share(c, total, -2, -1)
    found["up_1_1_before"] = _log_share(c, total, -2, -1) - _log_share(c, total, -3, -2)
    found["up_1_2"] = now[1] - _log_share(c, total, -3, -1)
    found["up_2_2"] = now[2] - _log_share(c, total, -4, -2)
    found["up_2_3"] = now[2] - _log_share(c, total, -5, -2)
    found["up_3_3"] = now[3] - _log_share(c, total, -6, -3)
    found["up_3_3_before"] = _log_share(c, total, -6, -3) - _log_share(c, total, -9, -6)
    found["up_5_5"] = _log_share(c, total, -5, None) - _log_share(c, total, -10, -5)
    expected = c[:, -4:-1].sum(axis=1) / max(total[-4:-1].sum(), 1) * total[-1]
    found["surprise"] = (c[:, -1] - expected) / np.sqrt(expected + 1)
    rises = np.diff(np.log((c[:, -7:] + 0.5) / (total[-7:] + 1)), axis=1)
    found["rises"] = (rises > 0).mean(axis=1)
    found["volatility"] = rises.std(axis=1)
    found["biggest_rise"] = rises.max(axis=1)


def _slopes(found: dict[str, Float], c: Float, total: Float, known: npt.NDArray[np.bool_]) -> None:
    """Slopes of log share, years weighted by the count that carries them."""
    y = np.log((c + 0.5) / (total + 1.0))
    for window in (5, 8, 12):
        t = np.arange(window, dtype=float)
        w = (c[:, -window:] + 0.5) * known[-window:]
        mean_t = (w * t).sum(axis=1) / w.sum(axis=1)
        mean_y = (w * y[:, -window:]).sum(axis=1) / w.sum(axis=1)
        dt, dy = t - mean_t[:, None], y[:, -window:] - mean_y[:, None]
        found[f"slope_{window}"] = (w * dt * dy).sum(axis=1) / ((w * dt**2).sum(axis=1) + 1.0)


def _peaks(found: dict[str, Float], c: Float, share: Float, total: Float, rate: Float) -> None:
    window = share[:, -HISTORY_YEARS:]
    peak_at = window.argmax(axis=1)
    peak = np.maximum(window.max(axis=1), 1e-12)
    since = (window.shape[1] - 1 - peak_at).astype(float)
    in_peak = np.take_along_axis(c[:, -HISTORY_YEARS:], peak_at[:, None], axis=1)[:, 0]
    found["since_peak"] = since
    found["log_n_peak"] = np.log1p(in_peak)
    found["log_now_of_peak"] = np.log(np.maximum(window[:, -1], 1e-7) / peak)
    found["log_2_of_peak"] = np.log(np.maximum(window[:, -2:].mean(axis=1), 1e-7) / peak)
    rest = np.sort(window, axis=1)[:, -2]
    found["log_second_of_peak"] = np.log(np.maximum(rest, 1e-7) / peak)
    # Chance that some of the next three years passes the peak by 8 % a year, counts being negative binomial around
    # the present share carried forward.
    level = (c[:, -3:] * (1, 2, 3)).sum(axis=1) + 0.5
    level = level / max((total[-3:] * (1, 2, 3)).sum(), 1.0)
    documents = float(total[-1])
    for part in EXPECTED_GROWTHS:
        none = np.ones(len(c))
        for ahead in (1, 2, 3):
            mean = np.maximum(level * documents * np.exp(part * rate * (ahead + 0.7)), 1e-9)
            needed = np.floor(peak * REQUIRED_GROWTH ** (since + ahead) * documents)
            size = 1.0 / (_SCATTER + 0.05 * ahead)
            none *= nbinom.cdf(needed, size, size / (size + mean))
        found[f"p_pass_{part:g}"] = 1 - none
    found["log_required"] = np.log(peak * REQUIRED_GROWTH ** (since + 3) / level)


def _surroundings(found: dict[str, Float], around: Surroundings) -> None:
    found["n_words"] = around.n_words.astype(float)
    found["coherence"] = around.coherence
    degree = np.diff(around.ppmi.indptr).astype(float)
    degree_before = np.diff(around.before.indptr).astype(float)
    found["degree"] = degree
    found["degree_up"] = degree - degree_before
    weight = np.asarray(around.ppmi.sum(axis=1)).ravel()
    for name in ("rate", "outlook", "novelty", "surprise", "log_n_3", "p_pass_1"):
        around_sum = np.asarray(around.ppmi @ np.nan_to_num(found[name])).ravel()
        found[f"near_{name}"] = np.divide(
            around_sum, weight, out=np.full(len(weight), np.nan), where=weight > 0
        )
    found["rate_above_near"] = found["rate"] - found["near_rate"]
    found["venues"] = around.venues
    found["venues_up"] = around.venues - around.venues_before
    found["countries"] = around.countries
