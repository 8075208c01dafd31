"""Takes tasks out of the queue and does them, one at a time; several workers may run beside each other.

A task is held by one worker: claiming it and fencing it are compare-and-set in one transaction. While it works, a thread
renews the lease. A worker on the same machine is dead when its process is gone; one elsewhere when its lease ran out.
Then the task goes back into the queue. A worker that cannot renew its lease ends itself before others may take over.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from traceback import format_exception
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, OperationalError, close_old_connections, connection, transaction
from django.db.models import Q
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from foretrack.foundation.errors import HouseError
from foretrack.jobs.declaring import TERMS, HopelessError, Run, Terms
from foretrack.jobs.liveness import lives, own_place, own_process
from foretrack.jobs.models import Job
from foretrack.jobs.schedule import Clockwork
from foretrack.registry.registry import Registry

LEASE = timedelta(seconds=60)
RENEW = 15.0
"""Seconds between two renewals of a lease."""
LOOK_FOR_DEAD = 5.0
"""Seconds between two searches for workers that died."""
PAUSE = 1.0
"""Seconds of waiting when there is nothing to do."""
KEPT_PROBLEMS = 5
LOST = 75
"""Exit code of a worker that broke itself off: its job took too long, or its lease could not be renewed."""

log = logging.getLogger("foretrack.jobs")


class LostLeaseError(HouseError):
    """The task belongs to another worker by now; what this one did inside the transaction is undone."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A task that this worker holds."""

    result: DBTaskResult[Any, Any]
    attempt: int
    terms: Terms

    @property
    def last(self) -> bool:
        """No further attempt follows."""
        return self.attempt >= self.terms.most_attempts


class Worker:
    """One worker; `run` for ever, or `step` by step."""

    def __init__(self, registry: Registry, *, name: str = "") -> None:
        self.registry = registry
        self.name = name or f"{os.getpid()}-{secrets.token_hex(8)}"
        self.stopping = threading.Event()
        self._looked: float | None = None
        self._clockwork = Clockwork()

    def run(self, *, once: bool = False) -> int:
        """Works until `stopping` is set, or with `once` until nothing is ready; number of tasks that were begun."""
        begun = 0
        while not self.stopping.is_set():
            if not connection.in_atomic_block:
                close_old_connections()
            try:
                worked = self.step()
            except (
                OperationalError
            ) as error:  # the database is locked or away: it comes back, and nothing was claimed
                log.warning("the database cannot be used now: %s", str(error).splitlines()[0])
                worked = False
                if once:
                    raise
            begun += worked
            if not worked:
                if once:
                    break
                self.stopping.wait(PAUSE)
        return begun

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT: the task at hand is finished, then the worker ends. The second signal ends it at once."""

        def stop(number: int, frame: object) -> None:
            if self.stopping.is_set():
                signal.signal(number, signal.SIG_DFL)
                os.kill(os.getpid(), number)
            self.stopping.set()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    def step(self) -> bool:
        """Does one task, if one is ready."""
        self._clockwork.wind(self.registry.now())
        if self._looked is None or monotonic() - self._looked >= LOOK_FOR_DEAD:
            self._looked = monotonic()
            self.put_back()
        claim = self._claim()
        if claim is None:
            return False
        self._do(claim)
        return True

    def put_back(self) -> int:
        """Puts tasks of dead workers back into the queue; how many."""
        found = 0
        now = self.registry.now()
        for held in Job.objects.exclude(worker="").exclude(worker=self.name):
            living = lives(held.place, held.process)
            if living or (living is None and held.leased_until is not None and held.leased_until > now):
                continue
            with transaction.atomic():
                job = Job.objects.select_for_update().filter(
                    pk=held.pk, worker=held.worker, attempts=held.attempts
                )
                if (still := job.first()) is None or (
                    still.leased_until != held.leased_until and living is None
                ):
                    continue
                log.warning("the worker of task %s died; the task is put back", held.pk)
                terms = TERMS.get(still.task.task_path, Terms())
                self._after_failure(
                    still, terms, "the worker died while it did this", "foretrack.jobs.WorkerDied", ""
                )
                found += 1
        return found

    def _claim(self) -> Claim | None:
        now = self.registry.now()
        ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY, backend_name="default")
        ready = ready.filter(Q(run_after=get_date_max()) | Q(run_after__lte=now))
        if not ready.exists():  # a question that takes no lock, for the usual answer
            return None
        with transaction.atomic():
            result = ready.select_for_update(skip_locked=True).first()
            if result is None:
                return None
            job, _ = Job.objects.select_for_update().get_or_create(task_id=result.pk)
            attempt = job.attempts + 1
            Job.objects.filter(pk=job.pk).update(
                attempts=attempt, worker=self.name, place=own_place(), process=own_process(), leased_until=now + LEASE,
            )  # fmt: skip
            result.claim(self.name)
        with suppress(ImportError, SuspiciousOperation):
            result.task  # noqa: B018 - imports the module of the job, whose declaration fills TERMS
        return Claim(result, attempt, TERMS.get(result.task_path, Terms()))

    def _do(self, claim: Claim) -> None:
        done = threading.Event()
        keeper = threading.Thread(target=self._keep, args=(claim, done), daemon=True, name="lease")
        keeper.start()
        try:
            if claim.terms.whole:
                with transaction.atomic():
                    self._call(claim)
                    if not self._finish(claim):
                        raise LostLeaseError(f"task {claim.result.pk} was taken by another worker")
            else:
                self._call(claim)
                if not self._finish(claim):
                    log.error("task %s was taken by another worker meanwhile", claim.result.pk)
        except LostLeaseError as error:
            log.error("%s", error)
        except Exception as error:  # noqa: BLE001 - whatever a job raises is written down, and the worker goes on
            self._failed(claim, error)
        except BaseException as error:
            self._failed(claim, error)
            raise
        finally:
            done.set()
            keeper.join()

    def _call(self, claim: Claim) -> None:
        try:
            task = claim.result.task
        except (ImportError, SuspiciousOperation) as error:
            raise HopelessError(f"there is no job {claim.result.task_path!r}: {error}") from error
        given: dict[str, Any] = claim.result.args_kwargs
        if claim.result.task_path in TERMS:
            run = Run(self.registry, str(claim.result.pk), claim.attempt, claim.last)
            task.func(run, *given["args"], **given["kwargs"])
        else:  # declared with Django's own decorator
            task.call(*given["args"], **given["kwargs"])

    def _finish(self, claim: Claim) -> bool:
        with transaction.atomic():
            if (job := self._held(claim)) is None:
                return False
            DBTaskResult.objects.filter(pk=job.pk).update(
                status=TaskResultStatus.SUCCESSFUL, finished_at=self.registry.now(), return_value=None,
                exception_class_path="", traceback="",
            )  # fmt: skip
            Job.objects.filter(pk=job.pk).update(worker="", process="", leased_until=None)
        return True

    def _failed(self, claim: Claim, error: BaseException) -> None:
        path = f"{type(error).__module__}.{type(error).__qualname__}"
        with transaction.atomic():
            if (job := self._held(claim)) is None:
                log.error("task %s was taken by another worker meanwhile", claim.result.pk)
                return
            log.warning("task %s, attempt %s: %s: %s", job.pk, claim.attempt, path, error)
            hopeless = isinstance(error, HopelessError)
            self._after_failure(
                job,
                claim.terms,
                str(error)[:500] or path,
                path,
                "".join(format_exception(error)),
                hopeless=hopeless,
            )

    def _after_failure(
        self, job: Job, terms: Terms, what: str, path: str, trace: str, *, hopeless: bool = False
    ) -> None:
        now = self.registry.now()
        problem = {"at": now.isoformat(), "attempt": job.attempts, "what": what}
        failed = hopeless or job.attempts >= terms.most_attempts
        wait = timedelta(seconds=terms.wait(job.attempts, str(job.pk)))
        DBTaskResult.objects.filter(pk=job.pk).update(
            status=TaskResultStatus.FAILED if failed else TaskResultStatus.READY,
            finished_at=now if failed else None,
            **({} if failed else {"run_after": now + wait}),
            exception_class_path=path,
            traceback=trace,
        )
        Job.objects.filter(pk=job.pk).update(
            worker="", process="", leased_until=None, problems=[*job.problems, problem][-KEPT_PROBLEMS:]
        )

    def _held(self, claim: Claim) -> Job | None:
        mine = Job.objects.select_for_update().filter(
            pk=claim.result.pk, worker=self.name, attempts=claim.attempt
        )
        return mine.first()

    def _keep(self, claim: Claim, done: threading.Event, leave: Callable[[int], None] = os._exit) -> None:
        """Renews the lease until the task is done; ends the process where two might otherwise do the same task."""
        begun = renewed = monotonic()
        try:
            while not done.wait(RENEW):
                if monotonic() - begun > claim.terms.seconds:
                    log.error("task %s took longer than %s s", claim.result.pk, claim.terms.seconds)
                    leave(LOST)
                mine = Job.objects.filter(pk=claim.result.pk, worker=self.name, attempts=claim.attempt)
                try:
                    kept = mine.update(leased_until=self.registry.now() + LEASE)
                except DatabaseError:
                    # On SQLite everybody is on this machine and sees that this process lives.
                    if (
                        connection.vendor != "sqlite"
                        and monotonic() - renewed > LEASE.total_seconds() - RENEW
                    ):
                        log.error("the lease of task %s could not be renewed", claim.result.pk)
                        leave(LOST)
                    continue
                renewed = monotonic()
                # None kept: finished in this very moment, or taken over.
                if not kept and not done.wait(5):
                    log.error("task %s was taken by another worker", claim.result.pk)
                    leave(LOST)
        finally:
            connection.close()
