"""The first page, what waits for somebody, and the addresses that have no language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

from foretrack.accounts.actions.drafts import list_drafts
from foretrack.accounts.doors.keeping import GO_ON
from foretrack.lists.actions.reading import latest_issues
from foretrack.registry.access.permission import may, refusal
from foretrack.registry.actions.links import linked
from foretrack.registry.actions.overview import KindCount, Task, Tasks, count_kinds, find_tasks
from foretrack.registry.registry import Registry
from foretrack.review.actions.reviewing import own_tasks
from foretrack.review.doors.web.desk import waiting
from foretrack.site.panels.targets import Line as TargetLine
from foretrack.site.panels.targets import target_line
from foretrack.targets.actions.counting import progress
from foretrack.watch.actions.alerts import list_alerts
from foretrack.watch.answers import AlertLine
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, fronts
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import CODES, Words, house_language, say
from foretrack.web.tags import asset

DUE = Words(
    {
        "overdue": "Overdue",
        "week": "Due within a week",
        "later": "Due later",
        "none": "Without a date, those that wait longest first",
    }
)
TO_DO = Words({"review": "To review", "decide": "To decide", "complete": "To complete and hand in"})
FIRST_ALERTS = 5
"""Open alerts that the page of tasks shows; the page of alerts has all."""
NEWEST_ISSUES, TARGETS = 5, 6
"""So many issues and targets stand on the first page."""
FIRST_TASKS = 5
"""Tasks that the first page shows; the page of tasks has all."""


@dataclass(frozen=True, slots=True)
class KindLine:
    """A kind as the first page names it."""

    name: str
    plural: str
    help: str
    n: int
    may_create: bool
    identity: bool


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A record that waits, with the words of its kind."""

    task: Task
    kind: str


@dataclass(frozen=True, slots=True)
class FrontPart:
    """What a room shows on the first page."""

    name: str
    title: str
    fragment: Fragment


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue that was published lately."""

    href: str
    title: str
    label: str
    published_on: str
    listed: int


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Records that wait, due at about the same time, and one thing to do about them."""

    name: str
    due: str
    what: str
    overdue: bool
    first: bool
    """The first group of its due date."""
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A form that was begun and not sent."""

    href: str
    title: str
    what: str
    updated_at: str
    discard: str
    gone: bool
    """The record is no longer there for the reader."""


@dataclass(frozen=True)
class HomePage(Page):
    """What there is, and what waits."""

    template: ClassVar[str] = "foretrack/home.html"

    fronts: tuple[FrontPart, ...]
    issues: tuple[IssueLine, ...]
    targets: tuple[TargetLine, ...]
    n_records: int

    kinds: tuple[KindLine, ...]
    identities: tuple[KindLine, ...]
    tasks: tuple[TaskLine, ...]
    waiting: int
    more: bool


@dataclass(frozen=True)
class TasksPage(Page):
    """Everything that waits: by when it is due, and by what is to be done."""

    template: ClassVar[str] = "foretrack/tasks.html"
    table: ClassVar[str] = "tasks"

    groups: tuple[TaskGroup, ...]
    tasks: tuple[TaskLine, ...]
    more: bool
    drafts: tuple[DraftRow, ...]
    reviews: Fragment | None
    """Score sheets that wait for the reader."""
    alerts: tuple[AlertLine, ...]
    more_alerts: int


@dataclass(frozen=True)
class RecordsPage(Page):
    """Every kind."""

    template: ClassVar[str] = "foretrack/kinds.html"

    kinds: tuple[KindLine, ...]
    identities: tuple[KindLine, ...]


def kind_lines(registry: Registry, counts: tuple[KindCount, ...], language: str) -> tuple[KindLine, ...]:
    """The kinds in words."""
    return tuple(
        KindLine(
            one.name, kind.plural.text(language), kind.help.text(language), one.n, one.may_create,
            kind.identity,
        )
        for one in counts
        for kind in [registry.kinds.get(one.name)]
    )  # fmt: skip


def task_lines(registry: Registry, tasks: Tasks, language: str) -> tuple[TaskLine, ...]:
    """The tasks with the words of their kinds."""
    return tuple(TaskLine(task, registry.kinds.get(task.kind).label.text(language)) for task in tasks.tasks)


@require_safe
def home(request: Request) -> HttpResponse:
    """The first page."""
    actor, registry = request.actor, request.registry
    lines = kind_lines(registry, count_kinds(registry, actor), actor.language)
    tasks = find_tasks(registry, actor) if actor.key else Tasks((), False)
    today = registry.now().date()
    return render(
        request,
        HomePage(
            kinds=tuple(line for line in lines if not line.identity),
            identities=tuple(line for line in lines if line.identity),
            tasks=task_lines(registry, tasks, actor.language)[:FIRST_TASKS],
            waiting=len(tasks.tasks),
            more=tasks.more,
            fronts=tuple(FrontPart(one.name, say(one.title), fragment) for one, fragment in fronts(request)),
            issues=tuple(
                IssueLine(
                    address("issue", one.series, one.number), one.title.text(actor.language), one.label,
                    one.published_on, one.listed,
                )
                for one in latest_issues(today, NEWEST_ISSUES)
            ),
            targets=tuple(
                target_line(one, actor.language) for one in progress(registry, as_of=today) if one.value
            )[:TARGETS],
            n_records=sum(line.n for line in lines),
        ),
    )  # fmt: skip


@require_safe
def tasks(request: Request) -> HttpResponse:
    """Everything that waits for the actor."""
    if not request.actor.key:
        raise refusal(request.actor, "have tasks")
    registry, actor = request.registry, request.actor
    found = find_tasks(registry, actor)
    lines = task_lines(registry, found, actor.language)
    alerts = (
        list_alerts(registry, actor, status="open", limit=FIRST_ALERTS)
        if may(actor, "acknowledge alert")
        else None
    )
    return render(
        request,
        TasksPage(
            _grouped(lines, registry.now().date()), lines, found.more, _drafts(request),
            waiting(request),
            alerts.alerts if alerts else (), alerts.total - len(alerts.alerts) if alerts else 0,
        ),
    )  # fmt: skip


def _grouped(lines: Sequence[TaskLine], today: date) -> tuple[TaskGroup, ...]:
    soon = today + timedelta(days=7)

    def due(line: TaskLine) -> str:
        day = line.task.due_on
        if day is None:
            return "none"
        return "overdue" if line.task.overdue else "week" if date.fromisoformat(day) <= soon else "later"

    groups = []
    for when, words in DUE.items():
        first = True
        for what, act in TO_DO.items():
            those = tuple(line for line in lines if due(line) == when and line.task.what == what)
            if those:
                groups.append(
                    TaskGroup(f"{when}-{what}", say(words), say(act), when == "overdue", first, those)
                )
                first = False
    return tuple(groups)


def _drafts(request: Request) -> tuple[DraftRow, ...]:
    registry, actor = request.registry, request.actor
    found = list_drafts(registry, actor)
    records = linked(actor, [line.form.record for line in found if line.form.record])
    kinds = registry.kinds.kinds
    sheets = _sheets(request) if any(line.form.task for line in found) else {}
    rows = []
    for line in found:
        form = line.form
        record = records.get(form.record)
        kind = kinds.get(record.kind if record else form.kind)
        if form.task:
            href, discard = address("review", form.task), address("keep review", form.task)
            title, what = sheets.get(form.task, ""), say("Score sheet")
        elif not form.record:
            href, discard = address("new", form.kind), address("keep new", form.kind)
            title, what = kind.label.text(actor.language) if kind else form.kind, say("New")
        elif form.transition:
            href, discard = (
                address("move", form.record, form.transition),
                address("keep move", form.record, form.transition),
            )
            steps = [one for one in (kind.transitions if kind else ()) if one.name == form.transition]
            what = steps[0].label.text(actor.language) if steps else form.transition
            title = record.title if record else form.record
        else:
            href, discard = address("edit", form.record), address("keep edit", form.record)
            title, what = record.title if record else form.record, say("Edit")
        gone = not title if form.task else bool(form.record) and record is None
        rows.append(DraftRow(f"{href}?{GO_ON}=on", title, what, line.updated_at, discard, gone))
    return tuple(rows)


def _sheets(request: Request) -> dict[int, str]:
    """Task to what it is about, as its reviewer may call it."""
    if not request.actor.holds("reviewer"):
        return {}
    tasks = own_tasks(request.registry, request.actor)
    return {one.task: f"{one.code} {one.title}" if one.blind else one.title for one in tasks}


@require_safe
def records(request: Request) -> HttpResponse:
    """Every kind, to choose one."""
    lines = kind_lines(request.registry, count_kinds(request.registry, request.actor), request.actor.language)
    return render(
        request,
        RecordsPage(
            tuple(line for line in lines if not line.identity),
            tuple(line for line in lines if line.identity),
        ),
    )


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Leads to the first page in the language of the account, else of the browser."""
    account = getattr(request, "user", None)
    language = (
        account.language
        if account is not None and account.is_authenticated
        else get_language_from_request(request)
    )
    return HttpResponseRedirect(f"/{CODES[house_language(language)]}/")


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Leads to the icon, for pages that name none (Django's admin)."""
    return HttpResponseRedirect(asset("foretrack/icon.svg"))


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether the site answers and reaches its database: 200, or 503 by the error page."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})
