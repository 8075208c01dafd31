"""The weights of the logit, fitted on the labelled sample. Written by benchmarks/tracks/run.py; do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Mode: TypeAlias = Literal["text", "concept"]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and where they come from."""

    name: str
    """Method, version, mode and embedding model."""
    weights: tuple[float, ...]
    """In the order of the features of the mode, then of `NONE_FEATURES`."""


FITTED: dict[tuple[Mode, str], tuple[float, ...]] = {}


def model_for(mode: Mode, embedder: str | None) -> Model:
    """The weights fitted for a mode and an embedding model."""
    return Model("x", FITTED[mode, embedder or "none"])
