"""What the hall adds to the page of a record: the way to the page that outsiders read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foretrack.registry.answers import RecordPage
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, Panel, Subject
from foretrack.web.rendering import Request

PLACES = {"achievement": "achievement", "release-session": "hall session"}
"""Kind to the name of its page in the hall."""


@dataclass(frozen=True)
class HallFragment(Fragment):
    """The way to the page in the hall."""

    template: ClassVar[str] = "hall/panels/way.html"

    href: str
    kind: str


def _way(request: Request, subject: Subject) -> Fragment | None:
    record = (subject.values or {}).get("record")
    if not isinstance(record, RecordPage) or record.kind not in PLACES:
        return None
    href = address(PLACES[record.kind], record.key)
    # Not on the page in the hall itself, which has the same dossier.
    return None if request.path == href else HallFragment(href, record.kind)


PANEL = Panel("hall", "In the release hall", frozenset(("record",)), _way, order=12)
