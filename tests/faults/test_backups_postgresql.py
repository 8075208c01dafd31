"""The same for PostgreSQL, by its own programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.conftest import ROOT, beside, on_the_server, run

MAIN = "from foretrack.cli.main import main; main()"

FILL = """
for n in range(5):
    organisation(f"Invented {n}")
"""

LOOK = """
print(json.dumps({
    "findings": [str(f) for f in check_history(registry).findings],
    "log": list(AuditEntry.objects.order_by("number").values_list("hash", flat=True)),
}))
"""


@pytest.fixture
def empty() -> Iterator[str]:
    name = f"faults_{os.getpid()}_new"
    on_the_server(f"CREATE DATABASE {name}")
    yield beside(name)
    on_the_server(f"DROP DATABASE {name} WITH (FORCE)")


def foretrack(*arguments: str, workspace: Path, address: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", MAIN, *arguments, "--workspace", str(workspace), "--json"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **({"FORETRACK_DATABASE": address} if address else {})},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_backup_goes_back_into_an_empty_database_elsewhere(
    workspace: Path, tmp_path: Path, empty: str
) -> None:
    run(FILL, workspace)
    file, there = str(tmp_path / "b.tar.zst"), tmp_path / "elsewhere"
    made = json.loads(foretrack("backup", file, workspace=workspace).stdout)
    run(FILL, workspace)

    assert (made["database"], made["records"]) == ("postgresql", 5)
    refused = foretrack("restore", file, workspace=there)
    assert (refused.returncode, "nothing says into which database" in refused.stderr) == (2, True)
    done = foretrack("restore", file, workspace=there, address=empty)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["findings"] == []
    here, back = (
        json.loads(run(LOOK, folder, environment=more))
        for folder, more in ((workspace, {}), (there, {"FORETRACK_DATABASE": empty}))
    )
    assert here["findings"] == back["findings"] == []
    assert back["log"] == here["log"][:5]
    assert back["log"][-1] == made["log_hash"]


def test_tables_that_are_there_are_replaced_only_when_asked(workspace: Path, tmp_path: Path) -> None:
    run(FILL, workspace)
    file = str(tmp_path / "b.tar.zst")
    foretrack("backup", file, workspace=workspace)
    before = json.loads(run(LOOK, workspace))
    run(FILL, workspace)

    refused = foretrack("restore", file, workspace=workspace)
    assert (refused.returncode, "tables already" in refused.stderr) == (2, True)
    done = foretrack("restore", file, "--overwrite", workspace=workspace)

    assert done.returncode == 0, done.stderr
    assert json.loads(run(LOOK, workspace)) == before


def test_a_server_that_cannot_be_reached_leaves_no_file(workspace: Path, tmp_path: Path) -> None:
    done = foretrack(
        "backup", str(tmp_path / "b.tar.zst"), workspace=workspace, address="postgresql://x@127.0.0.1:1/x"
    )

    assert done.returncode == 4, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["workspace"]
