"""Arithmetic with calendar days that the standard library leaves out."""

from __future__ import annotations

import calendar
from datetime import date


def add_months(day: date, months: int) -> date:
    """The day so many months later, or the last day of that month where it has no such day.

    >>> add_months(date(2024, 2, 29), 36), add_months(date(2025, 10, 31), 1)
    (datetime.date(2027, 2, 28), datetime.date(2025, 11, 30))
    """
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
