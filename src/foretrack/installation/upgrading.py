"""What has to be made anew after the tables were brought to a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foretrack.foundation.progress import Progress, silent

if TYPE_CHECKING:
    from foretrack.registry.registry import Registry


def make_anew(registry: Registry, *, progress: Progress = silent) -> int:
    """Derives what follows from the bodies of all records and indexes them and the lists; number of records.

    Done twice it changes nothing, so an upgrade that was stopped is simply run again.
    """
    from foretrack.lists.actions import searchable
    from foretrack.registry.actions.deriving import derive_all
    from foretrack.search.actions.indexing import reindex
    from foretrack.search.actions.records import UNIT, all_records

    derived = derive_all(registry, progress=progress)
    reindex(all_records(registry), units=[UNIT], report=progress)
    reindex(searchable.things(), units=[searchable.UNIT], report=progress)
    return derived
