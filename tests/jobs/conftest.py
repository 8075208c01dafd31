"""A queue with a clock that can be moved, and workspaces whose workers are processes of their own."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

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


DATABASE = os.environ.get("FORETRACK_TEST_DATABASE", "")
"""With PostgreSQL each workspace gets a database of its own, copied like its folder."""


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> Iterator[Path]:
    """A workspace with tables: making them takes seconds, copying them does not."""
    folder = tmp_path_factory.mktemp("template") / f"jobs_template_{os.getpid()}_{secrets.token_hex(4)}"
    run(["init", "--workspace", str(folder)])
    on_server(f"DROP DATABASE IF EXISTS {folder.name}", f"CREATE DATABASE {folder.name}")
    if DATABASE:
        answer(folder, "")
    else:
        shutil.copy(tables, folder)
    yield folder
    on_server(f"DROP DATABASE IF EXISTS {folder.name} WITH (FORCE)")


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Iterator[Path]:
    name = f"jobs_{os.getpid()}_{secrets.token_hex(4)}"
    on_server(f"CREATE DATABASE {name} TEMPLATE {template.name}")
    yield Path(shutil.copytree(template, tmp_path / name))
    on_server(f"DROP DATABASE {name} WITH (FORCE)")


def on_server(*statements: str) -> None:
    """Runs statements on the server of the tests, if there is one."""
    if DATABASE:
        import psycopg

        with psycopg.connect(DATABASE, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


def environment(folder: Path) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    kept.pop("FORETRACK_DATABASE", None)
    if DATABASE:
        kept["FORETRACK_DATABASE"] = urlsplit(DATABASE)._replace(path=f"/{folder.name}").geturl()
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
