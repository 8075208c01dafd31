"""Workspaces of their own for tests with several processes: a migrated one is made once and copied."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATABASE = os.environ.get("FORETRACK_TEST_DATABASE", "")

BEGIN = """
import json, os, signal, sys, time
from pathlib import Path
from foretrack.installation.opening import open_registry
workspace = Path(sys.argv[1])
registry = open_registry(workspace, os.environ)
from django.db import connection
from foretrack.accounts.actors import OPERATOR
from foretrack.registry.actions.checking import check_history
from foretrack.registry.actions.records import create, edit, move
from foretrack.registry.models import AuditEntry, Record, Revision

def organisation(name, **values):
    return create(registry, OPERATOR, "organisation", {"name": {"en": name}, "sort_of": "company", **values}).key

def in_a_child(run):
    \"\"\"Runs in a process of its own, with a connection of its own; its exit code, negative for a signal.\"\"\"
    connection.close()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            run()
            code = 0
        finally:
            os._exit(code)
    return child

def ended(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
"""


def run(script: str, workspace: Path, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """What a script printed, run in a process of its own that has opened the workspace's registry."""
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", BEGIN + script, str(workspace), *arguments],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **(environment or {})}, capture_output=True,
        text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


collect_ignore = (
    ["test_backups.py", "test_erased_bytes.py", "test_full_disk.py"]
    if DATABASE
    else ["test_backups_postgresql.py"]
)
"""What is about a file of SQLite, and what is about PostgreSQL's own programs."""


def _settings(address: str) -> str:
    return "[workspace]\nformat = 1\n" + (f'[registry]\ndatabase = "{address}"\n' if address else "")


def beside(name: str) -> str:
    """The address of another database on the server of FORETRACK_TEST_DATABASE."""
    return f"{DATABASE.rpartition('/')[0]}/{name}"


def on_the_server(*statements: str) -> None:
    import psycopg

    with psycopg.connect(DATABASE, autocommit=True) as server:
        for statement in statements:
            server.execute(statement.encode())


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> Iterator[Path]:
    workspace = tmp_path_factory.mktemp("template") / "workspace"
    workspace.mkdir()
    name = f"faults_{os.getpid()}"
    if DATABASE:
        on_the_server(f"CREATE DATABASE {name}")
    (workspace / "foretrack.toml").write_text(_settings(beside(name) if DATABASE else ""), encoding="utf-8")
    if DATABASE:
        run("connection.close()", workspace)
    else:
        shutil.copy(tables, workspace)
    yield workspace
    if DATABASE:
        on_the_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Iterator[Path]:
    """A workspace with an empty registry, in SQLite or where FORETRACK_TEST_DATABASE says."""
    copy = tmp_path / "workspace"
    shutil.copytree(template, copy)
    if not DATABASE:
        yield copy
        return
    name = f"faults_{os.getpid()}_copy"
    on_the_server(f"CREATE DATABASE {name} TEMPLATE faults_{os.getpid()}")
    (copy / "foretrack.toml").write_text(_settings(beside(name)), encoding="utf-8")
    yield copy
    on_the_server(f"DROP DATABASE {name} WITH (FORCE)")
