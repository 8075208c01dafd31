"""What operators ask of the queue: what is in it, what failed and why, and to try again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from foretrack.foundation.clock import timestamp
from foretrack.foundation.errors import InputError
from foretrack.jobs.models import Job
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import require
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.registry import Registry

STATES: Mapping[str, TaskResultStatus] = {
    "waiting": TaskResultStatus.READY,
    "running": TaskResultStatus.RUNNING,
    "done": TaskResultStatus.SUCCESSFUL,
    "failed": TaskResultStatus.FAILED,
}
_NAMES = {status: name for name, status in STATES.items()}


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job as an operator sees it."""

    task: str
    work: str
    """What is done: the path of the function."""
    state: str
    attempts: int
    key: str | None
    enqueued_at: str
    due_at: str | None
    """None: at once."""
    finished_at: str | None
    worker: str
    problem: str
    """Of the last attempt that failed."""


@dataclass(frozen=True, slots=True)
class JobPage:
    """One job with all that is known of it."""

    line: JobLine
    arguments: tuple[Any, ...]
    problems: tuple[Mapping[str, Any], ...]
    traceback: str


def list_jobs(actor: Actor, *, state: str | None = None, limit: int = 50) -> tuple[JobLine, ...]:
    """The latest jobs, newest first; `state` is waiting, running, done or failed."""
    require(actor, "operate")
    found = DBTaskResult.objects.order_by("-enqueued_at", "pk")
    if state is not None:
        if state not in STATES:
            raise InputError.of(
                "no job is {state!r}", expected="one of {known}", do="correct the state", state=state,
                known=", ".join(STATES),
            )  # fmt: skip
        found = found.filter(status=STATES[state])
    return tuple(_line(result) for result in found.select_related("job")[:limit])


def count_jobs(actor: Actor) -> dict[str, int]:
    """How many jobs are in each state."""
    from django.db.models import Count

    require(actor, "operate")
    counted = dict(
        DBTaskResult.objects.order_by()
        .values_list("status")
        .annotate(n=Count("pk"))
        .values_list("status", "n")
    )
    return {name: counted.get(status, 0) for name, status in STATES.items()}


def show_job(actor: Actor, task: str) -> JobPage:
    """All that is known of one job."""
    require(actor, "operate")
    result = _find(task)
    job = getattr(result, "job", None)
    return JobPage(
        _line(result), tuple(result.args_kwargs["args"]), tuple(job.problems if job else ()), result.traceback
    )


def retry_job(registry: Registry, actor: Actor, task: str) -> JobPage:
    """Puts a job that failed, or that waits for its next attempt, to the front: all its attempts begin anew."""
    require(actor, "operate")
    with transaction.atomic():
        head = take_number()
        result = DBTaskResult.objects.select_for_update().get(pk=_find(task).pk)
        state = _NAMES[TaskResultStatus[result.status]]
        if state not in ("failed", "waiting"):
            raise InputError.of(
                "this job is {state}", expected="one that failed or waits", do="look at it with `foretrack jobs show`",
                state=state,
            )  # fmt: skip
        DBTaskResult.objects.filter(pk=result.pk).update(
            status=TaskResultStatus.READY, run_after=get_date_max(), finished_at=None
        )
        Job.objects.filter(pk=result.pk).update(attempts=0)
        log(registry, actor, "retry job", f"job:{result.pk}", details={"work": result.task_path}, head=head)
    return show_job(actor, task)


def _find(task: str) -> DBTaskResult[Any, Any]:
    try:
        result = DBTaskResult.objects.select_related("job").filter(pk=UUID(task)).first()
    except ValueError:
        result = None
    if result is None:
        raise InputError.of(
            "there is no job {task!r}",
            expected="the identifier of a job",
            do="look at `foretrack jobs`",
            task=task[:60],
        )
    return result


def _line(result: DBTaskResult[Any, Any]) -> JobLine:
    job = getattr(result, "job", None)
    due = None if result.run_after == get_date_max() else timestamp(result.run_after)
    return JobLine(
        task=str(result.pk), work=result.task_path, state=_NAMES[TaskResultStatus[result.status]],
        attempts=job.attempts if job else 0, key=job.key if job else None, enqueued_at=timestamp(result.enqueued_at),
        due_at=due, finished_at=timestamp(result.finished_at) if result.finished_at else None,
        worker=job.worker if job else "", problem=job.problems[-1]["what"] if job and job.problems else "",
    )  # fmt: skip
