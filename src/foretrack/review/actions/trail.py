"""From which call a record came: the submissions that carried it, and what was decided, by which entry of the log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from foretrack.lists.models import ListedEntry
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import records_with, title_of, visible_to
from foretrack.registry.models import Revision
from foretrack.registry.registry import Registry, moment
from foretrack.review.kinds import SUBMISSION, TOLD
from foretrack.review.models import Decision, Entry

_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """A decision, without its reasons: those are the applicant's to read."""

    stage: int
    outcome: str
    at: str
    digest: str
    log_entry: int


@dataclass(frozen=True, slots=True)
class Origin:
    """One submission that carried a record through a call."""

    call: str
    call_title: str
    submission: str
    code: str
    status: str
    status_label: str
    subject_revision: int
    """Of the record, as it was handed in last."""
    subject_digest: str
    """Of that revision; empty where the actor may not see it."""
    decisions: tuple[DecisionStep, ...]


def came_from(registry: Registry, actor: Actor, keys: Collection[str]) -> Mapping[str, tuple[Origin, ...]]:
    """Record to the submissions that carried it, the newest first, as far as the actor may see them.

    A bounded number of statements, however many records are asked for.
    """
    asked = list(dict.fromkeys(keys))
    entries: list[Entry] = []
    for start in range(0, len(asked), _TOGETHER):
        entries += Entry.objects.filter(subject__in=asked[start : start + _TOGETHER])
    submissions = records_with((one.submission for one in entries), visible_to(actor))
    calls = records_with((one.call for one in entries), visible_to(actor))
    decisions = _decisions([key for key, one in submissions.items() if one.status in TOLD])
    digests = _digests(entries)
    found: dict[str, list[Origin]] = {}
    for entry in sorted(entries, key=lambda one: -one.pk):
        record, call = submissions.get(entry.submission), calls.get(entry.call)
        if record is None or call is None:
            continue
        found.setdefault(entry.subject, []).append(
            Origin(
                call=call.key, call_title=title_of(call, actor.language), submission=record.key, code=entry.code,
                status=record.status, status_label=SUBMISSION.state(record.status).label.text(actor.language),
                subject_revision=entry.subject_revision,
                subject_digest=digests.get((entry.subject, entry.subject_revision), ""),
                decisions=tuple(decisions.get(record.key, ())),
            )
        )  # fmt: skip
    return {key: tuple(origins) for key, origins in found.items()}


@dataclass(frozen=True, slots=True)
class Listing:
    """One issue in which a record stood or from which it was removed."""

    series: str
    issue: int
    published_on: str
    digest: str
    """Of the issue."""
    revision: int
    """Of the record."""
    listed: bool
    """False where the issue says that it was removed."""


def listed_in(key: str) -> tuple[Listing, ...]:
    """Every issue that names a record, the oldest first; published, so everybody may see them."""
    rows = ListedEntry.objects.filter(record=key).select_related("issue__series").defer("issue__content")
    return tuple(
        Listing(
            row.issue.series.name, row.issue.number, row.issue.published_on.isoformat(), row.issue.digest, row.revision,
            row.listed,
        )
        for row in rows.order_by("issue__published_on", "issue__pk")
    )  # fmt: skip


def _decisions(keys: list[str]) -> dict[str, list[DecisionStep]]:
    found: dict[str, list[DecisionStep]] = {}
    for start in range(0, len(keys), _TOGETHER):
        for row in Decision.objects.filter(submission__in=keys[start : start + _TOGETHER]).order_by("pk"):
            step = DecisionStep(row.stage, row.outcome, moment(row.at), row.digest, row.log_entry)
            found.setdefault(row.submission, []).append(step)
    return found


def _digests(entries: list[Entry]) -> dict[tuple[str, int], str]:
    wanted = {(one.subject, one.subject_revision) for one in entries}
    found: dict[tuple[str, int], str] = {}
    keys = sorted({key for key, _ in wanted})
    numbers = {number for _, number in wanted}
    for start in range(0, len(keys), _TOGETHER):
        rows = Revision.objects.filter(record__key__in=keys[start : start + _TOGETHER], number__in=numbers)
        found.update(
            {
                (key, number): digest
                for key, number, digest in rows.values_list("record__key", "number", "digest")
            }
        )
    return {at: digest for at, digest in found.items() if at in wanted}
