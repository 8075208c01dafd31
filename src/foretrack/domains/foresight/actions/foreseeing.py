"""What a scan says of the years to come: technologies with their identities, and forecasts learnt from the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.history import look_back
from foretrack.domains.foresight.concepts.mining import Concepts, Hints
from foretrack.domains.foresight.forecasting.forecast import HORIZONS, LEVELS, Forecast
from foretrack.domains.foresight.forecasting.model import OutlookModel, expected_top_year, told_by_part
from foretrack.domains.foresight.forecasting.parts import PARTS
from foretrack.domains.foresight.history.origins import Origin
from foretrack.domains.foresight.history.record import Record
from foretrack.domains.foresight.history.years import Year, assemble
from foretrack.domains.foresight.technologies.technology import Technologies
from foretrack.foundation.errors import EvidenceError
from foretrack.foundation.progress import Progress

Float = npt.NDArray[np.float64]

QUANTILES = pa.list_(
    pa.struct([("year", pa.int16()), *((f"q{round(level * 100):02d}", pa.float64()) for level in LEVELS)])
)
ADDED = pa.list_(pa.struct([("part", pa.string()), ("adds", pa.float64())]))


@dataclass(frozen=True, slots=True)
class Past:
    """The years before a scan, as far as it learns from them."""

    concepts: tuple[Origin, ...]
    technology_origins: tuple[Origin, ...]
    technologies: Technologies | None
    """Those of the year before."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Forecasts of the units of an origin. Shapes: (n_units,)."""

    origin: Origin
    forecast: Forecast
    told: Float
    """Log odds of extreme growth as a sum over the parts: (n_units, len(PARTS))."""
    top_year: npt.NDArray[np.int64]


def read_past(
    workspace: Workspace, record: Record, as_of: int, *, user: Hints, threads: int, progress: Progress
) -> Past:
    """Every year before `as_of` that is worth looking at."""
    concepts: list[Origin] = []
    technologies: list[Origin] = []
    latest: Technologies | None = None
    for year in look_back(workspace, record, last=as_of - 1, user=user, threads=threads, progress=progress):
        concepts.append(year.concepts)
        technologies.append(year.technology_origin)
        latest = year.technologies
    return Past(tuple(concepts), tuple(technologies), latest)


def this_year(record: Record, as_of: int, concepts: Concepts, past: Past) -> Year:
    """The year of the scan itself, of which nothing later is known."""
    nothing = (np.empty(0, np.int32), np.empty(0, np.int32))
    everything = np.ones(len(record.years), dtype=bool)
    return assemble(
        record, as_of, concepts, past.technologies, later=nothing, now=everything, after=~everything
    )


def foresee(past: Sequence[Origin], origin: Origin, *, threads: int = 1) -> Foreseen:
    """What the model, taught by the past, expects of an origin; EvidenceError when there is too little to learn from."""
    if not len(origin):
        raise EvidenceError(
            "not enough evidence to forecast: nothing has five documents in three years",
            expected="more documents", do="ingest more documents",
        )  # fmt: skip
    model = OutlookModel(threads=threads)
    model.fit(past, origin.year)
    forecast = model.forecast(origin)
    assert forecast.quantiles is not None
    return Foreseen(
        origin, forecast, told_by_part(model, origin), expected_top_year(origin, forecast.quantiles)
    )


def columns(foreseen: Foreseen | None, names: Sequence[str]) -> dict[str, pa.Array[Any]]:
    """Table columns of the forecasts, one row for each of `names`; null for those that are not in the origin."""
    n = len(names)
    place = {name: number for number, name in enumerate(foreseen.origin.ids)} if foreseen else {}
    at = np.array([place.get(name, -1) for name in names], dtype=np.int64)
    missing = at < 0
    forecast = foreseen.forecast if foreseen is not None else None
    if foreseen is None or forecast is None or forecast.quantiles is None:
        empty = {
            "p_eg3": pa.float64(), "p_dbl3": pa.float64(), "top_year": pa.int64(), "quantiles": QUANTILES, "told": ADDED,
        }  # fmt: skip
        return {name: pa.array([None] * n, kind) for name, kind in empty.items()}
    rows = np.maximum(at, 0)
    top = foreseen.top_year[rows]
    return {
        "p_eg3": _chosen(forecast.p_eg3, rows, missing),
        "p_dbl3": _chosen(forecast.p_dbl3, rows, missing),
        "top_year": pa.array(top, mask=missing | (top == 0)),
        "quantiles": pa.array(
            [None if at[i] < 0 else _quantiles(foreseen.origin.year, forecast.quantiles[at[i]]) for i in range(n)],
            QUANTILES,
        ),
        "told": pa.array(
            [
                None if at[i] < 0 else [
                    {"part": part, "adds": float(adds)} for part, adds in zip(PARTS, foreseen.told[at[i]], strict=True)
                ]
                for i in range(n)
            ],
            ADDED,
        ),
    }  # fmt: skip


def _chosen(
    values: Float | None, rows: npt.NDArray[np.int64], missing: npt.NDArray[np.bool_]
) -> pa.Array[Any]:
    return pa.nulls(len(rows), pa.float64()) if values is None else pa.array(values[rows], mask=missing)


def _quantiles(year: int, shares: Float) -> list[dict[str, float | int]]:
    """One entry for each year ahead of which something was learnt."""
    return [
        {
            "year": year + ahead,
            **{f"q{round(level * 100):02d}": float(share) for level, share in zip(LEVELS, row, strict=True)},
        }
        for ahead, row in zip(HORIZONS, shares, strict=True)
        if np.isfinite(row).all()
    ]
