"""`foretrack serve` as a program: the worker of the queue beside it, and an orderly end of both."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from time import monotonic, sleep
from urllib.request import urlopen

import psutil
import pytest
from tests.site.serving import PROGRAM


@pytest.mark.slow
def test_the_worker_of_the_queue_runs_beside_the_site_and_ends_with_it(
    filled_workspace: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    folder = tmp_path / "workspace"
    shutil.copytree(filled_workspace[0], folder)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("FORETRACK_", "DJANGO_"))}
    command = [*PROGRAM, "serve", "--json", "--port", "0", "--workers", "1", "--workspace", str(folder)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        said = "".join(iter(server.stdout.readline, "}\n"))
        address = json.loads(said + "}")["address"]
        with urlopen(f"{address}healthz", timeout=30) as answer:
            assert json.load(answer) == {"status": "ok"}
        began = monotonic()
        workers: list[psutil.Process] = []
        while not workers and monotonic() - began < 60:
            sleep(0.2)
            workers = [
                child
                for child in psutil.Process(server.pid).children(recursive=True)
                if "worker" in child.cmdline()
            ]
        assert len(workers) == 1

        server.send_signal(signal.SIGTERM)

        assert server.wait(60) == 0
        assert not workers[0].is_running() or workers[0].status() == psutil.STATUS_ZOMBIE


def test_serving_others_without_production_settings_ends_with_what_to_do(
    filled_workspace: tuple[Path, dict[str, str]],
) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("FORETRACK_", "DJANGO_"))}
    done = subprocess.run(
        [*PROGRAM, "serve", "--host", "0.0.0.0", "--lang", "zh", "--workspace", filled_workspace[0]],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert "尚未为此配置" in done.stderr
