"""What exhibitions add to the API: agenda, wishes, schedule, desk, outcomes, figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from foretrack.domains.exchange.actions import attending, concluding, scheduling, wishing
from foretrack.domains.exchange.actions.attending import Agenda, Desk
from foretrack.domains.exchange.actions.concluding import Statistics
from foretrack.domains.exchange.actions.scheduling import Differences
from foretrack.domains.exchange.actions.wishing import Wishes
from foretrack.domains.exchange.kinds.exhibitions import RESULTS
from foretrack.matching.kinds import DECLINED
from foretrack.registry.answers import RecordPage
from foretrack.web.addresses import address
from foretrack.web.rendering import Request
from foretrack.web.routes import Answer, Given, Routes, read_revision

ROUTES = Routes("exhibitions", "Exhibitions and their meetings")

Key: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Code: TypeAlias = Annotated[str, Field(max_length=20)]


@dataclass(frozen=True, slots=True)
class Planning:
    """The job that plans."""

    job: str


@dataclass(frozen=True, slots=True)
class Feed:
    """The address of a calendar; it is told once."""

    address: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came."""

    name: str


class Plan(Given):
    """How the schedule is planned."""

    mend: bool = False
    """Keep of what is published all that can be kept."""


class Publish(Given):
    """Why a version is published."""

    why: Annotated[str, Field(max_length=200)] = ""


class Telling(Given):
    """Wishes and free time."""

    weights: Annotated[
        dict[str, Annotated[int, Field(ge=-1, le=3)]], Field(max_length=300, default_factory=dict)
    ]
    away: Annotated[list[Annotated[str, Field(max_length=25)]], Field(max_length=500, default_factory=list)]


class Slot(Given):
    """A free slot with somebody who asked."""

    whom: Key
    begins: Annotated[str, Field(max_length=25)]


class Coming(Given):
    """A code at the desk."""

    code: Code


class Sitting(Given):
    """Who sits at the table of a meeting."""

    meeting: Code
    who: Key
    there: bool = True


class Outcome(Given):
    """What came of a meeting."""

    meeting: Code
    result: Annotated[str, Field(json_schema_extra={"enum": list(RESULTS)}, max_length=20)]
    because: Annotated[
        list[Annotated[str, Field(json_schema_extra={"enum": list(DECLINED)}, max_length=20)]],
        Field(max_length=10, default_factory=list),
    ]
    satisfaction: Annotated[int, Field(ge=1, le=5)] | None = None
    next_step: Annotated[str, Field(max_length=1000)] = ""
    interest: Literal[""] | Key = ""


@ROUTES.get("/participations/{key:key}/agenda", "The meetings of a participation", answers=Agenda)
def show_agenda(request: Request, key: Key) -> Agenda:
    return attending.agenda(request.registry, request.actor, key)


@ROUTES.post("/participations/{key:key}/meetings", "Take a slot that both have free", answers=Agenda)
def take_slot(request: Request, key: Key, given: Slot) -> Agenda:
    scheduling.take(request.registry, request.actor, key, whom=given.whom, begins=given.begins)
    return attending.agenda(request.registry, request.actor, key)


@ROUTES.post(
    "/participations/{key:key}/feed", "Make an address for a calendar", answers=Feed, status=201, secret=True
)
def make_meeting_feed(request: Request, key: Key) -> Feed:
    secret = attending.new_feed(request.registry, request.actor, key)
    return Feed(request.build_absolute_uri(address("meeting feed", secret)))


@ROUTES.delete("/participations/{key:key}/feed", "End the calendar's address", answers=None, status=204)
def end_meeting_feed(request: Request, key: Key) -> None:
    attending.end_feed(request.registry, request.actor, key)


@ROUTES.get("/participations/{key:key}/wishes", "Wishes and free time, and who asks", answers=Wishes)
def show_wishes(request: Request, key: Key) -> Answer:
    told = wishing.wishes(request.registry, request.actor, key)
    return Answer(told, revision=told.revision)


@ROUTES.patch("/participations/{key:key}/wishes", "Tell wishes and free time", answers=Wishes, locked=True)
def tell_wishes(request: Request, key: Key, given: Telling) -> Answer:
    told = wishing.tell_wishes(
        request.registry, request.actor, key, weights=given.weights, away=given.away, revision=read_revision(request)
    )  # fmt: skip
    return Answer(told, revision=told.revision)


@ROUTES.post(
    "/participations/{key:key}/outcomes", "Tell what came of a meeting", answers=RecordPage, status=201
)
def tell_outcome(request: Request, key: Key, given: Outcome) -> Answer:
    values = {name: value for name, value in given.model_dump(exclude={"meeting"}).items() if value}
    made = concluding.tell_outcome(request.registry, request.actor, key, meeting=given.meeting, values=values)
    return Answer(made, revision=made.revision)


@ROUTES.post(
    "/exhibitions/{key:key}/plan", "Have the meetings planned by the worker", answers=Planning, status=202
)
def plan_meetings(request: Request, key: Key, given: Plan) -> Planning:
    return Planning(scheduling.ask_plan(request.registry, request.actor, key, mend=given.mend))


@ROUTES.post(
    "/exhibitions/{key:key}/publish", "Publish the planned meetings", answers=Differences, locked=True
)
def publish_meetings(request: Request, key: Key, given: Publish) -> Differences:
    return scheduling.publish(
        request.registry, request.actor, key, revision=read_revision(request), why=given.why
    )


@ROUTES.get("/exhibitions/{key:key}/desk", "Participants with their codes, and the tables", answers=Desk)
def show_check_in_desk(request: Request, key: Key) -> Desk:
    return attending.desk(request.registry, request.actor, key)


@ROUTES.post("/exhibitions/{key:key}/arrivals", "Note that somebody came", answers=Arrived)
def note_arrival(request: Request, key: Key, given: Coming) -> Arrived:
    return Arrived(attending.arrive(request.registry, request.actor, key, code=given.code))


@ROUTES.post("/exhibitions/{key:key}/seats", "Note who sits at a table", answers=None, status=204)
def note_seat(request: Request, key: Key, given: Sitting) -> None:
    attending.sit(
        request.registry, request.actor, key, meeting=given.meeting, who=given.who, there=given.there
    )


@ROUTES.get("/exhibitions/{key:key}/figures", "Attendance, meetings held, outcomes", answers=Statistics)
def show_fair_figures(request: Request, key: Key) -> Statistics:
    return concluding.statistics(request.registry, request.actor, key)
