"""A queue with a clock that can be moved, and workspaces whose workers are processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from foretrack.cli.main import run
from foretrack.foundation.clock import fixed_clock
from foretrack.installation.kinds import load_kinds
from foretrack.registry.registry import Registry

ROOT = Path(__file__).parents[2]


class Hands:
    """A clock that somebody moves."""

    def __init__(self) -> None:
        self.now = fixed_clock("2026-03-02T09:00:00")()

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def registry(db: None, tmp_path: Path, clock: Hands) -> Registry:
    return Registry(
        load_kinds(), clock, tmp_path / "attachments", lambda day, n: day + timedelta(days=n), lambda *_: 5
    )


Python = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with tables: making them takes seconds, copying them does not."""
    folder = tmp_path_factory.mktemp("template") / "w"
    run(["init", "--workspace", str(folder)])
    answer(folder, "")
    return folder


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(template, tmp_path / "w"))


def environment(folder: Path) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    kept.pop("FORETRACK_DATABASE", None)
    return {**kept, "PYTHONPATH": path, "FORETRACK_WORKSPACE": str(folder)}


OPEN = """
import os, sys
from pathlib import Path
from foretrack.installation.opening import open_registry
registry = open_registry(Path(os.environ["FORETRACK_WORKSPACE"]), os.environ)
from foretrack.jobs.queueing import enqueue
from foretrack.jobs.worker import Worker
from tests.jobs import invented
"""


def python(folder: Path, code: str) -> subprocess.Popen[str]:
    """Another process that has the workspace open and runs the code."""
    return subprocess.Popen(
        [sys.executable, "-c", OPEN + code], env=environment(folder), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def answer(folder: Path, code: str) -> str:
    """What the code prints in another process; AssertionError when it fails."""
    process = python(folder, code)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.strip()
