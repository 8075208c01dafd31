"""What a record was: its revisions as far as the actor may see them, what changed between two, and one as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import Subject, may, reach, visible
from foretrack.registry.actions.reading import find_record, page_of, subject_of, visible_values
from foretrack.registry.actions.writing import titles
from foretrack.registry.answers import FieldChange, RecordPage, RevisionDiff, RevisionLine
from foretrack.registry.declaring.bodies import changed_fields
from foretrack.registry.declaring.fields import VISIBILITIES, Json, Visibility
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.models import AuditEntry, Record, Revision
from foretrack.registry.registry import Registry

MOST_LINES = 200
"""Revisions that one answer holds at most."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One revision as an actor may see it."""

    revision: Revision
    circle: Visibility
    values: Mapping[str, Json]
    provenance: Mapping[str, Json]
    erased: frozenset[str]


def history(
    registry: Registry, actor: Actor, key: str, *, limit: int = 50, before: int | None = None
) -> tuple[RevisionLine, ...]:
    """Revisions of a record that the actor may see, the newest first.

    Args:
        limit: from 1 to 200.
        before: only revisions with a smaller number.

    A revision is seen only by whoever may see the record now and could have seen it in the state and circle that it had
    then: what was a draft once does not become public by being published later. Changes are told against the revision
    before among those that the actor may see.
    """
    if not 1 <= limit <= MOST_LINES:
        raise InputError.of(
            "{n} revisions at once", expected="a number from 1 to {most}", do="ask for fewer and go on",
            n=limit, most=MOST_LINES,
        )  # fmt: skip
    kind, record, circle = find_record(registry, actor, key, follow=False)
    wanted = Revision.objects.filter(record=record).order_by("-number")
    if before is not None:
        wanted = wanted.filter(number__lt=before)
    sights: list[Seen] = []
    # In pieces, since what a visitor may not see does not count towards the limit; one more to tell the oldest apart.
    last = before
    while len(sights) <= limit:
        piece = list((wanted if last is None else wanted.filter(number__lt=last))[: limit + 1])
        if not piece:
            break
        last = piece[-1].number
        sights += [seen for r in piece if (seen := _seen(actor, kind, record, circle, r)) is not None]
    reasons = _reasons(actor, circle, sights[:limit])
    lines = []
    for at, seen in enumerate(sights[:limit]):
        earlier = sights[at + 1] if at + 1 < len(sights) else None
        lines.append(_line(seen, earlier, reasons.get(seen.revision.entry)))
    return tuple(lines)


def _line(seen: Seen, earlier: Seen | None, entry: AuditEntry | None) -> RevisionLine:
    before = earlier.values if earlier else {}
    # An erased value is not a change: it was there and is not shown.
    unknown = seen.erased | (earlier.erased if earlier else frozenset())
    changed = tuple(n for n in changed_fields(before, seen.values) if n not in unknown)
    revision = seen.revision
    return RevisionLine(
        number=revision.number, at=revision.at, by=revision.by, act=revision.act, status=revision.status,
        digest=revision.digest, changed=changed,
        before={n: before[n] for n in changed if n in before},
        after={n: seen.values[n] for n in changed if n in seen.values},
        erased=tuple(sorted(seen.erased)),
        reason=None if entry is None else entry.texts.get("reason"),
        provenance={n: said for n, said in seen.provenance.items() if n == "*" or n in changed},
        reason_erased=entry is not None and "reason" in entry.erased,
    )  # fmt: skip


def diff(registry: Registry, actor: Actor, key: str, first: int, second: int) -> RevisionDiff:
    """What differs between two revisions that the actor may see, field by field in the order of the declaration."""
    kind, record, circle = find_record(registry, actor, key, follow=False)
    before, after = (_one(actor, kind, record, circle, number) for number in (first, second))
    changes = []
    for f in kind.fields:
        old, new = before.values.get(f.name), after.values.get(f.name)
        gone = ("before" if f.name in before.erased else "", "after" if f.name in after.erased else "")
        if old != new or any(gone):
            changes.append(
                FieldChange(
                    f.name, f.label.text(actor.language), old, new,
                    "both" if all(gone) else "".join(gone), after.provenance.get(f.name),
                )
            )  # fmt: skip
    return RevisionDiff(
        record.key, kind.name, first, second, before.revision.status, after.revision.status, tuple(changes)
    )


def past(registry: Registry, actor: Actor, key: str, number: int) -> RecordPage:
    """A record as it was at one revision, as far as the actor may see it; nothing can be done with it."""
    kind, record, circle = find_record(registry, actor, key, follow=False)
    seen = _one(actor, kind, record, circle, number)
    page = page_of(registry, actor, kind, record, circle)
    body = {name: value for name, value in seen.revision.values.items() if not name.startswith("@")}
    title_en, title_zh = titles(kind, seen.values)
    return replace(
        page,
        title=(title_zh if actor.language == "zh" else title_en) or record.key,
        status=seen.revision.status, status_label=kind.state(seen.revision.status).label.text(actor.language),
        revision=number, digest=seen.revision.digest, circle=seen.circle,
        visibility=seen.revision.values.get("@visibility", record.visibility), values=seen.values,
        provenance={n: said for n, said in seen.provenance.items() if n == "*" or n in seen.values},
        updated_at=seen.revision.at, state_since="", notice_until=None, due_on=None, moves=(), may_edit=False,
        organisation=body.get(kind.organisation) if kind.organisation else page.organisation,
        region=body.get(kind.region) if kind.region else None,
        hidden=sum(1 for name in body if name not in seen.values),
    )  # fmt: skip


def _one(actor: Actor, kind: Kind, record: Record, circle: Visibility, number: int) -> Seen:
    revision = Revision.objects.filter(record=record, number=number).first()
    seen = None if revision is None else _seen(actor, kind, record, circle, revision)
    if seen is None:
        raise InputError.of(
            "the record {key} has no revision {number} that you may see", expected="a number from 1 to {last}",
            do="look at its history", key=record.key, number=number, last=record.revision,
        )  # fmt: skip
    return seen


def _seen(actor: Actor, kind: Kind, record: Record, now: Visibility, revision: Revision) -> Seen | None:
    body = {name: value for name, value in revision.values.items() if not name.startswith("@")}
    then = _subject_then(kind, record, revision, body)
    reached = reach(actor, then)
    if reached is None:
        return None
    circle: Visibility = VISIBILITIES[min(VISIBILITIES.index(reached), VISIBILITIES.index(now))]
    # Personal data needs the right today and then: a record may have changed its organisation.
    personal = all(may(actor, "read personal", subject) for subject in (then, subject_of(kind, record)))
    values = visible_values(kind, body, circle, personal=personal)
    shown = {f.name for f in kind.fields if visible(f.visibility, circle)}
    provenance = revision.values.get("@provenance", {})
    return Seen(
        revision, circle, values,
        {name: said for name, said in provenance.items() if name == "*" or name in values},
        frozenset(name for name in revision.erased if name in shown),
    )  # fmt: skip


def _subject_then(kind: Kind, record: Record, revision: Revision, body: Mapping[str, Json]) -> Subject:
    return replace(
        subject_of(kind, record),
        organisation=body.get(kind.organisation) if kind.organisation else record.organisation,
        region=body.get(kind.region) if kind.region else None,
        addressed=kind.addressed_to(body, revision.status),
        visibility=cast(Visibility, revision.values.get("@visibility", record.visibility)),
        public=kind.state(revision.status).public,
    )


def _reasons(actor: Actor, circle: Visibility, sights: list[Seen]) -> dict[int, AuditEntry]:
    """Entries of the log by number, for whoever may read reasons: auditors and those who see the private part."""
    if circle != "private" and not may(actor, "read audit"):
        return {}
    numbers = [s.revision.entry for s in sights if s.circle == "private" or may(actor, "read audit")]
    return AuditEntry.objects.in_bulk(numbers)
