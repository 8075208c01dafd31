"""What the worker does for the lookout: a new scan can be found by the search box within minutes, without a command.

Every process that opens a registry plans this, so nothing heavy is loaded before the job runs.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from foretrack.foundation.progress import Progress, silent
from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.schedule import repeat

if TYPE_CHECKING:
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.results import Scan

EVERY = timedelta(minutes=5)
UNITS = ("concept", "technology")
"""Documents are many: `foretrack searchable` puts them in for whoever wants them."""
MARK = "searchable.txt"
"""In the workspace's `cache/`: which scan was put into which index."""


@job(Terms(most_attempts=3, seconds=3600))
def index_newest(run: Run) -> None:
    """Puts the newest scan of the whole corpus into the index, unless it stands there already."""
    from foretrack.domains.foresight.doors.web.reading import read
    from foretrack.foundation.errors import EvidenceError
    from foretrack.search.actions.stating import holds

    try:
        reading = read({})
    except EvidenceError:
        return
    file = _mark(reading.workspace)
    if holds("concept") and file.is_file() and file.read_text(encoding="utf-8") == reading.scan.name:
        return
    make_findable(reading.workspace, reading.scan)


def make_findable(workspace: Workspace, scan: Scan, *, report: Progress = silent) -> None:
    """Puts the concepts and technologies of a scan into the index, in the place of those that stand there."""
    from foretrack.domains.foresight.actions.searchable import searchable
    from foretrack.search.actions.indexing import reindex

    reindex(searchable(workspace, scan, documents=False), units=UNITS, report=report)
    file = _mark(workspace)
    file.parent.mkdir(exist_ok=True)
    file.write_text(scan.name, encoding="utf-8")


def _mark(workspace: Workspace) -> Path:
    return workspace.root / "cache" / MARK


def plan() -> None:
    """Makes it due every few minutes."""
    repeat("lookout: index the newest scan", index_newest, EVERY)
