"""What owners learn of the attention that an achievement gets: numbers by day, and nothing about anybody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from django.db import OperationalError, transaction
from django.db.models import F

from foretrack.domains.exchange.hall.models import Count
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import Subject, may, refusal
from foretrack.registry.answers import RecordPage
from foretrack.registry.models import Pointer, Record
from foretrack.registry.registry import Registry
from foretrack.registry.waiting import impatient

What: TypeAlias = Literal["view", "download"]
ROBOT = re.compile(
    r"bot|crawl|spider|slurp|https?:|curl|wget|python|java/|go-http|headless|preview|monitor", re.I
)
"""What gives a program away in what it calls itself: the words for one, a link to its maker, or a library's own name."""
DAYS = 90
"""Days that are shown."""


@dataclass(frozen=True, slots=True)
class DayLine:
    """What happened on one day."""

    day: date
    views: int
    downloads: int
    questions: int
    interests: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The attention that an achievement gets."""

    days: tuple[DayLine, ...]
    """Of the last 90 days, each day on which it was released, the first one first."""
    views: int
    downloads: int
    questions: int
    interests: int
    """All in all since the release, older days too."""


def is_robot(program: str) -> bool:
    """Whether what a program calls itself (`User-Agent`) says that it is no reader; one that says nothing is none.

    >>> is_robot("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"), is_robot("")
    (False, True)
    >>> is_robot("Mozilla/5.0 (compatible; Invented/1.0; +https://crawler.example/)"), is_robot("curl/8.5.0")
    (True, True)
    """
    return not program.strip() or ROBOT.search(program) is not None


def count(registry: Registry, actor: Actor, page: RecordPage, what: What, *, program: str) -> bool:
    """Counts a view or a download of a released achievement; whether it was counted.

    Not counted are robots, the owner's own people and officers in charge, and what comes while the database is busy:
    no reader waits for a number.
    """
    if page.status != "released" or is_robot(program) or may_see_figures(actor, page):
        return False
    today = registry.now().date()
    try:
        with impatient(), transaction.atomic():
            # Asked for after the row is there: two who come first at once add to one row.
            Count.objects.get_or_create(record=page.key, day=today, what=what)
            Count.objects.filter(record=page.key, day=today, what=what).update(n=F("n") + 1)
    except OperationalError:
        return False
    return True


def may_see_figures(actor: Actor, page: RecordPage) -> bool:
    """Whether the actor is of the owner, or an officer in charge."""
    on = Subject(kind=page.kind, organisation=page.organisation, region=page.region)
    return may(actor, "edit", on)


def figures_of(registry: Registry, actor: Actor, page: RecordPage) -> Figures:
    """The figures of an achievement; AccessError for everybody but its owner and the officers in charge."""
    if not may_see_figures(actor, page):
        raise refusal(actor, "see the figures of this achievement")
    counted: dict[str, dict[date, int]] = {"view": {}, "download": {}}
    for day, what, n in Count.objects.filter(record=page.key).values_list("day", "what", "n"):
        counted[what][day] = n
    asked, interested = _by_day(page.key, "question"), _by_day(page.key, "interest")
    today = registry.now().date()
    begun = date.fromisoformat(page.state_since[:10]) if page.status == "released" else today
    first = max(begun, today - timedelta(days=DAYS - 1))
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    return Figures(
        tuple(
            DayLine(
                day, counted["view"].get(day, 0), counted["download"].get(day, 0), asked.get(day, 0),
                interested.get(day, 0),
            )
            for day in days
        ),
        sum(counted["view"].values()), sum(counted["download"].values()), sum(asked.values()), sum(interested.values()),
    )  # fmt: skip


def _by_day(key: str, kind: str) -> Mapping[date, int]:
    """Day to records of a kind that are about the achievement and were sent."""
    pointing = Pointer.objects.filter(field="about", unit="record", target=key).values("record_id")
    rows = Record.objects.filter(pk__in=pointing, kind=kind, merged_into=None).exclude(status="draft")
    found: dict[date, int] = {}
    for at in rows.values_list("created_at", flat=True):
        found[at.date()] = found.get(at.date(), 0) + 1
    return found
