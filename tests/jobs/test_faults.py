"""Workers that are processes of their own are killed, stopped and run beside each other."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.jobs.conftest import answer, python

COUNT = """
from foretrack.registry.models import AuditEntry
from django_tasks_db.models import DBTaskResult
states = sorted(DBTaskResult.objects.values_list("status", flat=True))
print(AuditEntry.objects.filter(act="written down").count(), states)
"""
AT_ONCE = """
from django_tasks_db.models import DBTaskResult, get_date_max
from foretrack.jobs import schedule
schedule.PLANS.clear()
Worker(registry).put_back()
DBTaskResult.objects.filter(status="READY").update(run_after=get_date_max())
"""
WORK = "from foretrack.jobs import schedule; schedule.PLANS.clear(); Worker(registry).run(once=True)"


def killed(folder: Path) -> None:
    worker = python(folder, WORK)
    worker.communicate(timeout=60)
    assert worker.returncode == -signal.SIGKILL


def test_a_whole_job_whose_worker_was_killed_is_done_exactly_once(workspace: Path) -> None:
    answer(workspace, "enqueue(invented.write_down_and_die_once, 'a', '')")

    killed(workspace)

    assert answer(workspace, COUNT) == "0 ['RUNNING']"
    answer(workspace, AT_ONCE + WORK)
    assert answer(workspace, COUNT) == "1 ['SUCCESSFUL']"


def test_a_job_with_effects_outside_is_done_at_least_once_and_knows_itself_again(
    workspace: Path, tmp_path: Path
) -> None:
    task = answer(workspace, f"print(enqueue(invented.leave_a_line_and_die_once, {str(tmp_path)!r}))")

    killed(workspace)
    answer(workspace, AT_ONCE + WORK)

    assert (tmp_path / "lines").read_text().split() == [task, task]
    assert answer(workspace, COUNT) == "0 ['SUCCESSFUL']"


def test_three_workers_never_do_the_same_job_and_leave_none_out(workspace: Path, tmp_path: Path) -> None:
    answer(workspace, f"[enqueue(invented.leave_alone, {str(tmp_path)!r}, n) for n in range(40)]")

    workers = [python(workspace, WORK) for _ in range(3)]
    for worker in workers:
        _, err = worker.communicate(timeout=120)
        assert worker.returncode == 0, err

    assert sorted(map(int, (tmp_path / "lines").read_text().split())) == list(range(40))
    assert answer(workspace, COUNT) == f"0 {['SUCCESSFUL'] * 40}"


def test_a_worker_that_is_told_to_stop_finishes_its_job_first(workspace: Path, tmp_path: Path) -> None:
    answer(workspace, f"[enqueue(invented.take_your_time, {str(tmp_path)!r}) for _ in range(2)]")
    worker = python(
        workspace,
        "from foretrack.jobs import schedule; schedule.PLANS.clear(); w = Worker(registry); w.stop_on_signals(); w.run()",
    )

    until(lambda: (tmp_path / "begun").exists())
    worker.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    (tmp_path / "go").touch()
    worker.communicate(timeout=60)

    assert worker.returncode == 0
    assert (tmp_path / "ended").exists()
    assert answer(workspace, COUNT) == "0 ['READY', 'SUCCESSFUL']"


def until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within 30 seconds")
