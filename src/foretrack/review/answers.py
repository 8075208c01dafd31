"""What the actions of a review answer: plain values for pages, the API and commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from foretrack.foundation.sentences import Sentence
from foretrack.packs.shapes import Bilingual

Outcome: TypeAlias = Literal["forward", "select", "reserve", "decline"]


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage, and how far it is."""

    number: int
    name: str
    blind: bool
    reviewers: int
    most: int | None
    rubric: str
    until: str | None
    keep: int | None
    submissions: int | None
    """In this stage now; None for whoever does not run the call, as the next two."""
    tasks: int | None
    done: int | None


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """Places of a recommending body."""

    body: str
    places: int | None
    taken: int


@dataclass(frozen=True, slots=True)
class CallPage:
    """A call with where it stands."""

    call: str
    title: str
    status: str
    status_label: str
    of_kind: str
    opens_on: str
    closes_on: str
    takes: bool
    """Whether its window is open today."""
    days_left: int | None
    """Until the window closes, today included; None when it is not open."""
    rule: str
    series: str
    stages: tuple[StageLine, ...]
    in_charge: bool
    may_submit: bool
    own: tuple[OwnSubmission, ...]
    """Submissions of the actor's organisations."""
    counts: Mapping[str, int]
    """State to submissions; empty for whoever does not run the call."""
    quotas: tuple[QuotaLine, ...]
    """Bodies that have places or have used some; empty for whoever does not run the call."""
    drawn: tuple[DrawLine, ...]
    """Draws of reviewers; public."""


@dataclass(frozen=True, slots=True)
class OwnSubmission:
    """A submission in short."""

    submission: str
    title: str
    status: str
    status_label: str
    organisation: str


@dataclass(frozen=True, slots=True)
class DrawLine:
    """A draw of reviewers, as everybody may see it: with tickets and digests, without names."""

    draw: int
    stage: int
    seed: str
    size: int
    most_per_organisation: int | None
    tickets: tuple[tuple[str, str, str], ...]
    """(ticket, SHA-256 of `seed:ticket`, what became of it), in the order of the draw."""
    drawn: int
    at: str
    list_digest: str
    """SHA-256 over the sorted tickets, one a line."""
    digest: str
    """As the log has it."""
    check: str
    """A line for a shell that draws again."""


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """Why a reviewer must not judge a submission."""

    submission: str
    title: str
    reviewer: str
    name: str
    reason: str
    evidence: Sentence
    """With the names of organisations and people instead of their keys."""


@dataclass(frozen=True, slots=True)
class RunAnswer:
    """What an assignment did."""

    call: str
    stage: int
    given: int
    total: float
    bound: float
    conflicts: int
    reviewers: int
    submissions: int
    missing: Mapping[str, int]
    """Submission to the reviewers that could not be found for it."""
    digest: str


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A submission that somebody is asked to judge."""

    task: int
    call: str
    call_title: str
    stage: int
    stage_name: str
    blind: bool
    code: str
    title: str
    """With the applicants' names blacked out in a blind stage."""
    until: str | None
    overdue: bool
    total: float | None
    """Of the sheet that was sent last."""
    state: Literal["open", "done", "ended", "closed"]
    """`closed`: the stage was decided, so that nothing can be sent any more."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a score sheet."""

    id: str
    label: Bilingual
    question: Bilingual
    weight: float
    most: int
    anchors: Mapping[int, Bilingual]


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Everything that a reviewer has before the own eyes for one task."""

    task: TaskLine
    kind: str
    values: Mapping[str, Any]
    """Fields of what was handed in, at the revision that was handed in; in a blind stage without what identifies."""
    late: bool
    """The last day for scores is over."""
    mine: bool
    """Whether the task is the actor's own; officers in charge look at others' tasks."""
    submission: str
    """Key of the submission; empty for a reviewer in a blind stage."""
    left_out: int
    """Fields that the reviewer does not see."""
    left_out_fields: tuple[str, ...]
    """Their names, in the order of the kind."""
    files: tuple[HandedFile, ...]
    """Files that were handed in; none in a blind stage."""
    rubric: str
    criteria: tuple[Criterion, ...]
    scores: Mapping[str, float]
    comments: Mapping[str, str]
    version: int
    """Of the sheet that was sent last; 0 where none was."""
    remarks: tuple[RemarkLine, ...]
    """The discussion; only after the own sheet was sent."""
    others: tuple[OtherSheet, ...]
    """Sheets of the other reviewers, by their aliases; only after the own one was sent."""


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file of what was handed in, as a reviewer may read it."""

    field: str
    sha256: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """What was said in a discussion."""

    alias: str
    """Empty for an officer."""
    own: bool
    text: str
    at: str


@dataclass(frozen=True, slots=True)
class OtherSheet:
    """A sheet as the other reviewers of the submission see it."""

    alias: str
    total: float
    scores: Mapping[str, float]
    comment: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A submission after the scores of a stage."""

    submission: str
    code: str
    title: str
    organisation: str
    region: str
    group: str
    """What the limit of selected submissions is counted by."""
    status: str
    asked: int
    sheets: int
    raw: float | None
    """Mean of the totals, 0 to 100."""
    spread: float | None
    """Standard deviation of the totals."""
    corrected: float | None
    """With the harshness of its reviewers taken out."""
    error: float | None
    """Standard error of the corrected score."""
    rank_raw: int | None
    rank: int | None
    """By the corrected score."""
    outcome: str
    """Of the last decision in this stage; empty before."""
    objections: int


@dataclass(frozen=True, slots=True)
class FlagLine:
    """Something about the sheets of a reviewer, or of several, that an officer should look at; no verdict."""

    sign: str
    label: Sentence
    reviewers: tuple[str, ...]
    names: tuple[str, ...]
    submissions: tuple[str, ...]
    evidence: Sentence
    p: float
    """How likely sheets like these would be without it."""
    q: float
    """p after everything that was looked at for this sign."""


@dataclass(frozen=True, slots=True)
class ReviewerEffect:
    """How much higher or lower than others a reviewer marks, as the sheets of this stage tell."""

    reviewer: str
    name: str
    sheets: int
    mean: float
    effect: float
    """Points of 100 above (lenient) or below (harsh) the others, shrunk towards 0."""
    error: float | None


@dataclass(frozen=True, slots=True)
class Standings:
    """A stage after its scores."""

    call: str
    stage: int
    lines: tuple[Standing, ...]
    """By rank; those without a sheet last."""
    alpha: float | None
    """Krippendorff's alpha of the totals; None where it is not defined."""
    alpha_low: float | None
    alpha_high: float | None
    components: int
    """Groups of submissions that no common reviewer links: more than one cannot be compared with each other."""
    reviewers: tuple[ReviewerEffect, ...]
    flags: tuple[FlagLine, ...]
    late: int
    """Tasks that are not done."""


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision about a submission."""

    stage: int
    outcome: str
    reasons: str
    dissent: str
    """Empty for the applicant."""
    at: str
    digest: str


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """One objection."""

    objection: int
    submission: str
    title: str
    grounds: str
    text: str
    """Empty for whoever may not read it."""
    at: str
    upheld: bool | None
    answer: str
    answered_at: str | None


@dataclass(frozen=True, slots=True)
class CriterionMark:
    """What the reviewers gave for one criterion, on average."""

    id: str
    label: Bilingual
    mean: float
    most: int


@dataclass(frozen=True, slots=True)
class StageFeedback:
    """What an applicant learns of one stage."""

    stage: int
    name: str
    sheets: int
    mean: float | None
    corrected: float | None
    rank: int | None
    of: int
    least_selected: float | None
    """The lowest corrected score that went on; None where nobody did."""
    criteria: tuple[CriterionMark, ...]
    comments: tuple[str, ...]
    outcome: str
    reasons: str


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    """A submission in its call, as the applicant or an officer sees it."""

    submission: str
    call: str
    call_title: str
    code: str
    status: str
    status_label: str
    subject: str
    subject_revision: int
    eligibility: Mapping[str, Any]
    steps: tuple[Step, ...]
    feedback: tuple[StageFeedback, ...]
    """Empty until the stage is decided and told."""
    objections: tuple[ObjectionLine, ...]
    decisions: tuple[DecisionLine, ...]
    may_object: bool
    in_charge: bool
    own: bool
    returned: str
    """Why it was sent back for correction; empty where it was not, or for whoever may not know."""


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a submission."""

    act: str
    state: str
    label: str
    at: str


@dataclass(frozen=True, slots=True)
class WorkloadLine:
    """What one reviewer has before them and has done."""

    reviewer: str
    name: str
    calls: int
    open: int
    overdue: int
    done: int
    declined: int
    most: int | None
    next_due: str | None
    share: float
    """Open and done tasks against the mean of all reviewers; 1 is the mean."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing of a review computed again."""

    what: str
    """`draw`, `run`, `sheet`, `decision`."""
    where: str
    same: bool
    problem: str
    """One of `not logged`, `changed`, `different`; empty where it is the same."""
    log_entry: int
    digest: str


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A recommending body for which the actor may act."""

    body: str
    title: str
    places: int | None
    """None without a limit."""
    taken: int


@dataclass(frozen=True, slots=True)
class RecommendLine:
    """A submission before a recommending body."""

    submission: str
    title: str
    organisation: str
    region: str
    status: str
    status_label: str
    recommended_by: str
    rank: int | None
    eligibility: str
    """`met`, `not met`, `undecided`; empty where the call has no rule."""
    due_on: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class RecommendPage:
    """Submissions of a call that needs recommendations, as far as the actor may recommend them."""

    call: str
    call_title: str
    asks: bool
    """Whether the call asks for recommendations at all."""
    bodies: tuple[BodyLine, ...]
    waiting: tuple[RecommendLine, ...]
    recommended: tuple[RecommendLine, ...]
    """By their place in the recommendation."""


@dataclass(frozen=True, slots=True)
class ProfileAnswer:
    """What a reviewer says of the own work and ties."""

    employers: tuple[str, ...]
    invested: tuple[str, ...]
    tracks: tuple[str, ...]
    words: str
    most: int | None
    away_until: str | None
    person: str
    titles: Mapping[str, str]
    """Key to what the organisation or person is called."""


@dataclass(frozen=True, slots=True)
class ConflictOfOwn:
    """A conflict that a reviewer declared."""

    number: int
    target: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A record of one's own that a call asks for."""

    key: str
    title: str
    status: str
    status_label: str
    handed_in: str
    """Key of the running submission that carries it; empty where none does."""


@dataclass(frozen=True, slots=True)
class Beforehand:
    """What a record lacks to be handed in, and what the rule of the call says of it today."""

    call: str
    subject: str
    missing: tuple[str, ...]
    """What is missing or contradicts, in the actor's language."""
    limits: tuple[str, ...]
    """What else would keep it from being submitted today, such as a window that is closed."""
    eligibility: Mapping[str, Any]
    """As a submission keeps it; empty where the call has no rule."""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call whose window is open."""

    call: str
    title: str
    closes_on: str
