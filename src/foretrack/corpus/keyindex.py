"""Which document a key leads to: 64-bit hashes in sorted arrays, 16 bytes a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Hashes: TypeAlias = npt.NDArray[np.uint64]

NO_DOCUMENT = 0
"""The target of keys that lead to no document: rejected rows that are stored already."""


class KeyIndex:
    """Key hash -> document id, both as unsigned 64-bit integers; a key added again leads to the newer.

    Sorted runs, the larger ones first; runs of like size are merged, so that n additions cost
    O(n log n) in all and a look-up O(log² n). About 80 bytes a document.
    """

    def __init__(self, keys: Hashes | None = None, targets: Hashes | None = None) -> None:
        self._runs: list[tuple[Hashes, Hashes]] = []
        if keys is not None and targets is not None:
            self.add(keys, targets)

    def __len__(self) -> int:
        return sum(len(keys) for keys, _ in self._runs)

    def add(self, keys: Hashes, targets: Hashes) -> None:
        """Add one commit's keys, in the order in which they were found."""
        if not len(keys):
            return
        run = _sorted_latest(keys, targets)
        while self._runs and len(self._runs[-1][0]) < 2 * len(run[0]):
            older = self._runs.pop()
            run = _sorted_latest(np.concatenate([older[0], run[0]]), np.concatenate([older[1], run[1]]))
        self._runs.append(run)

    def find(self, keys: Sequence[int]) -> dict[int, int]:
        """The keys of `keys` that are known, with their targets.

        >>> index = KeyIndex(np.array([7, 3], np.uint64), np.array([70, 30], np.uint64))
        >>> index.add(np.array([3], np.uint64), np.array([31], np.uint64))
        >>> dict(sorted(index.find([3, 5, 7]).items()))
        {3: 31, 7: 70}
        """
        wanted = np.unique(np.array(list(keys), dtype=np.uint64))
        found: dict[int, int] = {}
        for known, targets in self._runs:
            at = np.searchsorted(known, wanted)
            inside = at < len(known)
            hit = np.zeros(len(wanted), dtype=bool)
            hit[inside] = known[at[inside]] == wanted[inside]
            found.update(zip(wanted[hit].tolist(), targets[at[hit]].tolist(), strict=True))
        return found


def _sorted_latest(keys: Hashes, targets: Hashes) -> tuple[Hashes, Hashes]:
    order = np.argsort(keys, kind="stable")
    keys, targets = keys[order], targets[order]
    last = np.append(keys[1:] != keys[:-1], True)
    return keys[last], targets[last]
