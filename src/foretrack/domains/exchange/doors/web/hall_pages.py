"""The release hall: the next session, what was released last, by track and by words; and one session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foretrack.domains.exchange.doors.web.hall_words import countdown, options_of, with_query
from foretrack.domains.exchange.embargo import moment_in
from foretrack.domains.exchange.hall.asking import how_many_wait, moderates
from foretrack.domains.exchange.hall.following import zone
from foretrack.domains.exchange.hall.guests import in_charge, standing
from foretrack.domains.exchange.hall.reading import (
    FACETS,
    Session,
    find_achievements,
    sessions_of,
    show_session,
)
from foretrack.domains.exchange.hall.releasing import release_due
from foretrack.domains.exchange.kinds.hall import WAITING
from foretrack.foundation.errors import NotThereError
from foretrack.registry.access.permission import may
from foretrack.registry.actions.links import titles_of
from foretrack.registry.actions.overview import may_create_somewhere
from foretrack.registry.answers import RecordLine
from foretrack.web.addresses import address
from foretrack.web.facets import Box, boxes_of, chosen_of
from foretrack.web.listing import Chosen
from foretrack.web.naming import in_words, region_named, track_named, tracks_named
from foretrack.web.queries import kept, page_number, paged
from foretrack.web.rendering import Page, Request, render
from foretrack.web.speech import page_language

SHOWN = 24
WORDS = "q"


@dataclass(frozen=True, slots=True)
class SessionCard:
    """One session in short."""

    key: str
    href: str
    title: str
    who: str
    status: str
    waits: bool
    at: str
    """ISO moment of its release; empty where it has none."""
    left: str
    """How long until then, said when the page was made."""
    tracks: tuple[str, ...]
    region: str
    about: str
    notice: str


@dataclass(frozen=True, slots=True)
class AchievementCard:
    """One released achievement in short."""

    key: str
    href: str
    title: str
    who: str
    text: str
    sort: str
    stage: str
    maturity: int | None
    tracks: tuple[str, ...]
    region: str
    released: str


@dataclass(frozen=True)
class HallPage(Page):
    """The hall."""

    template: ClassVar[str] = "hall/hall.html"
    table: ClassVar[str] = "cards"

    late: bool
    """A moment has come, and the release could not be made just now."""
    zone: str
    next: SessionCard | None
    waiting: tuple[SessionCard, ...]
    past: tuple[SessionCard, ...]
    total: int
    words: str
    cards: tuple[AchievementCard, ...]
    facets: tuple[Box, ...]
    chosen: tuple[Chosen, ...]
    kept: tuple[tuple[str, str], ...]
    before: str
    after: str
    feed: str
    """What stands behind the addresses of the feeds: the track, where one is chosen."""
    feed_name: str
    follow: str
    """Where a rule of the watch begins; empty for who may not watch."""
    may_hand_in: bool
    may_open: bool
    to_moderate: int | None
    """What waits for the reader as a moderator; None for who is none."""


@require_safe
def hall(request: Request) -> HttpResponse:
    """The hall, after what is due has been released."""
    registry, actor, given = request.registry, request.actor, request.GET
    late = release_due(registry) == "late"
    number, words = page_number(given), given.get(WORDS, "")[:200]
    facets = {name: given.getlist(name) for name in FACETS if name in given}
    found = find_achievements(
        registry, actor, words=words, facets=facets, offset=(number - 1) * SHOWN, limit=SHOWN
    )
    boxes = boxes_of(given, found.facets, opened="tracks")
    waiting = session_cards(request, sessions_of(registry, actor, waiting=True))
    track = facets.get("tracks", [""])[0] if len(facets.get("tracks", ())) == 1 else ""
    return render(
        request,
        HallPage(
            late=late, zone=zone(), next=waiting[0] if waiting else None, waiting=waiting[1:],
            past=session_cards(request, sessions_of(registry, actor, waiting=False, limit=6)), total=found.total,
            words=words, cards=achievement_cards(request, found.lines), facets=boxes,
            chosen=chosen_of(boxes),
            kept=kept(given, WORDS), before=paged(given, number - 1) if number > 1 else "",
            after=paged(given, number + 1) if number * SHOWN < found.total else "",
            feed=f"?track={track}" if track else "", feed_name=track_named(track) if track else "",
            follow=with_query("rules", kind="achievement") if may(actor, "watch") else "",
            may_hand_in=may_create_somewhere(actor, registry.kinds.get("achievement")),
            may_open=may_create_somewhere(actor, registry.kinds.get("release-session")),
            to_moderate=how_many_wait(actor) if moderates(actor) else None,
        ),
    )  # fmt: skip


def session_cards(request: Request, sessions: tuple[Session, ...]) -> tuple[SessionCard, ...]:
    """Sessions as cards."""
    kind = request.registry.kinds.get("release-session")
    titles = titles_of(request.actor, [str(one.line.values.get("organisation", "")) for one in sessions])
    now = request.registry.now()
    return tuple(
        SessionCard(
            one.line.key, address("hall session", one.line.key), one.line.title,
            titles.get(one.line.values.get("organisation", ""), ""),
            kind.state(one.line.status).label.text(page_language()), one.waits, one.at.isoformat() if one.at else "",
            countdown(one.at, now) if one.at and one.waits else "", tracks_named(one.line.values.get("tracks")),
            region_named(one.line.values.get("region", "")), in_words(one.line.values.get("about")),
            in_words(one.line.values.get("notice")),
        )
        for one in sessions
    )  # fmt: skip


def achievement_cards(request: Request, lines: tuple[RecordLine, ...]) -> tuple[AchievementCard, ...]:
    """Released achievements as cards."""
    kind = request.registry.kinds.get("achievement")
    titles = titles_of(request.actor, [str(line.values.get("organisation", "")) for line in lines])
    return tuple(
        AchievementCard(
            line.key, address("achievement", line.key), line.title, titles.get(line.values.get("organisation", ""), ""),
            in_words(line.values.get("plain")) or in_words(line.values.get("summary")),
            " ".join(options_of(kind, "sort_of", line.values)), " ".join(options_of(kind, "stage", line.values)),
            line.values.get("maturity"), tracks_named(line.values.get("tracks")),
            region_named(line.values.get("region", "")),
            line.updated_at[:10],
        )
        for line in lines
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the programme."""

    at: str
    text: str


@dataclass(frozen=True)
class SessionPage(Page):
    """One session."""

    template: ClassVar[str] = "hall/session.html"
    table: ClassVar[str] = "cards"

    card: SessionCard
    late: bool
    zone: str
    host: str
    programme: tuple[Item, ...]
    link: str
    moderators: tuple[str, ...]
    hand_in_until: str
    cards: tuple[AchievementCard, ...]
    """What it released; nothing before its moment."""
    under_embargo: str
    """Where a guest, or whoever runs it, looks under the embargo; empty for everybody else."""
    in_charge: bool
    follow: str
    hand_in: str
    """Where an achievement for this session begins; empty for who may not, or when it takes nothing in."""


@require_safe
def session(request: Request, key: str) -> HttpResponse:
    """One session, after what is due has been released."""
    registry, actor = request.registry, request.actor
    late = release_due(registry) == "late"
    page = show_session(registry, actor, key)
    values, waits = page.values, page.status in WAITING
    line = RecordLine(page.key, page.kind, page.title, page.status, page.revision, page.updated_at, values)
    (card,) = session_cards(request, (Session(line, moment_in(values, zone())),))
    found = find_achievements(registry, actor, session=page.key, limit=500)
    takes = waits and may_create_somewhere(actor, registry.kinds.get("achievement"))
    until = str(values.get("hand_in_until", ""))
    if until and until < registry.now().date().isoformat():
        takes = False
    return render(
        request,
        SessionPage(
            card=card, late=late, zone=zone(), host=address("record", values["organisation"]),
            programme=tuple(Item(row["at"], in_words(row["item"])) for row in values.get("programme") or ()),
            link=str(values.get("link", "")), moderators=tuple(values.get("moderators") or ()), hand_in_until=until,
            cards=achievement_cards(request, found.lines), under_embargo=_way_in(request, page.key) if waits else "",
            in_charge=in_charge(actor, page),
            follow=with_query("rules", record=page.key) if may(actor, "watch") else "",
            hand_in=f"{address('new', 'achievement')}?session={page.key}" if takes else "",
        ),
    )  # fmt: skip


def _way_in(request: Request, key: str) -> str:
    try:
        standing(request.registry, request.actor, key)
    except NotThereError:
        return ""
    return address("embargo", key)
