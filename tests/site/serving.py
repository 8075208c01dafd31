"""The site of a workspace as its users start it: by `foretrack serve`, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = (sys.executable, "-c", "from foretrack.cli.main import main; main()")


def environment() -> dict[str, str]:
    """That of this process, without what would lead to another workspace."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("FORETRACK_", "DJANGO_"))}


def started(workspace: Path, port: int = 0) -> tuple[subprocess.Popen[str], str]:
    """The server, one process beside the one that looks after it, and its address; it answers already."""
    command = [
        *PROGRAM,
        "serve",
        "--json",
        "--port",
        str(port),
        "--workers",
        "1",
        "--no-worker",
        "-w",
        str(workspace),
    ]
    server = subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert server.stdout is not None
    said = "".join(iter(server.stdout.readline, "}\n"))
    return server, str(json.loads(said + "}")["address"])
