"""The one way in which a record is written: the row, its revision, and everything that is derived from its body.

Nothing here asks for permission or checks a value; the actions do, and then come here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from foretrack.foundation.errors import InputError
from foretrack.foundation.keys import new_key
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.adding import add_rows
from foretrack.registry.actions.cards import add_cards, facets_of
from foretrack.registry.declaring.fields import VISIBILITIES, BilingualText, Json, Visibility
from foretrack.registry.declaring.kind import Kind, State
from foretrack.registry.history.chain import digest_of_digests, revision_digest
from foretrack.registry.history.commitment import SALT_BYTES, seal
from foretrack.registry.models import Card, Facet, Figure, Identifier, Pointer, Record, Revision
from foretrack.registry.models.record import ADDRESSEE, PRIVATE
from foretrack.registry.registry import Registry, moment
from foretrack.registry.signals import changed


class ConflictError(InputError):
    """Somebody else changed the record in between; nothing was written."""


def conflict(key: str, now: int, read: int) -> ConflictError:
    """The error for a record that is no longer at the revision that somebody read."""
    return ConflictError.of(
        "the record {key} is at revision {now} by now, not {read}: somebody else changed it",
        expected="the revision that you read", do="look at what changed, and make your change again",
        key=key, now=now, read=read,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """What a record shall be: its new body, state and circle."""

    body: Mapping[str, Json]
    status: str
    visibility: str
    provenance: Mapping[str, Json]


def audience_of(state: State, visibility: str) -> int:
    """Who may see a record at all: 0 everybody, 1 partners, 2 its own organisation and whoever is in charge."""
    return VISIBILITIES.index(visibility) if state.public else PRIVATE


def new_record(registry: Registry, kind: Kind, actor: Actor, draft: Draft, at: datetime) -> Record:
    """A record that is not saved yet."""
    record = Record(
        key=new_key(at), kind=kind.name, revision=0, created_at=at, created_by=actor.key, digest="", state_since=at,
    )  # fmt: skip
    unfold(kind, record, draft, at)
    return record


def unfold(kind: Kind, record: Record, draft: Draft, at: datetime) -> None:
    """Takes a draft into the row: body, state, and the columns derived from them."""
    state = kind.state(draft.status)
    record.body = dict(draft.body)
    record.provenance = dict(draft.provenance)
    record.status = draft.status
    record.visibility = draft.visibility
    record.audience = audience_of(state, draft.visibility)
    record.title_en, record.title_zh = titles(kind, draft.body)
    record.organisation = draft.body.get(kind.organisation) if kind.organisation else None
    if kind.name == "organisation":
        record.organisation = record.key
    record.region = draft.body.get(kind.region) if kind.region else None
    if state.due_field:
        last = draft.body.get(state.due_field)
        record.due_on = date.fromisoformat(last) if last else None
    record.updated_at = at


def titles(kind: Kind, body: Mapping[str, Json]) -> tuple[str, str]:
    """The record's name in English and in Chinese; the one that there is, where the other is missing."""
    value = body.get(kind.title)
    if value is None:
        return "", ""
    if isinstance(kind.by_name[kind.title], BilingualText):
        en, zh = value.get("en", ""), value.get("zh", "")
        return (en or zh)[:300], (zh or en)[:300]
    return str(value)[:300], str(value)[:300]


def write(
    registry: Registry, actor: Actor, writes: Sequence[tuple[Kind, Record]], act: str, entry_number: int
) -> list[Revision]:
    """Saves records that `new_record` or `unfold` prepared, with their next revisions and what is derived from them.

    Runs inside the caller's transaction; records that exist already are saved only if nobody changed them since they were
    read. Raises ConflictError then, and InputError when an identifier is taken by another record.
    """
    at = moment(registry.now())
    revisions = []
    for kind, record in writes:
        sealed = seal(
            {**record.body, "@visibility": record.visibility, "@provenance": record.provenance},
            secrets.token_bytes(SALT_BYTES),
        )
        number = record.revision + 1
        digest = revision_digest(
            record=record.key, kind=kind.name, number=number, at=at, by=actor.key, act=act, status=record.status,
            before=record.digest, commitments=sealed.commitments(),
        )  # fmt: skip
        revisions.append(
            Revision(
                number=number, at=at, by=actor.key, act=act, status=record.status, values=sealed.values,
                salts=sealed.salts, before=record.digest, digest=digest, entry=entry_number,
            )
        )  # fmt: skip
        record.revision, record.digest = number, digest
    fresh = [record for _, record in writes if record.pk is None]
    kept = [record for _, record in writes if record.pk is not None]
    _add_records(fresh)
    for record in kept:
        _save_over(record)
    for revision, (_, record) in zip(revisions, writes, strict=True):
        revision.record_id = record.pk
    add_rows(Revision, _REVISION, ([getattr(revision, name) for name in _REVISION] for revision in revisions))
    _derive(writes, [record.pk for record in kept])
    changed.send(
        sender=Record, records=[record for _, record in writes], act=act, actor=actor, registry=registry
    )
    return revisions


_REVISION = tuple(f.attname for f in Revision._meta.concrete_fields if f.attname != "id")
_ALL = tuple(f.attname for f in Record._meta.concrete_fields if f.attname != "id")
_COLUMNS = tuple(
    f.attname
    for f in Record._meta.concrete_fields
    if f.attname not in ("id", "key", "kind", "created_at", "created_by")
)


def _add_records(records: Sequence[Record]) -> None:
    add_rows(Record, _ALL, ([getattr(record, name) for name in _ALL] for record in records))
    for start in range(0, len(records), 500):
        part = {record.key: record for record in records[start : start + 500]}
        for key, pk in Record.objects.filter(key__in=list(part)).values_list("key", "pk"):
            part[key].pk = pk
            part[key]._state.adding = False


def _save_over(record: Record) -> None:
    columns = {name: getattr(record, name) for name in _COLUMNS}
    if not Record.objects.filter(pk=record.pk, revision=record.revision - 1).update(**columns):
        now = Record.objects.filter(pk=record.pk).values_list("revision", flat=True).first()
        raise conflict(record.key, now or 0, record.revision - 1)


def derive_again(kept: Sequence[tuple[Kind, Record]]) -> None:
    """Derives what follows from the bodies of records that are saved already; bodies and states stay as they are."""
    for kind, record in kept:
        before = {name: getattr(record, name) for name in _COLUMNS}
        unfold(
            kind,
            record,
            Draft(record.body, record.status, record.visibility, record.provenance),
            record.updated_at,
        )
        columns = {name: getattr(record, name) for name in _COLUMNS}
        if columns != before:
            Record.objects.filter(pk=record.pk).update(**columns)
    _derive(kept, [record.pk for _, record in kept])


def _derive(writes: Sequence[tuple[Kind, Record]], existing: Sequence[int]) -> None:
    for start in range(0, len(existing), 500):
        part = existing[start : start + 500]
        for model in (Facet, Pointer, Identifier, Card, Figure):
            model._default_manager.filter(record_id__in=part).delete()
    facets: list[tuple[object, ...]] = []
    pointers: list[tuple[object, ...]] = []
    identifiers: list[tuple[int, str, str, str, bool]] = []
    values = [facets_of(kind, record) if record.merged_into_id is None else {} for kind, record in writes]
    for (kind, record), of_record in zip(writes, values, strict=True):
        facets += [(record.pk, kind.name, *row) for row in _with_audience(record, of_record)]
        pointers += [(record.pk, *row) for row in pointer_rows(kind, record)]
        identifiers += [(record.pk, kind.name, *row) for row in identifier_rows(kind, record)]
    add_rows(Facet, ("record_id", "kind", "name", "value", "audience"), facets)
    add_rows(Pointer, ("record_id", "field", "unit", "target", "audience"), pointers)
    add_cards(writes, values)
    try:
        with transaction.atomic():
            add_rows(Identifier, ("record_id", "kind", "scheme", "value", "alive"), identifiers)
    except IntegrityError:
        raise _taken(identifiers) from None


def facet_rows(kind: Kind, record: Record) -> list[tuple[str, str, int]]:
    """(name, value, audience) of the facets that a record must have; none once it was merged into another."""
    if record.merged_into_id is not None:
        return []
    return _with_audience(record, facets_of(kind, record))


def _with_audience(
    record: Record, facets: Mapping[Visibility, Sequence[tuple[str, str]]]
) -> list[tuple[str, str, int]]:
    return [
        (name, value, max(record.audience, VISIBILITIES.index(circle)))
        for circle, values in facets.items()
        for name, value in values
    ]


def pointer_rows(kind: Kind, record: Record) -> list[tuple[str, str, str, int]]:
    """(field, unit, target, audience) of the links that a record must have."""
    made = []
    for f, _, value in kind.points(record.body):
        audience = max(record.audience, VISIBILITIES.index(f.visibility))
        unit, colon, name = value.partition(":")
        made.append((f.name, unit if colon else "record", name if colon else value, audience))
    made += [
        (ADDRESSEE, "record", key, PRIVATE) for key in sorted(kind.addressed_to(record.body, record.status))
    ]
    return made


def identifier_rows(kind: Kind, record: Record) -> list[tuple[str, str, bool]]:
    """(scheme, value, alive) of the identifiers that a record must have."""
    alive = record.merged_into_id is None
    return [
        (f.scheme, value, alive)
        for f in kind.identifiers
        if f.unique
        for value in f.facet_values(record.body.get(f.name))
    ]


def _taken(identifiers: Sequence[tuple[int, str, str, str, bool]]) -> InputError:
    """Names the identifier that is there twice, not the record that bears it, which may be hidden from the asker."""
    seen: set[tuple[str, str, str]] = set()
    for record, kind, scheme, value, _ in identifiers:
        there = (kind, scheme, value)
        taken = Identifier.objects.filter(kind=kind, scheme=scheme, value=value, alive=True)
        if there in seen or taken.exclude(record_id=record).exists():
            return taken_identifier(kind, scheme, value)
        seen.add(there)
    return InputError.of("an identifier was taken at the same moment", do="try again")


def taken_identifier(kind: str, scheme: str, value: str) -> InputError:
    """The error for an identifier that another record bears."""
    return InputError.of(
        "the {scheme} {value} belongs to another {kind} already", expected="an identifier that no other record bears",
        do="look for that record and use it, or correct the identifier", scheme=scheme, value=value, kind=kind,
    )  # fmt: skip


def covering(revisions: Sequence[Revision]) -> dict[str, Json]:
    """What an entry of the log says about the revisions that it covers."""
    if len(revisions) == 1:
        return {"revision": revisions[0].number, "digest": revisions[0].digest}
    return {"revisions": len(revisions), "digest": digest_of_digests(r.digest for r in revisions)}
