"""Which technologies a document belongs to."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int32]

MIN_EVIDENCE = 1.25
"""Evidence that a document must give a technology: that of one leading concept, of one rare concept that is hardly
studied elsewhere, or of two others."""


def belong(
    documents: npt.NDArray[np.integer[Any]],
    concepts: npt.NDArray[np.integer[Any]],
    *,
    of_concept: npt.NDArray[np.int32],
    evidence_of_concept: Float,
) -> tuple[Numbers, Numbers]:
    """(documents, technologies), each pair once, ordered by technology and document.

    A document belongs to every technology for which its concepts sum up to an evidence of 1.25, so one on the privacy
    of medical images counts for both. With one main technology a document, a technology would seem to shrink when a
    neighbour takes over its documents.

    Args:
        documents, concepts: mentions (n_mentions,), each pair once; the documents may be of any year.
        of_concept, evidence_of_concept: (n_concepts,) as known at the year of the technologies.

    >>> import numpy as np
    >>> document, technology = belong(np.array([0, 0, 0, 1]), np.array([0, 1, 2, 1]),
    ...     of_concept=np.array([0, 0, 1], np.int32), evidence_of_concept=np.array([.9, .5, 1.3]))
    >>> list(zip(document.tolist(), technology.tolist()))
    [(0, 0), (0, 1)]
    """
    technology = of_concept[concepts].astype(np.int64)
    chosen = technology >= 0
    if not chosen.any():
        return np.empty(0, np.int32), np.empty(0, np.int32)
    width = int(documents.max()) + 1
    pair, inverse = np.unique(
        technology[chosen] * width + documents[chosen].astype(np.int64), return_inverse=True
    )
    # Rounded, so that the order of a sum does not decide who belongs.
    evidence = np.round(np.bincount(inverse, weights=evidence_of_concept[concepts[chosen]]), 9)
    pair = pair[evidence >= MIN_EVIDENCE]
    return (pair % width).astype(np.int32), (pair // width).astype(np.int32)
