"""What matching leaves for the worker: meanings, standing matches, the mail of the day, and what imports left behind."""

from __future__ import annotations

from datetime import timedelta

from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.schedule import repeat

EVERY = timedelta(minutes=5)
AT_A_TIME = 2_000


@job(Terms(most_attempts=3))
def catch_up(run: Run) -> None:
    """Shelves what is not shelved yet (after an upgrade, a restored backup), then makes the meanings that are missing."""
    from foretrack.matching.actions.shelving import shelve_missing

    shelve_missing(run.registry, AT_A_TIME)


@job(Terms(most_attempts=5))
def meet(run: Run, keys: list[str]) -> None:
    """Makes the meanings of records that are new on the shelf."""


def plan() -> None:
    """Makes it due every few minutes."""
    repeat("matching: catch up", catch_up, EVERY)
