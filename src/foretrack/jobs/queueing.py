"""Puts a job into the queue, inside the transaction of whoever asks for it: both happen or neither."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from foretrack.jobs.models import Job


def enqueue(work: Any, /, *arguments: Any, key: str | None = None, after: datetime | None = None) -> str:
    """Identifier of the task that will do `work` (a function declared with `job`).

    Args:
        key: names the purpose (`digest:CHANNEL:2026-03-01`). While a job with the key is on record, also done or failed,
            no second one is made and its identifier is given back.
        after: not before this moment.
    """
    try:
        with transaction.atomic():
            if key is not None and (known := Job.objects.filter(key=key).first()) is not None:
                return str(known.task_id)
            result = work.using(run_after=after).enqueue(*arguments)
            Job.objects.create(task_id=result.db_result.pk, key=key)
            return str(result.db_result.pk)
    except IntegrityError:
        # Somebody else enqueued the key in the same moment; on PostgreSQL we waited for that transaction.
        known = Job.objects.filter(key=key).first() if key is not None else None
        if known is None:
            raise
        return str(known.task_id)
