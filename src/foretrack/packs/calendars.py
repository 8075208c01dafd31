"""Dated calendars of working days, and counting in them. A year that is not known is never guessed.

A calendar says which weekdays are free, and for each year its holidays and the free weekdays that are worked instead
(in China 调休). Holidays may also follow from a statute: a fixed day of a month, moved when it falls on a free day,
or the n-th weekday of a month.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, cast

from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.packs.reading import Node
from foretrack.packs.shapes import Bilingual, Confidence, Entry

if TYPE_CHECKING:
    from foretrack.packs.shapes import Pack

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOVED = ("never", "nearest", "next")
MAX_DAYS = 4000
"""Working days that are counted at most: over ten years, more than any period of notice."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A named run of free days."""

    label: Bilingual
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """What is known about one year."""

    year: int
    holidays: tuple[Holiday, ...]
    working: tuple[date, ...]
    """Days that would be free and are worked."""
    source: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class HolidayRule:
    """A holiday that follows from a statute, over the years in which it does."""

    label: Bilingual
    month: int
    day: int | None
    """A fixed day of the month, or None for an n-th weekday."""
    weekday: int | None
    nth: int | None
    """1 the first, -1 the last."""
    moved: Literal["never", "nearest", "next"]
    """Where it goes when it falls on a free day: nowhere, to the nearest working day, or to the next."""

    def day_in(self, year: int, free: frozenset[int]) -> date:
        """The day on which it is kept in a year."""
        if self.day is not None:
            kept = date(year, self.month, self.day)
            if kept.weekday() not in free or self.moved == "never":
                return kept
            for distance in range(1, 7):
                for step in (-distance, distance) if self.moved == "nearest" else (distance,):
                    other = kept + timedelta(days=step)
                    if other.weekday() not in free:
                        return other
            return kept
        assert self.weekday is not None
        assert self.nth is not None
        last = monthrange(year, self.month)[1]
        days = [
            date(year, self.month, d)
            for d in range(1, last + 1)
            if date(year, self.month, d).weekday() == self.weekday
        ]
        return days[self.nth - 1 if self.nth > 0 else self.nth]


@dataclass(frozen=True, slots=True)
class Calendar(Entry):
    """Which days are worked, over the years that are known."""

    free_weekdays: frozenset[int] = frozenset()
    """0 is Monday."""
    first_year: int = 0
    last_year: int = 0
    years: Mapping[int, CalendarYear] = field(default_factory=dict)
    """What is known of single years; empty where rules say it all."""
    rules: tuple[HolidayRule, ...] = ()
    note: Bilingual = field(default_factory=Bilingual)
    _free: Mapping[date, str] = field(default_factory=dict, repr=False)
    _worked: frozenset[date] = field(default_factory=frozenset, repr=False)

    def covers(self, day: date) -> bool:
        """Whether the calendar knows the year of a day."""
        return self.first_year <= day.year <= self.last_year


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Whether a day is worked. EvidenceError outside the years that the calendar covers.

    >>> from foretrack.packs.loading import load_packs
    >>> china = choose_calendar(load_packs(), "calendar-cn")
    >>> [is_working_day(date(2026, 2, d), china) for d in (13, 14, 15, 16)]  # Saturday 14 is worked
    [True, True, False, False]
    """
    if not calendar.covers(day):
        raise EvidenceError.of(
            "the calendar {calendar} does not know {year}",
            expected="a day of {first} to {last}",
            do="wait until the days of that year are published and add them to the pack, or give a date in calendar days",
            calendar=calendar.id, year=day.year, first=calendar.first_year, last=calendar.last_year,
        )  # fmt: skip
    if day in calendar._worked:
        return True
    return day.weekday() not in calendar.free_weekdays and day not in calendar._free


def add_working_days(start: date, n: int, calendar: Calendar) -> date:
    """The n-th working day after `start`, which itself does not count; a negative n counts backwards.

    With n = 0 it is `start`, or the next working day where `start` is free. EvidenceError where the count leaves the
    years that the calendar covers; InputError for more than 4000 days.

    >>> from foretrack.packs.loading import load_packs
    >>> china = choose_calendar(load_packs(), "calendar-cn")
    >>> add_working_days(date(2026, 2, 13), 5, china).isoformat()  # 14 is worked, 15 to 23 are free
    '2026-02-27'
    """
    if abs(n) > MAX_DAYS:
        raise InputError.of(
            "{n} working days", expected="at most {most}", do="give a date", n=n, most=MAX_DAYS
        )
    step = timedelta(days=-1 if n < 0 else 1)
    day, left = start, abs(n)
    if left == 0:
        while not is_working_day(day, calendar):
            day += step
        return day
    is_working_day(day, calendar)
    while left:
        day += step
        left -= is_working_day(day, calendar)
    return day


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """How many working days lie after `start` up to and with `end`; negative when `end` comes first.

    It is the n of `add_working_days`: from `start`, so many working days lead to `end` if `end` is worked.

    >>> from foretrack.packs.loading import load_packs
    >>> plain = choose_calendar(load_packs(), "calendar-weekdays")
    >>> working_days_between(date(2026, 11, 27), date(2026, 12, 4), plain)
    5
    >>> working_days_between(date(2026, 12, 4), date(2026, 11, 27), plain)
    -5
    """
    if end < start:
        return -sum(is_working_day(day, calendar) for day in _days(end, start - timedelta(days=1)))
    is_working_day(start, calendar)
    return sum(is_working_day(day, calendar) for day in _days(start + timedelta(days=1), end))


def holiday_on(day: date, calendar: Calendar, language: str = "en") -> str:
    """The name of the holiday of a day, or empty text."""
    year = calendar.years.get(day.year)
    for holiday in year.holidays if year else ():
        if holiday.first <= day <= holiday.last:
            return holiday.label.text(language)
    return calendar._free.get(day, "")


def choose_calendar(packs: Sequence[Pack], name: str) -> Calendar:
    """The calendar called `name`. InputError with the known ones."""
    known = [calendar for pack in packs for calendar in pack.calendars]
    for calendar in known:
        if calendar.id == name:
            return calendar
    raise InputError.of(
        "there is no calendar {name!r}",
        expected="one of {known}",
        do="correct the name, or add a pack with that calendar",
        name=name,
        known=", ".join(calendar.id for calendar in known),
    )


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def read_calendar(node: Node, entry: dict[str, object]) -> Calendar:
    """The checked calendar of a node whose shared fields are `entry`."""
    node.only(
        ("id", "label", "clause", "source", "confidence", "free_weekdays", "first_year", "last_year", "years",
         "rules", "note")
    )  # fmt: skip
    free = []
    for name in node.words("free_weekdays", "sunday"):
        if name not in WEEKDAYS:
            raise node.fail(
                "{name!r} is no weekday", "one of {known}", "free_weekdays: [saturday, sunday]",
                at="free_weekdays", name=name, known=", ".join(WEEKDAYS),
            )  # fmt: skip
        free.append(WEEKDAYS.index(name))
    if len(free) == len(WEEKDAYS):
        raise node.fail(
            "every weekday is free", "at least one that is worked", "free_weekdays: [saturday, sunday]",
            at="free_weekdays",
        )  # fmt: skip
    years = [_year(item, cast(str, entry["confidence"])) for item in node.nodes("years")]
    by_year = {year.year: year for year in years}
    if len(by_year) != len(years):
        raise node.fail(
            "a year is given twice", "each year once", "years: [{year: 2026, holidays: []}]", at="years"
        )
    first, last = node.whole("first_year", "2023", least=1900), node.whole("last_year", "2026", least=1900)
    if years and (first is not None or last is not None):
        raise node.fail(
            "`years` together with `first_year` or `last_year`",
            "`years` alone: they say which years are known", "years: [{year: 2026, holidays: []}]", at="first_year",
        )  # fmt: skip
    if years:
        first, last = min(by_year), max(by_year)
        for year in range(first, last + 1):
            if year not in by_year:
                raise node.fail(
                    "{year} is missing", "years without a gap", "years: [{year: 2026, holidays: []}]",
                    at="years", year=year,
                )  # fmt: skip
    if first is None or last is None or last < first or last > MAX_YEAR:
        raise node.fail(
            "it is not said which years are known", "`years`, or `first_year` and `last_year`",
            "first_year: 2021\n    last_year: 2030", at="first_year",
        )  # fmt: skip
    rules = tuple(_rule(item) for item in node.nodes("rules"))
    weekdays = frozenset(free)
    off: dict[date, str] = {}
    for known in years:
        for holiday in known.holidays:
            off |= dict.fromkeys(_days(holiday.first, holiday.last), holiday.label.en or holiday.label.zh)
    # A statutory holiday of the first days of January may be kept at the end of the year before.
    for number in range(first, min(last + 1, MAX_YEAR) + 1) if rules else ():
        for rule in rules:
            kept = rule.day_in(number, weekdays)
            if first <= kept.year <= last:
                off[kept] = rule.label.en or rule.label.zh
    worked = frozenset(day for known in years for day in known.working)
    for day in sorted(worked):
        if day in off or day.weekday() not in weekdays:
            raise node.fail(
                "{day} is said to be worked, but is a holiday or an ordinary working day",
                "a free weekday that is worked instead of another day", 'working: ["2026-01-04"]',
                at="years", day=day,
            )  # fmt: skip
    return Calendar(
        **entry,  # type: ignore[arg-type]
        free_weekdays=weekdays,
        first_year=first,
        last_year=last,
        years=by_year,
        rules=rules,
        note=node.note(),
        _free=off,
        _worked=worked,
    )


MAX_YEAR = 2200
_HOLIDAY = '{label: {en: New Year, zh: 元旦}, from: "2026-01-01", to: "2026-01-03"}'


def _year(node: Node, confidence: str) -> CalendarYear:
    node.only(("year", "holidays", "working", "source", "confidence"))
    year = node.whole("year", "2026", least=1900)
    if year is None or year > MAX_YEAR:
        raise node.fail("`year` is missing", "a year", "year: 2026", at="year")
    holidays = []
    for item in node.nodes("holidays"):
        item.only(("label", "from", "to"))
        first = date.fromisoformat(item.day("from", "the first free day", "2026-01-01"))
        last = date.fromisoformat(item.day("to", "the last free day", "2026-01-03"))
        if not first <= last or first.year != year or last.year != year:
            raise item.fail(
                "{first} to {last} is no run of days in {year}",
                "a first and a last day of that year, a run over New Year in two parts",
                _HOLIDAY, first=first, last=last, year=year,
            )  # fmt: skip
        holidays.append(Holiday(item.bilingual("label", "{en: New Year, zh: 元旦}"), first, last))
    working = []
    for text in node.words("working", "2026-01-04"):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = date.min
        if day.year != year:
            raise node.fail(
                "{text!r} is no day of {year}", "ISO dates in quotes", 'working: ["2026-01-04"]',
                at="working", text=text, year=year,
            )  # fmt: skip
        working.append(day)
    return CalendarYear(
        year, tuple(holidays), tuple(working), node.words("source", "S1"), node.confidence(confidence)
    )


def _rule(node: Node) -> HolidayRule:
    node.only(("label", "month", "day", "weekday", "nth", "moved"))
    example = "{label: {en: Labor Day}, month: 9, weekday: monday, nth: 1}"
    month, day = node.whole("month", "9", least=1), node.whole("day", "4", least=1)
    nth = node.value.get("nth")
    weekday = node.optional_word("weekday", "monday")
    fixed = day is not None and weekday is None and nth is None
    moving = day is None and weekday in WEEKDAYS and nth in (1, 2, 3, 4, -1) and not isinstance(nth, bool)
    # The last day of a short month is no day of every year.
    if month is None or month > 12 or not (fixed or moving) or (day or 1) > monthrange(2023, month)[1]:
        raise node.fail(
            "it does not say a day of every year",
            "`month` with `day`, or `month` with `weekday` and `nth`",
            example,
        )
    return HolidayRule(
        node.bilingual("label", "{en: Labor Day}"),
        month,
        day,
        WEEKDAYS.index(weekday) if weekday in WEEKDAYS else None,
        cast("int | None", nth),
        cast('Literal["never", "nearest", "next"]', node.choice("moved", MOVED, default="never")),
    )
