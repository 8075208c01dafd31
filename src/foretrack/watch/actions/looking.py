"""Looks at what happened, for every rule that it may concern, in whole jobs: exactly once, whatever dies meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from foretrack.foundation.errors import ForetrackError
from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.queueing import enqueue
from foretrack.jobs.schedule import repeat
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import subject_of, visible_to
from foretrack.registry.models import Record, Revision
from foretrack.registry.registry import Registry, moment
from foretrack.watch.actions.raising import raise_alerts
from foretrack.watch.actions.seeing import KEY, RecordSight, among, fits, owner_of, record_sight, traits_of
from foretrack.watch.conditions import TIME, Conditions, Finding, Sight, findings, has_words, read_conditions
from foretrack.watch.models import WatchRule
from foretrack.watch.watchable import OFFER, Watchable, Watched

STEPS = 50
"""Revisions of one job: on SQLite nobody else writes while it looks, and each alert takes some milliseconds."""
CHUNK = 200
"""Records of one part of the nightly sweep."""


def plan() -> None:
    """Makes the nightly sweep and the comparison of scans due."""
    repeat("watch sweep", sweep, timedelta(days=1), timedelta(hours=2))
    repeat("watch versions", versions, timedelta(hours=1))


@job(Terms(whole=True))
def look(run: Run, steps: list[list[object]]) -> None:
    """Looks at revisions of records: [key, number] each."""
    look_at(run.registry, [(str(key), int(str(number))) for key, number in steps])


def look_at(registry: Registry, steps: Sequence[tuple[str, int]]) -> int:
    """Number of alerts that the steps from the revision before to the named one opened."""
    records = {r.key: r for r in Record.objects.filter(key__in={key for key, _ in steps})}
    wanted = {number - back for _, number in steps for back in (0, 1)}
    revisions = {
        (revision.record_id, revision.number): revision
        for revision in Revision.objects.filter(record__in=records.values(), number__in=wanted)
    }
    rules = running_rules("records").filter(kind__in={r.kind for r in records.values()})
    owners: dict[tuple[str, str], Actor | None] = {}
    subjects = {}
    raised = 0
    for rule in rules:
        if rule.kind not in registry.kinds.kinds:
            continue
        kind = registry.kinds.get(rule.kind)
        owner = owners.setdefault((rule.owner_sort, rule.owner), owner_of(rule))
        conditions = conditions_of(registry, rule)
        if owner is None or conditions is None:
            continue
        for key, number in steps:
            record = records.get(key)
            if record is None or record.kind != rule.kind:
                continue
            step = revisions.get((record.pk, number))
            if step is None or step.at <= moment(rule.changed_at):
                continue
            if key not in subjects:
                subjects[key] = subject_of(kind, record)
            earlier = revisions.get((record.pk, number - 1))
            latest = number == record.revision
            merged = record.merged_into_id is not None
            now = None if merged else record_sight(kind, owner, record, step, subjects[key], latest=latest)
            then = (
                record_sight(kind, owner, record, earlier, subjects[key], latest=False)
                if earlier is not None
                else None
            )
            if now is None and not latest:
                continue  # it was hidden since: nothing is told of a state that the owner no longer may see
            if now is None and earlier is not None:
                # Only that it is gone can be told, so it is enough to know that it was seen, by what was public then.
                then = _seen_before(
                    kind_name=rule.kind, owner=owner, record=record, earlier=earlier, registry=registry
                )
            found = findings(
                conditions, _fitting(rule, then), _fitting(rule, now), today=registry.now().date(),
                add_working_days=registry.add_working_days,
            )  # fmt: skip
            for one in found:
                raised += raise_alerts(
                    registry, rule, f"record:{key}", [one], _cause(one, f"revision:{number}")
                )
    return raised


def _cause(finding: Finding, otherwise: str) -> str:
    """A day that comes near is one cause, whether an edit or the nightly sweep notices it first."""
    return f"since:{finding.state}" if finding.code in TIME else otherwise


def _seen_before(
    *, kind_name: str, owner: Actor, record: Record, earlier: Revision, registry: Registry
) -> RecordSight | None:
    """What the owner saw at the earlier revision, though the record is hidden today; used for `gone` alone."""
    from foretrack.registry.access.permission import Subject

    kind = registry.kinds.get(kind_name)
    body = earlier.values
    organisation = body.get(kind.organisation) if kind.organisation else None
    try:
        public = kind.state(earlier.status).public
    except ForetrackError:
        return None
    was = Subject(
        kind=kind.name, organisation=record.key if kind.name == "organisation" else organisation,
        region=body.get(kind.region) if kind.region else None, created_by=record.created_by,
        addressed=kind.addressed_to(body, earlier.status),
        visibility=body.get("@visibility", "private"), public=public,
    )  # fmt: skip
    return record_sight(kind, owner, record, earlier, was, latest=False)


def _fitting(rule: WatchRule, seen: RecordSight | None) -> Sight | None:
    return seen.sight if seen is not None and fits(rule.search, seen) else None


def running_rules(about: str | None = None) -> QuerySet[WatchRule]:
    """Rules that look now."""
    found = WatchRule.objects.filter(ended_at=None, paused=False).order_by("pk")
    return found if about is None else found.filter(about=about)


def conditions_of(registry: Registry, rule: WatchRule) -> Conditions | None:
    """The conditions of a rule; None where its kind or watchable has changed so that they no longer mean anything."""
    try:
        traits = (
            traits_of(registry.kinds.get(rule.kind))
            if rule.about == "records"
            else OFFER.get(rule.about).traits
        )
        return read_conditions(rule.conditions, traits)
    except ForetrackError:
        return None


@job(Terms(whole=True))
def sweep(run: Run) -> None:
    """Once a night: what becomes so by waiting."""
    for rule in running_rules("records"):
        conditions = conditions_of(run.registry, rule)
        if conditions is not None and conditions.wait:
            enqueue(sweep_rule, rule.key, 0)


@job(Terms(whole=True))
def sweep_rule(run: Run, rule_key: str, beyond: int) -> None:
    """Looks at one part of the records that a rule sees, and asks for the next part."""
    last = sweep_part(run.registry, rule_key, beyond)
    if last is not None:
        enqueue(sweep_rule, rule_key, last)


def sweep_part(registry: Registry, rule_key: str, beyond: int) -> int | None:
    """Looks at up to 200 records after a row; the last row looked at, None when there are no more."""
    rule = running_rules().filter(key=rule_key).first()
    if rule is None or (owner := owner_of(rule)) is None or rule.kind not in registry.kinds.kinds:
        return None
    conditions = conditions_of(registry, rule)
    if conditions is None:
        return None
    kind = registry.kinds.get(rule.kind)
    found = Record.objects.filter(visible_to(owner), kind=kind.name, merged_into=None, pk__gt=beyond)
    records = list(found.order_by("pk").distinct()[:CHUNK])
    last = {
        r.record_id: r for r in Revision.objects.filter(record__in=records).order_by("record_id", "number")
    }
    for record in records:
        revision = last[record.pk]
        seen = record_sight(kind, owner, record, revision, subject_of(kind, record), latest=True)
        sight = _fitting(rule, seen)
        if sight is None:
            continue
        made = findings(
            conditions, sight, sight, today=registry.now().date(), add_working_days=registry.add_working_days,
            waiting=True,
        )  # fmt: skip
        for one in made:
            raise_alerts(
                registry, rule, f"record:{record.key}", [one], _cause(one, f"since:{one.state}"[:120])
            )
    return records[-1].pk if len(records) == CHUNK else None


@job(Terms(whole=True))
def versions(run: Run) -> None:
    """Once an hour: whether there is a scan that no rule has compared yet."""
    newest: dict[str, str] = {}
    for rule in running_rules().exclude(about="records"):
        if rule.about not in OFFER.by_name:
            continue
        if rule.about not in newest:
            there = OFFER.get(rule.about).versions()
            newest[rule.about] = there[-1] if there else ""
        if newest[rule.about] and newest[rule.about] != rule.mark:
            enqueue(
                compare, rule.key, newest[rule.about], key=f"compare:{rule.key}:{newest[rule.about]}"[:200]
            )


@job(Terms(whole=True))
def compare(run: Run, rule_key: str, version: str) -> None:
    """Compares the version that a rule last looked at with a newer one."""
    rule = running_rules().filter(key=rule_key).first()
    if rule is not None:
        compare_versions(run.registry, rule, version)


def compare_versions(registry: Registry, rule: WatchRule, version: str) -> int:
    """Number of alerts that the step to a version opened. Without an earlier one to compare with, it is only noted."""
    watchable = OFFER.get(rule.about)
    there = watchable.versions()
    owner, conditions = owner_of(rule), conditions_of(registry, rule)
    if version not in there or owner is None or conditions is None:
        return 0
    raised = 0
    search = rule.search
    if rule.mark in there[: there.index(version)]:
        renamed = watchable.follow(rule.mark, version)
        search = _followed(rule.search, watchable.unit, renamed)
        after = _found(watchable, search, owner, version)
        earlier = _found(watchable, rule.search, owner, rule.mark)
        before = {renamed.get(subject, subject): one for subject, one in earlier.items()}
        for subject in dict.fromkeys([*after, *before]):
            one = after.get(subject) or before[subject]
            made = findings(
                conditions,
                Sight(before[subject].values) if subject in before else None,
                Sight(after[subject].values) if subject in after else None,
                today=registry.now().date(),
                add_working_days=registry.add_working_days,
            )
            raised += raise_alerts(registry, rule, subject, made, f"version:{version}"[:120], title=one.title)
    WatchRule.objects.filter(pk=rule.pk).update(mark=version, search=search)
    rule.mark, rule.search = version, search
    return raised


def _followed(search: Mapping[str, Any], unit: str, renamed: Mapping[str, str]) -> dict[str, Any]:
    """The search of a rule that names a subject, when that is called otherwise from now on."""
    filters = dict(search.get("filters") or {})
    if KEY in filters:
        filters[KEY] = [
            renamed.get(f"{unit}:{one}", f"{unit}:{one}").partition(":")[2] for one in filters[KEY]
        ]
    return {**search, "filters": filters}


def _found(watchable: Watchable, search: Mapping[str, Any], owner: Actor, version: str) -> dict[str, Watched]:
    found = {}
    text, filters = search.get("text"), search.get("filters") or {}
    for one in watchable.read(version):
        if not one.public and not owner.grants:
            continue
        facets = {
            name: tuple(map(str, value)) if isinstance(value, list) else (str(value),)
            for name, value in one.values.items()
            if value is not None
        }
        facets[KEY] = (one.subject.partition(":")[2],)
        if among(filters, facets) and (not text or has_words(text, (one.title.en, one.title.zh, *one.texts))):
            found[one.subject] = one
    return found
