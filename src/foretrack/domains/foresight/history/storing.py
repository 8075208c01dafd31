"""A looked-at year as tables, and back, so that the next scan need not look again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foretrack.domains.foresight.history.origins import FUTURE_YEARS, Future, Origin, Unit
from foretrack.domains.foresight.history.years import Mentions, Year
from foretrack.domains.foresight.technologies import storing as technology_storing

SCHEMA = (5, technology_storing.SCHEMA)
"""Version of the tables, with that of the technologies among them; raised when a column changes its meaning."""


def to_tables(year: Year) -> dict[str, pa.Table]:
    """Everything of a year: `from_tables` gives the same object back."""
    tables = technology_storing.to_tables(year.technologies)
    for name, origin in (("concept", year.concepts), ("technology", year.technology_origin)):
        tables |= {f"{name}_origin": _units(origin), f"{name}_totals": _totals(origin)}
    for name, mentions in (("mentions", year.mentions), ("later", year.later)):
        tables[name] = pa.table(
            {"concept": pa.array(mentions.concepts), "document": pa.array(mentions.documents)}
        )
        tables[f"{name}_years"] = pa.table({"year": pa.array(mentions.years.astype(np.int16))})
    return tables


def from_tables(year: int, tables: Mapping[str, pa.Table]) -> Year:
    """The year that the tables were made of."""
    return Year(
        year,
        _origin(year, "concept", tables["concept_origin"], tables["concept_totals"]),
        technology_storing.from_tables(tables),
        _origin(year, "technology", tables["technology_origin"], tables["technology_totals"]),
        _mentions(tables, "mentions"),
        _mentions(tables, "later"),
    )


def _units(origin: Origin) -> pa.Table:
    columns: dict[str, Any] = {
        "id": pa.array(origin.ids, pa.string()),
        "label": pa.array(origin.labels, pa.string()),
        "n_words": pa.array(origin.n_words),
        "counts": _rows(origin.counts),
        "shares": _rows(origin.shares),
    }
    if origin.future is not None:
        columns["future_counts"] = _rows(origin.future.counts)
        columns["future_shares"] = _rows(origin.future.shares)
    for name, values in zip(origin.feature_names, origin.features.T, strict=True):
        columns[f"feature_{name}"] = pa.array(np.ascontiguousarray(values))
    return pa.table(columns)


def _totals(origin: Origin) -> pa.Table:
    """One row of the past and one of the future: totals, and the last year that is known."""
    future = origin.future
    return pa.table(
        {
            "totals": pa.array([origin.totals.tolist(), future.totals.tolist() if future else []]),
            "last_year": pa.array([origin.year, future.last_year if future else origin.year]),
        }
    )


def _origin(year: int, unit: Unit, units: pa.Table, totals: pa.Table) -> Origin:
    names = [name.removeprefix("feature_") for name in units.column_names if name.startswith("feature_")]
    n = units.num_rows
    past, ahead = (np.array(row, dtype=np.int64) for row in totals["totals"].to_pylist())
    future = None
    if "future_counts" in units.column_names:
        future = Future(
            int(totals["last_year"][1].as_py()),
            _matrix(units["future_counts"], FUTURE_YEARS).astype(np.int64),
            ahead,
            _matrix(units["future_shares"], FUTURE_YEARS),
        )
    features = np.column_stack([units[f"feature_{name}"].to_numpy() for name in names])
    return Origin(
        year, unit, tuple(map(str, units["id"].to_pylist())), tuple(map(str, units["label"].to_pylist())),
        units["n_words"].to_numpy().astype(np.int8), _matrix(units["counts"], len(past)).astype(np.int64), past,
        _matrix(units["shares"], len(past)), features.reshape(n, len(names)), tuple(names), future,
    )  # fmt: skip


def _rows(matrix: npt.NDArray[Any]) -> pa.Array[Any]:
    flat = pa.array(np.ascontiguousarray(matrix).ravel())
    return pa.FixedSizeListArray.from_arrays(flat, matrix.shape[1])


def _matrix(column: pa.ChunkedArray[Any], width: int) -> npt.NDArray[Any]:
    flat = pc.list_flatten(column).to_numpy(zero_copy_only=False)
    matrix: npt.NDArray[Any] = flat.reshape(-1, width)
    return matrix


def _mentions(tables: Mapping[str, pa.Table], name: str) -> Mentions:
    table = tables[name]
    return Mentions(
        table["document"].to_numpy(), table["concept"].to_numpy(),
        tables[f"{name}_years"]["year"].to_numpy().astype(np.int64),
    )  # fmt: skip
