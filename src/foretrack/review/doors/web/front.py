"""What calls show on the first page of the site: those that are open, by their last day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foretrack.review.actions.listing import list_calls
from foretrack.review.doors.web.calls import CallRow, row_of
from foretrack.web.panels import Fragment, Front
from foretrack.web.rendering import Request

SHOWN = 5


@dataclass(frozen=True)
class OpenCallsFragment(Fragment):
    """Open calls."""

    template: ClassVar[str] = "review/panels/open.html"

    rows: tuple[CallRow, ...]
    more: int


def _load(request: Request) -> Fragment | None:
    found = list_calls(request.registry, request.actor, phase="open", most=SHOWN)
    if not found.lines:
        return None
    return OpenCallsFragment(
        tuple(row_of(request, one) for one in found.lines), max(0, found.total - len(found.lines))
    )


FRONT: tuple[Front, ...] = (Front("open-calls", "Open calls", _load, order=20),)
