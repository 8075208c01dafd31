"""The command `jobs`: what is in the queue, what failed and why, and to try again."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from foretrack.foundation.errors import InputError
from foretrack.registry.doors.acting import As, acting
from foretrack.terminal.session import Session
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.jobs.actions import JobPage


def jobs(
    session: Session,
    step: Annotated[str, typer.Argument(help="list, show or retry.", metavar="[STEP]")] = "list",
    task: Annotated[
        str | None, typer.Argument(help="show, retry: identifier of the job.", metavar="[JOB]")
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", help="list: only waiting, running, done or failed.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", help="list: at most so many.", min=1, max=1000)] = 50,
    as_: As = None,
) -> None:
    """Show what waits in the queue, what failed and why, and try a job again."""
    if step not in ("list", "show", "retry"):
        raise InputError.of(
            "{step!r} is no step of this command", expected="one of {known}", do="see `foretrack jobs --help`",
            step=step, known="list, show, retry",
        )  # fmt: skip
    if (step == "list") != (task is None):
        raise InputError.of(
            "list takes no job" if step == "list" else "no job is named",
            expected="a job for show and retry only",
            do="see `foretrack jobs --help`",
        )
    registry, actor = acting(session, as_)
    from foretrack.jobs.actions import count_jobs, list_jobs, retry_job, show_job

    if step == "list":
        lines, counts = list_jobs(actor, state=state, limit=limit), count_jobs(actor)
        session.data({"counts": counts, "jobs": [asdict(line) for line in lines]})
        say = session.say
        columns = (
            Column(say("Job"), wrap=False), Column(say("Work")), Column(say("State"), wrap=False),
            Column(say("Attempts"), "right"), Column(say("Enqueued"), wrap=False), Column(say("Problem")),
        )  # fmt: skip
        states = {
            "waiting": say("waiting"),
            "running": say("running"),
            "done": say("done"),
            "failed": say("failed"),
        }
        rows = [
            (x.task, x.work.rpartition(".")[2], states[x.state], str(x.attempts), x.enqueued_at, x.problem)
            for x in lines
        ]
        session.answer(table(columns, rows), ", ".join(f"{states[name]} {n}" for name, n in counts.items()))
        return
    page = show_job(actor, task or "") if step == "show" else retry_job(registry, actor, task or "")
    _page(session, page)


def _page(session: Session, page: JobPage) -> None:
    session.data(
        {
            "job": asdict(page.line),
            "arguments": page.arguments,
            "problems": page.problems,
            "traceback": page.traceback,
        }
    )
    line = page.line
    session.answer(f"{line.task}  {line.work}  {line.state}")
    for problem in page.problems:
        session.answer(f"{problem['at']}  {problem['attempt']}  {problem['what']}")
    if page.traceback and session.verbose:
        session.answer(page.traceback)
