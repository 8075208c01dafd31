"""What the worker does for evaluations and bodies: reports that end, yearly reports that become due, reports that are
missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from foretrack.domains.exchange.actions.evaluating import SYSTEM
from foretrack.domains.exchange.kinds.bodies import SERVICE_BODY
from foretrack.domains.exchange.kinds.evaluations import CURRENT, EVALUATION, PAST
from foretrack.domains.exchange.kinds.oversight import BODY_REPORT, OWED, REPORT_DUE
from foretrack.jobs.declaring import Run, Terms, job
from foretrack.jobs.schedule import repeat
from foretrack.packs.thresholds import load_thresholds
from foretrack.registry.actions.records import create, move
from foretrack.registry.declaring.terms import PACK_TERMS
from foretrack.registry.models import Pointer, Record, Revision
from foretrack.registry.registry import Registry, moment

MISSED = "body-reports-missed"
"""Name of the threshold, in a pack: missing reports from which on a body is checked again."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What was moved on."""

    lapsed: int
    """Evaluations whose last day is over."""
    due: int
    """Yearly reports that became due."""
    overdue: int
    rechecked: int
    """Bodies handed to the officers because reports are missing."""


def standing_on(status: str, valid_until: str | None, today: date) -> str:
    """The state in which an evaluation stands on a day: one whose last day is over has lapsed, whoever has noticed.

    >>> [standing_on(status, "2026-03-01", date(2026, 3, 2)) for status in ("recognised", "superseded")]
    ['lapsed', 'superseded']
    """
    over = valid_until is not None and valid_until < today.isoformat()
    return PAST[0] if over and status == CURRENT else status


def watch_exchange(registry: Registry) -> Watched:
    """Moves on what the calendar moves on. Each record in a transaction of its own: what was done before an error stays
    done, and the next run goes on."""
    return Watched(_lapse(registry), _make_due(registry), _mark_overdue(registry), _recheck(registry))


def _lapse(registry: Registry) -> int:
    today, n = registry.now().date().isoformat(), 0
    rows = Record.objects.filter(kind=EVALUATION.name, status=CURRENT, merged_into=None).order_by("pk")
    for key, revision, last in rows.values_list("key", "revision", "body__valid_until"):
        if last is not None and last < today:
            move(registry, SYSTEM, key, "lapse", revision=revision, reason=f"valid until {last}")
            n += 1
    return n


def reports_of(body: str) -> list[Record]:
    """Yearly reports of a body, the newest year first."""
    keys = Pointer.objects.filter(field="body", unit="record", target=body, record__kind=BODY_REPORT.name)
    found = Record.objects.filter(pk__in=keys.values("record_id"), merged_into=None)
    return sorted(found, key=lambda one: (-int(one.body.get("year") or 0), one.pk))


def _make_due(registry: Registry) -> int:
    """A report on the year that is over, of every body that was on the register before it ended."""
    begins = date(registry.now().year, 1, 1)
    by, year, n = registry.ends_on(REPORT_DUE, begins), begins.year - 1, 0
    assert by is not None  # the duration has a name
    bodies = Record.objects.filter(
        kind=SERVICE_BODY.name, status__in=("recognised", "rechecking", "suspended"), merged_into=None
    )
    for body in bodies.order_by("pk"):
        if _since(body) >= begins.isoformat() or any(
            one.body["year"] == year for one in reports_of(body.key)
        ):
            continue
        title = {
            "en": f"Report of {body.title_en or body.title_zh} on {year}",
            "zh": f"{body.title_zh or body.title_en}{year}年度报告",
        }
        create(
            registry, SYSTEM, BODY_REPORT.name,
            {"title": title, "body": body.key, "year": year, "due_by": by.isoformat()},
        )  # fmt: skip
        n += 1
    return n


def _since(body: Record) -> str:
    """The moment since which a body has been on the register."""
    first = Revision.objects.filter(record=body, act="move:recognise").order_by("number").first()
    return first.at if first is not None else moment(body.created_at)


def _mark_overdue(registry: Registry) -> int:
    today, n = registry.now().date().isoformat(), 0
    rows = Record.objects.filter(kind=BODY_REPORT.name, status="due", merged_into=None).order_by("pk")
    for key, revision, by in rows.values_list("key", "revision", "body__due_by"):
        if by < today:
            move(registry, SYSTEM, key, "mark-overdue", revision=revision, reason=f"due by {by}")
            n += 1
    return n


def _recheck(registry: Registry) -> int:
    """Hands a body to the officers in charge when too many reports are missing; once for each state of affairs."""
    today, n = registry.now().date(), 0
    least = load_thresholds(PACK_TERMS.paths).on(MISSED, today.isoformat()).value
    for body in Record.objects.filter(kind=SERVICE_BODY.name, status="recognised", merged_into=None).order_by(
        "pk"
    ):
        missing = [one for one in reports_of(body.key) if one.status == OWED[1]]
        newest = max((one.state_since for one in missing), default=None)
        if len(missing) < least or newest is None or newest < body.state_since:
            continue  # enough, or an officer has kept it since
        years = ", ".join(str(one.body["year"]) for one in reversed(missing))
        move(
            registry,
            SYSTEM,
            body.key,
            "recheck",
            revision=body.revision,
            reason=f"no yearly report on {years}",
        )
        n += 1
    return n


@job(Terms(most_attempts=3))
def watch(run: Run) -> None:
    """Lets reports lapse, makes yearly reports due, and tells of missing ones."""
    watch_exchange(run.registry)


def plan() -> None:
    """Makes it due every night."""
    repeat("exchange: watch evaluations and bodies", watch, timedelta(days=1), timedelta(minutes=45))
