"""Forgets tasks that are done, so that the queue stays small; failed ones stay for a quarter."""

from __future__ import annotations

from datetime import timedelta

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.schedule import repeat

KEPT = timedelta(days=14)
KEPT_FAILED = timedelta(days=90)


@job(Terms(whole=True))
def prune(run: Run) -> None:
    """Deletes tasks that were done more than a fortnight ago, and failed ones after a quarter."""
    now = run.registry.now()
    for status, kept in ((TaskResultStatus.SUCCESSFUL, KEPT), (TaskResultStatus.FAILED, KEPT_FAILED)):
        DBTaskResult.objects.filter(status=status, finished_at__lt=now - kept).delete()


def plan() -> None:
    """Makes it due every day."""
    repeat("prune", prune, timedelta(days=1), timedelta(hours=1))
