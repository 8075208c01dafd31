"""The reviewer's desk: what one is asked to judge, by its last day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.registry.access.permission import may
from foretrack.review.actions.reviewers import own_profile
from foretrack.review.actions.reviewing import own_tasks
from foretrack.review.answers import TaskLine
from foretrack.web.panels import Fragment
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, say

GROUPS = Words(
    {
        "overdue": "Overdue", "week": "Due within a week", "later": "Due later", "open": "Without a last day",
        "done": "Sent, may still be changed", "closed": "Decided", "ended": "Given back or ended",
    }
)  # fmt: skip
"""Groups of tasks, in the order of the page."""
STILL = ("overdue", "week", "later", "open")
FIRST = 5
"""Tasks that the page of tasks and the first page of the site show."""


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks that are due at about the same time, or that are done."""

    name: str
    title: str
    late: bool
    folded: bool
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True)
class DeskPage(Page):
    """What a reviewer is asked to judge."""

    template: ClassVar[str] = "review/desk.html"
    table: ClassVar[str] = "tasks"

    groups: tuple[TaskGroup, ...]
    tasks: tuple[TaskLine, ...]
    n_open: int
    n_overdue: int
    n_done: int
    """Sent, whether or not they are decided."""
    n_asked: int
    """Open and sent."""
    next_due: str | None
    away_until: str | None
    profile_empty: bool
    """The reviewer has said nothing of the own work yet."""
    sees_work: bool


@dataclass(frozen=True)
class WaitingFragment(Fragment):
    """Sheets that wait for the reader, on the page of tasks and on the first page."""

    template: ClassVar[str] = "review/panels/waiting.html"

    tasks: tuple[TaskLine, ...]
    n_open: int
    n_overdue: int


@require_safe
def desk(request: Request) -> HttpResponse:
    """The own tasks, the most urgent first."""
    registry, actor = request.registry, request.actor
    tasks = own_tasks(registry, actor, ended=True)
    profile = own_profile(registry, actor)
    today = registry.now().date()
    running = [one for one in tasks if one.state == "open"]
    sent = sum(1 for one in tasks if one.total is not None and one.state != "ended")
    away = profile.away_until
    return render(
        request,
        DeskPage(
            groups=grouped(tasks, today), tasks=tasks, n_open=len(running),
            n_overdue=sum(one.overdue for one in running), n_done=sent, n_asked=len(running) + sent,
            next_due=min((one.until for one in running if one.until), default=None),
            away_until=away.isoformat() if away is not None and away >= today else None,
            profile_empty=not (profile.employers or profile.tracks or profile.words),
            sees_work=may(actor, "assign") or actor.holds("reviewer"),
        ),
    )  # fmt: skip


def grouped(tasks: Sequence[TaskLine], today: date) -> tuple[TaskGroup, ...]:
    """Tasks by when they are due, then by what became of them."""
    soon = (today + timedelta(days=7)).isoformat()

    def group(one: TaskLine) -> str:
        if one.state != "open":
            return one.state
        if one.until is None:
            return "open"
        return "overdue" if one.overdue else "week" if one.until <= soon else "later"

    found = []
    for name, title in GROUPS.items():
        those = tuple(one for one in tasks if group(one) == name)
        if those:
            found.append(TaskGroup(name, say(title), name == "overdue", name in ("closed", "ended"), those))
    return tuple(found)


def waiting(request: Request) -> Fragment | None:
    """What waits for the reader; None for whoever reviews nothing."""
    if not request.actor.holds("reviewer"):
        return None
    running = [one for one in own_tasks(request.registry, request.actor) if one.state == "open"]
    if not running:
        return None
    return WaitingFragment(tuple(running[:FIRST]), len(running), sum(one.overdue for one in running))
