"""What owners say of the matches that they are shown: looked into, not relevant with a reason, relevant after all."""

from __future__ import annotations

from django.db import OperationalError, transaction

from foretrack.foundation.errors import InputError, NotThereError
from foretrack.matching.kinds import DECLINED
from foretrack.matching.models import Suggestion
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import refusal, require_scope
from foretrack.registry.actions.log import log
from foretrack.registry.actions.reading import find_record
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.registry.waiting import impatient


def judge_match(
    registry: Registry, actor: Actor, key: str, other: str, *, relevant: bool, reason: str = ""
) -> None:
    """Says of a match of one's own need or offer that it is not relevant, and why; or takes that back.

    AccessError for whoever does not belong to its organisation; NotThereError for a record that was not in its list.
    """
    record = own_record(registry, actor, key)
    if not relevant and reason not in DECLINED:
        raise InputError.of(
            "the reason {reason!r} is none of the list", reason=reason[:40], expected="one of {known}",
            known=", ".join(DECLINED), do="choose one",
        )  # fmt: skip
    with transaction.atomic():
        found = Suggestion.objects.select_for_update().filter(record=record.key, other=other).first()
        if found is None:
            raise NotThereError.of(
                "{other} is not in the list of {key}", other=other[:40], key=record.key,
                expected="the key of one of its matches", do="look at its list",
            )  # fmt: skip
        found.judgement, found.reason = ("relevant", "") if relevant else ("not relevant", reason)
        found.judged_at, found.judged_by = registry.now(), actor.key
        found.viewed_at = found.viewed_at or registry.now()
        found.save()
        log(
            registry, actor, "judge match", f"record:{record.key}",
            details={"other": found.other, "judgement": found.judgement, "reason": found.reason},
        )  # fmt: skip


def mark_viewed(registry: Registry, actor: Actor, key: str) -> None:
    """Notes that somebody of the owner looked into the reasons of a record's matches; at most a moment's wait."""
    try:
        with impatient(), transaction.atomic():
            Suggestion.objects.filter(record=key, viewed_at=None).update(viewed_at=registry.now())
    except OperationalError:
        return


def own_record(registry: Registry, actor: Actor, key: str) -> Record:
    """A record of the actor's own organisation; AccessError otherwise."""
    require_scope(actor, "write", "judge a match")
    kind, record, circle = find_record(registry, actor, key)
    if kind.side is None or circle != "private" or record.organisation not in actor.organisations:
        raise refusal(actor, "judge a match")
    return record
