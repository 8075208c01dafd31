"""Whether two origins or two forecasts are the same, byte for byte, and where they part."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any

import numpy as np

from foretrack.domains.foresight.backtest.rolling import Told
from foretrack.domains.foresight.history.origins import Origin

OF_UNITS = ("ids", "labels", "n_words", "counts", "totals")
"""Parts of an origin that say which units there are and what was counted."""
OF_MEASURES = ("shares", "feature_names", "features")


def digest_of(value: Any) -> str:
    """A hash of a value of numbers, texts, arrays, tuples and dataclasses: equal exactly when every byte is.

    >>> digest_of((1, "a", np.array([np.nan]))) == digest_of((1, "a", np.array([np.nan])))
    True
    >>> digest_of(np.array([1.0])) == digest_of(np.array([1.0 + 1e-16])), digest_of((1, 2)) == digest_of((12,))
    (True, False)
    """
    hashed = hashlib.blake2b(digest_size=16)
    for part in _pieces(value):
        hashed.update(len(part).to_bytes(8, "little"))
        hashed.update(part)
    return hashed.hexdigest()


def _pieces(value: Any) -> list[bytes]:
    if isinstance(value, np.ndarray):
        return [f"{value.dtype.str}{value.shape}".encode(), np.ascontiguousarray(value).tobytes()]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [
            p for f in dataclasses.fields(value) for p in (f.name.encode(), *_pieces(getattr(value, f.name)))
        ]
    if isinstance(value, tuple | list):
        return [f"({len(value)}".encode(), *(piece for one in value for piece in _pieces(one))]
    return [type(value).__name__.encode(), repr(value).encode()]


def differing_parts(used: Origin, again: Origin) -> tuple[str, ...]:
    """Names of the parts of an origin that differ; `labels known` for what had become of its units by then.

    Futures are compared as far as both know them.
    """
    found = [
        name
        for name in (*OF_UNITS, *OF_MEASURES)
        if digest_of(getattr(used, name)) != digest_of(getattr(again, name))
    ]
    if not found and used.future is not None and again.future is not None:
        until = min(used.future.last_year, again.future.last_year)
        one, other = (origin.future.until(until, origin.year) for origin in (used, again) if origin.future)
        if digest_of(one) != digest_of(other):
            found.append("labels known")
    return tuple(found)


def same_claims(one: Told, other: Told) -> bool:
    """Whether two forecasts say the same of every unit, apart from what is called."""
    return digest_of(dataclasses.replace(one.forecast, called_eg3=None, called_dbl3=None)) == digest_of(
        dataclasses.replace(other.forecast, called_eg3=None, called_dbl3=None)
    )


def same_calls(one: Told, other: Told) -> bool:
    """Whether two forecasts call the same units."""
    return digest_of(sorted(one.called.items())) == digest_of(sorted(other.called.items()))
