"""An import that is killed leaves nothing behind, and the next one finds everything in order."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROWS = 1500
SCRIPT = """
import sys
from pathlib import Path
from foretrack.installation.opening import open_registry
registry = open_registry(Path(sys.argv[1]), {})
from foretrack.accounts.actors import OPERATOR
from foretrack.registry.actions.importing import import_file
import foretrack.registry.actions.importing as importing
importing.BATCH = 100
def progress(stage, done, total):
    print(done, flush=True)
if len(sys.argv) > 2:
    print(import_file(registry, OPERATOR, "organisation", Path(sys.argv[2]), progress=progress).created, flush=True)
"""
TABLES = ("record", "revision", "facet", "card", "identifier", "import", "auditentry")


def begin(workspace: Path, *file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(workspace), *map(str, file)], stdout=subprocess.PIPE, text=True
    )


def counts(workspace: Path) -> dict[str, int]:
    with closing(sqlite3.connect(workspace / "registry.sqlite3")) as database:
        return {
            name: database.execute(f"SELECT count(*) FROM registry_{name}").fetchone()[0] for name in TABLES
        }


@pytest.mark.slow
def test_an_import_that_is_killed_at_any_moment_happened_wholly_or_not_at_all(
    tmp_path: Path, tables: Path
) -> None:
    workspace, file = tmp_path / "workspace", tmp_path / "rows.csv"
    workspace.mkdir()
    (workspace / "foretrack.toml").write_text("", encoding="utf-8")
    rows = [f"Invented firm {i},company,CN-33" for i in range(ROWS)]
    file.write_text("\n".join(["name_en,sort_of,region", *rows]), encoding="utf-8")
    shutil.copy(tables, workspace)

    for lines in (1, ROWS // 100 - 2, ROWS // 100 + 0):
        with begin(workspace, file) as running:
            assert running.stdout is not None
            for _ in range(lines):
                assert running.stdout.readline()
            running.send_signal(signal.SIGKILL)
            running.wait()
        there = counts(workspace)
        # Killed after its last batch it may have been through: then all of it is there, and no more is asked.
        assert there["record"] in (0, ROWS)
        assert there["record"] == there["revision"] == there["card"]
        assert there["import"] == there["auditentry"] == (1 if there["record"] else 0)
        if there["record"]:
            return

    with begin(workspace, file) as last:
        printed = last.communicate()[0].split()
    assert printed[-1] == str(ROWS)
    there = counts(workspace)
    assert (there["record"], there["import"], there["auditentry"]) == (ROWS, 1, 1)
