"""Keeps the shelf in step with the registry: what may be matched stands on it, what no longer may leaves it at once.

A record that leaves keeps its place, empty, with the line of the change, so that every process that holds the shelf in
memory takes it out before its next answer (`holding.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from foretrack.jobs.queueing import enqueue
from foretrack.lists.models import ListedEntry, ListIssue
from foretrack.matching.actions.evidence import counts, evidence_of
from foretrack.matching.actions.profiling import may_be_matched, profile_of, to_json, wording_of
from foretrack.matching.models import Meaning, Shelved
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry
from foretrack.search.actions.indexing import changing

BATCH = 500
MEET = 20
"""Records of one job that looks for their matches."""
_WRITTEN = (
    "kind", "side", "organisation", "region", "language", "until", "since", "profile", "wording", "gone", "change",
)  # fmt: skip


def follow(registry: Registry, records: Sequence[Record]) -> None:
    """Takes a change of records to the shelf, inside its transaction; has matches looked for where something is new."""
    sided = [
        r for r in records if _kind(registry, r) is not None and registry.kinds.get(r.kind).side is not None
    ]
    fresh = shelve(registry, sided) if sided else []
    for start in range(0, len(fresh), MEET):
        _look(fresh[start : start + MEET])
    owners = {
        r.organisation
        for r in records
        if r.organisation and _kind(registry, r) is not None and counts(registry.kinds.get(r.kind))
    }
    if owners:
        refresh(registry, owners)


def shelve(registry: Registry, records: Sequence[Record]) -> list[str]:
    """Makes the shelf say what the records say; keys of those that are new on it, or say something else than before."""
    fresh: list[str] = []
    for start in range(0, len(records), BATCH):
        fresh += _shelve(registry, records[start : start + BATCH])
    return fresh


def _shelve(registry: Registry, records: Sequence[Record]) -> list[str]:
    there = {one.record: one for one in Shelved.objects.filter(record__in=[r.key for r in records])}
    staying = [r for r in records if may_be_matched(registry.kinds.get(r.kind), r)]
    leaving = [
        there[r.key]
        for r in records
        if r.key in there and not there[r.key].gone and not may_be_matched(registry.kinds.get(r.kind), r)
    ]
    owners = {r.organisation for r in staying if r.organisation}
    sorts = _sorts(owners)
    evidence = evidence_of(registry, owners)
    new: list[Shelved] = []
    kept: list[Shelved] = []
    fresh: list[str] = []
    for record in staying:
        owner = record.organisation or ""
        profile = profile_of(
            registry.kinds.get(record.kind),
            record,
            sort_of=sorts.get(owner, ""),
            evidence=evidence.get(owner),
        )
        said, wording = to_json(profile), wording_of(profile)
        row = there.get(record.key) or Shelved(record=record.key)
        if row.pk and not row.gone and row.profile == said:
            continue
        if not row.pk or row.gone or {**row.profile, "evidence": {}} != {**said, "evidence": {}}:
            fresh.append(record.key)
        if not row.pk or row.gone:
            row.since = registry.now()
        row.kind, row.side, row.profile, row.wording, row.gone = (
            record.kind,
            profile.side,
            said,
            wording,
            False,
        )
        row.organisation, row.region = owner, profile.region
        row.language, row.until = profile.language, profile.until
        (kept if row.pk else new).append(row)
    if not (new or kept or leaving):
        return []
    with changing("default") as change:
        for row in leaving:
            row.profile, row.wording, row.gone, row.change = {}, "", True, change
            row.organisation = row.region = row.language = ""
            row.until = row.since = None
        for row in (*new, *kept):
            row.change = change
        Meaning.objects.filter(shelved__in=[row.pk for row in leaving]).delete()
        Shelved.objects.bulk_create(new, batch_size=BATCH)
        Shelved.objects.bulk_update([*kept, *leaving], _WRITTEN, batch_size=100)
    return fresh


def refresh(registry: Registry, organisations: Iterable[str]) -> None:
    """Counts anew what speaks for some organisations."""
    wanted = sorted(set(organisations))
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        rows = list(Shelved.objects.filter(organisation__in=some, gone=False))
        if not rows:
            continue
        evidence = evidence_of(registry, {row.organisation for row in rows})
        changed: list[Shelved] = []
        for row in rows:
            said: dict[str, Any] = {k: v for k, v in row.profile.items() if k != "evidence"}
            if evidence.get(row.organisation):
                said["evidence"] = dict(evidence[row.organisation])
            if said != row.profile:
                row.profile = said
                changed.append(row)
        if changed:
            with changing("default") as change:
                for row in changed:
                    row.change = change
                Shelved.objects.bulk_update(changed, ["profile", "change"], batch_size=100)


def refresh_listed(registry: Registry, series: str) -> None:
    """Counts anew what speaks for the organisations on the last two issues of a list, one of which was just published."""
    issues = list(
        ListIssue.objects.filter(series__name=series).order_by("-number").values_list("pk", flat=True)[:2]
    )
    keys = list(ListedEntry.objects.filter(issue__in=issues).values_list("record", flat=True))
    owners: set[str] = set()
    for start in range(0, len(keys), BATCH):
        rows = Record.objects.filter(key__in=keys[start : start + BATCH]).exclude(organisation=None)
        owners.update(str(one) for one in rows.values_list("organisation", flat=True))
    refresh(registry, owners)


def shelve_missing(registry: Registry, most: int) -> int:
    """How many records were shelved that may be matched and were not there: after an upgrade, or a restored backup."""
    done = 0
    for kind in registry.kinds:
        if kind.side is None:
            continue
        there = Shelved.objects.filter(kind=kind.name, gone=False).values("record")
        rows = Record.objects.filter(
            kind=kind.name, status__in=kind.side.states, audience=0, merged_into=None
        ).exclude(key__in=there)
        while done < most and (batch := list(rows.order_by("pk")[:BATCH])):
            fresh = shelve(registry, batch)
            for start in range(0, len(fresh), MEET):
                _look(fresh[start : start + MEET])
            done += len(batch)
    return done


def _look(keys: list[str]) -> None:
    from foretrack.matching.jobs import meet

    enqueue(meet, keys)


def _sorts(organisations: Iterable[str]) -> dict[str, str]:
    wanted, found = sorted(organisations), {}
    for start in range(0, len(wanted), BATCH):
        rows = Record.objects.filter(key__in=wanted[start : start + BATCH], audience=0)
        found.update({key: str(sort or "") for key, sort in rows.values_list("key", "body__sort_of")})
    return found


def _kind(registry: Registry, record: Record) -> Any:
    return registry.kinds.kinds.get(record.kind)
