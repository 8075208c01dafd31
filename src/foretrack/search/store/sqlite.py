"""SQLite: a contentless FTS5 table over our words, one column for titles, one for the rest of what is asked for.

Our words are letters and digits or characters beyond ASCII, so the tokenizer `ascii` splits at our spaces and
nowhere else, whatever SQLite's tables of characters know. The table is contentless without `contentless_delete`,
which came with SQLite 3.43: what leaves is named word by word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

from foretrack.search.store.postings import Ints, Words, as_numbers


class SqlitePostings:
    """The inverted index of an SQLite database."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    def create(self) -> Sequence[str]:
        """The statements that make it."""
        # detail=column keeps no positions: phrases are compared with the stored words.
        return (
            "CREATE VIRTUAL TABLE search_postings USING fts5"
            "(title, body, more, content='', tokenize='ascii', detail=column, columnsize=0)",
        )

    def drop(self) -> Sequence[str]:
        """The statements that remove it."""
        return ("DROP TABLE IF EXISTS search_postings",)

    def add(self, rows: Iterable[Words]) -> None:
        """Enters parts that are not there yet."""
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_postings (rowid, title, body, more) VALUES (%s, %s, %s, %s)",
                [tuple(row) for row in rows],
            )

    def remove(self, rows: Iterable[Words]) -> None:
        """Takes parts out; the words must be those that were entered."""
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_postings (search_postings, rowid, title, body, more)"
                " VALUES ('delete', %s, %s, %s, %s)",
                [tuple(row) for row in rows],
            )

    def forget(self) -> None:
        """Rewrites the index without what was taken out of it.

        FTS5 only marks words as deleted, until it merges; `secure-delete` came with SQLite 3.42.
        """
        with self._connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_postings (search_postings) VALUES ('optimize')")

    def standing(self, word: str, *, title_only: bool = False, beginning: bool = False) -> Ints:
        """Ids of the parts in which a word stands."""
        asked = f'{"title : " if title_only else ""}"{word}"{" *" if beginning else ""}'
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT group_concat(rowid) FROM search_postings WHERE search_postings MATCH %s", [asked]
            )
            return as_numbers(cursor.fetchone()[0])
