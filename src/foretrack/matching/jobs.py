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
    from foretrack.matching.actions.meanings import make_meanings
    from foretrack.matching.actions.shelving import shelve_missing
    from foretrack.search.actions.embedding import model

    shelve_missing(run.registry, AT_A_TIME)
    make_meanings(model(), most=AT_A_TIME)


@job(Terms(most_attempts=5))
def meet(run: Run, keys: list[str]) -> None:
    """Makes the meanings of records that are new on the shelf, and looks for their matches."""
    from foretrack.matching.actions.standing import meet_records

    meet_records(run.registry, keys)


def plan() -> None:
    """Makes the first due every few minutes, and the messages of the day every morning (Beijing), at midnight UTC."""
    from foretrack.matching.telling import tell_all

    repeat("matching: catch up", catch_up, EVERY)
    repeat("matching: messages", tell_all, timedelta(days=1))
