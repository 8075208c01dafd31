"""What calls add to records for applicants and local bodies: where a record was handed in, and where it could be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from foretrack.registry.actions.records import show
from foretrack.registry.answers import RecordPage
from foretrack.review.actions.handing_in import open_calls_for
from foretrack.review.actions.looking import calls_with
from foretrack.review.answers import OpenCall, OwnSubmission
from foretrack.review.kinds import CALL, SUBMISSION
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, Panel, Subject
from foretrack.web.rendering import Request


@dataclass(frozen=True, slots=True)
class Offer:
    """A call to which the record could be handed in."""

    call: OpenCall
    href: str


@dataclass(frozen=True)
class HandedInFragment(Fragment):
    """Submissions that carry a record, and calls that it could be handed in to."""

    template: ClassVar[str] = "review/panels/handed_in.html"

    submissions: tuple[OwnSubmission, ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class WayFragment(Fragment):
    """From a call's or a submission's record to the page that one works on."""

    template: ClassVar[str] = "review/panels/ways.html"

    hand_in: str
    recommend: str
    submission: str


def _handed_in(request: Request, subject: Subject) -> Fragment | None:
    record = _record(request, subject)
    if record.kind in (CALL.name, SUBMISSION.name):
        return None
    carried = calls_with(request.registry, request.actor, record.key)
    own = record.organisation is not None and record.organisation in request.actor.organisations
    offers: tuple[Offer, ...] = ()
    if own and not any(one.status not in ("declined", "withdrawn", "removed") for one in carried):
        offers = tuple(
            Offer(one, f"{address('hand in', one.call)}?{urlencode({'subject': record.key})}")
            for one in open_calls_for(request.registry, request.actor, record.kind)
        )
    return HandedInFragment(carried, offers) if carried or offers else None


def _ways(request: Request, subject: Subject) -> Fragment | None:
    record, actor = _record(request, subject), request.actor
    if record.kind == SUBMISSION.name:
        return WayFragment("", "", address("submission", record.key))
    if record.kind != CALL.name:
        return None
    takes = record.status == "open" and bool(actor.organisations)
    recommends = bool(record.values.get("recommended")) and actor.holds("officer")
    if not (takes or recommends):
        return None
    return WayFragment(
        address("hand in", record.key) if takes else "",
        address("recommend", record.key) if recommends else "",
        "",
    )


def _record(request: Request, subject: Subject) -> RecordPage:
    read = (subject.values or {}).get("record")
    return read if isinstance(read, RecordPage) else show(request.registry, request.actor, subject.name)


PANELS: tuple[Panel, ...] = (
    Panel("handed-in", "Calls", frozenset(("record",)), _handed_in, order=3),
    Panel("call-ways", "What you can do here", frozenset(("record",)), _ways, order=2),
)
