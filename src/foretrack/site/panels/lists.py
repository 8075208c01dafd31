"""Lists that concern a subject: the issues in which a linked record stands, or stood last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foretrack.site.panels.linked import standing_keys, standings_of
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, Panel, Subject
from foretrack.web.rendering import Request


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of an issue."""

    series: str
    series_href: str
    issue: str
    issue_href: str
    record: str
    """Title of the record that is listed; empty where the page is about that record."""
    record_href: str
    """The page of the revision that was listed."""
    revision: int
    published_on: str
    valid_to: str | None
    stands: bool


@dataclass(frozen=True)
class ListsFragment(Fragment):
    """The issues in which linked records stand."""

    template: ClassVar[str] = "foretrack/panels/lists.html"

    lines: tuple[Line, ...]


def _load(request: Request, subject: Subject) -> Fragment | None:
    titles, language = standing_keys(request, subject), request.actor.language
    found = standings_of(request, subject)
    if not found:
        return None
    return ListsFragment(
        tuple(
            Line(
                one.title.text(language), address("series", one.series), one.label,
                address("issue", one.series, one.issue), "" if one.record == subject.name else titles[one.record],
                address("past", one.record, one.revision), one.revision, one.published_on, one.valid_to, one.stands,
            )
            for one in found
        )
    )  # fmt: skip


PANEL = Panel("lists", "Lists that name it", frozenset(("concept", "technology", "record")), _load, order=20)
