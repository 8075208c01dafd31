"""What enterprises leave for the worker: statuses are watched once a day."""

from __future__ import annotations

from datetime import timedelta

from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.schedule import repeat


@job(Terms(most_attempts=3))
def watch(run: Run) -> None:
    """Opens re-checks, and lets statuses lapse."""
    from foretrack.domains.enterprises.actions.statuses import watch_statuses

    watch_statuses(run.registry)


def plan() -> None:
    """Makes it due every night."""
    repeat("enterprises: watch statuses", watch, timedelta(days=1), timedelta(minutes=30))
