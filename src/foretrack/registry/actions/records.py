"""Making, changing, moving and looking at one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from django.db import transaction

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.foundation.sentences import Sentence
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import (
    AccessError,
    Subject,
    may,
    may_create,
    may_move,
    refusal,
    require,
)
from foretrack.registry.actions.following import followed
from foretrack.registry.actions.judging import check_rule
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.reading import (
    changeable,
    find_record,
    may_edit,
    page_of,
    subject_of,
    visible_to,
)
from foretrack.registry.actions.writing import Draft, conflict, covering, new_record, unfold, write
from foretrack.registry.answers import Assigned, RecordPage
from foretrack.registry.declaring.bodies import (
    InvalidRecord,
    Problem,
    changed_body,
    changed_fields,
    check_complete,
    read_fields,
)
from foretrack.registry.declaring.fields import VISIBILITIES, File, Json, Visibility, clean_text
from foretrack.registry.declaring.kind import Kind, State, Transition
from foretrack.registry.models import Assignment, Attachment, Record
from foretrack.registry.registry import Registry, moment
from foretrack.registry.signals import assigned, moved, moving

MOST_REASON = 5000
"""Characters of a reason."""


def create(
    registry: Registry, actor: Actor, kind_name: str, values: Mapping[str, Json], *,
    visibility: str = "public", provenance: Mapping[str, Json] | None = None,
) -> RecordPage:  # fmt: skip
    """A new record in the first state of its kind.

    Raises InvalidRecord naming every wrong field; AccessError when the actor may not make one there.
    """
    kind = registry.kinds.get(kind_name)
    read = changed_body({}, read_fields(kind, values))
    body = followed(kind, with_own_organisation(kind, actor, read), read)
    draft = Draft(
        body,
        kind.first_state.name,
        checked_visibility(visibility),
        checked_provenance(kind, provenance or {}),
    )
    check_creation(actor, kind, draft)
    with transaction.atomic():
        head = take_number()
        check_links(registry, actor, kind, body)
        check_files(kind, None, body)
        record = new_record(registry, kind, actor, draft, registry.now())
        revisions = write(registry, actor, [(kind, record)], "create", head.number + 1)
        log(
            registry,
            actor,
            "create",
            f"record:{record.key}",
            details={"kind": kind.name, **covering(revisions)},
            head=head,
        )
    return page_of(registry, actor, kind, record, "private")


def with_own_organisation(kind: Kind, actor: Actor, body: Mapping[str, Json]) -> dict[str, Json]:
    """The body with the actor's organisation where none is named and the actor belongs to just one."""
    own = actor.organisations
    if kind.organisation and kind.organisation not in body and len(own) == 1:
        return {**body, kind.organisation: next(iter(own))}
    return dict(body)


def check_creation(actor: Actor, kind: Kind, draft: Draft) -> None:
    """Raises AccessError or InvalidRecord unless the actor may make this record."""
    subject = Subject(
        kind=kind.name,
        organisation=draft.body.get(kind.organisation) if kind.organisation else None,
        region=draft.body.get(kind.region) if kind.region else None,
        created_by=actor.key,
        visibility=cast(Visibility, draft.visibility),
    )
    if not may_create(actor, kind, subject):
        raise refusal(actor, Sentence("create a record of the kind {kind}", {"kind": kind.name}))
    if not kind.first_state.draft:
        check_complete(kind, draft.body)


def edit(
    registry: Registry, actor: Actor, key: str, changes: Mapping[str, Json], *, revision: int,
    visibility: str | None = None, provenance: Mapping[str, Json] | None = None, reason: str = "",
) -> RecordPage:  # fmt: skip
    """Changes fields of a record; a field given as empty is taken out.

    Args:
        revision: the one that the actor read; ConflictError, with nothing written, when somebody has changed it since.

    A change that changes nothing writes nothing. AccessError for a field that the actor may not see.
    """
    with transaction.atomic():
        head = take_number()
        kind, record, circle = find_record(registry, actor, key)
        subject = subject_of(kind, record)
        if not may_edit(actor, kind, record, subject):
            raise _closed(kind, record) if may(actor, "edit", subject) else refusal(actor, "edit this record")
        check_revision(record, revision)
        read = read_fields(kind, changes)
        _check_hidden(actor, kind, read, circle, subject)
        body = followed(kind, changed_body(record.body, read), read)
        fresh = {n: v for n, v in body.items() if record.body.get(n) != v}
        check_links(registry, actor, kind, fresh)
        check_files(kind, record, fresh)
        if not kind.state(record.status).draft:
            check_complete(kind, body)
        draft = Draft(
            body, record.status, checked_visibility(visibility or record.visibility),
            {**record.provenance, **checked_provenance(kind, provenance or {})},
        )  # fmt: skip
        _check_scope_kept(actor, kind, record, draft)
        before = (record.body, record.visibility, record.provenance)
        if before == (draft.body, draft.visibility, draft.provenance):
            return page_of(registry, actor, kind, record, circle)
        fields = changed_fields(record.body, body)
        unfold(kind, record, draft, registry.now())
        revisions = write(registry, actor, [(kind, record)], "edit", head.number + 1)
        log(
            registry, actor, "edit", f"record:{record.key}",
            details={"kind": kind.name, "fields": list(fields), **covering(revisions)},
            reason=checked_reason(reason), head=head,
        )  # fmt: skip
    return page_of(registry, actor, kind, record, circle)


def move(
    registry: Registry, actor: Actor, key: str, transition_name: str, *, revision: int, reason: str = "",
    values: Mapping[str, Json] | None = None,
) -> RecordPage:  # fmt: skip
    """Makes a transition of a record's workflow.

    Args:
        values: fields that the transition needs and the record lacks yet; in a state in which the actor may change the
            record anyway, others too.

    AccessError when the actor may not; InvalidRecord when something is missing; EvidenceError while a public notice runs;
    ConflictError when somebody changed the record since it was read.
    """
    said = checked_reason(reason)
    with transaction.atomic():
        head = take_number()
        kind, record, circle = find_record(registry, actor, key)
        step = kind.transition(transition_name)
        subject = subject_of(kind, record)
        if record.merged_into_id is not None:
            raise _closed(kind, record)
        if not may_move(actor, step, subject, record.submitted_by):
            raise refusal(actor, Sentence("make the transition {move!r}", {"move": step.name}))
        check_revision(record, revision)
        if record.status not in step.before:
            raise InputError.of(
                "{move} does not lead out of {status!r}", expected="a record that is {before}",
                do="choose one of {known}",
                move=step.name, status=record.status, before=" / ".join(step.before),
                known=", ".join(t.name for t in kind.leaving(record.status)) or "-",
            )  # fmt: skip
        if step.reason and not said:
            raise InvalidRecord.with_problems(
                [
                    Problem(
                        "reason",
                        InputError.of(
                            "{move} without a reason", expected="a reason", do="say why", move=step.name
                        ),
                    )
                ],
            )
        today = registry.now().date()
        if step.after_notice and record.notice_until is not None and today <= record.notice_until:
            raise EvidenceError.of(
                "the public notice runs until {day}", expected="a day after it",
                do="wait for its end; objections may still come", day=record.notice_until.isoformat(),
            )  # fmt: skip
        read = read_fields(kind, values or {})
        _check_hidden(actor, kind, read, circle, subject)
        _check_asked(actor, kind, record, subject, step, read)
        body = followed(kind, changed_body(record.body, read), read)
        if problems := [problem for guard in step.guards for problem in guard(body)]:
            raise problems[0]
        if step.fills is not None:
            follows = {name: v for name, v in step.fills(body, today).items() if name not in read}
            body = changed_body(body, read_fields(kind, follows))
        check_links(registry, actor, kind, read)
        check_files(kind, record, read)
        after = kind.state(step.after)
        if not after.draft:
            check_complete(kind, body, step.needs)
        if step.rule:
            check_rule(kind, step.rule, body, today)
        moving.send(
            sender=Record, kind=kind, record=record, transition=step, body=body, reason=said, actor=actor,
            registry=registry,
        )  # fmt: skip
        before = record.status
        was_draft = kind.state(before).draft
        unfold(kind, record, Draft(body, step.after, record.visibility, record.provenance), registry.now())
        record.state_since = registry.now()
        if was_draft and not after.draft:
            record.submitted_by = actor.key
        record.notice_until = registry.ends_on(after.notice, today)
        record.due_on = due_on(registry, after, body, today)
        revisions = write(registry, actor, [(kind, record)], f"move:{step.name}", head.number + 1)
        log(
            registry, actor, f"move:{step.name}", f"record:{record.key}",
            details={"kind": kind.name, "before": before, "after": step.after, **covering(revisions)},
            reason=said, head=head,
        )  # fmt: skip
        moved.send(
            sender=Record, record=record, transition=step, before=before, reason=said, actor=actor,
            registry=registry,
        )  # fmt: skip
    # Who moved it may have lost sight of it: an organisation hands in, an officer of another region passes on.
    return replace(
        page_of(registry, actor, kind, record, circle),
        may_edit=may_edit(actor, kind, record, subject_of(kind, record)),
    )


def due_on(registry: Registry, state: State, body: Mapping[str, Json], begins: date) -> date | None:
    """The day by which somebody has to act on a record that stands in a state since a day."""
    if state.due_field:
        said = body.get(state.due_field)
        return date.fromisoformat(said) if said else None
    return registry.ends_on(state.due, begins)


def show(registry: Registry, actor: Actor, key: str) -> RecordPage:
    """The record with a key, as far as the actor may see it."""
    kind, record, circle = find_record(registry, actor, key)
    return page_of(registry, actor, kind, record, circle)


def assign(registry: Registry, actor: Actor, key: str, reviewer: str, *, ended: bool = False) -> None:
    """Asks somebody (by the key of the account) to review a record, or ends that."""
    with transaction.atomic():
        head = take_number()
        kind, record, _ = find_record(registry, actor, key)
        require(actor, "assign", subject_of(kind, record))
        running = Assignment.objects.filter(record=record, actor=reviewer, ended_at=None)
        if ended == bool(not running.exists()):
            raise InputError.of(
                "{reviewer} is not assigned to {key}" if ended else "{reviewer} is assigned to {key} already",
                expected="a change", do="look at the record's assignments", reviewer=reviewer, key=record.key,
            )  # fmt: skip
        if ended:
            running.update(ended_at=registry.now())
        else:
            Assignment.objects.create(record=record, actor=reviewer, by=actor.key, at=registry.now())
        log(
            registry, actor, "end assignment" if ended else "assign", f"record:{record.key}",
            details={"reviewer": reviewer}, head=head,
        )  # fmt: skip
        if not ended:
            assigned.send(sender=Record, record=record, reviewer=reviewer, actor=actor, registry=registry)


def assigned_to(registry: Registry, actor: Actor, key: str) -> tuple[Assigned, ...]:
    """Who reviews a record now; AccessError for whoever may not ask somebody to."""
    kind, record, _ = find_record(registry, actor, key)
    require(actor, "assign", subject_of(kind, record))
    running = Assignment.objects.filter(record=record, ended_at=None).order_by("pk")
    return tuple(Assigned(one.actor, one.by, moment(one.at)) for one in running)


def check_revision(record: Record, revision: int) -> None:
    """Raises ConflictError when the record is no longer at the revision that somebody read."""
    if record.revision != revision:
        raise conflict(record.key, record.revision, revision)


def check_links(registry: Registry, actor: Actor, kind: Kind, body: Mapping[str, Json]) -> None:
    """Raises InvalidRecord for links to records that are not there, of another kind, or hidden from the actor."""
    problems = missing_links(actor, kind, [body])[0]
    if problems:
        raise InvalidRecord.with_problems(problems)


def missing_links(actor: Actor, kind: Kind, bodies: Sequence[Mapping[str, Json]]) -> list[list[Problem]]:
    """For each body the links to records that are not there, of another kind, or hidden; few statements for all."""
    wanted = [[point for point in kind.points(body) if ":" not in point[2]] for body in bodies]
    keys = sorted({value for links in wanted for _, _, value in links})
    there: dict[str, str] = {}
    for start in range(0, len(keys), 500):
        some = Record.objects.filter(visible_to(actor), key__in=keys[start : start + 500])
        there.update(some.values_list("key", "kind"))
    return [
        [
            Problem(
                f.name,
                InputError.of(
                    "there is no {kinds} {key}", expected="the key of a record that you may see",
                    do="look it up with `foretrack record list`", kinds=" / ".join(link.kinds), key=value,
                ),
            )
            for f, link, value in links
            if value not in there or not link.takes(there[value])
        ]
        for links in wanted
    ]  # fmt: skip


def check_files(kind: Kind, record: Record | None, changes: Mapping[str, Json]) -> None:
    """InputError for a file that was not uploaded to this record: nobody reads a file by guessing or knowing its hash."""
    for f in kind.fields:
        if not isinstance(f, File) or changes.get(f.name) is None:
            continue
        given = set(f.facet_values(changes[f.name]))
        known = set()
        if record is not None and record.pk is not None:
            rows = Attachment.objects.filter(record=record, field=f.name, erased_at=None, sha256__in=given)
            known = set(rows.values_list("sha256", flat=True))
        if given - known:
            raise no_file(min(given - known))


def no_file(sha256: str) -> InputError:
    """The error for a file that the record does not have, or not for this actor: the two are not told apart."""
    return InputError.of(
        "the record has no file {sha256} that you may see", expected="the SHA-256 of a file that was attached to it",
        do="upload the file with `foretrack record attach` or on its page", sha256=repr(sha256[:64]),
    )  # fmt: skip


def checked_visibility(visibility: str) -> str:
    """The visibility; InputError for one that does not exist."""
    if visibility not in VISIBILITIES:
        raise InputError.of(
            "the visibility {visibility!r} does not exist", expected="one of {known}", do="choose one",
            visibility=str(visibility)[:40], known=", ".join(VISIBILITIES),
        )  # fmt: skip
    return visibility


PROVENANCE_KEYS = ("source", "url", "date", "licence", "confidence", "note")


def checked_provenance(kind: Kind, provenance: Mapping[str, Json]) -> dict[str, Json]:
    """Provenance per field (`*` for the whole record), checked; InvalidRecord for what is no provenance."""
    kept: dict[str, Json] = {}
    problems = []
    for name, said in provenance.items():
        if name != "*" and name not in kind.by_name:
            problems.append(
                Problem(
                    name,
                    InputError.of(
                        "provenance of the unknown field {name!r}", expected="a field, or *", name=name
                    ),
                )
            )
        elif not isinstance(said, Mapping) or not set(said) <= set(PROVENANCE_KEYS):
            problems.append(
                Problem(
                    name,
                    InputError.of(
                        "provenance {said!r}", expected="some of {known}", do="write it like this: {example}",
                        said=str(said)[:60], known=", ".join(PROVENANCE_KEYS),
                        example='{"source": "...", "date": "2026-03-01"}',
                    ),
                )
            )  # fmt: skip
        else:
            kept[name] = {key: clean_text(str(text))[:500] for key, text in said.items() if text}
    if problems:
        raise InvalidRecord.with_problems(problems)
    return kept


def checked_reason(reason: str) -> str:
    """The reason, cleaned; InputError for one that is too long."""
    said = clean_text(reason)
    if len(said) > MOST_REASON:
        raise InputError.of(
            "a reason of {n} characters",
            expected="at most {most}",
            do="shorten it",
            n=len(said),
            most=MOST_REASON,
        )
    return said


def _check_hidden(
    actor: Actor, kind: Kind, read: Mapping[str, Json], circle: Visibility, subject: Subject
) -> None:
    personal = may(actor, "read personal", subject)
    hidden = [n for n in read if not changeable(kind.by_name[n], circle, personal=personal)]
    if hidden:
        raise AccessError.of(
            "you may not change {fields}", expected="fields that you may see", do="leave them out",
            fields=", ".join(hidden),
        )  # fmt: skip


def _check_asked(
    actor: Actor, kind: Kind, record: Record, subject: Subject, step: Transition, read: Mapping[str, Json]
) -> None:
    """Nobody changes with a transition what the state of the record keeps them from changing."""
    more = [
        name
        for name, value in read.items()
        if name not in (*step.needs, *step.takes) and record.body.get(name) != value
    ]
    if more and not may_edit(actor, kind, record, subject):
        raise InputError.of(
            "{move} does not change {fields}", move=step.name, fields=", ".join(more), expected="at most {needs}",
            needs=", ".join((*step.needs, *step.takes)) or "-",
            do="leave them out; a record that is {status!r} stays as it is",
            status=record.status,
        )  # fmt: skip


def _check_scope_kept(actor: Actor, kind: Kind, record: Record, draft: Draft) -> None:
    """Nobody moves a record out of, or into, what they may edit by changing its organisation or region."""
    organisation = draft.body.get(kind.organisation) if kind.organisation else record.organisation
    region = draft.body.get(kind.region) if kind.region else record.region
    if (organisation, region) != (record.organisation, record.region):
        require(actor, "edit", replace(subject_of(kind, record), organisation=organisation, region=region))


def _closed(kind: Kind, record: Record) -> InputError:
    if record.merged_into is not None:
        return InputError.of(
            "the record {key} was merged into {other}", expected="a record that stands by itself",
            do="use the other one", key=record.key, other=record.merged_into.key,
        )  # fmt: skip
    return InputError.of(
        "a {kind} that is {status!r} can no longer be changed", expected="a state that allows it",
        do="make a transition first, if one leads back", kind=kind.name, status=record.status,
    )  # fmt: skip
