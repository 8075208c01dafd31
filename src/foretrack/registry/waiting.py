"""Notes that are worth a moment's wait and no more: they must not hold up a reader while a long import writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PATIENCE_MS = 50


@contextmanager
def impatient() -> Iterator[None]:
    """On SQLite, statements inside wait for their turn to write only for a moment; then they raise OperationalError.

    On PostgreSQL nothing changes: there a writer holds up only those who write the same row.
    """
    _wait(PATIENCE_MS)
    try:
        yield
    finally:
        _wait(int(connection.settings_dict.get("OPTIONS", {}).get("timeout", 5) * 1000))


def _wait(milliseconds: int) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {milliseconds:d}")
