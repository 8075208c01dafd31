"""The one contract between Foretrack and an embedding model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]
"""(n, d) float32."""


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into vectors whose inner product says how near their meanings are."""

    @property
    def name(self) -> str:
        """Id of model and version, stored with every vector: vectors of two names are never compared."""
        ...

    @property
    def dimension(self) -> int:
        """d, the length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, each row of length 1, in the order of `texts`; (0, d) for no texts."""
        ...
