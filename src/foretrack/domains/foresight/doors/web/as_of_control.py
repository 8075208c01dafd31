"""The as-of control: the years that can be looked at, those that were scanned and those that were not yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from foretrack.domains.foresight.doors.web.reading import AS_OF, SCAN, Reading
from foretrack.web.queries import changed, kept

SHOWN = 12
"""Years before the newest one that the control reaches back to, where they were not scanned."""
LEAST_HISTORY = 4
"""Years with documents that a state needs: an earlier year is not offered for scanning."""


@dataclass(frozen=True, slots=True)
class YearTick:
    """One year of the control."""

    year: int
    href: str
    """The same page as of that year."""
    scanned: bool
    here: bool


@dataclass(frozen=True, slots=True)
class AsOf:
    """The control."""

    year: int
    first: int
    last: int
    ticks: tuple[YearTick, ...]
    kept: tuple[tuple[str, str], ...]
    """What the form carries on from the address."""
    action: str
    scan: str
    """The name of the scan, where the address names one; the control then leads back to the years."""

    @property
    def command(self) -> str:
        """What makes the scan of the year."""
        return scan_command(self.year)

    @property
    def missing(self) -> bool:
        """Whether the year that is looked at was not scanned."""
        return not any(tick.here and tick.scanned for tick in self.ticks)


def scan_command(year: int) -> str:
    """What makes the scan of a year."""
    return f"foretrack scan --as-of {year}"


def as_of_control(request: HttpRequest, reading: Reading, *, year: int | None = None) -> AsOf:
    """The control for a page; `year` is the one that was asked for, where it was not scanned."""
    shown = reading.scan.as_of if year is None else year
    years = _offered(reading, shown)
    given = request.GET
    return AsOf(
        year=shown, first=years[0], last=years[-1],
        ticks=tuple(YearTick(y, _href(given, reading, y), y in reading.years, y == shown) for y in years),
        kept=kept(given, AS_OF, SCAN),
        action=request.path, scan=reading.scan.name if reading.named else "",
    )  # fmt: skip


def _offered(reading: Reading, shown: int) -> Sequence[int]:
    newest = max((*reading.years, shown))
    earliest = int(reading.scan.stored.manifest["first_year"]) + LEAST_HISTORY - 1
    begin = min((*reading.years, shown, max(earliest, newest - SHOWN)))
    return range(min(begin, newest), newest + 1)


def _href(given: QueryDict, reading: Reading, year: int) -> str:
    query = changed(
        given, **{AS_OF: str(year) if year != max(reading.years, default=year) else None, SCAN: None}
    )
    return query
