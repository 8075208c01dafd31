"""Counts a target from published issues, as of a day, down to the record revisions behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from django.db.models import Count

from foretrack.foundation.errors import InputError
from foretrack.lists.models import ListedEntry, ListIssue, ListSeries
from foretrack.packs.loading import load_packs
from foretrack.packs.shapes import Bilingual, Pack, Target
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.registry import Registry
from foretrack.targets.models import Indicator, Rating

Standing: TypeAlias = Literal[
    "counting", "reached", "closed", "closed, reached", "batch", "rated", "not rated", "no list"
]


@dataclass(frozen=True, slots=True)
class Step:
    """One issue, and what it did to the count."""

    issue: int
    label: str
    published_on: str
    digest: str
    entered: int
    left: int
    counted: int
    """What the count was after it."""


@dataclass(frozen=True, slots=True)
class RatingLine:
    """What somebody said about a target."""

    rating: str
    narrative: Bilingual
    evidence: tuple[str, ...]
    role: Bilingual
    at: str


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """What an outcome is measured by, and its last value on the day asked for."""

    label: Bilingual
    unit: str
    operator: str
    threshold: float
    owner: Bilingual
    source: str
    value: float | None
    value_on: str | None
    value_source: str
    value_confidence: str
    met: bool | None
    """None while there is no value."""


@dataclass(frozen=True, slots=True)
class TargetPage:
    """One target as of a day."""

    target: str
    """`pack/target`."""
    label: Bilingual
    clause: str
    source: tuple[str, ...]
    confidence: str
    by: str
    operator: str
    value: float | None
    unit: str | None
    note: str
    as_of: str
    standing: Standing
    counted: int | None
    """None where nothing counts it: an outcome, or no list of that name here."""
    series: str | None
    issue: int | None
    """The issue that is counted."""
    directions: Mapping[str, int]
    """Direction (`pack/id`) to count; empty string for entries without one."""
    regions: Mapping[str, int]
    steps: tuple[Step, ...]
    indicator: IndicatorLine | None
    rating: RatingLine | None
    """The last one given by then."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A target that issues count, in short."""

    target: str
    label: Bilingual
    by: str
    operator: str
    value: float | None
    counted: int
    standing: Standing
    series: str
    issue: int | None


@dataclass(frozen=True, slots=True)
class Behind:
    """One entry behind a count, down to the revision of the record."""

    record: str
    title: Bilingual
    revision: int
    revision_digest: str
    direction: str
    region: str
    track: str
    series: str
    issue: int
    valid_to: str | None


def all_targets(
    registry: Registry, *, as_of: date | None = None, pack: str = "", direction: str = "", region: str = ""
) -> tuple[TargetPage, ...]:
    """Every target of the packs, counted as of a day (today when none is given)."""
    day = as_of or registry.now().date()
    asked = [
        (one, target)
        for one in load_packs(PACK_TERMS.paths)
        if not pack or one.id == pack
        for target in one.targets
    ]
    facts = _facts(asked, day)
    return tuple(_page(one, target, day, direction, region, facts) for one, target in asked)


def progress(
    registry: Registry, *, as_of: date | None = None, series: Collection[str] | None = None
) -> tuple[Progress, ...]:
    """How far the targets are that published issues count, in the order of the packs.

    Args:
        series: only targets that count these series; None for all.
    """
    day = as_of or registry.now().date()
    asked = [
        (pack, target)
        for pack in load_packs(PACK_TERMS.paths)
        for target in pack.targets
        if target.counts is not None and (series is None or target.counts in series)
    ]
    wanted = {target.counts for _, target in asked}
    declared = set(ListSeries.objects.filter(name__in=wanted).values_list("name", flat=True))
    rows = ListIssue.objects.filter(series__name__in=wanted, published_on__lte=day).order_by("number")
    last = {name: (pk, number) for name, pk, number in rows.values_list("series__name", "pk", "number")}
    standing = ListedEntry.objects.filter(issue__in=[pk for pk, _ in last.values()], listed=True)
    standing = standing.exclude(valid_to__lt=day)
    counts = dict(standing.order_by().values_list("issue").annotate(n=Count("pk")))
    made = []
    for pack, target in asked:
        if target.counts is None or target.counts not in declared:
            continue
        pk, number = last.get(target.counts, (None, None))
        counted = counts.get(pk, 0)
        made.append(
            Progress(
                pack.full_id(target.id), target.label, target.by, target.operator, target.value, counted,
                _where(target, counted, day, rated=False, narrowed=False), target.counts, number,
            )
        )  # fmt: skip
    return tuple(made)


def show_target(
    registry: Registry, name: str, *, as_of: date | None = None, direction: str = "", region: str = ""
) -> TargetPage:
    """One target, by `pack/target` or a short name that only one pack has."""
    pack, target = find_target(name)
    day = as_of or registry.now().date()
    return _page(pack, target, day, direction, region, _facts([(pack, target)], day))


def find_target(name: str) -> tuple[Pack, Target]:
    """The target called so; InputError that lists the known ones."""
    found = [
        (pack, target)
        for pack in load_packs(PACK_TERMS.paths)
        for target in pack.targets
        if name in (target.id, pack.full_id(target.id))
    ]
    if len(found) == 1:
        return found[0]
    known = [pack.full_id(t.id) for pack, t in found] or [
        target.id for pack in load_packs(PACK_TERMS.paths) for target in pack.targets
    ]
    raise InputError.of(
        "there is no target {name}" if not found else "the target {name} is in several packs", name=repr(name[:80]),
        expected="one of {known}", known=", ".join(known[:12]), do="look at `foretrack target`",
    )  # fmt: skip


def behind(
    registry: Registry, name: str, *, as_of: date | None = None, direction: str = "", region: str = ""
) -> tuple[Behind, ...]:
    """The entries that a count is made of, in the order of the issue."""
    from foretrack.lists.actions.reading import open_issue

    pack, target = find_target(name)
    day = as_of or registry.now().date()
    facts = _facts([(pack, target)], day)
    if target.counts is None or not facts.issues:
        return ()
    issue = facts.issues[target.counts][-1]
    frozen, _, _ = open_issue(target.counts, issue.number)
    titles = {entry.record: (entry.title, entry.revision_digest) for entry in frozen.entries}
    return tuple(
        Behind(
            record=row.record, title=titles[row.record][0], revision=row.revision,
            revision_digest=titles[row.record][1], direction=row.direction, region=row.region, track=row.track,
            series=target.counts, issue=issue.number, valid_to=row.valid_to.isoformat() if row.valid_to else None,
        )
        for row in _standing(facts, issue, day, direction, region)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the database knows of some targets by a day; a few statements, however many targets are asked for."""

    series: frozenset[str]
    """Names of the series that this installation has."""
    issues: Mapping[str, Sequence[ListIssue]]
    """Series to its issues, the oldest first."""
    entries: Mapping[int, Sequence[ListedEntry]]
    """Issue (its number in the database) to the entries that stand in it, in order."""
    indicators: Mapping[str, Indicator]
    """Target to the indicator declared last."""
    ratings: Mapping[str, Rating]
    """Target to the last rating."""


def _facts(asked: Sequence[tuple[Pack, Target]], day: date) -> _Facts:
    wanted = {target.counts for _, target in asked if target.counts}
    names = [pack.full_id(target.id) for pack, target in asked]
    issues: dict[str, list[ListIssue]] = {}
    for issue in (
        ListIssue.objects.filter(series__name__in=wanted, published_on__lte=day)
        .select_related("series")
        .defer("content")
        .order_by("number")
    ):
        issues.setdefault(issue.series.name, []).append(issue)
    entries: dict[int, list[ListedEntry]] = {}
    rows = ListedEntry.objects.filter(
        issue__series__name__in=wanted, issue__published_on__lte=day, listed=True
    )
    for entry in rows.order_by("position"):
        entries.setdefault(entry.issue_id, []).append(entry)
    return _Facts(
        series=frozenset(ListSeries.objects.filter(name__in=wanted).values_list("name", flat=True)),
        issues=issues,
        entries=entries,
        # The last of several wins: a mapping keeps what comes later.
        indicators={
            row.target: row
            for row in Indicator.objects.filter(target__in=names, declared_at__date__lte=day).order_by("id")
        },
        ratings={
            row.target: row
            for row in Rating.objects.filter(target__in=names, at__date__lte=day).order_by("id")
        },
    )


def _standing(
    facts: _Facts, issue: ListIssue, day: date, direction: str, region: str
) -> Sequence[ListedEntry]:
    """Entries of an issue that still stand on a day: validity ends by itself, without a later issue."""
    return [
        entry
        for entry in facts.entries.get(issue.pk, ())
        if (entry.valid_to is None or entry.valid_to >= day)
        and (not direction or entry.direction == direction)
        and entry.region.startswith(region)
    ]


def _page(pack: Pack, target: Target, day: date, direction: str, region: str, facts: _Facts) -> TargetPage:
    name = pack.full_id(target.id)
    issues = facts.issues.get(target.counts or "", ())
    issue = issues[-1] if issues else None
    entries = _standing(facts, issue, day, direction, region) if issue else []
    counted = len(entries) if target.counts in facts.series else None
    rating = _rating(facts.ratings.get(name))
    return TargetPage(
        target=name, label=target.label, clause=target.clause, source=target.source, confidence=target.confidence,
        by=target.by, operator=target.operator, value=target.value, unit=target.unit, note=target.note,
        as_of=day.isoformat(),
        standing=_where(target, counted, day, rated=rating is not None, narrowed=bool(direction or region)),
        counted=counted, series=target.counts, issue=issue.number if issue else None,
        directions=dict(sorted(Counter(e.direction for e in entries).items())),
        regions=dict(sorted(Counter(e.region for e in entries).items())),
        steps=_steps(issues, direction, region, facts),
        indicator=_indicator(facts.indicators.get(name), day), rating=rating,
    )  # fmt: skip


def _where(target: Target, counted: int | None, day: date, *, rated: bool, narrowed: bool) -> Standing:
    """Where the target stands. A part of the count (one region) never reaches a target of the whole."""
    if target.operator == "outcome":
        return "rated" if rated else "not rated"
    if counted is None:
        return "no list"
    if target.operator == "batch":
        return "batch"
    reached = not narrowed and target.value is not None and counted >= target.value
    closed = bool(target.by) and day.isoformat()[: len(target.by)] > target.by
    if closed:
        return "closed, reached" if reached else "closed"
    return "reached" if reached else "counting"


def _steps(issues: Sequence[ListIssue], direction: str, region: str, facts: _Facts) -> tuple[Step, ...]:
    steps = []
    before: set[str] = set()
    for issue in issues:
        now = {e.record for e in _standing(facts, issue, issue.published_on, direction, region)}
        steps.append(
            Step(
                issue.number, issue.label, issue.published_on.isoformat(), issue.digest, len(now - before),
                len(before - now), len(now),
            )
        )  # fmt: skip
        before = now
    return tuple(steps)


def _indicator(row: Indicator | None, day: date) -> IndicatorLine | None:
    if row is None:
        return None
    last = row.values.filter(on__lte=day).order_by("-on", "-id").first()
    met = None
    if last is not None:
        met = last.value >= row.threshold if row.operator == ">=" else last.value <= row.threshold
    return IndicatorLine(
        label=Bilingual(**row.label), unit=row.unit, operator=row.operator, threshold=row.threshold,
        owner=Bilingual(**row.owner), source=row.source, value=last.value if last else None,
        value_on=last.on.isoformat() if last else None, value_source=last.source if last else "",
        value_confidence=last.confidence if last else "", met=met,
    )  # fmt: skip


def _rating(row: Rating | None) -> RatingLine | None:
    if row is None:
        return None
    return RatingLine(
        row.rating,
        Bilingual(**row.narrative),
        tuple(row.evidence),
        Bilingual(**row.role),
        row.at.date().isoformat(),
    )
