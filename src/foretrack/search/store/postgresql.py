"""PostgreSQL: one `tsvector` of our words for each part, under a GIN index.

The vectors are made of arrays of words, so no dictionary or parser of PostgreSQL touches them, and no limit on
positions applies: there are none. A word of the title is entered twice, the second time with a mark in front.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

from foretrack.search.store.postings import Ints, Words, as_numbers
from foretrack.search.words import BORDER

IN_TITLE = "^"
"""In front of a word that stands in the title; no word of ours has it."""


class PostgresPostings:
    """The inverted index of a PostgreSQL database."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    def create(self) -> Sequence[str]:
        """The statements that make it."""
        return (
            "CREATE TABLE search_postings (id bigint PRIMARY KEY, words tsvector NOT NULL)",
            "CREATE INDEX search_postings_words ON search_postings USING gin (words)",
        )

    def drop(self) -> Sequence[str]:
        """The statements that remove it."""
        return ("DROP TABLE IF EXISTS search_postings",)

    def add(self, rows: Iterable[Words]) -> None:
        """Enters parts that are not there yet."""
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_postings (id, words) VALUES (%s, array_to_tsvector(%s))",
                [(row.id, sorted(_words(row))) for row in rows],
            )

    def remove(self, rows: Iterable[Words]) -> None:
        """Takes parts out."""
        with self._connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_postings WHERE id = ANY(%s)", [[row.id for row in rows]])

    def forget(self) -> None:
        """Nothing: a deleted row stays until VACUUM like any other (docs/guide/privacy.md)."""

    def standing(self, word: str, *, title_only: bool = False, beginning: bool = False) -> Ints:
        """Ids of the parts in which a word stands."""
        marked = f"{IN_TITLE if title_only else ''}{word}"
        asked = "'" + marked.replace("\\", "\\\\").replace("'", "''") + "'" + (":*" if beginning else "")
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(id::text, ',') FROM search_postings WHERE words @@ %s::tsquery", [asked]
            )
            return as_numbers(cursor.fetchone()[0])


def _words(row: Words) -> set[str]:
    title = {word for word in row.title.split(" ") if word not in ("", BORDER)}
    other = {word for word in (*row.body.split(" "), *row.more.split(" ")) if word not in ("", BORDER)}
    return title | other | {IN_TITLE + word for word in title}
