"""Erasure on request: personal data leaves the record, its whole history and its files; that it was decided stays.

Every revision keeps the commitment to each value that is gone, so every digest and the chain of the log still check
(history/commitment.py). What the database file itself may still hold is overwritten: SQLite runs with secure_delete, and
the write-ahead log is emptied afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import require
from foretrack.registry.actions.attachments import forget_files
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.pointing import merged_group
from foretrack.registry.actions.records import checked_reason
from foretrack.registry.actions.writing import Draft, covering, unfold, write
from foretrack.registry.answers import Erased
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.history.commitment import Sealed
from foretrack.registry.models import Attachment, AuditEntry, Facet, FacetCode, Record, Revision
from foretrack.registry.models.record import VALUE
from foretrack.registry.registry import Registry
from foretrack.registry.signals import erased


def erase(
    registry: Registry,
    actor: Actor,
    key: str,
    *,
    fields: Sequence[str] = (),
    texts: bool = False,
    reason: str,
) -> Erased:
    """Erases fields of a record, in the record, in each of its revisions and in the files that they name.

    Args:
        fields: names of fields; none means all that the declaration marks as personal.
        texts: also the reasons in the audit log that were given about the record: people write names into them.
        reason: why; it must hold no personal data itself, and may be erased later like any other.

    The records that were merged into it are erased with it, and asking for one of them erases the whole group: the
    survivor may have taken the same data. Who asked, when, and which fields stays in the log; the values do not.
    """
    # Not find_record: an administrator erases what the table of permissions does not let them read.
    require(actor, "erase")
    said = checked_reason(reason)
    if not said:
        raise InputError.of(
            "an erasure without a reason", expected="a reason without personal data",
            do="say on whose request, such as a reference number",
        )  # fmt: skip
    with transaction.atomic():
        head = take_number()
        group = merged_group(_survivor(key))
        kind = registry.kinds.get(group[0].kind)
        names = _checked_fields(kind, fields)
        held = [record for record in group if _holds(record, names)]
        revisions = sum(_strip(record, names) for record in held)
        files = sum(
            forget_files(registry, record, [n for n in names if n in _files(kind)]) for record in held
        )
        values = _facet_values(kind, held, names)
        now = registry.now()
        for record in held:
            body = {name: value for name, value in record.body.items() if name not in names}
            said_of = {name: value for name, value in record.provenance.items() if name not in names}
            unfold(kind, record, Draft(body, record.status, record.visibility, said_of), now)
        # A new revision, so that somebody who has the old values in a form cannot save them again unawares.
        written = write(registry, actor, [(kind, record) for record in held], "erase", head.number + 1)
        _forget_codes(kind, values)
        n_texts = _strip_texts(group) if texts else 0
        for record in group:  # also one that holds nothing: what was typed about it and not sent may
            erased.send(sender=Record, record=record, fields=names, actor=actor, registry=registry)
        if held or n_texts:
            log(
                registry, actor, "erase", f"record:{(held or group)[0].key}",
                details={
                    "kind": kind.name, "fields": list(names), "records": [record.key for record in held],
                    "erased_revisions": revisions, "texts": n_texts, "files": files,
                    **(covering(written) if written else {}),
                },
                reason=said, head=head,
            )  # fmt: skip
        transaction.on_commit(overwrite_remains)
    return Erased(tuple(record.key for record in held), names, revisions, n_texts, files)


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What an erasure would take away: counts and names of fields, never a value."""

    key: str
    """Of the record that stands for the group."""
    kind: str
    records: tuple[str, ...]
    held: tuple[str, ...]
    """Fields of which the records, or one of their revisions, hold a value."""
    fields: tuple[str, ...]
    revisions: int
    files: int
    texts: int


def plan_erasure(
    registry: Registry, actor: Actor, key: str, *, fields: Sequence[str] = (), texts: bool = False
) -> ErasurePlan:
    """What `erase` would take away; nothing is changed. Without fields, what there is to erase."""
    require(actor, "erase")
    group = merged_group(_survivor(key))
    kind = registry.kinds.get(group[0].kind)
    names = tuple(dict.fromkeys(kind.field(name).name for name in fields))
    held: set[str] = set()
    revisions = 0
    for record in group:
        held |= set(record.body) | set(record.provenance)
        for values in Revision.objects.filter(record=record).values_list("values", flat=True).iterator():
            held |= set(values) | set(values.get("@provenance", {}))
            revisions += any(name in values or name in values.get("@provenance", {}) for name in names)
    files = Attachment.objects.filter(
        record__in=group, field__in=[name for name in names if name in _files(kind)], erased_at=None
    ).count()
    subjects = [f"record:{record.key}" for record in group]
    said = AuditEntry.objects.filter(subject__in=subjects).exclude(texts={}).count() if texts else 0
    return ErasurePlan(
        key=key, kind=kind.name, records=tuple(record.key for record in group),
        held=tuple(f.name for f in kind.fields if f.name in held), fields=names, revisions=revisions, files=files,
        texts=said,
    )  # fmt: skip


def overwrite_remains() -> bool:
    """Empties SQLite's write-ahead log, which still holds pages from before; False while a reader keeps it busy.

    The next writer's checkpoint does it then, and `foretrack doctor` says so until it is done. PostgreSQL keeps dead rows
    until VACUUM FULL: docs/guide/privacy.md.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()[0]
    return not busy


def _survivor(key: str) -> Record:
    record = Record.objects.filter(key=clean_text(key).upper()).first()
    if record is None:
        raise InputError.of(
            "there is no record {key!r}", expected="the key of a record", do="check the key", key=key[:40]
        )
    while record.merged_into_id is not None:
        record = Record.objects.get(pk=record.merged_into_id)
    return record


def _checked_fields(kind: Kind, fields: Sequence[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(kind.field(name).name for name in fields))
    names = names or tuple(f.name for f in kind.fields if f.personal)
    if not names:
        raise InputError.of(
            "the kind {kind} declares no personal data", expected="names of fields",
            do="name the fields that shall be erased", kind=kind.name,
        )  # fmt: skip
    return names


def _files(kind: Kind) -> frozenset[str]:
    return frozenset(f.name for f in kind.fields if f.type == "file")


def _holds(record: Record, names: Sequence[str]) -> bool:
    if any(name in record.body or name in record.provenance for name in names):
        return True
    past = Revision.objects.filter(record=record).values_list("values", flat=True).iterator()
    return any(name in values or name in values.get("@provenance", {}) for values in past for name in names)


def _facet_values(kind: Kind, held: Sequence[Record], names: Sequence[str]) -> set[tuple[str, str]]:
    return {
        (f.name, value[:VALUE])
        for f in kind.facets
        if f.name in names
        for record in held
        for value in f.facet_values(record.body.get(f.name))
    }


def _forget_codes(kind: Kind, values: set[tuple[str, str]]) -> None:
    """The catalogue of facet values forgets what no record has any more."""
    for name, value in values:
        if not Facet.objects.filter(kind=kind.name, name=name, value=value).exists():
            FacetCode.objects.filter(kind=kind.name, name=name, value=value).delete()


def _strip(record: Record, names: Sequence[str]) -> int:
    """Takes values out of every revision of a record; how many revisions held any."""
    stripped = 0
    for pk in list(Revision.objects.filter(record=record).order_by("number").values_list("pk", flat=True)):
        revision = Revision.objects.get(pk=pk)
        gone = [name for name in names if name in revision.values]
        # Under one commitment: provenance that speaks of an erased field goes as a whole.
        if any(name in revision.values.get("@provenance", {}) for name in names):
            gone.append("@provenance")
        if not gone:
            continue
        less = Sealed(revision.values, revision.salts, revision.erased).without(gone)
        Revision.objects.filter(pk=revision.pk).update(
            values=dict(less.values), salts=dict(less.salts), erased=dict(less.erased)
        )
        stripped += 1
    return stripped


def _strip_texts(group: Sequence[Record]) -> int:
    # Only what is about these records: the reason of a whole import says nothing about one of its rows.
    subjects = [f"record:{record.key}" for record in group]
    stripped = 0
    for entry in list(AuditEntry.objects.filter(subject__in=subjects)):
        if not entry.texts:
            continue
        less = Sealed(entry.texts, entry.salts, entry.erased).without(list(entry.texts))
        AuditEntry.objects.filter(pk=entry.pk).update(
            texts=dict(less.values), salts=dict(less.salts), erased=dict(less.erased)
        )
        stripped += 1
    return stripped
