"""What matching adds to the page of a record: the matches of a need or offer, and the two sides of an interest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foretrack.matching.actions.desk import best_of, interest_lines
from foretrack.matching.actions.interests import show_interest
from foretrack.matching.doors.web.desk import BestLine, InterestRow
from foretrack.matching.doors.web.interest import InterestView, view_of
from foretrack.matching.doors.web.telling import state_told
from foretrack.matching.kinds import INTEREST
from foretrack.registry.answers import RecordPage
from foretrack.web.addresses import address
from foretrack.web.panels import Fragment, Panel, Subject
from foretrack.web.rendering import Request


@dataclass(frozen=True)
class MatchesFragment(Fragment):
    """The matches of a need or offer, in short; the reasons stand on their own page."""

    template: ClassVar[str] = "matching/panels/matches.html"

    own: bool
    matched: bool
    list_href: str
    interest_href: str
    """Where somebody of another organisation expresses interest; empty where nobody could."""
    best: tuple[BestLine, ...]
    interests: tuple[InterestRow, ...]


@dataclass(frozen=True)
class InterestFragment(Fragment):
    """An interest with its two sides."""

    template: ClassVar[str] = "matching/panels/interest.html"

    view: InterestView
    href: str


def _matches(request: Request, subject: Subject) -> Fragment | None:
    page = (subject.values or {}).get("record")
    if not isinstance(page, RecordPage):
        return None
    registry, actor = request.registry, request.actor
    side = registry.kinds.get(page.kind).side
    if side is None:
        return None
    own = page.organisation is not None and page.organisation in actor.organisations
    matched = page.status in side.states and page.visibility == "public"
    best = best_of(registry, actor, page.key) if own else ()
    interests = interest_lines(registry, actor, of=page.key) if actor.key else ()
    may_answer = matched and bool(actor.organisations) and not own
    return MatchesFragment(
        own, matched, address("match list", page.key), address("interest in", page.key) if may_answer else "",
        tuple(BestLine(address("record", b.key), b.title, b.score, state_told(b.state)) for b in best),
        tuple(
            InterestRow(i.key, address("interest", i.key), i.title, i.status_label, i.sender, i.addressee, i.way, i.at)
            for i in interests
        ),
    )  # fmt: skip


def _interest(request: Request, subject: Subject) -> Fragment | None:
    page = (subject.values or {}).get("record")
    if not isinstance(page, RecordPage) or page.kind != INTEREST.name or page.circle != "private":
        return None
    view = view_of(show_interest(request.registry, request.actor, page.key))
    return InterestFragment(view, address("interest", page.key))


PANELS = (
    Panel("matches", "Matches", frozenset(("record",)), _matches, order=6),
    Panel("interest", "The two sides", frozenset(("record",)), _interest, order=3, wide=True),
)
