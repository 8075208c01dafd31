"""The queue: what was done behind the scenes, and what failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from foretrack.jobs import actions
from foretrack.jobs.actions import JobLine, JobPage
from foretrack.registry.access.permission import require
from foretrack.web.addresses import named_in_address
from foretrack.web.cursors import Limit
from foretrack.web.rendering import Request
from foretrack.web.routes import Routes

ROUTES = Routes("jobs", "Jobs")
Task = Annotated[str, Field(max_length=64, pattern=r"^[0-9a-f-]{32,36}$")]


@dataclass(frozen=True, slots=True)
class Jobs:
    """The latest jobs, and how many are in each state."""

    items: tuple[JobLine, ...]
    counts: dict[str, int]


@ROUTES.get("/jobs", "The latest jobs", answers=Jobs)
def list_jobs(
    request: Request, state: Literal["waiting", "running", "done", "failed"] | None = None, limit: Limit = 50
) -> Jobs:
    return Jobs(actions.list_jobs(request.actor, state=state, limit=limit), actions.count_jobs(request.actor))


@ROUTES.get("/jobs/{task}", "All that is known of a job", answers=JobPage)
def show_job(request: Request, task: Task) -> JobPage:
    require(request.actor, "operate")
    with named_in_address():
        return actions.show_job(request.actor, task)


@ROUTES.post("/jobs/{task}/retry", "Try a job again that failed", answers=JobPage)
def retry_job(request: Request, task: Task) -> JobPage:
    require(request.actor, "operate")
    with named_in_address():
        actions.show_job(request.actor, task)
    return actions.retry_job(request.registry, request.actor, task)
