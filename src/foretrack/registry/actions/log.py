"""Adds an entry to the audit log: the only way in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from foretrack.foundation.errors import HouseError
from foretrack.registry.access.actor import Actor
from foretrack.registry.history.chain import FIRST, entry_hash
from foretrack.registry.history.commitment import SALT_BYTES, seal
from foretrack.registry.models import AuditEntry, AuditHead
from foretrack.registry.registry import Registry, moment


def take_number() -> AuditHead:
    """The last entry's number and hash, held until the transaction ends: writers queue here, so the chain never forks."""
    if not connection.in_atomic_block:
        raise HouseError("the log was written outside a transaction")
    head = AuditHead.objects.select_for_update().first()
    if head is None:
        # Two first writers on PostgreSQL: the second waits on the fixed primary key, then reads what the first made.
        AuditHead.objects.bulk_create([AuditHead(pk=1, number=0, hash=FIRST)], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update().get(pk=1)
    return head


def log(
    registry: Registry, actor: Actor, act: str, subject: str, *, details: Mapping[str, Any] | None = None,
    reason: str = "", head: AuditHead | None = None,
) -> AuditEntry:  # fmt: skip
    """Appends one entry and gives it back; must run inside the transaction of what it is about.

    Args:
        details: codes, counts and digests; never what a person wrote or what tells about one, for it cannot be erased.
        reason: what the actor wrote; it can be erased.
        head: from `take_number`, where the number was needed before.
    """
    head = head or take_number()
    sealed = seal({"reason": reason} if reason else {}, secrets.token_bytes(SALT_BYTES))
    said = dict(details or {})
    entry = AuditEntry(
        number=head.number + 1, at=moment(registry.now()), actor=actor.key, role=actor.main_role, via=actor.via,
        act=act, subject=subject, details=said, texts=dict(sealed.values), salts=dict(sealed.salts) if reason else {},
        before=head.hash,
    )  # fmt: skip
    entry.hash = hash_of(entry)
    with transaction.atomic():
        entry.save(force_insert=True)
        AuditHead.objects.filter(pk=head.pk).update(number=entry.number, hash=entry.hash)
    return entry


def hash_of(entry: AuditEntry) -> str:
    """What the entry must hash to, from what is stored."""
    from foretrack.registry.history.commitment import Sealed

    commitments = Sealed(entry.texts, entry.salts, entry.erased).commitments()
    return entry_hash(
        number=entry.number, at=entry.at, actor=entry.actor, role=entry.role, via=entry.via, act=entry.act,
        subject=entry.subject, details=entry.details, commitments=commitments, before=entry.before,
    )  # fmt: skip
