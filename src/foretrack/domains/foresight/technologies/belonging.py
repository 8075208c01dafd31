"""Which technology a document belongs to."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]

MIN_EVIDENCE = 1.25
"""Evidence that a document must give its technology: that of one leading concept, of one rare concept that is hardly
studied elsewhere, or of two others."""


def belong(
    documents: npt.NDArray[np.integer[Any]],
    concepts: npt.NDArray[np.integer[Any]],
    *,
    n_documents: int,
    of_concept: npt.NDArray[np.int32],
    evidence_of_concept: Float,
    min_evidence: float = MIN_EVIDENCE,
) -> npt.NDArray[np.int32]:
    """Technology of each document: the one its concepts give most evidence for, -1 if that is less than 1.25.

    A document counts for one technology only, so that the shares of all technologies add up to at most 1. Of equal
    evidence the lower number wins.

    Args:
        documents, concepts: mentions (n_mentions,), each pair once; the documents may be of any year.
        of_concept, evidence_of_concept: (n_concepts,) as known at the year of the technologies.

    >>> import numpy as np
    >>> belong(np.array([0, 0, 0, 1]), np.array([0, 1, 2, 1]), n_documents=3,
    ...        of_concept=np.array([0, 0, 1], np.int32), evidence_of_concept=np.array([.9, .5, 1.3])).tolist()
    [0, -1, -1]
    """
    result = np.full(n_documents, -1, dtype=np.int32)
    technology = of_concept[concepts].astype(np.int64)
    chosen = technology >= 0
    if not chosen.any():
        return result
    document = documents[chosen].astype(np.int64)
    width = int(of_concept.max()) + 1
    pair, inverse = np.unique(document * width + technology[chosen], return_inverse=True)
    # Rounded, so that the order of a sum does not decide between two technologies.
    evidence = np.round(np.bincount(inverse, weights=evidence_of_concept[concepts[chosen]]), 9)
    enough = evidence >= min_evidence
    pair, evidence = pair[enough], evidence[enough]
    owner = pair // width
    order = np.lexsort((pair, -evidence, owner))
    owner, pair = owner[order], pair[order]
    first = np.append(True, owner[1:] != owner[:-1]) if len(owner) else np.empty(0, bool)
    result[owner[first]] = (pair[first] % width).astype(np.int32)
    return result
