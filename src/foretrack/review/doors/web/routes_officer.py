"""Calls for programs: what everybody may read, and everything that whoever runs a call does on the pages."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from foretrack.review.actions import (
    assigning,
    boarding,
    deciding,
    drawing,
    listing,
    looking,
    objecting,
    replaying,
)
from foretrack.review.actions import reviewing as talking
from foretrack.review.actions import standings as scores
from foretrack.review.answers import (
    CallPage,
    Check,
    ConflictLine,
    DrawLine,
    ObjectionLine,
    OtherSheet,
    RemarkLine,
    RunAnswer,
    Standings,
)
from foretrack.review.board_answers import (
    Announced,
    Board,
    CallList,
    Moved,
    Pool,
    Protocol,
    StageTasks,
    Waiting,
)
from foretrack.review.doors.web.answers import Confirmed, Decided, Discussion, Proposal
from foretrack.web.addresses import named_in_address
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Many, Routes

ROUTES = Routes("calls", "Calls and their review")

Name: TypeAlias = Annotated[str, Field(max_length=120)]
Text: TypeAlias = Annotated[str, Field(max_length=8000)]
Seed: TypeAlias = Annotated[str, Field(max_length=200)]
Key: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Stage: TypeAlias = Annotated[int, Field(ge=1, le=9)]
Number: TypeAlias = Annotated[int, Field(ge=1, le=2**31 - 1)]
Part: TypeAlias = Annotated[int, Field(ge=1, le=999_999, description="The part of the table, from 1.")]


@ROUTES.get("/calls", "Calls, open ones first", answers=CallList)
def list_calls(
    request: Request, phase: Name = "", kind: Name = "", track: Name = "", region: Name = "", page: Part = 1
) -> CallList:
    return listing.list_calls(
        request.registry, request.actor, phase=phase, kind=kind, track=track, region=region, page=page
    )


@ROUTES.get("/calls/{call}", "One call: stages, draws, and figures for whoever runs it", answers=CallPage)
def show_call(request: Request, call: Key) -> CallPage:
    return looking.call_page(request.registry, request.actor, call)


@ROUTES.get("/calls/{call}/announced", "What was announced of a call", answers=Many[Announced])
def list_announced(request: Request, call: Key, page: Part = 1) -> Many[Announced]:
    return Many(listing.announced(request.registry, request.actor, call, page=page)[0])


@ROUTES.get("/calls/{call}/waiting", "What a call waits for", answers=Waiting)
def show_waiting(request: Request, call: Key) -> Waiting:
    return boarding.waiting(request.registry, request.actor, call)


@ROUTES.get("/calls/{call}/submissions", "Submissions of a call, a part at a time", answers=Board)
def list_submissions(
    request: Request, call: Key, status: Name = "", region: Name = "", eligibility: Name = "", words: Name = "",
    page: Part = 1,
) -> Board:  # fmt: skip
    return boarding.submissions(
        request.registry, request.actor, call, status=status, region=region, eligibility=eligibility, words=words,
        page=page,
    )  # fmt: skip


class ManyMoves(Given):
    """Submissions, and what is done to each of them."""

    submissions: Annotated[list[Key], Field(min_length=1, max_length=200)]
    transition: Name
    reason: Text = ""


@ROUTES.post("/calls/{call}/submissions/moves", "Admit, return or exclude many submissions", answers=Moved)
def move_submissions(request: Request, call: Key, given: ManyMoves) -> Moved:
    return boarding.move_many(
        request.registry, request.actor, call, given.submissions, given.transition, reason=given.reason
    )


@ROUTES.get(
    "/submissions/{submission}/stages/{stage}", "Sheets and discussion of a submission", answers=Discussion
)
def show_discussion(request: Request, submission: Key, stage: Stage) -> Discussion:
    sheets: tuple[OtherSheet, ...]
    sheets, remarks = talking.discussion(request.registry, request.actor, submission, stage)
    return Discussion(sheets, remarks)


class NewRemark(Given):
    """What is said in the discussion of a submission."""

    text: Text


@ROUTES.post(
    "/submissions/{submission}/stages/{stage}/remarks", "Say something in the discussion", answers=RemarkLine,
    status=201,
)  # fmt: skip
def add_officer_remark(request: Request, submission: Key, stage: Stage, given: NewRemark) -> RemarkLine:
    return talking.remark(request.registry, request.actor, submission, stage, given.text)


@ROUTES.get("/calls/{call}/draws/{number}", "A draw of reviewers with its tickets", answers=DrawLine)
def show_draw(request: Request, call: Key, number: Number) -> DrawLine:
    with named_in_address():
        return drawing.show_draw(request.registry, request.actor, call, number)


class NewDraw(Given):
    """How a pool is drawn."""

    size: Annotated[int, Field(ge=1, le=100_000)]
    seed: Seed
    most_per_organisation: Annotated[int, Field(ge=1, le=100_000)] | None = None


@ROUTES.post(
    "/calls/{call}/stages/{stage}/draws", "Draw the reviewers of a stage", answers=DrawLine, status=201
)
def draw_reviewers(request: Request, call: Key, stage: Stage, given: NewDraw) -> DrawLine:
    return drawing.draw_reviewers(
        request.registry, request.actor, call, stage, size=given.size, seed=given.seed,
        most_per_organisation=given.most_per_organisation,
    )  # fmt: skip


@ROUTES.get("/calls/{call}/stages/{stage}/reviewers", "Reviewers of a stage and their work", answers=Pool)
def show_pool(request: Request, call: Key, stage: Stage) -> Pool:
    return boarding.pool(request.registry, request.actor, call, stage)


@ROUTES.get(
    "/calls/{call}/stages/{stage}/conflicts", "Who must not judge what, and why", answers=Many[ConflictLine]
)
def list_conflicts(request: Request, call: Key, stage: Stage) -> Many[ConflictLine]:
    return Many(assigning.conflicts_in(request.registry, request.actor, call, stage))


class NewRun(Given):
    """How reviewers are assigned."""

    seed: Seed = ""
    partial: bool = False
    """Whether what can be assigned is assigned although reviewers are missing."""


@ROUTES.post(
    "/calls/{call}/stages/{stage}/assignments", "Assign what is missing", answers=RunAnswer, status=201
)
def assign_reviewers(request: Request, call: Key, stage: Stage, given: NewRun) -> RunAnswer:
    return assigning.assign_stage(
        request.registry, request.actor, call, stage, seed=given.seed, partial=given.partial
    )


@ROUTES.get("/calls/{call}/stages/{stage}/tasks", "Who is asked about what", answers=StageTasks)
def list_review_tasks(
    request: Request, call: Key, stage: Stage, state: Name = "", reviewer: Name = "", page: Part = 1
) -> StageTasks:
    return boarding.tasks_of_stage(
        request.registry, request.actor, call, stage, state=state, reviewer=reviewer, page=page
    )


class Replacement(Given):
    """Why a task is taken from somebody, and who takes it."""

    reason: Text
    by: Name = ""
    """Key of a reviewer; empty: the next assignment finds somebody."""


@ROUTES.post("/review-tasks/{task}/replacement", "Take a task from a reviewer", answers=None, status=204)
def replace_reviewer(request: Request, task: Number, given: Replacement) -> None:
    assigning.replace_reviewer(request.registry, request.actor, task, reason=given.reason, by=given.by)


@ROUTES.get("/calls/{call}/stages/{stage}/standings", "Scores and places of a stage", answers=Standings)
def show_standings(request: Request, call: Key, stage: Stage) -> Standings:
    return scores.standings(request.registry, request.actor, call, stage)


@ROUTES.get("/calls/{call}/stages/{stage}/proposal", "What places and limits would give", answers=Proposal)
def show_proposal(request: Request, call: Key, stage: Stage) -> Proposal:
    return Proposal(dict(deciding.propose(request.registry, request.actor, call, stage)))


class NewDecisions(Given):
    """Outcomes, with reasons for the applicants."""

    outcomes: Annotated[dict[Key, Name], Field(min_length=1, max_length=5000)]
    reasons: Text
    dissent: Text = ""


@ROUTES.post(
    "/calls/{call}/stages/{stage}/decisions",
    "Decide about submissions of a stage",
    answers=Decided,
    status=201,
)
def decide_stage(request: Request, call: Key, stage: Stage, given: NewDecisions) -> Decided:
    done = deciding.decide(
        request.registry,
        request.actor,
        call,
        stage,
        given.outcomes,
        reasons=given.reasons,
        dissent=given.dissent,
    )
    return Decided(done)


@ROUTES.get(
    "/calls/{call}/objections", "Objections of a call, those that wait first", answers=Many[ObjectionLine]
)
def list_objections(request: Request, call: Key) -> Many[ObjectionLine]:
    return Many(objecting.objections_of(request.registry, request.actor, call))


class NewAnswer(Given):
    """What comes of an objection, and why."""

    upheld: bool
    text: Text


@ROUTES.post("/objections/{objection}/answer", "Answer an objection", answers=ObjectionLine)
def answer_objection(request: Request, objection: Number, given: NewAnswer) -> ObjectionLine:
    return objecting.answer(request.registry, request.actor, objection, upheld=given.upheld, text=given.text)


class NewConfirmation(Given):
    """Why the announced are confirmed."""

    reason: Text


@ROUTES.post("/calls/{call}/confirmations", "Confirm whatever has passed its notice", answers=Confirmed)
def confirm_selected(request: Request, call: Key, given: NewConfirmation) -> Confirmed:
    done, left = deciding.confirm_all(request.registry, request.actor, call, reason=given.reason)
    return Confirmed(done, dict(left))


@ROUTES.get("/calls/{call}/checks", "A review computed again, entry by entry", answers=Many[Check])
def replay_call(request: Request, call: Key) -> Many[Check]:
    return Many(replaying.replay(request.registry, request.actor, call))


@ROUTES.get("/calls/{call}/protocol", "Everything that a review left behind", answers=Protocol)
def show_protocol(request: Request, call: Key) -> Protocol:
    return replaying.protocol(request.registry, request.actor, call)
