"""What matching adds to the API: lists with their reasons, judging them, interest, figures, weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from foretrack.matching.actions.desk import desk_of, set_mails
from foretrack.matching.actions.feedback import judge_match
from foretrack.matching.actions.figures import figures
from foretrack.matching.actions.interests import InterestPage, express_interest, show_interest
from foretrack.matching.actions.matching import matches_for
from foretrack.matching.actions.weighing import (
    WeightLine,
    WeightsPage,
    adopt_weights,
    propose_weights,
    show_weights,
)
from foretrack.matching.answers import Desk, Figures, MatchList
from foretrack.registry.access.permission import require, require_scope
from foretrack.registry.answers import RecordPage
from foretrack.web.rendering import Request
from foretrack.web.routes import Answer, Given, Routes

ROUTES = Routes("matches", "Matches")

Key: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Most: TypeAlias = Annotated[int, Field(ge=1, le=50, description="Entries at most.")]


class Judging(Given):
    """What somebody says of a match of their own record."""

    other: Key
    relevant: bool = False
    reason: Annotated[
        str, Field(max_length=40, description="One of the reasons of declining, where it is not relevant.")
    ] = ""


class Interested(Given):
    """An expression of interest."""

    about: Key
    message: dict[Literal["en", "zh"], Annotated[str, Field(max_length=4000)]]
    mine: Annotated[
        str, Field(max_length=26, description="Key of the own need or offer; empty for none.")
    ] = ""


class Adopting(Given):
    """Weights to put in force."""

    name: Annotated[str, Field(max_length=80, description="Of a version; `shipped` for the shipped ones.")]
    reason: Annotated[str, Field(max_length=5000)]


class Mails(Given):
    """Whether the mail of the day is wanted."""

    wants: bool


@dataclass(frozen=True, slots=True)
class MailsAnswer:
    """Whether the mail of the day is wanted."""

    wants: bool


@ROUTES.get("/matches", "Own needs and offers with their best matches", answers=Desk)
def show_desk(request: Request) -> Desk:
    return desk_of(request.registry, request.actor)


@ROUTES.get("/matches/figures", "How matching does", answers=Figures)
def show_match_figures(request: Request) -> Figures:
    return figures(request.registry, request.actor)


@ROUTES.get("/matches/weights", "Every version of the weights of matching", answers=WeightsPage)
def show_match_weights(request: Request) -> WeightsPage:
    return show_weights(request.registry, request.actor)


@ROUTES.post("/matches/weights", "Learn a proposal of weights from feedback", answers=WeightLine, status=201)
def propose_match_weights(request: Request) -> Answer:
    return Answer(propose_weights(request.registry, request.actor))


@ROUTES.post("/matches/weights/adopt", "Put weights of matching in force", answers=WeightsPage)
def adopt_match_weights(request: Request, given: Adopting) -> WeightsPage:
    return adopt_weights(request.registry, request.actor, given.name, given.reason)


@ROUTES.post("/matches/mails", "Switch the mail about new matches on or off", answers=MailsAnswer)
def set_match_mails(request: Request, given: Mails) -> MailsAnswer:
    require(request.actor, "watch")
    require_scope(request.actor, "write", "change what is mailed")
    set_mails(request.registry, request.actor.key, wants=given.wants)
    return MailsAnswer(given.wants)


@ROUTES.get("/matches/{key:key}", "The best matches of a need or offer, each explained", answers=MatchList)
def list_matches(request: Request, key: Key, most: Most = 10) -> MatchList:
    return matches_for(request.registry, request.actor, key, most=most)


@ROUTES.post(
    "/matches/{key:key}/judgements",
    "Say that a match is not relevant, or take that back",
    answers=None,
    status=204,
)
def judge_one_match(request: Request, key: Key, given: Judging) -> None:
    judge_match(
        request.registry, request.actor, key, given.other, relevant=given.relevant, reason=given.reason
    )


@ROUTES.post(
    "/interests", "Express interest in a need, an offer or an achievement", answers=RecordPage, status=201
)
def send_interest(request: Request, given: Interested) -> Answer:
    message = {str(language): text for language, text in given.message.items()}
    made = express_interest(request.registry, request.actor, given.about, message, mine=given.mine)
    return Answer(made, revision=made.revision)


@ROUTES.get("/interests/{key:key}", "An interest with its steps and both sides", answers=InterestPage)
def show_one_interest(request: Request, key: Key) -> InterestPage:
    return show_interest(request.registry, request.actor, key)
