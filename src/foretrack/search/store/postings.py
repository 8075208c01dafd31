"""What is asked of a database's inverted index, and who answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from django.db.backends.base.base import BaseDatabaseWrapper

from foretrack.foundation.errors import InputError

Ints = npt.NDArray[np.int64]


class Words(NamedTuple):
    """The words of one part, as stored: joined by spaces."""

    id: int
    title: str
    body: str
    more: str


class Postings(Protocol):
    """An inverted index inside a database."""

    def create(self) -> Sequence[str]:
        """The statements that make it."""
        ...

    def drop(self) -> Sequence[str]:
        """The statements that remove it."""
        ...

    def add(self, rows: Iterable[Words]) -> None:
        """Enters parts that are not there yet."""
        ...

    def remove(self, rows: Iterable[Words]) -> None:
        """Takes parts out; the words must be those that were entered."""
        ...

    def forget(self) -> None:
        """Rewrites the index without what was taken out of it, after an erasure."""
        ...

    def standing(self, word: str, *, title_only: bool = False, beginning: bool = False) -> Ints:
        """Ids of the parts in which a word stands, in no particular order.

        Args:
            title_only: in the title.
            beginning: any word that begins with it.
        """
        ...


def postings(connection: BaseDatabaseWrapper) -> Postings:
    """The inverted index of a database. InputError for one that is neither SQLite nor PostgreSQL."""
    if connection.vendor == "sqlite":
        from foretrack.search.store.sqlite import SqlitePostings

        return SqlitePostings(connection)
    if connection.vendor == "postgresql":
        from foretrack.search.store.postgresql import PostgresPostings

        return PostgresPostings(connection)
    raise InputError.of(
        "search cannot work in a database of the kind {vendor}",
        expected="SQLite or PostgreSQL", do="correct the database in foretrack.toml", vendor=connection.vendor,
    )  # fmt: skip


def as_numbers(joined: str | None) -> Ints:
    """Ids out of a text of numbers with commas.

    >>> as_numbers("3,1").tolist(), as_numbers(None).tolist()
    ([3, 1], [])
    """
    return np.fromstring(joined, dtype=np.int64, sep=",") if joined else np.zeros(0, np.int64)
