"""What is dear to make is made once in a run, by whichever worker needs it first, and shared by all of them.

A session's fixture is made anew in every worker of pytest-xdist. What is only read, or copied before it is written to,
does not have to be.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def once_in_a_run(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name that `make` filled, in this worker or in another; whoever reads it leaves it as it is.

    When `make` fails, what it left is removed and the next worker tries again.
    """
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, whole = shared / "once" / name, shared / "once" / f"{name}.whole"
    folder.parent.mkdir(exist_ok=True)
    with (shared / "once" / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            whole.touch()
    return folder
