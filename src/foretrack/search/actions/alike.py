"""What lies near a thing in meaning, among the things of its kind that the viewer may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from foretrack.language.embedding.port import Embedder
from foretrack.search.actions.embedding import model
from foretrack.search.actions.holding import held
from foretrack.search.shapes import VISITOR, Viewer


def alike(
    unit: str, key: str, *, kind: str, viewer: Viewer = VISITOR, using: str = "default",
    embedder: Embedder | Literal["installed"] | None = "installed",
) -> Mapping[str, float]:  # fmt: skip
    """Key to cosine (-1 to 1) of every other thing of the kind that the viewer sees; empty where vectors are missing.

    Vectors are those that search compares, with the mean of their language taken out (docs/methods/search.md).
    """
    chosen = model() if embedder == "installed" else embedder
    if chosen is None:
        return {}
    now = held(chosen.name, using)
    columns, meanings = now.columns, now.meanings
    if meanings is None or not meanings.n:
        return {}
    seen = columns.visible(viewer)
    row_at = np.full(len(columns.ids), -1, np.int64)
    ids = meanings.ids[: meanings.n]
    known = np.flatnonzero(ids < len(columns.place_of))
    places = columns.place_of[ids[known]]
    row_at[places[places >= 0]] = known[places >= 0]
    own = columns.names.get(f"{unit}\0{key}", -1)
    here = np.flatnonzero((columns.name == own) & seen & (row_at >= 0))
    others = np.flatnonzero(columns.having("kind", [kind]) & seen & (row_at >= 0) & (columns.name != own))
    if not len(here) or not len(others):
        return {}
    cosines = meanings.rows[row_at[others]] @ meanings.rows[row_at[here[0]]]
    names = {number: text for text, number in columns.names.items()}
    return {
        names[int(columns.name[place])].partition("\0")[2]: round(float(cosine), 6)
        for place, cosine in zip(others, cosines, strict=True)
    }
