"""The queue, for operators: what waits, what failed and why, and trying again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from foretrack.jobs.actions import STATES, JobLine, JobPage, count_jobs, list_jobs, retry_job, show_job
from foretrack.web.addresses import address, named_in_address
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, say

STATE_WORDS = Words({"waiting": "Waiting", "running": "Running", "done": "Done", "failed": "Failed"})
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Tab:
    """The jobs in one state."""

    href: str
    text: str
    n: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job in the list."""

    line: JobLine
    href: str
    work: str
    """The last part of its path, as people call it."""
    state_word: str


@dataclass(frozen=True)
class JobsPage(Page):
    """The queue."""

    template: ClassVar[str] = "foretrack/jobs.html"
    table: ClassVar[str] = "rows"

    tabs: tuple[Tab, ...]
    rows: tuple[JobRow, ...]
    most: int


@dataclass(frozen=True)
class JobView(Page):
    """One job."""

    template: ClassVar[str] = "foretrack/job.html"

    row: JobRow
    job: JobPage
    may_retry: bool


def _row(line: JobLine) -> JobRow:
    return JobRow(
        line,
        address("job", line.task),
        line.work.rpartition(".")[2].replace("_", " "),
        say(STATE_WORDS[line.state]),
    )


@require_safe
def jobs(request: Request) -> HttpResponse:
    """The latest jobs, by state."""
    state = request.GET.get("state", "")
    found = list_jobs(request.actor, state=state or None, limit=AT_ONCE)
    counts = count_jobs(request.actor)
    tabs = (
        Tab(address("jobs"), say("All"), sum(counts.values()), not state),
        *(Tab(f"?state={name}", say(STATE_WORDS[name]), counts[name], name == state) for name in STATES),
    )
    return render(request, JobsPage(tabs, tuple(map(_row, found)), AT_ONCE))


def _job(request: Request, task: str) -> JobPage:
    with named_in_address():
        return show_job(request.actor, task)


@require_safe
def job(request: Request, task: UUID) -> HttpResponse:
    """One job, with every attempt that failed."""
    found = _job(request, str(task))
    return render(request, JobView(_row(found.line), found, found.line.state in ("failed", "waiting")))


@require_POST
def retry(request: Request, task: UUID) -> HttpResponse:
    """Puts a job to the front."""
    _job(request, str(task))
    retry_job(request.registry, request.actor, str(task))
    messages.success(request, say("The job stands at the front of the queue; all its attempts begin anew."))
    return HttpResponseRedirect(address("job", task))
