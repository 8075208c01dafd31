"""What the API keeps is forgotten: answers after a day, counts after an hour, and what was erased at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.schedule import repeat
from foretrack.registry.models import Record
from foretrack.registry.signals import erased

KEPT_COUNTS = timedelta(hours=1)


@job(Terms(whole=True))
def forget(run: Run) -> None:
    """Deletes answers that have expired, and old counts."""
    from foretrack.api.models import Asked, KeptAnswer
    from foretrack.api.quotas import STRETCH

    now = run.registry.now()
    KeptAnswer.objects.filter(expires_at__lt=now).delete()
    Asked.objects.filter(stretch__lt=int((now - KEPT_COUNTS).timestamp()) // STRETCH).delete()


def plan() -> None:
    """Makes it due every hour."""
    repeat("forget answers", forget, timedelta(hours=1), timedelta(minutes=20))


def forget_erased(record: Record, **_: Any) -> None:
    """Takes kept answers that name a record away, with its erasure."""
    from foretrack.api.models import KeptAnswer

    KeptAnswer.objects.filter(body__contains=record.key).update(body="", headers={}, erased=True)


def listen() -> None:
    """Follows erasures."""
    erased.connect(forget_erased, dispatch_uid="api: forget erased")
