"""What pages of exhibitions share: words, times by the clock of the exhibition, the way to a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from foretrack.domains.exchange.actions.exhibitions import Fair
from foretrack.domains.exchange.kinds.exhibitions import PURPOSES, SIDES
from foretrack.domains.exchange.meetings.slots import Timetable
from foretrack.web.addresses import address
from foretrack.web.asking import Crumb
from foretrack.web.rendering import Request
from foretrack.web.speech import Words, page_language, say

WEIGHTS = Words(
    {
        "0": "No wish", "1": "Would be nice", "2": "I would like to", "3": "Most important", "-1": "No meeting, please",
    }
)  # fmt: skip
"""Weight of a wish, as text."""


@dataclass(frozen=True, slots=True)
class When:
    """A slot by the clock where the exhibition is."""

    name: str
    day: str
    begins: str
    ends: str


def when(timetable: Timetable, name: str) -> When:
    """A slot by its name, also one that the exhibition no longer has."""
    slot = timetable.by_name.get(name)
    at = datetime.fromisoformat(name.replace("Z", "+00:00")).astimezone(timetable.zone)
    length = slot.ends - slot.begins if slot else timedelta()
    end = (at + length).strftime("%H:%M") if slot else ""
    return When(name, at.date().isoformat(), at.strftime("%H:%M"), end)


@dataclass(frozen=True, slots=True)
class DaySlots:
    """The slots of one day."""

    day: str
    slots: tuple[When, ...]


def by_day(timetable: Timetable) -> tuple[DaySlots, ...]:
    """All slots by day."""
    days: dict[str, list[When]] = {}
    for slot in timetable.slots:
        one = when(timetable, slot.name)
        days.setdefault(one.day, []).append(one)
    return tuple(DaySlots(day, tuple(slots)) for day, slots in days.items())


def side_of(name: str) -> str:
    """How somebody takes part."""
    return SIDES[name].text(page_language())


def purpose_of(name: str) -> str:
    """What sort of event it is."""
    return PURPOSES[name].text(page_language()) if name in PURPOSES else ""


def way(found: Fair, *more: Crumb) -> tuple[Crumb, ...]:
    """From all exhibitions to a page of one."""
    return (
        Crumb(address("exhibitions"), say("Exhibitions")),
        Crumb(address("exhibition", found.page.key), found.page.title),
        *more,
    )


def absolute(request: Request, path: str) -> str:
    """An address with the site in front, for calendars."""
    return request.build_absolute_uri(path)
