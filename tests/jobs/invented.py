"""Invented jobs: each leaves a trace in the audit log or in a file, so that runs can be counted."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from foretrack.accounts.actors import OPERATOR
from foretrack.foundation.errors import InputError
from foretrack.jobs.declaring import HopelessError, Run, Terms, job
from foretrack.registry.actions.log import log


@job(Terms(whole=True))
def write_down(run: Run, what: str) -> None:
    """Writes into the database only."""
    log(run.registry, OPERATOR, "written down", f"test:{what}")


@job(Terms(whole=True))
def write_down_and_die_once(run: Run, what: str, folder: str) -> None:
    """Writes into the database; the first attempt is killed after that, before it is marked as done."""
    log(run.registry, OPERATOR, "written down", f"test:{what}")
    if run.attempt == 1:
        os.kill(os.getpid(), signal.SIGKILL)


@job()
def leave_a_line_and_die_once(run: Run, folder: str) -> None:
    """Does something outside the database; the first attempt is killed after that."""
    with (Path(folder) / "lines").open("a") as file:
        file.write(f"{run.task}\n")
    if run.attempt == 1:
        os.kill(os.getpid(), signal.SIGKILL)


@job()
def leave_alone(run: Run, folder: str, number: int) -> None:
    """Notices when it is not alone, and leaves a line."""
    mark = Path(folder) / f"running-{number}"
    mark.mkdir()  # fails when another worker does the same task
    time.sleep(0.02)
    with (Path(folder) / "lines").open("a") as file:
        file.write(f"{number}\n")
    mark.rmdir()


@job()
def take_your_time(run: Run, folder: str) -> None:
    """Says that it has begun, and goes on when it is told to."""
    (Path(folder) / "begun").touch()
    for _ in range(600):
        if (Path(folder) / "go").exists():
            break
        time.sleep(0.05)
    (Path(folder) / "ended").touch()


@job(Terms(most_attempts=3))
def fail(run: Run) -> None:
    """Always fails."""
    raise InputError(f"attempt {run.attempt}")


@job()
def give_up(run: Run) -> None:
    """Fails for good."""
    raise HopelessError("the address does not exist")
