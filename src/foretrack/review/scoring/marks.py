"""The table of marks: what each reviewer gave each submission, with holes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from foretrack.foundation.errors import InputError

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Mark:
    """The total that a reviewer gave a submission, on any scale; 0..100 from a sheet."""

    submission: str
    reviewer: str
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Marks by number of submission and reviewer, both in the order of their keys."""

    submissions: tuple[str, ...]
    reviewers: tuple[str, ...]
    row: Int
    """Number of the submission of each mark."""
    column: Int
    """Number of the reviewer of each mark."""
    value: Float

    @classmethod
    def of(
        cls, marks: Iterable[Mark], *, submissions: Sequence[str] = (), reviewers: Sequence[str] = ()
    ) -> Marks:
        """The table of marks, in whatever order they come.

        Args:
            submissions, reviewers: those that have no mark yet, to stand in the table all the same.

        Raises:
            InputError: a reviewer marks a submission twice, or a value is not finite.

        >>> table = Marks.of([Mark("b", "y", 70), Mark("a", "y", 50), Mark("a", "x", 60)])
        >>> table.grid()
        array([[60., 50.],
               [nan, 70.]])
        """
        ordered = sorted(marks, key=lambda mark: (mark.submission, mark.reviewer))
        for one, next_one in pairwise(ordered):
            if (one.submission, one.reviewer) == (next_one.submission, next_one.reviewer):
                raise InputError.of(
                    "{reviewer} marks {submission} twice", expected="one mark for each pair",
                    do="keep the sheet that was handed in last", reviewer=one.reviewer[:80],
                    submission=one.submission[:80],
                )  # fmt: skip
        value = np.array([mark.value for mark in ordered], dtype=np.float64)
        if not np.isfinite(value).all():
            raise InputError.of(
                "a mark that is no number",
                expected="numbers",
                do="leave out the sheets that are not complete",
            )
        names = [
            tuple(sorted({*given, *(getattr(mark, side) for mark in ordered)}))
            for side, given in (("submission", submissions), ("reviewer", reviewers))
        ]
        places = [{name: i for i, name in enumerate(side)} for side in names]
        return cls(
            names[0],
            names[1],
            np.array([places[0][mark.submission] for mark in ordered], dtype=np.int64),
            np.array([places[1][mark.reviewer] for mark in ordered], dtype=np.int64),
            value,
        )

    def with_values(self, value: Float) -> Marks:
        """The same pairs with other values."""
        return Marks(self.submissions, self.reviewers, self.row, self.column, value)

    def without(self, reviewers: Collection[str]) -> Marks:
        """The same table without the marks of some reviewers; they and all submissions keep their places."""
        kept = ~np.isin(self.column, [i for i, name in enumerate(self.reviewers) if name in reviewers])
        return Marks(self.submissions, self.reviewers, self.row[kept], self.column[kept], self.value[kept])

    def grid(self) -> Float:
        """(n_submissions, n_reviewers), nan where there is no mark."""
        grid = np.full((len(self.submissions), len(self.reviewers)), np.nan)
        grid[self.row, self.column] = self.value
        return grid

    def by_submission(self) -> list[Float]:
        """The values of each submission."""
        n = len(self.submissions)
        return np.split(self.value, np.cumsum(np.bincount(self.row, minlength=n))[:-1]) if n else []

    def components(self) -> Int:
        """A number for each submission: those of one number are joined by chains of shared reviewers.

        Submissions of different numbers were seen by nobody in common, so that no correction can compare them. A
        submission without a mark is alone.

        >>> Marks.of([Mark("a", "x", 1), Mark("b", "x", 2), Mark("c", "y", 3)]).components().tolist()
        [0, 0, 1]
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        n, m = len(self.submissions), len(self.reviewers)
        ones = np.ones(len(self.value))
        graph = coo_array((ones, (self.row, n + self.column)), shape=(n + m, n + m))
        _, labels = connected_components(graph, directed=False)
        _, numbers = np.unique(labels[:n], return_inverse=True)
        return numbers.astype(np.int64)
