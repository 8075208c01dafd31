"""Meetings as iCalendar (RFC 5545): with the exhibition's time zone, changes counted up, cancellations told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

PRODUCT = "-//Foretrack//Exhibitions//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting for a calendar."""

    uid: str
    """The same in every version, so that a change replaces what the calendar has."""
    begins: datetime
    ends: datetime
    title: str
    place: str
    link: str
    sequence: int
    """How often it has changed: greater replaces lesser."""
    cancelled: bool
    changed_at: datetime


def calendar_of(name: str, zone: ZoneInfo, entries: Sequence[Entry]) -> bytes:
    """The entries as one calendar; a cancelled one stays in it as such, so that calendars take it out.

    Text is escaped and folded by the library: a line break in a title stays within the title.

    >>> at = datetime(2026, 5, 12, 7, tzinfo=UTC)
    >>> made = calendar_of("Fair", ZoneInfo("Europe/Berlin"), [Entry(
    ...     "1@x", at, datetime(2026, 5, 12, 7, 30, tzinfo=UTC), "A\\r\\nBEGIN:VALARM", "A1", "https://x.example/", 2,
    ...     False, at,
    ... )])
    >>> [line for line in made.decode().split("\\r\\n") if line.startswith(("SUMMARY", "DTSTART;", "SEQUENCE"))]
    ['SUMMARY:A BEGIN:VALARM', 'DTSTART;TZID=Europe/Berlin:20260512T090000', 'SEQUENCE:2']
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _line(name))
    for one in entries:
        event = Event()
        event.add("uid", one.uid)
        event.add("dtstamp", one.changed_at.astimezone(UTC))
        event.add("last-modified", one.changed_at.astimezone(UTC))
        event.add("dtstart", one.begins.astimezone(zone))
        event.add("dtend", one.ends.astimezone(zone))
        event.add("summary", _line(one.title))
        event.add("location", _line(one.place))
        event.add("url", one.link)
        event.add("sequence", one.sequence)
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _line(text: str) -> str:
    """Text on one line."""
    return " ".join(text.split())
