"""The command `worker`: does what waits in the queue."""

from __future__ import annotations

from typing import Annotated

import typer

from foretrack.registry.doors.acting import acting
from foretrack.terminal.session import Session


def worker(
    session: Session,
    once: Annotated[bool, typer.Option("--once", help="End when nothing is ready any more.")] = False,
) -> None:
    """Do what waits in the queue: messages, alerts, digests and everything that is due at night."""
    registry, _ = acting(session)
    import logging

    from foretrack.jobs.worker import Worker

    logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
    one = Worker(registry)
    one.stop_on_signals()
    session.note(
        session.say("The worker {name} begins. Ctrl-C ends it after the job at hand.", name=one.name)
    )
    begun = one.run(once=once)
    session.data({"jobs": begun})
    session.answer(session.say("{n} jobs were begun.", n=begun))
