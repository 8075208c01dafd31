"""Counts of documents by concept, year and stratum: what all measures read.

A stratum is one document kind of one source. Sources differ in size and change their coverage, so a share is
always a share of its own stratum; strata are then combined with fixed weights (direct standardisation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

RECENT_YEARS = 3
"""Years whose documents count as recent: the as-of year and the two before it."""
HISTORY_YEARS = 15
"""Years of history in which a peak is looked for (the published label's window)."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Yearly document frequencies as of the last year.

    Shapes: `counts` int32 (n_strata, n_concepts, n_years), `totals` int64 (n_strata, n_years); years ascending
    and without gaps, the last is the as-of year. A year without documents has total 0 and is missing, not zero.
    """

    first_year: int
    strata: tuple[tuple[str, str], ...]
    """(source, kind) of each stratum."""
    counts: npt.NDArray[np.int32]
    totals: Int

    @property
    def n_concepts(self) -> int:
        return int(self.counts.shape[1])

    @property
    def n_years(self) -> int:
        return int(self.counts.shape[2])

    @property
    def as_of(self) -> int:
        return self.first_year + self.n_years - 1

    def pooled(self) -> npt.NDArray[np.int64]:
        """Documents of all strata: int64 (n_concepts, n_years)."""
        pooled: Int = self.counts.sum(axis=0, dtype=np.int64)
        return pooled

    def shares(self) -> Float:
        """Standardised share of every year: float (n_concepts, n_years), nan where no stratum has documents.

        share(t) = sum over strata with documents in t of w_s * count_s(t) / total_s(t), where w_s is the stratum's
        part of the documents of the last three years, rescaled to the strata present in t. A source that
        begins or stops therefore does not look like growth.

        >>> import numpy as np
        >>> panel = Panel(2020, (("a", "paper"), ("b", "paper")),
        ...               np.array([[[1, 2]], [[0, 5]]], np.int32), np.array([[10, 10], [0, 30]]))
        >>> panel.shares()          # w = (20, 30) / 50; 2020: 1/10; 2021: .4 * 2/10 + .6 * 5/30
        array([[0.1 , 0.18]])
        """
        return self.shares_after(self.counts, self.totals)

    def shares_after(self, counts: npt.NDArray[Any], totals: Int) -> Float:
        """Shares of other years, with the weights of this panel's sources: (n_concepts, n_other_years).

        Args:
            counts: (n_strata, n_concepts, n_other_years); totals: (n_strata, n_other_years).
        """
        weights = self.totals[:, -RECENT_YEARS:].sum(axis=1).astype(float)
        if not weights.any():
            weights = self.totals.sum(axis=1).astype(float)
        present = totals > 0
        weight = weights[:, None] * present
        missing = (weight.sum(axis=0) == 0) & present.any(axis=0)
        # Years in which only strata without recent documents exist are weighted by their own size.
        weight[:, missing] = totals[:, missing]
        sum_of_weights = weight.sum(axis=0)
        share = np.zeros(counts.shape[1:])
        for stratum in range(len(self.strata)):
            scale = np.divide(
                weight[stratum], sum_of_weights * totals[stratum],
                out=np.zeros(counts.shape[2]), where=weight[stratum] > 0,
            )  # fmt: skip
            share += counts[stratum] * scale
        share[:, sum_of_weights == 0] = np.nan
        return share


def build_panel(
    documents: npt.NDArray[np.int32],
    concepts: npt.NDArray[np.int32],
    *,
    n_concepts: int,
    years: npt.NDArray[np.int64],
    stratum_of: npt.NDArray[np.int64],
    strata: Sequence[tuple[str, str]],
    as_of: int,
    max_years: int = 40,
) -> Panel:
    """Counts mentions by stratum and year.

    Args:
        documents, concepts: mentions (n_mentions,), each pair once.
        years, stratum_of: per document (n_documents,).
        max_years: earlier years are left out.
    """
    first = max(int(years.min(initial=as_of)), as_of - max_years + 1)
    n_years = as_of - first + 1
    column = years - first
    inside = column >= 0
    totals = np.bincount(
        stratum_of[inside] * n_years + column[inside], minlength=len(strata) * n_years
    ).reshape(len(strata), n_years)
    counts = np.zeros((len(strata), n_concepts, n_years), dtype=np.int32)
    flat = concepts.astype(np.int64) * n_years + column[documents]
    for stratum in range(len(strata)):
        chosen = inside[documents] & (stratum_of[documents] == stratum)
        counts[stratum] = np.bincount(flat[chosen], minlength=n_concepts * n_years).reshape(
            n_concepts, n_years
        )
    return Panel(first, tuple(strata), counts, totals.astype(np.int64))
