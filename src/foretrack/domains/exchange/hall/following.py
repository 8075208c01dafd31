"""What the release hall has to say when a session, an achievement or a question moves, whichever door it moves through.

`on_moving` runs before anything is written and refuses with the reason; `on_moved` runs inside the same transaction and
carries along what belongs to the move. So the site, the API, a command and an import all meet the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from foretrack.domains.exchange.embargo import moment_in
from foretrack.domains.exchange.kinds.achievements import ACHIEVEMENT
from foretrack.domains.exchange.kinds.hall import ABUSE_REPORT, QUESTION, RELEASE_SESSION, WAITING
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.records import move
from foretrack.registry.declaring.fields import Json
from foretrack.registry.declaring.kind import Kind, Transition
from foretrack.registry.models import Pointer, Record, Revision
from foretrack.registry.registry import Registry, moment

HALL = Actor(
    "HALL", name="release hall", grants=(Grant("officer", regions=("*",), bodies=("*",)),), via="system"
)
"""Who releases at the moment of release, and shows what needs no moderator."""
ACCEPTED, RELEASED = "accepted", "released"

_carrying: ContextVar[bool] = ContextVar("carrying", default=False)
"""Whether the move at hand is made by the hall itself."""


@contextmanager
def by_the_hall() -> Iterator[None]:
    """Moves inside are made by the hall, at their time."""
    token = _carrying.set(True)
    try:
        yield
    finally:
        _carrying.reset(token)


@dataclass(frozen=True, slots=True)
class Asked:
    """A move that somebody asks for."""

    registry: Registry
    actor: Actor
    record: Record
    transition: Transition
    body: Mapping[str, Json]


def on_moving(
    kind: Kind, record: Record, transition: Transition, body: Mapping[str, Json], actor: Actor, registry: Registry,
    **_: Any,
) -> None:  # fmt: skip
    """Refuses a move that the hall does not allow."""
    check = _CHECKS.get((kind.name, transition.name))
    if check is not None and not _carrying.get():
        check(Asked(registry, actor, record, transition, body))


def on_moved(
    record: Record, transition: Transition, before: str, reason: str, actor: Actor, registry: Registry, **_: Any
) -> None:  # fmt: skip
    """Does what follows from a move."""
    follow = _FOLLOWS.get((record.kind, transition.name))
    if follow is not None:
        follow(Asked(registry, actor, record, transition, record.body), reason)


def listen() -> None:
    """Lets the hall hear what moves."""
    from foretrack.registry.signals import moved, moving

    moving.connect(on_moving, dispatch_uid="hall.on_moving")
    moved.connect(on_moved, dispatch_uid="hall.on_moved")


def handed_in_to(session: str, *states: str) -> list[Record]:
    """Achievements handed in to a session that stand in one of some states, in the order in which they were made."""
    pointing = Pointer.objects.filter(field="session", unit="record", target=session).values("record_id")
    found = Record.objects.filter(pk__in=pointing, kind=ACHIEVEMENT.name, status__in=states, merged_into=None)
    return list(found.order_by("pk"))


def session_of(body: Mapping[str, Json]) -> Record | None:
    """The session that an achievement names."""
    key = body.get("session")
    return Record.objects.filter(key=key, kind=RELEASE_SESSION.name).first() if key else None


def zone() -> str:
    """The installation's time zone."""
    return str(settings.TIME_ZONE)


# ---- sessions


def _has_a_moment(asked: Asked) -> None:
    at = moment_in(asked.body, zone())
    if at is None or at <= asked.registry.now():
        raise InputError.of(
            "the moment of release, {day} {time}, has passed", day=asked.body.get("release_on", "-"),
            time=asked.body.get("release_time", "-"), expected="a moment that is still to come", do="choose a later one",
        )  # fmt: skip
    until = asked.body.get("hand_in_until")
    if until and str(until) > str(asked.body["release_on"]):
        raise InputError.of(
            "achievements could be handed in until {day}, after the release", day=until,
            expected="a day before the release, or the same", do="correct one of the two days",
        )  # fmt: skip


def _releases_itself(asked: Asked) -> None:
    at = moment_in(asked.body, zone())
    raise EvidenceError.of(
        "the session releases itself at {moment}", moment=at.isoformat() if at else "-",
        expected="the moment of release", do="wait, change the time, or lift the embargo with a reason",
    )  # fmt: skip


def _plan_release(asked: Asked, reason: str) -> None:
    from foretrack.domains.exchange.hall.releasing import plan_release

    plan_release(asked.record)
    if asked.transition.name == "postpone":
        _tell(asked.record)


def _release_all(asked: Asked, reason: str) -> None:
    with by_the_hall():
        for one in handed_in_to(asked.record.key, ACCEPTED):
            move(asked.registry, HALL, one.key, "release", revision=one.revision)


def _give_back_all(asked: Asked, reason: str) -> None:
    # Told before they leave the session: whom it concerns is read from what is handed in to it.
    _tell(asked.record)
    with by_the_hall():
        for one in handed_in_to(asked.record.key, ACCEPTED):
            move(asked.registry, HALL, one.key, "unschedule", revision=one.revision, reason=reason)


def _tell(session: Record) -> None:
    from foretrack.domains.exchange.hall.telling import tell_of_change

    tell_of_change(session)


# ---- achievements


def _takes_in(asked: Asked) -> None:
    """A session that is named must still wait for its moment, and take something in."""
    if "session" not in asked.body:
        return
    session = session_of(asked.body)
    if session is None or session.status not in WAITING:
        raise InputError.of(
            "the session {key} takes nothing in", key=str(asked.body["session"]),
            expected="a session that is announced and not released", do="choose another session, or none",
        )  # fmt: skip
    until, today = session.body.get("hand_in_until"), asked.registry.now().date().isoformat()
    if asked.transition.name == "submit" and until and today > until:
        raise EvidenceError.of(
            "achievements could be handed in to this session until {day}", day=until,
            expected="a session that is still open", do="choose another session, or none",
        )  # fmt: skip


def _not_under_embargo(asked: Asked) -> None:
    session = session_of(asked.body)
    if session is not None and session.status in WAITING:
        raise EvidenceError.of(
            "the achievement is under embargo until its session is released",
            expected="the moment of release", do="accept it for the session, or return it so that it leaves the session",
        )  # fmt: skip


def _by_another_than_held(asked: Asked) -> None:
    """Whoever held something does not decide about the appeal."""
    if asked.record.status != "appealed":
        return
    held = (
        Revision.objects.filter(record=asked.record, act__in=("move:hold", "move:decline"))
        .order_by("-number")
        .first()
    )
    if held is not None and held.by == asked.actor.key:
        raise AccessError.of(
            "you held it yourself", expected="another officer than the one who held it",
            do="ask a colleague to decide about the appeal",
        )  # fmt: skip


# ---- questions and reports


def limit() -> int:
    """Questions, and as many reports, that one account may send in 24 hours."""
    return int(getattr(settings, "FORETRACK_HALL_QUESTIONS", 0))


def _not_too_many(asked: Asked) -> None:
    since = moment(asked.registry.now() - timedelta(days=1))
    act = f"move:{asked.transition.name}"
    sent = Revision.objects.filter(
        by=asked.actor.key, act=act, record__kind=asked.record.kind, at__gt=since
    ).count()
    if sent >= limit():
        raise EvidenceError.of(
            "you have sent {n} of them in 24 hours", n=sent, expected="at most {most}", most=limit(),
            do="wait until tomorrow",
        )  # fmt: skip


def _may_be_asked(asked: Asked) -> None:
    _not_too_many(asked)
    about = Record.objects.filter(key=asked.body.get("about"), kind=ACHIEVEMENT.name).first()
    if about is None or about.status != RELEASED:
        raise InputError.of(
            "questions are asked about achievements that were released", expected="one that is shown in the hall",
            do="choose another one",
        )  # fmt: skip


def trusted(actor: Actor) -> bool:
    """Whether what the actor says is shown before a moderator has read it."""
    return any(actor.holds(role) for role in getattr(settings, "FORETRACK_HALL_TRUSTED", ()))


def _show_at_once(name: str) -> Callable[[Asked, str], None]:
    def follow(asked: Asked, reason: str) -> None:
        # What is private is read by the two sides alone, so nobody has to moderate it.
        if asked.record.visibility == "private" or trusted(asked.actor):
            with by_the_hall():
                move(asked.registry, HALL, asked.record.key, name, revision=asked.record.revision)

    return follow


def _tell_asker(asked: Asked, reason: str) -> None:
    from foretrack.domains.exchange.hall.telling import tell_of_answer

    tell_of_answer(asked.record)


_SESSION, _ACHIEVEMENT, _QUESTION = RELEASE_SESSION.name, ACHIEVEMENT.name, QUESTION.name
_CHECKS: Mapping[tuple[str, str], Callable[[Asked], None]] = {
    (_SESSION, "announce"): _has_a_moment, (_SESSION, "postpone"): _has_a_moment,
    (_SESSION, "release"): _releases_itself,
    (_ACHIEVEMENT, "submit"): _takes_in, (_ACHIEVEMENT, "accept"): _takes_in,
    (_ACHIEVEMENT, "release"): _not_under_embargo,
    (_ACHIEVEMENT, "show-again"): _by_another_than_held, (_ACHIEVEMENT, "uphold"): _by_another_than_held,
    (_QUESTION, "ask"): _may_be_asked, (_QUESTION, "show-again"): _by_another_than_held,
    (_QUESTION, "show-all-again"): _by_another_than_held, (_QUESTION, "decline"): _by_another_than_held,
    (ABUSE_REPORT.name, "report"): _not_too_many,
}  # fmt: skip
_FOLLOWS: Mapping[tuple[str, str], Callable[[Asked, str], None]] = {
    (_SESSION, "announce"): _plan_release, (_SESSION, "postpone"): _plan_release, (_SESSION, "release"): _release_all,
    (_SESSION, "release-early"): _release_all, (_SESSION, "cancel"): _give_back_all,
    (_QUESTION, "ask"): _show_at_once("show"), (_QUESTION, "reply"): _show_at_once("show-answer"),
    (_QUESTION, "show-answer"): _tell_asker,
}  # fmt: skip
