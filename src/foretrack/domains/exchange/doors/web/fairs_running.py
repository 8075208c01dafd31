"""Whoever runs an exhibition: the board (plan, look, publish, mend), the tables, the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from foretrack.domains.exchange.actions.attending import arrive, desk, sit
from foretrack.domains.exchange.actions.exhibitions import (
    SYSTEM,
    TAKES_PART,
    meetings_in,
    names_of,
    participations,
    run,
    schedule_of,
)
from foretrack.domains.exchange.actions.scheduling import (
    PLANS,
    ask_plan,
    differences_of,
    meetings_of,
    publish,
)
from foretrack.domains.exchange.actions.wishing import numbers_of_wishes
from foretrack.domains.exchange.doors.web.fairs_telling import When, side_of, way, when
from foretrack.domains.exchange.kinds.exhibitions import PARTICIPATION
from foretrack.foundation.errors import InputError
from foretrack.jobs.actions import show_job
from foretrack.web.addresses import address
from foretrack.web.asking import Crumb
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import Words, page_language, say, speak

STATES = Words(
    {
        "waiting": "The plan waits for the worker.",
        "running": "The plan is being made.",
        "failed": "The plan could not be made: {problem}",
    }
)
MOST_ROWS = 600
"""Meetings that the page shows; the CSV has all."""


@dataclass(frozen=True, slots=True)
class Step:
    """A transition of the exhibition."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Person:
    """One participation on the board."""

    title: str
    href: str
    side: str
    status: str
    wishes: int
    meetings: int
    gone: bool
    agenda: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One published meeting."""

    code: str
    when: When
    table: str
    first: str
    second: str
    gone: bool
    """One of the two has dropped out."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was planned and is not published."""

    meetings: int
    worth: int
    bound: int | None
    gap: float | None
    met: int | None
    hopeful: int | None
    first_come: int | None
    margin: float | None
    changed: int | None
    """After a drop-out: published meetings that are not held as published."""
    least: int | None
    freed: int | None
    helped: int | None
    kept: int
    moved: int
    cancelled: int
    added: int


@dataclass(frozen=True, slots=True)
class Version:
    """One published version."""

    version: int
    at: str
    why: str
    kept: int
    moved: int
    cancelled: int
    added: int


@dataclass(frozen=True)
class FairBoardPage(Page):
    """Everything for whoever runs an exhibition."""

    template: ClassVar[str] = "exchange/fair_board.html"
    table: ClassVar[str] = "tables"

    title: str
    crumbs: tuple[Crumb, ...]
    status: str
    steps: tuple[Step, ...]
    plans: bool
    planning: str
    busy: bool
    revision: int
    version: int
    proposal: Proposal | None
    to_mend: int
    """Published meetings of whoever dropped out since."""
    people: tuple[Person, ...]
    without: int
    """Participants who take part and have no meeting."""
    tables: tuple[TableRow, ...]
    versions: tuple[Version, ...]
    zone: str
    address: str
    desk: str
    figures: str
    history: str
    invite: str


@require_http_methods(["GET", "HEAD", "POST"])
def fair_board(request: Request, key: str) -> HttpResponse:
    """Plans, publishes, mends; and shows how all of it stands."""
    registry, actor = request.registry, request.actor
    if request.method == "POST":
        _act(request, key)
        return HttpResponseRedirect(address("fair board", key))
    found = run(registry, actor, key)
    schedule, everybody = schedule_of(key), participations(key)
    names = names_of(everybody, page_language())
    states = {one.key: one.status for one in everybody}
    rows = [row for row in meetings_in(schedule) if "cancelled" not in row]
    load: dict[str, int] = {}
    for row in rows:
        for side in ("first", "second"):
            load[row[side]] = load.get(row[side], 0) + 1
    gone = {one for one, status in states.items() if status != TAKES_PART}
    counts = numbers_of_wishes(key)
    planning, busy = _planning(schedule.body.get("planning", "") if schedule else "")
    people = tuple(
        Person(
            names[one.key], address("record", one.key), side_of(one.body["side"]),
            PARTICIPATION.state(one.status).label.text(page_language()), counts.get(one.key, 0), load.get(one.key, 0),
            one.key in gone, address("agenda", key, one.key),
        )
        for one in everybody
    )  # fmt: skip
    return render(
        request,
        FairBoardPage(
            title=found.page.title, crumbs=way(found), status=found.page.status_label,
            steps=tuple(Step(one.label, address("move", key, one.name)) for one in found.page.moves),
            plans=found.page.status in PLANS, planning=planning, busy=busy,
            revision=schedule.revision if schedule else 0,
            version=int(schedule.body.get("version") or 0) if schedule else 0, proposal=_proposal(key),
            to_mend=sum(1 for row in rows if {row["first"], row["second"]} & gone), people=people,
            without=sum(1 for one in people if not one.gone and not one.meetings),
            tables=tuple(
                TableRow(
                    row["code"], when(found.timetable, row["begins"]), row.get("table", ""),
                    names.get(row["first"], "-"), names.get(row["second"], "-"),
                    bool({row["first"], row["second"]} & gone),
                )
                for row in rows[:MOST_ROWS]
            ),
            versions=tuple(
                Version(
                    int(one["version"]), one["at"], one.get("why", ""), int(one.get("kept", 0)), int(one.get("moved", 0)),
                    int(one.get("cancelled", 0)), int(one.get("added", 0)),
                )
                for one in reversed((schedule.body.get("versions") or ()) if schedule else ())
            ),
            zone=found.page.values.get("timezone", ""), address=address("fair board", key),
            desk=address("fair desk", key), figures=address("fair figures", key),
            history=address("history", schedule.key) if schedule else "",
            invite=f"{address('new', PARTICIPATION.name)}?exhibition={key}",
        ),
    )  # fmt: skip


def _act(request: Request, key: str) -> None:
    registry, actor, sent = request.registry, request.actor, request.POST
    act = sent.get("act", "")
    try:
        if act == "publish":
            seen = sent.get("revision", "")
            done = publish(
                registry,
                actor,
                key,
                revision=int(seen) if seen.isdigit() else 0,
                why=sent.get("why", "")[:200],
            )
            said = say(
                "Published: {kept} kept, {moved} moved, {cancelled} cancelled, {added} new.",
                kept=done.kept, moved=done.moved, cancelled=done.cancelled, added=done.added,
            )  # fmt: skip
        else:
            ask_plan(registry, actor, key, mend=act == "mend")
            said = say("The worker makes the plan. Look again in a moment.")
    except InputError as error:
        messages.error(request, error.told(speak(page_language())))
    else:
        messages.success(request, said)


def _planning(task: str) -> tuple[str, bool]:
    """How the job that plans stands, in words, and whether it is not done yet."""
    if not task:
        return "", False
    line = show_job(SYSTEM, task).line
    if line.state == "done":
        return "", False
    return say(STATES[line.state], problem=line.problem), line.state in ("waiting", "running")


def _proposal(key: str) -> Proposal | None:
    schedule = schedule_of(key)
    rows = (schedule.body.get("proposal") or ()) if schedule else ()
    if schedule is None or not rows:
        return None
    from foretrack.domains.exchange.actions.exhibitions import timetable_of

    timetable = timetable_of(key)
    differs = differences_of(meetings_of(meetings_in(schedule), timetable), meetings_of(rows, timetable))
    told = {row["name"]: int(row["value"]) for row in schedule.body.get("figures") or ()}
    worth, bound, queue = told.get("worth", 0), told.get("bound"), told.get("first_come")
    return Proposal(
        len(rows), worth, bound, 1 - worth / bound if bound else None, told.get("met"), told.get("hopeful"), queue,
        worth / queue - 1 if queue else None, told.get("changed"), told.get("least"), told.get("freed"),
        told.get("helped"), differs.kept, differs.moved, differs.cancelled, differs.added,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeskPerson:
    """One participant at the desk."""

    participation: str
    title: str
    side: str
    stand: str
    code: str
    arrived_at: str


@dataclass(frozen=True, slots=True)
class DeskTable:
    """One meeting, with who sits there."""

    code: str
    table: str
    first: str
    first_title: str
    first_sat: bool
    second: str
    second_title: str
    second_sat: bool


@dataclass(frozen=True, slots=True)
class DeskSlot:
    """The tables of one slot."""

    when: When
    tables: tuple[DeskTable, ...]


@dataclass(frozen=True)
class DeskPage(Page):
    """The desk; prints as a list for when there is no network."""

    template: ClassVar[str] = "exchange/fair_desk.html"
    table: ClassVar[str] = "people"

    title: str
    crumbs: tuple[Crumb, ...]
    people: tuple[DeskPerson, ...]
    arrived: int
    slots: tuple[DeskSlot, ...]
    takes: bool
    seats: bool
    address: str


@require_http_methods(["GET", "HEAD", "POST"])
def fair_desk(request: Request, key: str) -> HttpResponse:
    """Takes a code, or notes who sits at a table."""
    registry, actor = request.registry, request.actor
    if request.method == "POST":
        sent = request.POST
        try:
            if sent.get("act") == "sit":
                who, meeting = sent.get("who", ""), sent.get("meeting", "")
                sit(registry, actor, key, meeting=meeting, who=who, there=sent.get("there") != "no")
            else:
                name = arrive(registry, actor, key, code=sent.get("code", ""))
                messages.success(request, say("Welcome, {name}.", name=name))
        except InputError as error:
            messages.error(request, error.told(speak(page_language())))
        return HttpResponseRedirect(address("fair desk", key))
    found = run(registry, actor, key)
    told = desk(registry, actor, key)
    slots: dict[str, list[DeskTable]] = {}
    for one in told.tables:
        slots.setdefault(one.begins, []).append(
            DeskTable(
                one.code, one.table, one.first, one.first_title, one.first_sat, one.second, one.second_title,
                one.second_sat,
            )
        )  # fmt: skip
    return render(
        request,
        DeskPage(
            found.page.title, way(found, Crumb(address("fair board", key), say("Board"))),
            tuple(
                DeskPerson(one.participation, one.title, side_of(one.side), one.stand, one.code, one.arrived_at)
                for one in told.people
            ),
            sum(1 for one in told.people if one.arrived_at),
            tuple(DeskSlot(when(found.timetable, name), tuple(tables)) for name, tables in slots.items()),
            found.page.status in ("scheduled", "running"), found.page.status == "running", address("fair desk", key),
        ),
    )  # fmt: skip
