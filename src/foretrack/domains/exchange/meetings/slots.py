"""The slots of an exhibition, from its days, hours, breaks and the length of a meeting, in its own time zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from foretrack.foundation.errors import InputError

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
MOST_SLOTS = 500


@dataclass(frozen=True, slots=True)
class Slot:
    """One time for meetings."""

    number: int
    begins: datetime
    """In UTC."""
    ends: datetime

    @property
    def name(self) -> str:
        """What the slot is called in records: it stays the same while other slots come and go.

        >>> Slot(0, datetime(2026, 5, 12, 1, tzinfo=UTC), datetime(2026, 5, 12, 1, 30, tzinfo=UTC)).name
        '2026-05-12T01:00Z'
        """
        return self.begins.strftime("%Y-%m-%dT%H:%MZ")


@dataclass(frozen=True)
class Timetable:
    """When and where people can meet."""

    zone: ZoneInfo
    slots: tuple[Slot, ...]
    tables: tuple[str, ...]
    """Names of all tables, hall by hall."""

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Timetable:
        """From the fields of an exhibition; InputError that says which day, hour or zone cannot be.

        Slots are counted in real minutes from the opening hour, so that a day on which the clocks change has as many as
        it has time for.

        >>> found = Timetable.of({
        ...     "timezone": "Europe/Berlin", "slot_minutes": 30, "pause_minutes": 10,
        ...     "halls": [{"hall": "A", "tables": 2}],
        ...     "days": [{"day": "2026-05-12", "begins": "09:00", "ends": "12:00"}],
        ...     "breaks": [{"begins": "10:00", "ends": "10:20"}],
        ... })
        >>> [found.clock(slot) for slot in found.slots], found.tables, found.slots[0].name
        (['09:00', '10:20', '11:00'], ('A1', 'A2'), '2026-05-12T07:00Z')
        """
        zone = zone_called(str(body.get("timezone", "")))
        length = timedelta(minutes=int(body.get("slot_minutes") or 0))
        pause = timedelta(minutes=int(body.get("pause_minutes") or 0))
        found: list[tuple[datetime, datetime]] = []
        for row in body.get("days") or ():
            begins, ends = _span(row, row["day"], zone)
            breaks = [_span(one, row["day"], zone) for one in body.get("breaks") or ()]
            at = begins
            while length and at + length <= ends and len(found) <= MOST_SLOTS:
                struck = [one[1] for one in breaks if one[0] < at + length and at < one[1]]
                if struck:
                    at = max(struck)
                    continue
                found.append((at, at + length))
                at += length + pause
        found.sort()
        if body.get("days") and length and not found:
            raise InputError.of(
                "no meeting of {minutes} minutes fits into the days", minutes=body["slot_minutes"],
                expected="days that are longer than a meeting", do="correct hours, breaks or length",
            )  # fmt: skip
        if len(found) > MOST_SLOTS or any(b[0] < a[1] for a, b in pairwise(found)):
            raise InputError.of(
                "two days overlap, or there are more than {most} slots", most=MOST_SLOTS,
                expected="days one after the other", do="correct the days",
            )  # fmt: skip
        return cls(
            zone, tuple(Slot(n, begins, ends) for n, (begins, ends) in enumerate(found)),
            tuple(
                f"{row['hall']}{n}" for row in body.get("halls") or () for n in range(1, int(row["tables"]) + 1)
            ),
        )  # fmt: skip

    @cached_property
    def by_name(self) -> Mapping[str, Slot]:
        """Slots by their names."""
        return {slot.name: slot for slot in self.slots}

    def day(self, slot: Slot) -> date:
        """The day of a slot where the exhibition is."""
        return slot.begins.astimezone(self.zone).date()

    def clock(self, slot: Slot) -> str:
        """When a slot begins, by the clock where the exhibition is."""
        return slot.begins.astimezone(self.zone).strftime("%H:%M")


def zone_called(name: str) -> ZoneInfo:
    """A time zone by its name in the IANA database; InputError for another name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError.of(
            "there is no time zone {name!r}", name=name[:40],
            expected="a name of the IANA database, such as Asia/Shanghai", do="correct the time zone",
        ) from error  # fmt: skip


def _span(row: Mapping[str, Any], day: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    begins, ends = (_moment(str(row.get(name, "")), day, zone) for name in ("begins", "ends"))
    if begins >= ends:
        raise InputError.of(
            "{begins} to {ends} is no span of time", begins=row.get("begins"), ends=row.get("ends"),
            expected="an end after the beginning, on the same day", do="correct the hours",
        )  # fmt: skip
    return begins, ends


def _moment(clock: str, day: str, zone: ZoneInfo) -> datetime:
    match = _CLOCK.fullmatch(clock)
    if match is None:
        raise InputError.of(
            "{clock!r} is no time of day", clock=clock[:20], expected="hours and minutes such as 09:30",
            do="correct the time",
        )  # fmt: skip
    on = date.fromisoformat(day)
    return datetime(on.year, on.month, on.day, int(match[1]), int(match[2]), tzinfo=zone).astimezone(UTC)
