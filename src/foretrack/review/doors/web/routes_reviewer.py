"""Reviews for programs: the own tasks, sheets and conflicts; handing in and recommending; objections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeAlias

from django.http import FileResponse
from pydantic import Field

from foretrack.foundation.errors import ForetrackError
from foretrack.registry.answers import RecordPage
from foretrack.review.actions import handing_in, objecting, recommending, reviewers, reviewing
from foretrack.review.actions.looking import submission_page
from foretrack.review.actions.workload import workload
from foretrack.review.answers import (
    Beforehand,
    ConflictOfOwn,
    ObjectionLine,
    OwnRecord,
    ProfileAnswer,
    RecommendPage,
    RemarkLine,
    SheetPage,
    SubmissionPage,
    TaskLine,
    WorkloadLine,
)
from foretrack.review.models import Task
from foretrack.web.addresses import named_in_address
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Many, Routes
from foretrack.web.speech import page_language, speak

ROUTES = Routes("reviews", "Reviews")

Key: TypeAlias = Annotated[str, Field(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}$")]
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=120)]
Prose: TypeAlias = Annotated[str, Field(max_length=8000)]
Keys: TypeAlias = Annotated[list[Key], Field(max_length=50)]
Number: TypeAlias = Annotated[int, Field(ge=1, le=2**31 - 1)]


@ROUTES.get("/reviews", "What you are asked to judge, by its last day", answers=Many[TaskLine])
def list_reviews(request: Request, ended: bool = False) -> Many[TaskLine]:
    return Many(reviewing.own_tasks(request.registry, request.actor, ended=ended))


@ROUTES.get("/reviews/workload", "How much work reviewers have", answers=Many[WorkloadLine])
def list_workload(request: Request) -> Many[WorkloadLine]:
    return Many(workload(request.registry, request.actor))


@ROUTES.get("/reviews/me", "What you said of yourself as a reviewer", answers=ProfileAnswer)
def show_reviewer(request: Request) -> ProfileAnswer:
    return reviewers.profile_answer(request.registry, request.actor)


class NewProfile(Given):
    """What a reviewer says of the own work and ties: it takes the place of what was said before."""

    employers: Keys = Field(default_factory=list)
    invested: Keys = Field(default_factory=list)
    tracks: Annotated[list[Name], Field(max_length=100)] = Field(default_factory=list)
    words: Annotated[str, Field(max_length=2000)] = ""
    most: Annotated[int, Field(ge=1, le=500)] | None = None
    away_until: Annotated[date, Field(strict=False)] | None = None
    person: Key | None = None


@ROUTES.post("/reviews/me", "Say of yourself as a reviewer", answers=ProfileAnswer)
def save_reviewer(request: Request, given: NewProfile) -> ProfileAnswer:
    found = reviewers.save_profile(
        request.registry, request.actor, employers=given.employers, invested=given.invested, tracks=given.tracks,
        words=given.words, most=given.most, away_until=given.away_until, person=given.person or "",
    )  # fmt: skip
    return reviewers.profile_answer(request.registry, request.actor, found)


@ROUTES.get("/reviews/conflicts", "Conflicts of interest that you declared", answers=Many[ConflictOfOwn])
def list_own_conflicts(request: Request) -> Many[ConflictOfOwn]:
    reviewers.own_profile(request.registry, request.actor)
    return Many(reviewers.own_conflicts(request.actor))


class NewConflict(Given):
    """With whom a reviewer has a conflict."""

    target: Key
    """An organisation, a person or a submission."""
    reason: Annotated[str, Field(max_length=40)] = ""


@ROUTES.post("/reviews/conflicts", "Declare a conflict of interest", answers=Many[ConflictOfOwn], status=201)
def declare_own_conflict(request: Request, given: NewConflict) -> Many[ConflictOfOwn]:
    reviewers.declare_conflict(request.registry, request.actor, given.target, reason=given.reason)
    return Many(reviewers.own_conflicts(request.actor))


class NoConflict(Given):
    """Why there is no conflict any more."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


@ROUTES.post("/reviews/conflicts/{number}/end", "Take a conflict back", answers=Many[ConflictOfOwn])
def end_own_conflict(request: Request, number: Number, given: NoConflict) -> Many[ConflictOfOwn]:
    with named_in_address():
        reviewers.end_conflict(request.registry, request.actor, number, reason=given.reason)
    return Many(reviewers.own_conflicts(request.actor))


@ROUTES.get(
    "/reviews/{task}", "A task: what was handed in, the score sheet, the discussion", answers=SheetPage
)
def show_review(request: Request, task: Number) -> SheetPage:
    with named_in_address():
        return reviewing.open_sheet(request.registry, request.actor, task)


@ROUTES.get(
    "/reviews/{task}/files/{sha256}", "A file of what was handed in", answers="application/octet-stream"
)
def read_handed_file(
    request: Request, task: Number, sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
) -> Any:
    with named_in_address():
        found = reviewing.read_handed_in(request.registry, request.actor, task, sha256)
    answer = FileResponse(open(found.path, "rb"))  # noqa: SIM115 - the answer closes it when it was sent
    for header, value in found.headers.items():
        answer.headers[header] = value
    return answer


class NewSheet(Given):
    """A score sheet."""

    scores: dict[Name, float]
    """Criterion to points: every criterion."""
    version: Annotated[int, Field(ge=0, le=100_000)]
    """Of the sheet that was read; 0 for none."""
    for_applicant: Prose = ""
    for_officers: Prose = ""
    seconds: Annotated[int, Field(ge=0, le=604_800)] | None = None
    """How long the sheet was looked at."""


@ROUTES.post("/reviews/{task}/sheets", "Send a score sheet", answers=TaskLine, status=201)
def send_review(request: Request, task: Number, given: NewSheet) -> TaskLine:
    _own(request, task)
    return reviewing.send_sheet(
        request.registry, request.actor, task, given.scores, version=given.version, seconds=given.seconds,
        comments={"applicant": given.for_applicant, "officers": given.for_officers},
    )  # fmt: skip


class GivenBack(Given):
    """Why a task is given back."""

    conflict: bool
    reason: Annotated[str, Field(max_length=1000)] = ""


@ROUTES.post("/reviews/{task}/give-back", "Give a task back", answers=Many[TaskLine])
def give_review_back(request: Request, task: Number, given: GivenBack) -> Many[TaskLine]:
    _own(request, task)
    reviewing.step_back(request.registry, request.actor, task, conflict=given.conflict, reason=given.reason)
    return Many(reviewing.own_tasks(request.registry, request.actor))


class ReviewRemark(Given):
    """What is said in a discussion."""

    text: Annotated[str, Field(min_length=1, max_length=8000)]


@ROUTES.post(
    "/reviews/{task}/remarks", "Say something in the discussion of a task", answers=RemarkLine, status=201
)
def say_in_review(request: Request, task: Number, given: ReviewRemark) -> RemarkLine:
    _own(request, task)
    row = Task.objects.get(pk=task)
    return reviewing.remark(request.registry, request.actor, row.submission, row.stage, given.text)


def _own(request: Request, task: int) -> None:
    """NotThereError for a task that the asker may not see."""
    with named_in_address():
        reviewing.open_sheet(request.registry, request.actor, task)


@ROUTES.get("/calls/{key:key}/own-records", "Your records that a call asks for", answers=Many[OwnRecord])
def list_own_records(request: Request, key: Key) -> Many[OwnRecord]:
    return Many(handing_in.own_records(request.registry, request.actor, key))


@ROUTES.get(
    "/calls/{key:key}/beforehand",
    "What a record lacks to be handed in, and whether it is eligible",
    answers=Beforehand,
)
def check_beforehand(request: Request, key: Key, subject: Key) -> Beforehand:
    return handing_in.beforehand(request.registry, request.actor, key, subject)


class NewSubmission(Given):
    """What is handed in to a call."""

    subject: Key
    partners: Keys = Field(default_factory=list)
    years: Annotated[int, Field(ge=1, le=20)] | None = None
    avoid: Annotated[list[Key], Field(max_length=10)] = Field(default_factory=list)
    """Organisations and people who must not review it."""
    avoid_reason: Annotated[str, Field(max_length=1000)] = ""
    promise: bool | None = None
    """That everything handed in is true."""


@ROUTES.post(
    "/calls/{key:key}/hand-in", "Hand in to a call, as a draft; the transition `submit` submits it", answers=RecordPage,
    status=201,
)  # fmt: skip
def hand_in(request: Request, key: Key, given: NewSubmission) -> RecordPage:
    return handing_in.hand_in(
        request.registry, request.actor, key, given.subject, partners=given.partners, years=given.years,
        avoid=given.avoid, avoid_reason=given.avoid_reason, promise=given.promise,
    )  # fmt: skip


@ROUTES.get(
    "/calls/{key:key}/recommendations", "Submissions that wait for your recommendation", answers=RecommendPage
)
def list_recommendations(request: Request, key: Key) -> RecommendPage:
    return recommending.recommendations(request.registry, request.actor, key)


class NewRecommendation(Given):
    """Which submissions a body recommends."""

    body: Annotated[str, Field(min_length=1, max_length=40)]
    """Region or key of the body."""
    ranks: Annotated[dict[Key, Annotated[int, Field(ge=1, le=99_999)] | None], Field(max_length=500)]
    """Submission to its place, or null."""


@dataclass(frozen=True, slots=True)
class Recommended:
    """What became of them."""

    recommended: tuple[str, ...]
    left: Mapping[str, str]
    """Submission to what kept it from being recommended."""


@ROUTES.post("/calls/{key:key}/recommendations", "Recommend submissions", answers=Recommended)
def recommend_submissions(request: Request, key: Key, given: NewRecommendation) -> Recommended:
    done, left = recommending.recommend(request.registry, request.actor, key, given.body, given.ranks)
    return Recommended(done, {name: _told(error) for name, error in left.items()})


@ROUTES.get(
    "/submissions/{key:key}", "A submission: steps, eligibility, feedback, objections", answers=SubmissionPage
)
def show_submission(request: Request, key: Key) -> SubmissionPage:
    return submission_page(request.registry, request.actor, key)


class NewObjection(Given):
    """An objection to what was announced."""

    grounds: Name
    text: Annotated[str, Field(min_length=1, max_length=8000)]
    contact: Annotated[str, Field(max_length=254)] = ""


@ROUTES.post(
    "/submissions/{key:key}/objections",
    "Object to a submission that is announced",
    answers=ObjectionLine,
    status=201,
)
def object_to_submission(request: Request, key: Key, given: NewObjection) -> ObjectionLine:
    submission_page(request.registry, request.actor, key)
    return objecting.object_to(
        request.registry, request.actor, key, grounds=given.grounds, text=given.text, contact=given.contact
    )  # fmt: skip


def _told(error: ForetrackError) -> str:
    return error.told(speak(page_language()))
