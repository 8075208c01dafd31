"""In which published issues a record stands, as of a day: asked by records, not by lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from foretrack.lists.models import ListedEntry, ListIssue
from foretrack.packs.shapes import Bilingual


@dataclass(frozen=True, slots=True)
class Standing:
    """A record in the last issue of a series that was published by a day."""

    record: str
    revision: int
    """The revision that was listed."""
    series: str
    title: Bilingual
    issue: int
    label: str
    published_on: str
    valid_to: str | None
    stands: bool
    """False where the issue names it as removed, or its validity has ended."""


def standings(records: Iterable[str], on: date) -> tuple[Standing, ...]:
    """Where records stand on a day, and where they were removed last or have run out; those that stand first.

    Lists are public, and so is everything here.
    """
    rows = list(
        ListedEntry.objects.filter(record__in=list(records), issue__published_on__lte=on)
        .select_related("issue__series")
        .defer("issue__content")
    )
    last = dict(
        ListIssue.objects.filter(series__in={row.issue.series_id for row in rows}, published_on__lte=on)
        .values_list("series")
        .annotate(number=Max("number"))
    )
    made = [
        Standing(
            row.record, row.revision, row.issue.series.name, Bilingual(**row.issue.series.title), row.issue.number,
            row.issue.label, row.issue.published_on.isoformat(), row.valid_to.isoformat() if row.valid_to else None,
            row.listed and (row.valid_to is None or row.valid_to >= on),
        )
        for row in rows
        if row.issue.number == last[row.issue.series_id]
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda one: (not one.stands, one.series, one.record)))
