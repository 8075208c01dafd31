"""What the exchange leaves for the worker: deals, catalogues and first sets are looked at once a day."""

from __future__ import annotations

from datetime import timedelta

from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.schedule import repeat


@job(Terms(most_attempts=3))
def end(run: Run) -> None:
    """Lets end what is over."""
    from foretrack.domains.exchange.actions.ending import end_what_is_over

    end_what_is_over(run.registry)


def plan() -> None:
    """Makes it due every night."""
    repeat("exchange: end what is over", end, timedelta(days=1), timedelta(minutes=40))
