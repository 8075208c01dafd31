"""Releases what is due: by the worker at the moment itself, and by the first reader where the worker is late."""

from __future__ import annotations

from typing import Literal, TypeAlias

from django.db import OperationalError, transaction

from foretrack.domains.exchange.embargo import moment_in
from foretrack.domains.exchange.hall.following import HALL, by_the_hall, zone
from foretrack.domains.exchange.kinds.hall import RELEASE_SESSION, WAITING
from foretrack.foundation.errors import ForetrackError
from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.queueing import enqueue
from foretrack.registry.actions.log import take_number
from foretrack.registry.actions.records import move
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry, moment
from foretrack.registry.waiting import impatient

Outcome: TypeAlias = Literal["nothing due", "released", "late"]


def plan_release(session: Record) -> None:
    """Puts the release of a session into the queue for its moment, inside the caller's transaction."""
    at = moment_in(session.body, zone())
    if at is not None:
        enqueue(release, session.key, key=f"hall:{session.key}:{moment(at)}", after=at)


@job(Terms(whole=True))
def release(run: Run, session: str) -> None:
    """Releases one session, if it is due: everything of it or, where the worker dies, nothing yet."""
    release_session(run.registry, session)


def release_session(registry: Registry, key: str) -> bool:
    """Releases a session and all that was accepted for it, in one transaction; False where nothing is due.

    Two that come at once wait for each other, and the second finds nothing to do.
    """
    with transaction.atomic():
        take_number()
        session = Record.objects.filter(key=key, kind=RELEASE_SESSION.name, status__in=WAITING).first()
        at = moment_in(session.body, zone()) if session is not None else None
        if session is None or at is None or at > registry.now():
            return False
        with by_the_hall():
            move(registry, HALL, session.key, "release", revision=session.revision)
    return True


def due_sessions(registry: Registry) -> list[str]:
    """Keys of the sessions whose moment has come and that still wait."""
    waiting = Record.objects.filter(kind=RELEASE_SESSION.name, status__in=WAITING, merged_into=None)
    now = registry.now()
    return [
        key
        for key, body in waiting.order_by("pk").values_list("key", "body")
        if (at := moment_in(body, zone())) is not None and at <= now
    ]


def release_due(registry: Registry) -> Outcome:
    """What the hall's pages, feeds and routes do before they answer: whoever comes first after the moment releases.

    `late`: the moment has come, and it could not be done just now (somebody writes for long, or a record refuses); the
    page then says so, and the worker tries again.
    """
    due = due_sessions(registry)
    if not due:
        return "nothing due"
    try:
        with impatient():
            for key in due:
                release_session(registry, key)
    except (OperationalError, ForetrackError):
        return "late"
    return "released"
