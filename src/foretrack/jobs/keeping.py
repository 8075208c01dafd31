"""Keeps a worker running beside a server: starts it as a process of its own, and again whenever it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

PAUSE = 5.0
"""Seconds before a worker that ended is started again."""
PATIENCE = 30.0
"""Seconds that a worker has for the job at hand when the server ends."""

_RUN = "import sys; from foretrack.cli.main import run; sys.exit(run(sys.argv[1:]))"


class KeptWorker:
    """A worker of a workspace, from entering to leaving: `with KeptWorker(workspace, os.environ): serve()`."""

    def __init__(self, workspace: Path, environment: Mapping[str, str], *, pause: float = PAUSE) -> None:
        self._command = [sys.executable, "-c", _RUN, "worker", "--quiet", "--workspace", str(workspace)]
        self._environment = dict(environment)
        self._pause = pause
        self._ended = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="worker", daemon=True)

    @property
    def process_id(self) -> int | None:
        """Of the worker that runs now."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def __enter__(self) -> KeptWorker:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lets the worker finish its job; after half a minute it is killed, and the job goes back into the queue."""
        self._ended.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._ended.is_set():
            # A process group of its own: Ctrl-C reaches the server, which then tells the worker in order.
            self._process = subprocess.Popen(
                self._command, env=self._environment, start_new_session=os.name == "posix"
            )
            while self._process.poll() is None and not self._ended.wait(0.2):
                pass
            if not self._ended.is_set():
                self._ended.wait(self._pause)
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
