"""Dates as sources print them, turned into ISO 8601 at the precision that is really there."""

from __future__ import annotations

import datetime as dt
import re

from foretrack.sources.kit.cleaning import BadValue

FIRST_YEAR = 1500
LATEST_YEAR = 2100
"""No clock here: a generous bound that still refuses 2999. Ingest hands in next year."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero",
            "feb february februar février fevrier febrero",
            "mar march märz mrz mars marzo",
            "apr april avril abril",
            "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juillet julio",
            "aug august août aout agosto",
            "sep sept september septembre septiembre",
            "oct october oktober okt octobre octubre",
            "nov november novembre noviembre",
            "dec december dezember dez décembre decembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ]\d{1,2}:.*|Z)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_CHINESE = re.compile(r"^(\d{4})\s*年(?:\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*[日号])?)?")
_YEAR_LAST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_MONTH_YEAR = re.compile(r"^(\d{1,2})[-/.](\d{4})$")
_FLOAT_YEAR = re.compile(r"^(\d{1,4})\.0+$")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")


def as_year(value: object, *, latest_year: int = LATEST_YEAR) -> int:
    """The year of `value` from 1500 to `latest_year`; BadValue with the reason otherwise.

    >>> as_year("2016.0")
    2016
    """
    return int(as_date(value, latest_year=latest_year)[:4])


def as_date(value: object, *, latest_year: int = LATEST_YEAR) -> str:
    """`2016`, `2016-03` or `2016-03-01`: what `value` says, no more precise than it is.

    Reads ISO dates and times, `20160301`, `2016年3月`, `15 Mar 2016`, `2016 Mar-Apr`, `March 15, 2016`,
    numbers, date objects and (year, month, day) sequences. A day and month that may be either way round
    (`03/04/2016`) give the year alone; an impossible day or month is left out. BadValue when there is
    no year from 1500 to `latest_year`.

    >>> [as_date(x) for x in ("2016 Mar-Apr", "20160301", "3/2016", "03/04/2016", (2016, 2, 30), 2016)]
    ['2016-03', '2016-03-01', '2016-03', '2016', '2016-02', '2016']
    >>> as_date("2999")
    Traceback (most recent call last):
    foretrack.sources.kit.cleaning.BadValue: year 2999; expected 1500 to 2100
    """
    # The most frequent of all dates, read twice for each row of a table.
    plain = isinstance(value, str) and len(value) == 4 and value.isascii() and value.isdecimal()
    if plain and FIRST_YEAR <= int(str(value)) <= latest_year:
        return str(value)
    year, month, day = _parts(value)
    if not FIRST_YEAR <= year <= latest_year:
        raise BadValue(f"year {year}; expected {FIRST_YEAR} to {latest_year}")
    if not month or not 1 <= month <= 12:
        return f"{year:04d}"
    if not day or not _exists(year, month, day):
        return f"{year:04d}-{month:02d}"
    return f"{year:04d}-{month:02d}-{day:02d}"


def date_or_none(value: object, *, latest_year: int = LATEST_YEAR) -> str | None:
    """`as_date` for secondary dates: None when missing or unusable.

    >>> date_or_none("2016-3"), date_or_none("unknown"), date_or_none(None)
    ('2016-03', None, None)
    """
    if value is None:
        return None
    try:
        return as_date(value, latest_year=latest_year)
    except BadValue:
        return None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _parts(value: object) -> tuple[int, int, int]:
    if isinstance(value, dt.date):
        return value.year, value.month, value.day
    if isinstance(value, bool) or value is None or value == "":
        raise BadValue("no publication date")
    if isinstance(value, int):
        return _parts(str(value)) if value > 9999 else (value, 0, 0)
    if isinstance(value, float):
        if not value.is_integer():
            raise BadValue(f"no date: {value!r}" if value == value else "no publication date")
        return _parts(int(value))
    if isinstance(value, tuple | list):
        numbers = [int(part) if str(part).isdecimal() else 0 for part in value[:3]]
        if not numbers:
            raise BadValue("no publication date")
        year, month, day = (*numbers, 0, 0)[:3]
        return year, month, day
    return _from_text(" ".join(str(value).split()))


def _from_text(text: str) -> tuple[int, int, int]:
    text = text.strip(" .,;[]()©")
    if not text:
        raise BadValue("no publication date")
    for pattern in (_ISO, _COMPACT, _CHINESE):
        if match := pattern.match(text):
            year, month, day = (int(part or 0) for part in match.groups())
            return year, month, day
    if match := _YEAR_LAST.match(text):
        first, second, year = (int(part) for part in match.groups())
        if first > 12 >= second:
            return year, second, first
        if second > 12 >= first:
            return year, first, second
        return (year, first, first) if first == second else (year, 0, 0)
    if match := _MONTH_YEAR.match(text):
        return int(match[2]), int(match[1]), 0
    if match := _FLOAT_YEAR.match(text):
        return int(match[1]), 0, 0
    return _from_words(text)


def _from_words(text: str) -> tuple[int, int, int]:
    years = _YEAR.findall(text)
    if not years:
        if text.isdecimal():
            return int(text[:9]), 0, 0
        raise BadValue(f"no year in {text[:60]!r}; expected a date such as 2016, 2016-03 or 2016-03-01")
    words = [word.casefold() for word in _WORD.findall(text)]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    if not months:
        return int(years[0]), 0, 0
    days = _DAY.findall(text)
    # "15 Mar - 2 Apr 2016": a span has a first month, but no day of publication.
    day = int(days[0]) if len(days) == 1 and len(months) == 1 else 0
    return int(years[0]), months[0], day
