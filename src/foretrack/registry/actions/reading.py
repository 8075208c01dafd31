"""Records as an actor may see them: which rows, which fields, and the page of one record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from foretrack.foundation.errors import NotThereError
from foretrack.registry.access.actor import EVERYWHERE, Actor
from foretrack.registry.access.permission import Subject, may, may_move, reach, visible
from foretrack.registry.answers import Move, RecordPage
from foretrack.registry.declaring.fields import Field, Json, Visibility, clean_text
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.holding import is_held
from foretrack.registry.models import Assignment, Pointer, Record
from foretrack.registry.models.record import ADDRESSEE, PARTNER, PRIVATE, PUBLIC
from foretrack.registry.registry import Registry, moment


def subject_of(kind: Kind, record: Record) -> Subject:
    """A record as permission sees it."""
    return subjects_of(kind, [record])[record.pk]


def subjects_of(kind: Kind, records: Sequence[Record]) -> dict[int | None, Subject]:
    """Records of a kind as permission sees them, by their numbers; one statement for all."""
    saved = [record.pk for record in records if record.pk]
    assigned: dict[int, set[str]] = {}
    for start in range(0, len(saved), 500):
        running = Assignment.objects.filter(record_id__in=saved[start : start + 500], ended_at=None)
        for pk, actor in running.values_list("record_id", "actor"):
            assigned.setdefault(pk, set()).add(actor)
    return {
        record.pk: Subject(
            kind=kind.name,
            organisation=record.organisation,
            region=record.region,
            created_by=record.created_by,
            assigned=frozenset(assigned.get(record.pk, ())),
            addressed=kind.addressed_to(record.body, record.status) if kind.addressed else frozenset(),
            visibility=cast(Visibility, record.visibility),
            public=kind.state(record.status).public,
        )
        for record in records
    }


def visible_to(actor: Actor, prefix: str = "") -> Q:
    """The rows that an actor may see at all: the same as `permission.reach`, as a condition of the database.

    It joins nothing, so that no row comes twice.

    Args:
        prefix: the way to the record from the model that is asked, such as `record__`.
    """
    if actor.scopes is not None and "read" not in actor.scopes:
        return Q(**{f"{prefix}pk__in": ()})
    shared = Q(**{f"{prefix}audience__lte": PARTNER if may(actor, "read partner") else PUBLIC})
    return shared | seen_whole(actor, prefix)


def seen_whole(actor: Actor, prefix: str = "") -> Q:
    """The rows whose private part an actor may read: the own organisation's, those in charge of, those assigned."""
    nothing = Q(**{f"{prefix}pk__in": ()})
    everything = Q(**{f"{prefix}audience__lte": PRIVATE})
    if actor.scopes is not None and "read" not in actor.scopes:
        return nothing
    found = nothing
    for grant in actor.grants:
        if grant.role in ("member", "manager") and grant.organisation:
            found |= Q(**{f"{prefix}organisation": grant.organisation})
            found |= Q(**{f"{prefix}pk__in": addressed_to((grant.organisation,))})
        elif grant.role == "auditor":
            return everything
        elif grant.role == "officer":
            if EVERYWHERE in grant.regions or EVERYWHERE in grant.bodies:
                return everything
            for region in grant.regions:
                if region:
                    found |= in_region(region, prefix)
            if grant.bodies:
                found |= Q(**{f"{prefix}organisation__in": grant.bodies})
        elif grant.role == "reviewer":
            running = Assignment.objects.filter(actor=actor.key, ended_at=None)
            found |= Q(**{f"{prefix}pk__in": running.values("record_id")})
    if actor.key and any(grant.role in ("member", "manager") for grant in actor.grants):
        found |= Q(**{f"{prefix}organisation": None, f"{prefix}created_by": actor.key})
    return found


def addressed_to(organisations: Iterable[str]) -> QuerySet[Pointer, Any]:
    """Numbers of the records that are addressed to one of the organisations."""
    rows = Pointer.objects.filter(field=ADDRESSEE, unit="record", target__in=tuple(organisations))
    return rows.values("record_id")


def in_region(region: str, prefix: str = "") -> Q:
    """The rows whose region begins with a code."""
    # Not `startswith`: SQLite would take `cn-33` for `CN-33`, where `covers` does not.
    return Q(Exact(Left(F(f"{prefix}region"), len(region)), region))


def holds_records() -> bool:
    """Whether the registry holds any record at all."""
    return Record.objects.exists()


def records_with(keys: Iterable[str], *conditions: Q) -> dict[str, Record]:
    """Key to record, of those that are there and meet the conditions; few statements for many keys.

    It asks for no permission: `visible_to` is a condition for that.
    """
    wanted = sorted(set(keys))
    found: dict[str, Record] = {}
    for start in range(0, len(wanted), 500):
        rows = Record.objects.filter(*conditions, key__in=wanted[start : start + 500])
        found.update((row.key, row) for row in rows)
    return found


def find_record(
    registry: Registry, actor: Actor, key: str, *, follow: bool = True
) -> tuple[Kind, Record, Visibility]:
    """The record with a key, its kind, and how far the actor sees it.

    A merged record leads to the one it was merged into (unless not followed). NotThereError when there is none, or
    none that the actor may see: the two are not told apart.
    """
    record = Record.objects.filter(key=clean_text(key).upper()).first()
    while record is not None and follow and record.merged_into_id is not None:
        record = Record.objects.get(pk=record.merged_into_id)
    if record is not None:
        kind = registry.kinds.get(record.kind)
        circle = reach(actor, subject_of(kind, record))
        if circle is not None:
            return kind, record, circle
    raise NotThereError.of(
        "there is no record {key!r} that you may see", expected="the key of a record",
        do="check the key, or log in with another account", key=key[:40],
    )  # fmt: skip


def visible_values(
    kind: Kind, body: Mapping[str, Json], circle: Visibility, *, personal: bool
) -> dict[str, Json]:
    """The fields of a body that lie inside a circle; personal data only where allowed, or where declared public."""
    shown = {}
    for f in kind.fields:
        if (
            f.name in body
            and visible(f.visibility, circle)
            and (personal or not f.personal or f.visibility == "public")
        ):
            shown[f.name] = body[f.name]
    return shown


def changeable(field: Field, circle: Visibility, *, personal: bool) -> bool:
    """Whether somebody who sees a circle, and personal data or not, may change a field at all."""
    return visible(field.visibility, circle) and (personal or not field.personal)


def page_of(registry: Registry, actor: Actor, kind: Kind, record: Record, circle: Visibility) -> RecordPage:
    """The page of a record that the actor may see."""
    subject = subject_of(kind, record)
    personal = may(actor, "read personal", subject)
    values = visible_values(kind, record.body, circle, personal=personal)
    state = kind.state(record.status)
    return RecordPage(
        key=record.key, kind=kind.name, title=title_of(record, actor.language), status=record.status,
        status_label=state.label.text(actor.language), revision=record.revision, digest=record.digest,
        visibility=record.visibility, circle=circle, values=values,
        provenance={name: said for name, said in record.provenance.items() if name == "*" or name in values},
        created_at=moment(record.created_at), updated_at=moment(record.updated_at),
        state_since=moment(record.state_since),
        notice_until=_iso(record.notice_until),
        due_on=_iso(record.due_on),
        organisation=record.organisation, region=record.region,
        merged_into=record.merged_into.key if record.merged_into else None,
        moves=_free(kind, record, moves_of(registry, actor, kind, record, subject)),
        may_edit=may_edit(actor, kind, record, subject),
        hidden=sum(1 for name in record.body if name not in values),
        changeable=tuple(
            f.name
            for f in kind.fields
            if changeable(f, circle, personal=personal) and f.name not in kind.following
        ),
    )  # fmt: skip


def _free(kind: Kind, record: Record, moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """Without those that lead to another state while another room decides about the record."""
    if not moves or not is_held(record):
        return moves
    return tuple(one for one in moves if kind.transition(one.name).after == record.status)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def title_of(record: Record, language: str) -> str:
    """What a record is called in a language; its key where it has no name yet."""
    return (record.title_zh if language == "zh" else record.title_en) or record.key


def may_edit(actor: Actor, kind: Kind, record: Record, subject: Subject) -> bool:
    """Whether the actor may change fields now."""
    return (
        record.merged_into_id is None and kind.state(record.status).editable and may(actor, "edit", subject)
    )


def moves_of(
    registry: Registry, actor: Actor, kind: Kind, record: Record, subject: Subject
) -> tuple[Move, ...]:
    """The transitions that the actor may make, now or after the notice."""
    if record.merged_into_id is not None:
        return ()
    today = registry.now().date()
    found = []
    for move in kind.leaving(record.status):
        if may_move(actor, move, subject, record.submitted_by) and not any(
            guard(record.body) for guard in move.guards
        ):
            waits = move.after_notice and record.notice_until is not None and today <= record.notice_until
            found.append(
                Move(
                    move.name, move.label.text(actor.language), move.after, move.reason, move.needs,
                    record.notice_until.isoformat() if waits and record.notice_until else None,
                )
            )  # fmt: skip
    return tuple(found)
