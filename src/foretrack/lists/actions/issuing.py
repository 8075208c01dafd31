"""Freezing the next issue of a series: what would stand on it, and publishing it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.lists.actions.entries import REMOVAL_CODES, Basket, in_order, listable, removed
from foretrack.lists.actions.searchable import index_series
from foretrack.lists.actions.series import as_series, find_series
from foretrack.lists.changes import Changes, diff
from foretrack.lists.issue import Basis, Entry, Issue, content_of, read_issue
from foretrack.lists.models import ListedEntry, ListIssue, ListSeries
from foretrack.lists.signals import published
from foretrack.packs.loading import load_packs
from foretrack.packs.shapes import Bilingual
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import require
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.records import checked_reason
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.history.commitment import sha256
from foretrack.registry.models import Record
from foretrack.registry.models.record import PUBLIC
from foretrack.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Taken:
    """Why a person takes an entry off a list."""

    code: str
    reason: Bilingual = Bilingual()
    """In a reader's words; the code's own words where it is empty."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The next issue as it would be, and what it changes."""

    issue: Issue
    changes: Changes


def prepare(
    registry: Registry, actor: Actor, name: str, *, label: str = "", remove: Mapping[str, Taken] | None = None,
    renew: Collection[str] = (), readmit: Collection[str] = (),
) -> Prepared:  # fmt: skip
    """The next issue of a series, not published: listable records enter, what no longer may stand leaves with its reason.

    Args:
        remove: keys of records that shall leave although they could stand.
        renew: keys whose validity begins anew.
        readmit: keys that were removed before and shall stand again; without that they stay off.

    InputError for keys that are not on the list, or not removed; EvidenceError when the issue would be empty.
    """
    require(actor, "issue list")
    if remove:
        require(actor, "remove entry")
    row = find_series(name)
    kind = registry.kinds.get(row.kind)
    before = _last(row)
    today = registry.now().date()
    number = before.number + 1 if before else 1
    basket = Basket(row, kind, today)
    entries = _entries(basket, before, dict(remove or {}), set(renew), set(readmit))
    if not entries:
        raise EvidenceError.of(
            "the series {name} has nothing to list", name=name, expected="records in a state that may be listed",
            do="recognise records of the kind {kind} first", kind=row.kind,
        )  # fmt: skip
    issue = Issue(
        series=as_series(row), number=number, label=clean_text(label) or f"{today.year}-{number:02d}", published_on=today,
        as_of=today, fields=basket.fields(), entries=entries,
        previous=sha256(content_of(before)) if before else None, valid_from=today,
        basis=_basis(row.clause),
    )  # fmt: skip
    return Prepared(issue, diff(before, issue))


def publish(
    registry: Registry, actor: Actor, name: str, *, reason: str, label: str = "",
    remove: Mapping[str, Taken] | None = None, renew: Collection[str] = (), readmit: Collection[str] = (),
    expected: str = "",
) -> Prepared:  # fmt: skip
    """Freezes the next issue of a series; nobody can change it afterwards, only the next one can say otherwise.

    Args:
        expected: digest of the issue that the actor looked at with `prepare`; InputError, with nothing published, when
            records changed since.

    As `prepare`, and InputError when nothing changed since the last issue.
    """
    said = checked_reason(reason)
    if not said:
        raise InputError.of(
            "an issue without a reason", expected="a reason", do="say why it is published now"
        )
    with transaction.atomic():
        head = (
            take_number()
        )  # writers queue here, so no record changes and no other issue is published in between
        made = prepare(registry, actor, name, label=label, remove=remove, renew=renew, readmit=readmit)
        content = content_of(made.issue)
        digest = sha256(content)
        if expected and expected != digest:
            raise InputError.of(
                "the issue is no longer the one that you looked at", expected="the digest {digest}", digest=digest,
                do="look at it again, then publish",
            )  # fmt: skip
        if made.issue.number > 1 and made.changes.nothing:
            raise InputError.of(
                "nothing has changed since issue {number} of {name}", number=made.issue.number - 1, name=name,
                expected="an entry, a removal or a changed value", do="publish when there is something to say",
            )  # fmt: skip
        row = ListSeries.objects.get(name=name)
        entry = log(
            registry, actor, "issue list", f"series:{name}/{made.issue.number}",
            details={
                "digest": digest, "listed": len(made.issue.listed), "entered": len(made.changes.entered),
                "left": len(made.changes.left),
            },
            reason=said, head=head,
        )  # fmt: skip
        saved = ListIssue.objects.create(
            series=row, number=made.issue.number, label=made.issue.label, published_on=made.issue.published_on,
            content=content.decode(), digest=digest, previous=made.issue.previous or "", by=actor.key, at=registry.now(),
            log_entry=entry.number,
        )  # fmt: skip
        ListedEntry.objects.bulk_create([_unfolded(saved, one) for one in made.issue.entries], batch_size=500)
        index_series(row)
        published.send(
            sender=ListIssue,
            series=row,
            issue=made.issue,
            changes=made.changes,
            registry=registry,
            actor=actor,
        )
    return made


def _basis(clause: str) -> Basis | None:
    """The clause that a series serves, with the version of its pack as it is installed."""
    name, _, number = clause.partition("/")
    for pack in load_packs(PACK_TERMS.paths):
        if pack.id == name and number:
            return Basis(pack=name, version=pack.version, clause=number)
    return None


def _unfolded(saved: ListIssue, entry: Entry) -> ListedEntry:
    return ListedEntry(
        issue=saved, record=entry.record, revision=entry.revision, position=entry.position,
        listed=entry.status == "listed", direction=entry.direction.id if entry.direction else "",
        region=entry.region.id if entry.region else "", track=entry.track.id if entry.track else "",
        valid_to=entry.valid_to,
    )  # fmt: skip


def _last(row: ListSeries) -> Issue | None:
    last = row.issues.order_by("-number").first()
    return read_issue(last.content.encode()) if last else None


def _entries(
    basket: Basket, before: Issue | None, remove: dict[str, Taken], renew: set[str], readmit: set[str]
) -> tuple[Entry, ...]:
    stood = {entry.record: entry for entry in before.listed} if before else {}
    gone = {entry.record: entry for entry in before.removed} if before else {}
    _check_keys("remove", remove, stood)
    _check_keys("renew", renew, stood)
    _check_keys("readmit", readmit, gone)
    for taken in remove.values():
        if taken.code not in REMOVAL_CODES:
            raise InputError.of(
                "{code} is no reason to leave a list", code=repr(taken.code), expected="one of {known}",
                known=", ".join(REMOVAL_CODES), do="choose one, and add your own words",
            )  # fmt: skip
    states = [state.name for state in basket.kind.states if state.listable]
    records = {
        record.key: record
        for record in Record.objects.filter(
            kind=basket.kind.name, status__in=states, audience=PUBLIC, merged_into=None
        ).iterator(chunk_size=2000)
    }
    for record in Record.objects.filter(key__in=set(stood) - set(records)):
        records[record.key] = record
    names = _names(basket.kind, records.values())
    entries = []
    for key, record in records.items():
        earlier = stood.get(key)
        why = listable(basket.kind, basket.series, record)
        if key in remove:
            taken = remove[key]
            entries.append(
                removed(stood[key], taken.code, basket.today, taken.reason if taken.reason.text() else None)
            )
        elif why:
            if earlier is not None:
                entries.append(removed(earlier, why, basket.today))
        elif (
            earlier is not None and earlier.valid_to and earlier.valid_to < basket.today and key not in renew
        ):
            entries.append(removed(earlier, "expired", basket.today))
        elif key not in gone or key in readmit:
            entries.append(basket.entry(record, earlier, names, renewed=key in renew))
    there = {entry.record for entry in entries}
    entries += [entry for key, entry in gone.items() if key not in there]
    return in_order(entries)


def _check_keys(option: str, keys: Collection[str], known: Collection[str]) -> None:
    strange = sorted(set(keys) - set(known))
    if strange:
        raise InputError.of(
            "{keys} cannot be given to {option}", keys=", ".join(strange[:5]), option=option,
            expected="keys of records that were removed before" if option == "readmit" else "keys that stand on the list",
            do="look at the last issue",
        )  # fmt: skip


def _names(kind: Kind, records: Collection[Record]) -> dict[str, Bilingual]:
    """Key to name of the records that are linked and that everybody may see; the others stay keys."""
    wanted = {value for record in records for _, _, value in kind.points(record.body) if ":" not in value}
    found: dict[str, Bilingual] = {}
    keys = sorted(wanted)
    for start in range(0, len(keys), 500):
        rows = Record.objects.filter(key__in=keys[start : start + 500], audience=PUBLIC)
        found |= {r.key: Bilingual(r.title_en, r.title_zh) for r in rows}
    return found
