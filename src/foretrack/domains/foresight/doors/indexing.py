"""What the worker does for the lookout: a new scan can be found by the search box within minutes, without a command.

Every process that opens a registry plans this, so nothing heavy is loaded before the job runs.
"""

from __future__ import annotations

from datetime import timedelta

from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.schedule import repeat

EVERY = timedelta(minutes=5)
UNITS = ("concept", "technology")
"""Documents are many: `foretrack searchable` puts them in for whoever wants them."""
MARK = "searchable.txt"
"""In the workspace's `cache/`: which scan was put into which index."""


@job(Terms(most_attempts=3, seconds=3600))
def index_newest(run: Run) -> None:
    """Puts the newest scan of the whole corpus into the index, unless it stands there already."""
    from foretrack.domains.foresight.actions.searchable import searchable
    from foretrack.domains.foresight.doors.web.reading import read
    from foretrack.foundation.errors import EvidenceError
    from foretrack.search.actions.indexing import reindex
    from foretrack.search.actions.stating import state
    from foretrack.web.workspace import workspace_root

    try:
        reading = read({})
    except EvidenceError:
        return
    file = workspace_root() / "cache" / MARK
    indexed = {unit.value: unit.n for unit in state().units}
    if indexed.get("concept") and file.is_file() and file.read_text(encoding="utf-8") == reading.scan.name:
        return
    reindex(searchable(reading.workspace, reading.scan, documents=False), units=UNITS)
    file.parent.mkdir(exist_ok=True)
    file.write_text(reading.scan.name, encoding="utf-8")


def plan() -> None:
    """Makes it due every few minutes."""
    repeat("lookout: index the newest scan", index_newest, EVERY)
