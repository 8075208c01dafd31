"""Follows what the registry says while it writes: the index changes in the same transaction, so it is never behind."""

from __future__ import annotations

from typing import Any

from foretrack.registry.signals import changed, erased


def listen() -> None:
    """Connects search with the registry; calling it again changes nothing."""
    changed.connect(_changed, dispatch_uid="foretrack.search")
    erased.connect(_erased, dispatch_uid="foretrack.search")


def _changed(*, records: list[Any], registry: Any, **_: object) -> None:
    from foretrack.search.actions.records import follow

    follow(registry, records)


def _erased(*, record: Any, registry: Any, **_: object) -> None:
    from django.db import connection

    from foretrack.search.actions.records import follow
    from foretrack.search.store.postings import postings

    follow(registry, [record])
    # Costly with a large index, and rare: words of a name must not stay behind in it.
    postings(connection).forget()
