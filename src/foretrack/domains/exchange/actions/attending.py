"""The desk and a participant's own day: codes, arrivals, tables, the agenda, the calendar's secret address."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from foretrack.domains.exchange.actions.exhibitions import (
    SYSTEM,
    TAKES_PART,
    Fair,
    badges,
    check_state,
    fair,
    meetings_in,
    mine,
    names_of,
    participations,
    run,
    schedule_of,
)
from foretrack.domains.exchange.actions.scheduling import asked_of, free_slots, meetings_of
from foretrack.domains.exchange.kinds.exhibitions import BADGE
from foretrack.domains.exchange.meetings.asking import pair_of
from foretrack.domains.exchange.meetings.slots import Timetable
from foretrack.foundation.errors import InputError, NotThereError
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.reading import title_of
from foretrack.registry.actions.records import create, edit
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry, moment

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of a code: none that is mistaken for another when it is read aloud or typed."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One meeting as one of the two sees it."""

    code: str
    begins: str
    """Name of the slot."""
    table: str
    whom: str
    title: str
    cancelled: bool
    gone: bool
    """The other side has dropped out, and the schedule is not mended yet."""
    sat: bool
    """This participant was noted at the table."""
    sequence: int


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody who asked to meet this participant, and the slots that both have free."""

    whom: str
    title: str
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """A participant's own day."""

    participation: str
    title: str
    exhibition: str
    status: str
    version: int
    appointments: tuple[Appointment, ...]
    offers: tuple[Offer, ...]
    code: str
    arrived: bool
    has_feed: bool


def agenda(registry: Registry, actor: Actor, key: str) -> Agenda:
    """The meetings of a participation, for its owner and whoever runs the exhibition: nobody else's are in it."""
    return _agenda(registry, mine(registry, actor, key), actor.language)


def _agenda(registry: Registry, record: Record, language: str) -> Agenda:
    exhibition = record.body["exhibition"]
    found = fair(registry, SYSTEM, exhibition)
    schedule, badge = schedule_of(exhibition), badges(exhibition).get(record.key)
    everybody = participations(exhibition)
    names, states = names_of(everybody, language), {one.key: one.status for one in everybody}
    sat = set(badge.body.get("sat_at") or ()) if badge else set()
    rows = [row for row in meetings_in(schedule) if record.key in (row["first"], row["second"])]
    over = found.page.status == "cancelled" or record.status == "dropped-out"
    appointments = []
    for row in rows:
        whom = row["second"] if row["first"] == record.key else row["first"]
        appointments.append(
            Appointment(
                row["code"], row["begins"], row.get("table", ""), whom, names.get(whom, whom),
                over or "cancelled" in row, states.get(whom) != TAKES_PART, row["code"] in sat, row["sequence"],
            )
        )  # fmt: skip
    offers: list[Offer] = []
    if found.page.status in ("scheduled", "running") and record.status == TAKES_PART:
        asked = asked_of(exhibition, found.timetable)
        published = meetings_of(meetings_in(schedule), found.timetable)
        for by in sorted({wish.by for wish in asked.wishes if wish.of == record.key}):
            slots = free_slots(asked, published, found.timetable, pair_of(by, record.key))
            if slots:
                offers.append(Offer(by, names[by], tuple(slot.name for slot in slots)))
    return Agenda(
        record.key, title_of(record, language), exhibition, record.status,
        int(schedule.body.get("version") or 0) if schedule else 0,
        tuple(sorted(appointments, key=lambda one: (one.begins, one.code))), tuple(offers),
        badge.body["title"] if badge else "", bool(badge and badge.body.get("arrived_at")),
        bool(badge and badge.body.get("feed")),
    )  # fmt: skip


def issue_badge(registry: Registry, participation: Record) -> None:
    """Gives a participant a code for the desk, once."""
    exhibition = participation.body["exhibition"]
    known = badges(exhibition)
    if participation.key not in known:
        taken = {one.body["title"] for one in known.values()}
        while (code := "".join(secrets.choice(LETTERS) for _ in range(8))) in taken:
            continue
        values = {"title": code, "exhibition": exhibition, "of": participation.key}
        create(registry, SYSTEM, BADGE.name, values, visibility="private")


# ---- the desk


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One participant at the desk."""

    participation: str
    title: str
    side: str
    stand: str
    code: str
    arrived_at: str


@dataclass(frozen=True, slots=True)
class TableLine:
    """One meeting of a slot, for whoever walks along the tables."""

    code: str
    begins: str
    table: str
    first: str
    first_title: str
    first_sat: bool
    second: str
    second_title: str
    second_sat: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the desk needs, so that it can be printed and worked with when there is no network."""

    people: tuple[DeskLine, ...]
    """By name."""
    tables: tuple[TableLine, ...]
    """By slot and table; those cancelled left out."""


def desk(registry: Registry, actor: Actor, key: str) -> Desk:
    """The desk of an exhibition, for whoever runs it."""
    found = run(registry, actor, key)
    there, known = participations(found.page.key, TAKES_PART), badges(found.page.key)
    names = names_of(there, actor.language)
    lines = [
        DeskLine(
            one.key, names[one.key], one.body["side"], one.body.get("stand", ""),
            known[one.key].body["title"] if one.key in known else "",
            known[one.key].body.get("arrived_at", "") if one.key in known else "",
        )
        for one in there
    ]  # fmt: skip

    def sat(who: str, code: str) -> bool:
        return who in known and code in (known[who].body.get("sat_at") or ())

    tables = [
        TableLine(
            row["code"], row["begins"], row.get("table", ""),
            row["first"], names.get(row["first"], "-"), sat(row["first"], row["code"]),
            row["second"], names.get(row["second"], "-"), sat(row["second"], row["code"]),
        )
        for row in meetings_in(schedule_of(found.page.key))
        if "cancelled" not in row
    ]  # fmt: skip
    return Desk(
        tuple(sorted(lines, key=lambda one: (one.title, one.participation))),
        tuple(sorted(tables, key=lambda one: (one.begins, len(one.table), one.table))),
    )


def arrive(registry: Registry, actor: Actor, key: str, *, code: str) -> str:
    """Notes that whoever bears a code has come; the name, for the greeting. Noted twice, the first time stays."""
    found = run(registry, actor, key)
    check_state(found, "scheduled", "running")
    wanted = "".join(code.split()).replace("-", "").upper()
    badge = next((one for one in badges(found.page.key).values() if one.body["title"] == wanted), None)
    participation = Record.objects.filter(key=badge.body["of"], status=TAKES_PART).first() if badge else None
    if badge is None or participation is None:
        raise InputError.of(
            "nobody who takes part has the code {code!r}", code=code[:20], expected="the eight signs of a badge",
            do="look for the name in the list",
        )  # fmt: skip
    if "arrived_at" not in badge.body:
        edit(registry, actor, badge.key, {"arrived_at": moment(registry.now())}, revision=badge.revision)
    return title_of(participation, actor.language)


def sit(registry: Registry, actor: Actor, key: str, *, meeting: str, who: str, there: bool = True) -> None:
    """Notes whether somebody sits at the table of a meeting; whoever does has arrived."""
    found = run(registry, actor, key)
    check_state(found, "running")
    row = meeting_of(found.page.key, meeting)
    badge = badges(found.page.key).get(who)
    if who not in (row["first"], row["second"]) or badge is None:
        raise InputError.of(
            "{who} has no part in the meeting {meeting}", who=who[:40], meeting=meeting[:20],
            expected="one of its two sides", do="look at the tables",
        )  # fmt: skip
    before = list(badge.body.get("sat_at") or ())
    after = [*(one for one in before if one != meeting), *([meeting] if there else [])]
    values: dict[str, Any] = {"sat_at": after}
    if there and "arrived_at" not in badge.body:
        values["arrived_at"] = moment(registry.now())
    edit(registry, actor, badge.key, values, revision=badge.revision)


def meeting_of(exhibition: str, code: str) -> Mapping[str, Any]:
    """The published meeting with a code; NotThereError where there is none, or it was cancelled."""
    for row in meetings_in(schedule_of(exhibition)):
        if row["code"] == code and "cancelled" not in row:
            return row
    raise NotThereError.of(
        "there is no meeting {code!r}", code=code[:20], expected="the code of a published meeting",
        do="look at the agenda",
    )  # fmt: skip


# ---- the calendar


def new_feed(registry: Registry, actor: Actor, key: str) -> str:
    """A secret with which a calendar may read this agenda; the one before is worth nothing any more.

    Only its digest is kept: it is shown once.
    """
    badge = _badge(mine(registry, actor, key))
    secret = secrets.token_urlsafe(24)
    edit(registry, SYSTEM, badge.key, {"feed": _digest(secret)}, revision=badge.revision, reason="calendar")
    return secret


def end_feed(registry: Registry, actor: Actor, key: str) -> None:
    """Ends the calendar's address."""
    badge = _badge(mine(registry, actor, key))
    edit(registry, SYSTEM, badge.key, {"feed": None}, revision=badge.revision, reason="calendar")


@dataclass(frozen=True)
class FeedOf:
    """What a calendar is told."""

    agenda: Agenda
    fair: Fair
    timetable: Timetable
    updated_at: str


def agenda_file(registry: Registry, actor: Actor, key: str) -> FeedOf:
    """A participation's agenda with what a calendar needs beside it."""
    return _feed_of(registry, mine(registry, actor, key), actor.language)


def fed(registry: Registry, secret: str, language: str) -> FeedOf:
    """The agenda that a secret opens; NotThereError for any other secret."""
    badge = Record.objects.filter(kind=BADGE.name, body__feed=_digest(secret)).first()
    record = Record.objects.filter(key=badge.body["of"], merged_into=None).first() if badge else None
    if record is None:
        raise NotThereError.of(
            "this address opens no calendar", expected="the address that was shown when it was made",
            do="make a new one on the page of your agenda",
        )  # fmt: skip
    return _feed_of(registry, record, language)


def _feed_of(registry: Registry, record: Record, language: str) -> FeedOf:
    found = fair(registry, SYSTEM, record.body["exhibition"])
    schedule = schedule_of(found.page.key)
    lines = (schedule.body.get("versions") or ()) if schedule else ()
    at = lines[-1]["at"] if lines else found.page.updated_at
    return FeedOf(_agenda(registry, record, language), found, found.timetable, at)


def _badge(record: Record) -> Record:
    found = badges(record.body["exhibition"]).get(record.key)
    if found is None:
        raise InputError.of(
            "this participation is not confirmed yet", expected="one that is confirmed",
            do="wait until the organiser confirms it",
        )  # fmt: skip
    return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
