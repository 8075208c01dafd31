"""The one place that asks the computer for the time; everything else is given a clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present moment as an aware UTC time each time it is called."""


def system_clock() -> datetime:
    """The computer's time in UTC.

    >>> system_clock().utcoffset() == datetime.now(UTC).utcoffset()
    True
    """
    return datetime.now(UTC)


def fixed_clock(moment: str) -> Clock:
    """A clock that stands still, for tests and for rebuilding a result byte by byte.

    `moment` is ISO 8601; without an offset it is taken as UTC.

    >>> fixed_clock("2026-03-01T12:00:00")().isoformat()
    '2026-03-01T12:00:00+00:00'
    """
    at = datetime.fromisoformat(moment)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return lambda: at


def timestamp(moment: datetime) -> str:
    """A moment as it is written into manifests and answers: UTC, whole seconds, `Z`.

    >>> timestamp(fixed_clock("2026-03-01T13:00:00.7+01:00")())
    '2026-03-01T12:00:00Z'
    """
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
