"""A job is done once, tried again, given up and shown; nothing about it depends on luck."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from tests.jobs import invented
from tests.jobs.conftest import Hands

from foretrack.accounts.actors import OPERATOR
from foretrack.foundation.errors import InputError
from foretrack.jobs.actions import count_jobs, list_jobs, retry_job, show_job
from foretrack.jobs.declaring import Terms
from foretrack.jobs.liveness import lives, own_place
from foretrack.jobs.models import Job
from foretrack.jobs.queueing import enqueue
from foretrack.jobs.schedule import PLANS, Clockwork, Plan
from foretrack.jobs.worker import LEASE, Worker
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.access.permission import AccessError
from foretrack.registry.models import AuditEntry
from foretrack.registry.registry import Registry


@pytest.fixture(autouse=True)
def nothing_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foretrack.jobs.schedule.PLANS", {})


def written() -> int:
    return AuditEntry.objects.filter(act="written down").count()


def state(task: str) -> str:
    return show_job(OPERATOR, task).line.state


def test_a_job_is_done_once(registry: Registry) -> None:
    task = enqueue(invented.write_down, "a")

    assert Worker(registry).run(once=True) == 1
    assert Worker(registry).run(once=True) == 0
    assert (written(), state(task)) == (1, "done")


def test_the_same_key_makes_no_second_job(registry: Registry) -> None:
    first = enqueue(invented.write_down, "a", key="k")
    Worker(registry).run(once=True)

    assert enqueue(invented.write_down, "a", key="k") == first
    assert enqueue(invented.write_down, "a", key="l") != first
    Worker(registry).run(once=True)
    assert written() == 2


def test_a_job_vanishes_with_the_transaction_that_asked_for_it(registry: Registry) -> None:
    with transaction.atomic():
        enqueue(invented.write_down, "a", key="k")
        transaction.set_rollback(True)

    assert Worker(registry).run(once=True) == 0
    assert Job.objects.count() == 0


def test_a_job_waits_for_its_moment(registry: Registry, clock: Hands) -> None:
    enqueue(invented.write_down, "a", after=clock.now + timedelta(hours=1))

    assert Worker(registry).run(once=True) == 0
    clock.forward(hours=1)
    assert Worker(registry).run(once=True) == 1


def test_a_job_that_fails_is_tried_again_later_and_later_and_then_has_failed(
    registry: Registry, clock: Hands
) -> None:
    task = enqueue(invented.fail)
    worker = Worker(registry)

    for attempt in (1, 2):
        assert worker.run(once=True) == 1
        assert worker.run(once=True) == 0
        assert state(task) == "waiting"
        clock.forward(seconds=1.2 * 10 * 3 ** (attempt - 1))
    assert worker.run(once=True) == 1
    page = show_job(OPERATOR, task)
    assert (page.line.state, [p["what"].split(".")[0] for p in page.problems]) == (
        "failed", ["attempt 1", "attempt 2", "attempt 3"],
    )  # fmt: skip
    assert "InputError" in page.traceback
    clock.forward(days=1)
    assert worker.run(once=True) == 0
    assert count_jobs(OPERATOR) == {"waiting": 0, "running": 0, "done": 0, "failed": 1}


def test_a_hopeless_job_is_not_tried_again(registry: Registry) -> None:
    task = enqueue(invented.give_up)

    Worker(registry).run(once=True)

    assert (state(task), show_job(OPERATOR, task).line.attempts) == ("failed", 1)


def test_an_operator_tries_a_failed_job_again_and_that_is_logged(registry: Registry) -> None:
    task = enqueue(invented.give_up)
    Worker(registry).run(once=True)

    retry_job(registry, OPERATOR, task)

    assert state(task) == "waiting"
    assert AuditEntry.objects.get(act="retry job").subject == f"job:{task}"
    assert Worker(registry).run(once=True) == 1


def test_a_job_that_is_done_is_not_done_again_on_request(registry: Registry) -> None:
    task = enqueue(invented.write_down, "a")
    Worker(registry).run(once=True)

    with pytest.raises(InputError, match="this job is done"):
        retry_job(registry, OPERATOR, task)


def test_only_operators_see_the_queue() -> None:
    member = Actor("M", grants=(Grant("member", "X"), Grant("officer", regions=("*",))))

    for ask in (lambda: list_jobs(member), lambda: show_job(member, "x"), lambda: count_jobs(member)):
        with pytest.raises(AccessError):
            ask()


def test_a_job_that_no_longer_exists_fails_at_once_and_says_so(registry: Registry) -> None:
    task = enqueue(invented.write_down, "a")
    Job.objects.get(pk=UUID(task)).task.__class__.objects.filter(pk=UUID(task)).update(
        task_path="foretrack.jobs.gone.work"
    )

    Worker(registry).run(once=True)

    assert "foretrack.jobs.gone.work" in show_job(OPERATOR, task).line.problem


def held(registry: Registry, place: str, process: str) -> str:
    """A task that some other worker holds."""
    task = enqueue(invented.write_down, "a")
    other = Worker(registry, name="other")
    assert other._claim() is not None
    Job.objects.filter(pk=UUID(task)).update(place=place, process=process)
    return task


def test_a_task_of_a_dead_process_of_this_machine_is_put_back_at_once(
    registry: Registry, clock: Hands
) -> None:
    held(registry, own_place(), "4194305:1")  # above the largest process id that Linux gives

    assert Worker(registry).put_back() == 1
    clock.forward(seconds=20)
    assert Worker(registry).run(once=True) == 1
    assert written() == 1


def test_a_task_of_a_living_process_of_this_machine_is_left_alone_however_long(
    registry: Registry, clock: Hands
) -> None:
    from foretrack.jobs.liveness import own_process

    task = held(registry, own_place(), own_process())

    clock.forward(hours=5)
    assert Worker(registry).put_back() == 0
    assert state(task) == "running"


def test_a_process_with_the_same_number_that_began_later_is_another_one() -> None:
    import os

    assert lives(own_place(), f"{os.getpid()}:1") is False


def test_a_task_of_another_machine_is_put_back_when_its_lease_ran_out(
    registry: Registry, clock: Hands
) -> None:
    held(registry, "elsewhere", "1:1")

    assert Worker(registry).put_back() == 0
    clock.forward(seconds=LEASE.total_seconds() + 1)
    assert Worker(registry).put_back() == 1


def test_a_worker_that_lost_its_task_cannot_finish_it(registry: Registry, clock: Hands) -> None:
    task = enqueue(invented.write_down, "a")
    slow = Worker(registry, name="slow")
    claim = slow._claim()
    assert claim is not None
    Job.objects.filter(pk=UUID(task)).update(place="elsewhere")
    clock.forward(seconds=LEASE.total_seconds() + 1)
    Worker(registry).put_back()

    slow._do(claim)

    assert (written(), state(task)) == (0, "waiting")
    clock.forward(minutes=1)
    Worker(registry).run(once=True)
    assert (written(), state(task)) == (1, "done")


def test_a_job_whose_worker_dies_again_and_again_has_failed(registry: Registry, clock: Hands) -> None:
    task = enqueue(invented.write_down, "a")
    for _ in range(Terms().most_attempts):
        assert Worker(registry, name="other")._claim() is not None
        Job.objects.filter(pk=UUID(task)).update(process="4194305:1")
        Worker(registry).put_back()
        clock.forward(hours=8)

    assert state(task) == "failed"
    assert "died" in show_job(OPERATOR, task).line.problem


def test_what_is_due_every_day_is_enqueued_once_a_day_however_many_workers_look(
    registry: Registry, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan("night", invented.write_down, timedelta(days=1))
    monkeypatch.setattr("foretrack.jobs.schedule.PLANS", {"night": plan})

    for _ in range(3):
        Clockwork().wind(clock.now)
    assert Job.objects.count() == 1
    clock.forward(days=1)
    Clockwork().wind(clock.now)
    assert Job.objects.count() == 2


def test_old_jobs_are_forgotten_and_failed_ones_later(registry: Registry, clock: Hands) -> None:
    from foretrack.jobs.pruning import prune

    done, failed = enqueue(invented.write_down, "a"), enqueue(invented.give_up)
    Worker(registry).run(once=True)
    clock.forward(days=15)
    enqueue(prune)
    Worker(registry).run(once=True)

    assert not Job.objects.filter(pk=UUID(done)).exists()
    assert state(failed) == "failed"


def test_pruning_is_planned() -> None:
    assert "prune" in PLANS
