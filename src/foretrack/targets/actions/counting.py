"""Counts a target from published issues, as of a day, down to the record revisions behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

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
    return tuple(
        _page(one, target, day, direction, region)
        for one in load_packs(PACK_TERMS.paths)
        if not pack or one.id == pack
        for target in one.targets
    )


def show_target(
    registry: Registry, name: str, *, as_of: date | None = None, direction: str = "", region: str = ""
) -> TargetPage:
    """One target, by `pack/target` or a short name that only one pack has."""
    pack, target = find_target(name)
    return _page(pack, target, as_of or registry.now().date(), direction, region)


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

    _, target = find_target(name)
    day = as_of or registry.now().date()
    issue = _issue_on(target, day)
    if issue is None or target.counts is None:
        return ()
    frozen, _, _ = open_issue(target.counts, issue.number)
    titles = {entry.record: (entry.title, entry.revision_digest) for entry in frozen.entries}
    return tuple(
        Behind(
            record=row.record, title=titles[row.record][0], revision=row.revision,
            revision_digest=titles[row.record][1], direction=row.direction, region=row.region, track=row.track,
            series=target.counts, issue=issue.number, valid_to=row.valid_to.isoformat() if row.valid_to else None,
        )
        for row in _standing_entries(issue, day, direction, region)
    )  # fmt: skip


def series_of(target: Target) -> ListSeries | None:
    """The series whose issues count for a target, where this installation has one."""
    return ListSeries.objects.filter(name=target.counts).first() if target.counts else None


def _issue_on(target: Target, day: date) -> ListIssue | None:
    """The issue that stood on a day."""
    return (
        ListIssue.objects.filter(series__name=target.counts, published_on__lte=day)
        .order_by("-number")
        .first()
        if target.counts
        else None
    )


def _standing_entries(issue: ListIssue, day: date, direction: str, region: str) -> Sequence[ListedEntry]:
    """Entries of an issue that still stand on a day: validity ends by itself, without a later issue."""
    rows = issue.entries.filter(listed=True).exclude(valid_to__lt=day).order_by("position")
    if direction:
        rows = rows.filter(direction=direction)
    if region:
        rows = rows.filter(region__startswith=region)
    return list(rows)


def _page(pack: Pack, target: Target, day: date, direction: str, region: str) -> TargetPage:
    name = pack.full_id(target.id)
    issue = _issue_on(target, day)
    entries = _standing_entries(issue, day, direction, region) if issue else []
    counted = len(entries) if series_of(target) is not None else None
    return TargetPage(
        target=name, label=target.label, clause=target.clause, source=target.source, confidence=target.confidence,
        by=target.by, operator=target.operator, value=target.value, unit=target.unit, note=target.note,
        as_of=day.isoformat(), standing=_standing(target, counted, name, day, narrowed=bool(direction or region)),
        counted=counted, series=target.counts, issue=issue.number if issue else None,
        directions=dict(sorted(Counter(e.direction for e in entries).items())),
        regions=dict(sorted(Counter(e.region for e in entries).items())),
        steps=_steps(target, day, direction, region),
        indicator=_indicator(name, day), rating=_rating(name, day),
    )  # fmt: skip


def _standing(target: Target, counted: int | None, name: str, day: date, *, narrowed: bool) -> Standing:
    """Where the target stands. A part of the count (one region) never reaches a target of the whole."""
    if target.operator == "outcome":
        return "rated" if _rating(name, day) else "not rated"
    if counted is None:
        return "no list"
    if target.operator == "batch":
        return "batch"
    reached = not narrowed and target.value is not None and counted >= target.value
    closed = bool(target.by) and day.isoformat()[: len(target.by)] > target.by
    if closed:
        return "closed, reached" if reached else "closed"
    return "reached" if reached else "counting"


def _steps(target: Target, day: date, direction: str, region: str) -> tuple[Step, ...]:
    if not target.counts:
        return ()
    steps = []
    before: set[str] = set()
    for issue in ListIssue.objects.filter(series__name=target.counts, published_on__lte=day).order_by(
        "number"
    ):
        now = {e.record for e in _standing_entries(issue, issue.published_on, direction, region)}
        steps.append(
            Step(
                issue.number, issue.label, issue.published_on.isoformat(), issue.digest, len(now - before),
                len(before - now), len(now),
            )
        )  # fmt: skip
        before = now
    return tuple(steps)


def _indicator(name: str, day: date) -> IndicatorLine | None:
    row = Indicator.objects.filter(target=name, declared_at__date__lte=day).order_by("-id").first()
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


def _rating(name: str, day: date) -> RatingLine | None:
    row = Rating.objects.filter(target=name, at__date__lte=day).order_by("-id").first()
    if row is None:
        return None
    return RatingLine(
        row.rating,
        Bilingual(**row.narrative),
        tuple(row.evidence),
        Bilingual(**row.role),
        row.at.date().isoformat(),
    )
