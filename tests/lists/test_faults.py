"""A process that is killed while it publishes leaves the whole issue or none of it, and the next one goes on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

OPEN = """
import os, sys
from pathlib import Path
from foretrack.installation.opening import open_registry
registry = open_registry(Path(sys.argv[1]), {})
"""

PREPARE = (
    OPEN
    + """
from foretrack.installation.samples import load_sample
from foretrack.accounts.actors import OPERATOR
from foretrack.registry.actions.records import move
from foretrack.registry.models import Record
load_sample(registry)
record = Record.objects.get(kind="iconic-product", status="notice")
move(registry, OPERATOR, record.key, "recognise", revision=record.revision, reason="no objection")
"""
)

PUBLISH = (
    OPEN
    + """
import signal
from django.db import connection
from foretrack.accounts.actors import OPERATOR
from foretrack.lists.actions.issuing import publish
last = int(sys.argv[2])
writes = 0
def counting(execute, sql, params, many, context):
    global writes
    answer = execute(sql, params, many, context)
    if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
        writes += 1
        if writes == last:
            os.kill(os.getpid(), signal.SIGKILL)
    return answer
with connection.execute_wrapper(counting):
    publish(registry, OPERATOR, "iconic-products", reason="third")
print("writes", writes)
"""
)

CHECK = (
    OPEN
    + """
from foretrack.lists.actions.reading import check_lists
from foretrack.lists.models import ListedEntry, ListIssue
from foretrack.registry.models import AuditEntry, AuditHead
issues = ListIssue.objects.filter(series__name="iconic-products")
logged = AuditEntry.objects.filter(act="issue list", subject__startswith="series:iconic-products/").count()
assert check_lists() == [], check_lists()
assert issues.count() == logged, (issues.count(), logged)
assert AuditHead.objects.get().number == AuditEntry.objects.count()
assert set(ListedEntry.objects.values_list("issue_id", flat=True)) == set(ListIssue.objects.values_list("id", flat=True))
print("issues", issues.count())
"""
)


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": ""},
    )  # fmt: skip


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> Path:
    """A workspace with two issues of a list and something new to list."""
    root = tmp_path_factory.mktemp("prepared")
    (root / "foretrack.toml").write_text("[workspace]\nformat = 1\n", encoding="utf-8")
    shutil.copy(tables, root)
    done = run(PREPARE, root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.mark.slow
def test_a_killed_publication_is_whole_or_nothing_and_never_twice(prepared: Path, tmp_path: Path) -> None:
    whole = shutil.copytree(prepared, tmp_path / "whole")
    done = run(PUBLISH, whole, 0)
    assert done.returncode == 0, done.stderr
    n_writes = int(done.stdout.split()[1])
    assert n_writes >= 4
    assert run(CHECK, whole).stdout.split() == ["issues", "3"]

    for last in {1, n_writes // 2, n_writes - 1, n_writes}:
        root = shutil.copytree(prepared, tmp_path / f"killed-{last}")
        killed = run(PUBLISH, root, last)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        after = run(CHECK, root)
        assert after.stdout.split() == ["issues", "2"], (last, after.stderr)
    assert run(PUBLISH, root, 0).returncode == 0
    assert run(CHECK, root).stdout.split() == ["issues", "3"]


DAMAGE = (
    OPEN
    + """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DROP TRIGGER lists_listissue_update")
    cursor.execute("UPDATE lists_listissue SET content = replace(content, 'Sample', 'Simple') WHERE number = 2")
"""
)


def test_the_doctor_names_an_issue_that_was_touched(prepared: Path, tmp_path: Path) -> None:
    root = shutil.copytree(prepared, tmp_path / "touched")
    (root / "corpus").mkdir(exist_ok=True)
    assert run(DAMAGE, root).returncode == 0

    told = subprocess.run(
        [sys.executable, "-c", "from foretrack.cli.main import main; main()", "doctor", "-w", str(root), "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "list iconic-products, issue 2" in told.stdout, told.stderr
