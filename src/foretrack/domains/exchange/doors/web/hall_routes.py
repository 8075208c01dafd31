"""What the hall adds to the API: what was released, sessions, questions, reports, guests, figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from foretrack.domains.exchange.hall import asking as hall_asking
from foretrack.domains.exchange.hall import guests as hall_guests
from foretrack.domains.exchange.hall.asking import Queue
from foretrack.domains.exchange.hall.counting import Figures, figures_of
from foretrack.domains.exchange.hall.guests import BreachLine, GuestLine
from foretrack.domains.exchange.hall.reading import (
    Question,
    find_achievements,
    questions_about,
    sessions_of,
    show_achievement,
)
from foretrack.domains.exchange.hall.releasing import release_due
from foretrack.registry.answers import Facet, RecordLine, RecordPage
from foretrack.web.cursors import Cursor, Limit, next_address, position_of
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Many, Routes

ROUTES = Routes("hall", "Release hall")

Key: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Words: TypeAlias = Annotated[
    str, Field(max_length=200, description="Words that are looked for, by meaning too.")
]
Several: TypeAlias = Annotated[
    str, Field(max_length=400, description="A value of the facet; several with commas, any of which will do.")
]


@dataclass(frozen=True, slots=True)
class Released:
    """A part of what was released."""

    items: tuple[RecordLine, ...]
    total: int
    facets: tuple[Facet, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session and its moment."""

    session: RecordLine
    releases_at: str | None
    """UTC."""
    waits: bool


@dataclass(frozen=True, slots=True)
class Guests:
    """Guests of a session, and breaches of its embargo."""

    guests: tuple[GuestLine, ...]
    breaches: tuple[BreachLine, ...]


class Asking(Given):
    """A question."""

    question: str = Field(max_length=1000)
    private: bool = False


class Reporting(Given):
    """A report of abuse."""

    about: Key
    why: Literal["false", "secret", "rights", "insult", "spam", "danger", "other"]
    text: str = Field(max_length=2000)


class Inviting(Given):
    """Whom to invite."""

    email: str = Field(max_length=254)


class Breaching(Given):
    """What became known too early."""

    what: str = Field(max_length=4000)
    guest: int | None = None


@ROUTES.get("/hall", "Achievements that were released, the latest first", answers=Released)
def list_released(
    request: Request, words: Words = "", tracks: Several = "", region: Several = "", session: str = "",
    cursor: Cursor = "", limit: Limit = 50,
) -> Released:  # fmt: skip
    release_due(request.registry)
    position = position_of(request, cursor)
    begin = int(position[0]) if position else 0
    given = {"tracks": tracks, "region": region}
    facets = {name: [one.strip() for one in text.split(",")] for name, text in given.items() if text}
    found = find_achievements(
        request.registry,
        request.actor,
        words=words,
        facets=facets,
        session=session,
        offset=begin,
        limit=limit,
    )
    more = begin + limit < found.total
    return Released(
        found.lines, found.total, found.facets, next_address(request, [begin + limit] if more else None)
    )


@ROUTES.get("/hall/sessions", "Sessions that wait, and those that are over", answers=Many[SessionLine])
def list_sessions(request: Request) -> Many[SessionLine]:
    release_due(request.registry)
    every = [
        one for waiting in (True, False) for one in sessions_of(request.registry, request.actor, waiting=waiting)
    ]  # fmt: skip
    return Many(tuple(SessionLine(o.line, o.at.isoformat() if o.at else None, o.waits) for o in every))


@ROUTES.get("/hall/{key:key}/questions", "Questions about an achievement", answers=Many[Question])
def list_questions(request: Request, key: Key) -> Many[Question]:
    page = show_achievement(request.registry, request.actor, key)
    return Many(questions_about(request.registry, request.actor, page.key))


@ROUTES.post("/hall/{key:key}/questions", "Ask a question", answers=RecordPage, status=201)
def ask_about(request: Request, key: Key, given: Asking) -> RecordPage:
    return hall_asking.ask(request.registry, request.actor, key, given.question, private=given.private)


@ROUTES.post("/hall/reports", "Report an abuse", answers=RecordPage, status=201)
def report_to_officers(request: Request, given: Reporting) -> RecordPage:
    return hall_asking.report(request.registry, request.actor, given.about, given.why, given.text)


@ROUTES.get("/hall/moderation", "What waits for a moderator", answers=Many[Queue])
def list_moderation(request: Request) -> Many[Queue]:
    return Many(hall_asking.queues(request.registry, request.actor))


@ROUTES.get("/hall/{key:key}/statistics", "Views, downloads, questions and interests by day", answers=Figures)
def show_figures(request: Request, key: Key) -> Figures:
    return figures_of(request.registry, request.actor, show_achievement(request.registry, request.actor, key))


@ROUTES.get(
    "/hall/sessions/{key:key}/embargo",
    "What a session will release, for its guests",
    answers=Many[RecordPage],
)
def list_under_embargo(request: Request, key: Key) -> Many[RecordPage]:
    return Many(hall_guests.under_embargo(request.registry, request.actor, key))


@ROUTES.post(
    "/hall/sessions/{key:key}/embargo/accept", "Accept the terms of an embargo", answers=None, status=204
)
def accept_embargo(request: Request, key: Key) -> None:
    hall_guests.accept_terms(request.registry, request.actor, key)


@ROUTES.get("/hall/sessions/{key:key}/guests", "Guests and breaches of a session", answers=Guests)
def list_guests(request: Request, key: Key) -> Guests:
    return Guests(*hall_guests.guests_of(request.registry, request.actor, key))


@ROUTES.post("/hall/sessions/{key:key}/guests", "Invite a guest", answers=None, status=204)
def invite_to_embargo(request: Request, key: Key, given: Inviting) -> None:
    hall_guests.invite_guest(request.registry, request.actor, key, given.email)


@ROUTES.delete(
    "/hall/sessions/{key:key}/guests/{number}", "Take a guest's way in away", answers=None, status=204
)
def end_invitation(request: Request, key: Key, number: int) -> None:
    hall_guests.end_guest(request.registry, request.actor, key, number)


@ROUTES.post("/hall/sessions/{key:key}/breaches", "Record a breach of an embargo", answers=None, status=204)
def add_breach(request: Request, key: Key, given: Breaching) -> None:
    hall_guests.record_breach(request.registry, request.actor, key, given.what, guest=given.guest)
