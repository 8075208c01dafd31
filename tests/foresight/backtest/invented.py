"""Invented origins: units of no field, counted in a world whose rises are planted."""

from __future__ import annotations

import numpy as np

from foretrack.domains.foresight.history.origins import FUTURE_YEARS, Future, Origin

FIRST_YEAR = 1998


def world(*, units: int = 160, years: int = 26, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Counts (units, years) and totals (years,): most units are steady, one in eight rises at some time."""
    rng = np.random.default_rng(seed)
    totals = (600 * 1.04 ** np.arange(years)).astype(np.int64)
    rate = np.exp(rng.normal(-4.4, 0.7, units))
    start = rng.integers(6, years, units)
    rises = rng.random(units) < 0.125
    time = np.arange(years)
    growth = np.where(rises[:, None], 1.55 ** np.clip(time - start[:, None], 0, 7), 1.0)
    drifting = np.exp(np.cumsum(rng.normal(0, 0.08, (units, years)), axis=1))
    counts = rng.poisson(np.minimum(rate[:, None] * growth * drifting, 0.5) * totals)
    return counts.astype(np.int64), totals


def origins(
    first: int = 2004, last: int = 2020, *, known_until: int = 2023, seed: int = 5, units: int = 160
) -> list[Origin]:
    """An origin of every year from `first` to `last`, from one world that is known until `known_until`."""
    counts, totals = world(seed=seed, units=units, years=known_until - FIRST_YEAR + 1)
    return [origin(counts, totals, year, known_until) for year in range(first, last + 1)]


def origin(counts: np.ndarray, totals: np.ndarray, year: int, known_until: int) -> Origin:
    """The units with enough documents as of a year."""
    now = year - FIRST_YEAR + 1
    chosen = np.flatnonzero(counts[:, now - 3 : now].sum(axis=1) >= 5)
    past, later = counts[chosen, :now], counts[chosen, now : now + FUTURE_YEARS]
    n_known = min(known_until - year, FUTURE_YEARS)
    later_totals = np.zeros(FUTURE_YEARS, np.int64)
    later_totals[:n_known] = totals[now : now + n_known]
    later_counts = np.zeros((len(chosen), FUTURE_YEARS), np.int64)
    later_counts[:, :n_known] = later[:, :n_known]
    return Origin(
        year, "concept", tuple(f"u{i}" for i in chosen), tuple(f"unit {i}" for i in chosen),
        (1 + chosen % 2).astype(np.int8), past, totals[:now], _shares(past, totals[:now]), np.empty((len(chosen), 0)),
        (), Future(year + n_known, later_counts, later_totals, _shares(later_counts, later_totals)) if n_known else None,
    )  # fmt: skip


def _shares(counts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    share: np.ndarray = np.divide(counts, totals, out=np.full(counts.shape, np.nan), where=totals > 0)
    return share
