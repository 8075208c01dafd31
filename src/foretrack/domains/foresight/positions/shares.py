"""Who has how much of a set of documents: full and fractional counts, top-cited shares, concentration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foretrack.domains.foresight.positions.answers import Counting

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

TOP_SHARE = 0.1
"""The most cited tenth of the documents of one year and kind."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Which documents name which parties. Shapes: `documents` and `parties` (n_pairs,), each pair once."""

    documents: Int
    parties: Int
    n_documents: int
    n_parties: int

    @property
    def n_naming(self) -> int:
        """Documents that name at least one party."""
        return len(np.unique(self.documents))

    def weights(self, counting: Counting) -> Float:
        """Credit of each pair: 1 in full counting; in fractional counting 1/k, k being the document's parties.

        Fractional counting gives each document a credit of 1 in all, so that shares add up to 1 and documents of many
        parties weigh no more than others: Waltman & van Eck 2015, Journal of Informetrics 9(4), 872-894,
        doi:10.1016/j.joi.2015.08.001, the variant at the level of what is counted (organisations or countries).

        >>> naming = Naming(np.array([0, 0, 1]), np.array([0, 1, 0]), 2, 2)  # one joint document, one of party 0
        >>> naming.weights("fractional").tolist(), naming.weights("full").tolist()
        ([0.5, 0.5, 1.0], [1.0, 1.0, 1.0])
        """
        if counting == "full":
            return np.ones(len(self.documents))
        per_document = np.bincount(self.documents, minlength=self.n_documents)
        weights: Float = 1.0 / per_document[self.documents]
        return weights

    def credit(self, counting: Counting, value: Float | None = None) -> Any:
        """csr (n_documents, n_parties): what each document gives each party, times the document's `value`."""
        from scipy.sparse import csr_array

        weights = self.weights(counting)
        if value is not None:
            weights = weights * value[self.documents]
        shape = (self.n_documents, self.n_parties)
        return csr_array((weights, (self.documents, self.parties)), shape=shape)


def top_cited(citations: Float, cells: Int) -> Float:
    """How far each document belongs to the most cited tenth of its cell (year and kind), 0..1. Shape (n_documents,).

    Documents above the 90th percentile count 1; those at it share what is missing to exactly a tenth: Waltman &
    Schreiber 2013, JASIST 64(2), 372-379, doi:10.1002/asi.22775. A document without citations never counts, so that a
    cell in which fewer than a tenth are cited adds up to less.

    >>> top_cited(np.array([9., 5., 5., 1., 0., 0., 0., 0., 0., 0.]), np.zeros(10, int)).tolist()[:4]
    [1.0, 0.0, 0.0, 0.0]
    >>> top_cited(np.array([5., 5., 0., 0., 0.]), np.zeros(5, int)).tolist()
    [0.25, 0.25, 0.0, 0.0, 0.0]
    """
    found = np.zeros(len(citations))
    for cell in np.unique(cells):
        here = np.flatnonzero(cells == cell)
        wanted = TOP_SHARE * len(here)
        mine = citations[here]
        order = np.sort(mine)[::-1]
        # With n documents the tenth ends inside the document of this place.
        threshold = order[min(int(np.ceil(wanted - 1e-9)), len(order)) - 1]
        above, at = mine > threshold, mine == threshold
        found[here] = np.where(above, 1.0, np.where(at, (wanted - above.sum()) / max(at.sum(), 1), 0.0))
        found[here[mine <= 0]] = 0.0
    return found


def concentration(shares: Float) -> float | None:
    """Herfindahl-Hirschman index of shares that add up to 1 (others are scaled): 1/n if equal, 1 for one party.

    Hirschman 1964, American Economic Review 54(5), 761. None when there is nothing to share.

    >>> concentration(np.array([0.5, 0.5])), concentration(np.array([2.0, 0.0])), concentration(np.zeros(3))
    (0.5, 1.0, None)
    """
    total = float(shares.sum())
    return None if total <= 0 else float(np.square(shares / total).sum())


@dataclass(frozen=True, slots=True)
class Interval:
    """A 90 % interval: 5th and 95th percentile of the draws. Shapes: (n_columns,)."""

    low: Float
    high: Float


def collapse(rows: Any) -> tuple[Any, Int]:
    """The different rows of a csr matrix, and how many documents have each: what a bootstrap needs to draw from.

    >>> from scipy.sparse import csr_array
    >>> different, times = collapse(csr_array(np.array([[1., 0], [0, 2], [1, 0], [0, 0]])))
    >>> different.toarray().tolist(), times.tolist()
    ([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]], [2, 1, 1])
    """
    rows = rows.tocsr()
    rows.sum_duplicates()
    rows.eliminate_zeros()
    seen: dict[bytes, int] = {}
    first: list[int] = []
    times: list[int] = []
    for i in range(rows.shape[0]):
        part = slice(rows.indptr[i], rows.indptr[i + 1])
        pattern = rows.indices[part].tobytes() + rows.data[part].tobytes()
        number = seen.setdefault(pattern, len(seen))
        if number == len(first):
            first.append(i)
            times.append(0)
        times[number] += 1
    return rows[first], np.array(times, dtype=np.int64)


def bootstrap_totals(
    rows: Any, rng: np.random.Generator, *, draws: int, at_once: int = 100
) -> Sequence[Float]:
    """Column totals of `draws` samples of the documents with replacement, in blocks (<= at_once, n_columns).

    Documents with equal rows are drawn together by one multinomial number: the same distribution, fewer numbers.
    """
    different, times = collapse(rows)
    n = int(times.sum())
    if n == 0:
        return [np.zeros((draws, rows.shape[1]))]
    turned = different.T.tocsr()
    blocks = []
    for start in range(0, draws, at_once):
        drawn = rng.multinomial(n, times / n, size=min(at_once, draws - start))
        # Rounded, so that three thirds are one and ties are ties on every machine.
        blocks.append(np.round((turned @ drawn.T).T, 9))
    return blocks


def interval(values: Float) -> Interval:
    """5th and 95th percentile over the first axis."""
    low, high = np.quantile(values, [0.05, 0.95], axis=0)
    return Interval(low, high)
