"""Two records about one thing: merged, and taken apart again.

Nothing moves. The absorbed record stays with its history; whoever asks for it is led to the survivor, its identifiers are
no longer alive and no facet or search finds it.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import AccessError, may, reach, require, visible
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.reading import find_record, page_of, subject_of, title_of
from foretrack.registry.actions.records import check_revision, checked_reason
from foretrack.registry.actions.writing import ConflictError, Draft, covering, unfold, write
from foretrack.registry.answers import Absorbed, Merged
from foretrack.registry.declaring.fields import Json, Visibility
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import DuplicatePair, Merge, Record, Revision
from foretrack.registry.registry import Registry, moment


def merge(
    registry: Registry, actor: Actor, survivor: str, absorbed: str, *, take: Sequence[str] = (),
    survivor_revision: int, absorbed_revision: int, reason: str = "",
) -> Merged:  # fmt: skip
    """Says that two records of one kind are about the same thing; asking for the absorbed one leads to the survivor.

    Args:
        take: fields whose value (and provenance) the survivor takes from the absorbed one; it keeps all its others.
        survivor_revision, absorbed_revision: the ones that the actor read; ConflictError when somebody changed either.

    AccessError unless the actor may merge both; InputError for two kinds, one record, or one that was merged already.
    """
    said = checked_reason(reason)
    with transaction.atomic():
        head = take_number()
        kind, stays, circle = find_record(registry, actor, survivor, follow=False)
        other, goes, other_circle = find_record(registry, actor, absorbed, follow=False)
        for declared, record in ((kind, stays), (other, goes)):
            require(actor, "merge", subject_of(declared, record))
        _check_pair(kind, stays, other, goes)
        check_revision(stays, survivor_revision)
        check_revision(goes, absorbed_revision)
        fields = _checked_fields(actor, kind, stays, goes, (circle, other_circle), take)
        body, provenance = dict(stays.body), dict(stays.provenance)
        for name in fields:
            body[name] = goes.body[name]
            _take(provenance, goes.provenance, name)
        now = registry.now()
        goes.merged_into = stays
        unfold(other, goes, Draft(goes.body, goes.status, goes.visibility, goes.provenance), now)
        unfold(kind, stays, Draft(body, stays.status, stays.visibility, provenance), now)
        revisions = write(registry, actor, [(other, goes), (kind, stays)], "merge", head.number + 1)
        Merge.objects.create(
            survivor=stays, absorbed=goes, at=now, by=actor.key,
            taken={"fields": list(fields), "absorbed": goes.revision, "survivor": stays.revision},
        )  # fmt: skip
        _judge_pair(registry, actor, stays, goes, "same")
        log(
            registry, actor, "merge", f"record:{goes.key}",
            details={"kind": kind.name, "into": stays.key, "fields": list(fields), **covering(revisions)},
            reason=said, head=head,
        )  # fmt: skip
    return Merged(page_of(registry, actor, kind, stays, circle), goes.key, fields)


def unmerge(registry: Registry, actor: Actor, absorbed: str, *, reason: str = "") -> Merged:
    """Undoes a merge: both records stand by themselves again, with what each had before.

    What the survivor took goes back to what stood there before; its other changes since stay. ConflictError that names
    the fields when a taken one has been changed since; InputError when the record is not merged, or the survivor has
    itself been merged in the meantime (that one is undone first).
    """
    said = checked_reason(reason)
    with transaction.atomic():
        head = take_number()
        kind, goes, _ = find_record(registry, actor, absorbed, follow=False)
        done = Merge.objects.filter(absorbed=goes, undone_at=None).select_related("survivor").first()
        if done is None or goes.merged_into_id is None:
            raise InputError.of(
                "the record {key} is not merged into another", expected="the key of the record that was absorbed",
                do="look at its history", key=goes.key,
            )  # fmt: skip
        stays = done.survivor
        for record in (goes, stays):
            require(actor, "merge", subject_of(kind, record))
        if stays.merged_into is not None:
            raise InputError.of(
                "the record {key} has itself been merged into {other}", expected="the last merge of the chain",
                do="undo that merge first", key=stays.key, other=stays.merged_into.key,
            )  # fmt: skip
        fields = tuple(done.taken["fields"])
        body, provenance, lost = _given_back(stays, done, fields)
        now = registry.now()
        goes.merged_into = None
        unfold(kind, goes, Draft(goes.body, goes.status, goes.visibility, goes.provenance), now)
        unfold(kind, stays, Draft(body, stays.status, stays.visibility, provenance), now)
        # The survivor first: it gives identifiers back that the other one bears again.
        revisions = write(registry, actor, [(kind, stays), (kind, goes)], "unmerge", head.number + 1)
        done.undone_at, done.undone_by = now, actor.key
        done.save(update_fields=["undone_at", "undone_by"])
        # Somebody has looked and takes "same" back, which does not say "different".
        _judge_pair(registry, actor, stays, goes, "unsure")
        log(
            registry, actor, "unmerge", f"record:{goes.key}",
            details={"kind": kind.name, "out_of": stays.key, "fields": list(fields), **covering(revisions)},
            reason=said, head=head,
        )  # fmt: skip
        _, _, circle = find_record(registry, actor, stays.key, follow=False)
    return Merged(page_of(registry, actor, kind, stays, circle), goes.key, fields, lost)


def absorbed_by(registry: Registry, actor: Actor, key: str) -> tuple[Absorbed, ...]:
    """The records that were merged into one, of those whose merge the actor may undo; the latest first."""
    kind, stays, _ = find_record(registry, actor, key, follow=False)
    if not may(actor, "merge", subject_of(kind, stays)):
        return ()
    done = Merge.objects.filter(survivor=stays, undone_at=None, absorbed__merged_into=stays).select_related(
        "absorbed"
    )
    return tuple(
        Absorbed(one.absorbed.key, title_of(one.absorbed, actor.language), moment(one.at), one.by)
        for one in done.order_by("-pk")
        if may(actor, "merge", subject_of(kind, one.absorbed))
        and reach(actor, subject_of(kind, one.absorbed)) is not None
    )


def _check_pair(kind: Kind, stays: Record, other: Kind, goes: Record) -> None:
    if stays.pk == goes.pk:
        raise InputError.of(
            "{key} cannot be merged with itself", expected="two records", do="name two keys", key=stays.key
        )
    if kind.name != other.name:
        raise InputError.of(
            "{first} is a {kind} and {second} a {other}", expected="two records of one kind",
            do="link them instead, if one belongs to the other",
            first=stays.key, kind=kind.name, second=goes.key, other=other.name,
        )  # fmt: skip
    for record in (stays, goes):
        if record.merged_into is not None:
            raise InputError.of(
                "the record {key} was merged into {other} already", expected="a record that stands by itself",
                do="use the other one, or undo that merge first", key=record.key, other=record.merged_into.key,
            )  # fmt: skip


def _checked_fields(
    actor: Actor, kind: Kind, stays: Record, goes: Record, circles: tuple[Visibility, Visibility], take: Sequence[str]
) -> tuple[str, ...]:  # fmt: skip
    fields = tuple(dict.fromkeys(take))
    personal = all(may(actor, "read personal", subject_of(kind, record)) for record in (stays, goes))
    for name in fields:
        f = kind.field(name)
        if not all(visible(f.visibility, circle) for circle in circles) or (f.personal and not personal):
            raise AccessError.of(
                "you may not change {fields}", expected="fields that you may see", do="leave them out", fields=name,
            )  # fmt: skip
        if name not in goes.body:
            raise InputError.of(
                "{key} has no {field} that could be taken", expected="fields that it has", do="leave it out",
                key=goes.key, field=name,
            )  # fmt: skip
        if name in (kind.organisation, kind.region):
            raise InputError.of(
                "{field} says who is in charge and is not taken over", expected="other fields",
                do="edit it after the merge, if it has to change", field=name,
            )  # fmt: skip
        if f.type == "file":
            raise InputError.of(
                "{field} holds files and is not taken over", expected="other fields",
                do="attach the file to the other record", field=name,
            )  # fmt: skip
    return fields


def _take(mine: dict[str, Json], theirs: dict[str, Json], name: str) -> None:
    """The provenance of one field as the other record has it, what holds for its whole record included."""
    said = theirs.get(name, theirs.get("*"))
    if said is None:
        mine.pop(name, None)
    else:
        mine[name] = said


def _given_back(
    stays: Record, done: Merge, fields: Sequence[str]
) -> tuple[dict[str, Json], dict[str, Json], tuple[str, ...]]:
    made = done.taken["survivor"]
    taken, before = (Revision.objects.get(record=stays, number=number) for number in (made, made - 1))
    # An erasure since is no change that somebody would lose: what was erased stays away.
    changed = [n for n in fields if n not in taken.erased and stays.body.get(n) != taken.values.get(n)]
    if changed:
        raise ConflictError.of(
            "{fields} of {key} changed since the merge took it over", expected="fields as the merge left them",
            do="set it back to what the merge took (revision {number}), then undo the merge",
            fields=", ".join(changed), key=stays.key, number=made,
        )  # fmt: skip
    body, provenance = dict(stays.body), dict(stays.provenance)
    for name in fields:
        if name in before.values:
            body[name] = before.values[name]
        else:
            body.pop(name, None)
        said = before.values.get("@provenance", {}).get(name)
        if said is None:
            provenance.pop(name, None)
        else:
            provenance[name] = said
    return body, provenance, tuple(n for n in fields if n in before.erased)


def _judge_pair(registry: Registry, actor: Actor, one: Record, other: Record, judgement: str) -> None:
    first, second = sorted((one, other), key=lambda record: record.pk)
    pairs = DuplicatePair.objects.filter(Q(first=first, second=second))
    pairs.update(
        judgement=judgement, judged_by=actor.key, judged_at=registry.now(), first_revision=first.revision,
        second_revision=second.revision,
    )  # fmt: skip
