"""A process that is killed while it assigns, scores or decides leaves all of it or nothing, and the next one goes on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = """
import os, signal, sys
from pathlib import Path
from foretrack.installation.opening import open_registry
registry = open_registry(Path(sys.argv[1]), {})
from django.db import connection
from tests.review.office import Office
from foretrack.registry.models import Record
from foretrack.review.models import Decision, Entry, Run, Sheet, Task
from foretrack.registry.models import AuditEntry, AuditHead
office = Office(Path(sys.argv[1]))
"""

PREPARE = """
call = office.call()
for name in ("Acme Robots", "Beta Works", "Gamma Lab"):
    page = office.submission(office.firm(name), call, name)
    office.go(office.ministry, page.key, "admit")
for name in ("ann", "bob", "cem"):
    office.reviewer(name)
"""

FIND = """
call = Record.objects.get(kind="call").key
from foretrack.accounts.models import Account
from foretrack.registry.access.actor import Actor, Grant
reviewers = [Actor(a.key, grants=(Grant("reviewer", regions=("*",)),)) for a in Account.objects.order_by("pk")]
from foretrack.review.actions.assigning import assign_stage
from foretrack.review.actions.reviewing import own_tasks
from foretrack.review.actions.deciding import propose
last, writes = int(sys.argv[2]), 0
def counting(execute, sql, params, many, context):
    global writes
    answer = execute(sql, params, many, context)
    if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
        writes += 1
        if writes == last:
            os.kill(os.getpid(), signal.SIGKILL)
    return answer
def all_of_it():
    if not Run.objects.exists():
        assign_stage(office.registry, office.ministry, call, 1, seed="7")
    for number, reviewer in enumerate(reviewers):
        for task in own_tasks(office.registry, reviewer):
            if task.state == "open":
                office.mark(reviewer, task.task, novelty=number + 3)
    outcomes = propose(office.registry, office.second, call, 1)
    if outcomes:
        office.decided(call, outcomes)
with connection.execute_wrapper(counting):
    all_of_it()
print("writes", writes)
"""

CHECK = """
from foretrack.review.actions.replaying import replay
from foretrack.registry.actions.checking import check_history
call = Record.objects.get(kind="call").key
checks = replay(office.registry, office.auditor, call)
assert all(c.same for c in checks), checks
assert check_history(office.registry, files=False).findings == []
assert AuditHead.objects.get().number == AuditEntry.objects.count()
assert Run.objects.count() in (0, 1)
assert Task.objects.count() == 6 * Run.objects.count()
assert Sheet.objects.count() == Task.objects.exclude(done_at=None).count()
assert Decision.objects.count() in (0, 3)
for record in Record.objects.filter(kind="submission"):
    subject = Record.objects.get(key=record.body["subject"])
    decided = Decision.objects.filter(submission=record.key).exists()
    assert (record.status, subject.status) == (("notice", "notice") if decided else ("reviewing", "submitted"))
for model, act in ((Run, "assign reviewers"), (Sheet, "score"), (Decision, "decide")):
    assert AuditEntry.objects.filter(act=act).count() == model.objects.count(), act
print("runs", Run.objects.count(), "sheets", Sheet.objects.count(), "decisions", Decision.objects.count())
"""


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-c", HEAD + script, *map(str, arguments)], capture_output=True, text=True, check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "", "PYTHONPATH": f"{root / 'src'}:{root}"},
    )  # fmt: skip


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_is_there_twice(tmp_path: Path, tables: Path) -> None:
    prepared = tmp_path / "prepared"
    prepared.mkdir()
    (prepared / "foretrack.toml").write_text("[workspace]\nformat = 1\n", encoding="utf-8")
    shutil.copy(tables, prepared)
    done = run(PREPARE, prepared)
    assert done.returncode == 0, done.stderr
    whole = tmp_path / "whole"
    shutil.copytree(prepared, whole)
    done = run(FIND, whole, 0)
    assert done.returncode == 0, done.stderr
    writes = int(done.stdout.split()[-1])
    assert writes > 40
    stood = set()
    # While it assigns, while it scores, and while it decides; then the same work is taken up again to its end.
    for last in (6, 24, writes - 9):
        broken = tmp_path / f"broken-{last}"
        shutil.copytree(prepared, broken)
        killed = run(FIND, broken, last)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        again = run(CHECK + FIND + CHECK, broken, 0)
        assert again.returncode == 0, again.stderr
        after_kill, _, at_the_end = again.stdout.splitlines()
        stood.add(after_kill)
        assert at_the_end == "runs 1 sheets 6 decisions 3"
    assert len(stood) == 3
