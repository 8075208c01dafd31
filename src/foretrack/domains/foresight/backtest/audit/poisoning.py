"""Replaces everything later than a year by noise: what knows nothing of it cannot notice."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.history.origins import FUTURE_YEARS, Future, Origin

Float = npt.NDArray[np.float64]
Part: TypeAlias = Literal["labels", "later labels", "later rows"]
PARTS: tuple[Part, ...] = ("labels", "later labels", "later rows")
"""`labels`: outcomes after the year of origins up to it; `later labels` and `later rows`: outcomes and numbers of the
origins after it."""
_SPREAD = 1.5
"""Standard deviation of the noise in log units: a factor of 4.5 either way."""


def poisoned(
    origins: Sequence[Origin], year: int, rng: np.random.Generator, parts: Sequence[Part] = PARTS
) -> list[Origin]:
    """The origins with everything later than `year` shuffled among the units and multiplied by noise.

    What was known in `year` stays byte for byte, and so do identifiers and which years are known.
    """
    found = []
    for origin in origins:
        if origin.year <= year:
            changed = _future(origin, year, rng) if "labels" in parts else origin.future
            found.append(dataclasses.replace(origin, future=changed))
            continue
        changed = _future(origin, origin.year, rng) if "later labels" in parts else origin.future
        later = dataclasses.replace(origin, future=changed)
        found.append(_rows(later, rng) if "later rows" in parts else later)
    return found


def _future(origin: Origin, year: int, rng: np.random.Generator) -> Future | None:
    future = origin.future
    if future is None or future.last_year <= year:
        return future
    hidden = np.arange(origin.year + 1, origin.year + 1 + FUTURE_YEARS) > year
    noise = _noise(rng, future.shares.shape)
    order = rng.permutation(len(origin))
    counts = np.where(hidden, np.rint(future.counts[order] * noise).astype(np.int64), future.counts)
    shares = np.where(hidden, np.minimum(future.shares[order] * noise, 1.0), future.shares)
    return dataclasses.replace(future, counts=counts, shares=shares)


def _rows(origin: Origin, rng: np.random.Generator) -> Origin:
    order = rng.permutation(len(origin))
    noise = _noise(rng, origin.shares.shape)
    counts = np.rint(origin.counts[order] * noise).astype(np.int64)
    shares = np.minimum(origin.shares[order] * noise, 1.0)
    features = origin.features[order] * _noise(rng, origin.features.shape) + rng.normal(
        size=origin.features.shape
    )
    return dataclasses.replace(origin, counts=counts, shares=shares, features=features)


def _noise(rng: np.random.Generator, shape: tuple[int, ...]) -> Float:
    return np.exp(rng.normal(scale=_SPREAD, size=shape))
