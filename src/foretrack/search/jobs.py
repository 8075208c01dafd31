"""What search leaves for the worker: records that an import left behind, and meanings."""

from __future__ import annotations

from datetime import timedelta

from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.schedule import repeat

EVERY = timedelta(minutes=5)
AT_A_TIME = 20_000
"""Records or meanings of one run, so that no run is broken off for its length."""


@job(Terms(most_attempts=3))
def catch_up(run: Run) -> None:
    """Indexes what imports left behind, then the meanings that are missing."""
    from foretrack.search.actions.embedding import index_pending
    from foretrack.search.actions.records import index_waiting

    index_waiting(run.registry, AT_A_TIME)
    index_pending(5_000)


def plan() -> None:
    """Makes it due every few minutes."""
    repeat("search: catch up", catch_up, EVERY)
