"""Who must act on a record is told: a message each, queued in the transaction of the change, sent by the worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from foretrack.accounts.actors import actors_of
from foretrack.accounts.mailing import absolute, send
from foretrack.accounts.models import Account, RoleGrant
from foretrack.accounts.speech import code_of, speaking
from foretrack.jobs.declaring import Run, job
from foretrack.jobs.queueing import enqueue
from foretrack.registry.access.permission import may_move
from foretrack.registry.actions.reading import moves_of, subject_of, title_of
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import Assignment, Record
from foretrack.registry.registry import Registry


def on_moved(record: Record, actor: Any, registry: Registry, **_: Any) -> None:
    """A record changed its state: queues a message for all who may make one of the next transitions, but the mover."""
    kind = registry.kinds.get(record.kind)
    for account in who_must_act(kind, record):
        if account.key != actor.key:
            enqueue(tell, account.key, record.key, record.revision)


def on_assigned(record: Record, reviewer: str, registry: Registry, **_: Any) -> None:
    """Somebody was asked to review a record: queues a message, if there is something to be done already."""
    account = Account.objects.filter(key=reviewer, is_active=True).first()
    if account is not None and account in who_must_act(registry.kinds.get(record.kind), record):
        enqueue(tell, account.key, record.key, record.revision)


def who_must_act(kind: Kind, record: Record) -> Iterator[Account]:
    """Open accounts that may make one of the transitions which lead on from where a record stands."""
    leaving = kind.leaving(record.status)
    if not leaving or record.merged_into_id is not None:
        return
    subject = subject_of(kind, record)
    for account, actor in actors_of(_candidates(kind, record)):
        if any(may_move(actor, move, subject, record.submitted_by) for move in leaving):
            yield account


def _candidates(kind: Kind, record: Record) -> Q:
    """A few accounts that may be in charge, so that not everybody's roles are looked at."""
    near = Q(role__in=("officer", "administrator"))
    if record.organisation is not None:
        near |= Q(role__in=("member", "manager"), organisation=record.organisation)
    if kind.addressed:
        near |= Q(
            role__in=("member", "manager"), organisation__in=kind.addressed_to(record.body, record.status)
        )
    reviewers = Assignment.objects.filter(record=record, ended_at=None).values("actor")
    return (
        Q(pk__in=RoleGrant.objects.filter(near, ended_at=None).values("account_id"))
        | Q(key__in=reviewers)
        | Q(key=record.created_by)
    )


@job()
def tell(run: Run, account_key: str, record_key: str, revision: int) -> None:
    """Sends one message, unless it has become idle: the record moved on, or the account may no longer act on it.

    It names the record, its state, what can be done and until when; no field but the title.
    """
    record = Record.objects.filter(key=record_key, revision=revision).first()
    if record is None:
        return
    kind = run.registry.kinds.get(record.kind)
    for account, actor in actors_of(Q(key=account_key)):
        moves = moves_of(run.registry, actor, kind, record, subject_of(kind, record))
        if not moves:
            return
        language = account.language
        title = title_of(record, language)
        with speaking(language) as say:
            lines = [
                say("Good day,"),
                "",
                say(
                    "{kind} “{title}” is now: {state}.",
                    kind=kind.label.text(language), title=title, state=kind.state(record.status).label.text(language),
                ),
                say("What you can do: {moves}.", moves=say(", ").join(move.label for move in moves)),
            ]  # fmt: skip
            if record.notice_until is not None:
                lines.append(say("The public notice runs until {day}.", day=record.notice_until.isoformat()))
            if record.due_on is not None:
                lines.append(say("Somebody has to act by {day}.", day=record.due_on.isoformat()))
            lines += ["", record_link(record.key, language), ""]
            lines.append(say("You get this message because your roles let you decide about this record."))
            subject = say(
                "{title}: {state}", title=title, state=kind.state(record.status).label.text(language)
            )
        send(account, f"[Foretrack] {subject}", "\n".join(lines) + "\n")


def record_link(key: str, language: str) -> str:
    """Where the page of a record is, in a language."""
    return absolute(f"/{code_of(language)}/record/{key}/")
