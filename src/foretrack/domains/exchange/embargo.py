"""The moment at which a session releases what was handed in to it. Pure.

A session names a day and a time of the clock on the wall of the installation. Twice a year that clock is set: an hour is
left out, and another comes twice. A time that is left out names no moment and is refused; of one that comes twice the
later is meant, so that nothing is ever released before everybody's clock has passed the time that was announced.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from foretrack.foundation.errors import InputError

TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
NO_TIME = "{value!r} is no time of day"
LEFT_OUT = "{day} {time} does not exist in {zone}: the clock is set forward then"


def moment_of(day: str, time: str, zone: str) -> datetime:
    """The moment, in UTC, that a day (ISO 8601) and a time (HH:MM) name in a time zone (such as Europe/Berlin).

    InputError for a time that the clock leaves out on that day, and for what is no time.

    >>> moment_of("2026-03-02", "10:00", "Asia/Shanghai").isoformat()
    '2026-03-02T02:00:00+00:00'

    The hour that comes twice when summer time ends is meant the second time:

    >>> moment_of("2026-10-25", "02:30", "Europe/Berlin").isoformat()
    '2026-10-25T01:30:00+00:00'
    """
    if not TIME.fullmatch(time):
        raise no_time(time)
    here = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZoneInfo(zone), fold=1)
    at = here.astimezone(UTC)
    if at.astimezone(here.tzinfo).replace(tzinfo=None, fold=0) != here.replace(tzinfo=None, fold=0):
        raise InputError.of(
            LEFT_OUT, day=day, time=time, zone=zone, expected="a time that the clock shows on that day",
            do="choose another time",
        )  # fmt: skip
    return at


def no_time(value: object) -> InputError:
    """The error for what is no time of day."""
    return InputError.of(
        NO_TIME, value=str(value)[:20], expected="hours and minutes such as 09:30", do="correct it"
    )


def moment_in(body: Mapping[str, Any], zone: str) -> datetime | None:
    """The moment that the body of a session names; None while it names none. InputError as of `moment_of`."""
    day, time = body.get("release_on"), body.get("release_time")
    return moment_of(str(day), str(time), zone) if day and time else None


def left(until: datetime, now: datetime) -> tuple[int, int, int]:
    """Days, hours and minutes until a moment, rounded up to whole minutes; nothing where it has passed.

    >>> from datetime import datetime, UTC
    >>> left(datetime(2026, 3, 3, 11, 30, 30, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC))
    (1, 1, 31)
    >>> left(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))
    (0, 0, 0)
    """
    minutes = max(0, -(-(until - now) // timedelta(minutes=1)))
    return minutes // 1440, minutes % 1440 // 60, minutes % 60
