"""What the tables of whoever runs a call answer, and the public list of calls: plain values for pages and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Phase: TypeAlias = Literal["draft", "coming", "open", "closed", "reviewing", "finished", "cancelled"]
"""Where a call stands today: `coming` and `closed` are calls that are published, before and after their window."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call in a list."""

    call: str
    title: str
    phase: Phase
    issuer: str
    of_kind: str
    region: str
    tracks: tuple[str, ...]
    opens_on: str
    closes_on: str
    days_left: int | None
    """Until the window closes, today included; None when it is not open."""
    stages: int
    series: str


@dataclass(frozen=True, slots=True)
class CallList:
    """Calls as somebody may see them."""

    lines: tuple[CallLine, ...]
    """Open ones first, by their last day; then those to come, under review, finished (the newest first)."""
    total: int
    """With those of other parts."""
    kinds: tuple[str, ...]
    tracks: tuple[str, ...]
    regions: tuple[str, ...]
    """What calls that the reader may see are for."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A submission whose public notice runs, or that was selected: everybody may see it."""

    submission: str
    title: str
    organisation: str
    region: str
    status: str
    status_label: str
    notice_until: str | None
    """Last day for objections; None where none can be made any more."""
    objections: int


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A submission in the table of whoever runs the call."""

    submission: str
    code: str
    title: str
    organisation: str
    """Title of the leading organisation."""
    region: str
    recommended_by: str
    rank: int | None
    """Place in the recommendation."""
    eligibility: str
    """`met`, `not met`, `undecided`; empty where no rule is asked, or nothing was handed in."""
    points: tuple[float, float] | None
    """Lowest and highest score of the rule."""
    status: str
    status_label: str
    stage: int | None
    """In which it is judged now; None where it is not under review."""
    asked: int
    sheets: int
    mean: float | None
    """Of the totals in its stage so far, 0 to 100."""


@dataclass(frozen=True, slots=True)
class Board:
    """Submissions of a call, a part at a time."""

    call: str
    lines: tuple[BoardLine, ...]
    total: int
    """That fit the filters."""
    page: int
    pages: int
    counts: Mapping[str, int]
    """State to submissions, without filters."""
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move of many submissions did."""

    done: tuple[str, ...]
    left: Mapping[str, str]
    """Submission to why it was not moved."""


@dataclass(frozen=True, slots=True)
class StageTask:
    """One reviewer asked about one submission, as whoever runs the call sees it."""

    task: int
    submission: str
    code: str
    title: str
    reviewer: str
    name: str
    alias: str
    state: Literal["open", "overdue", "done", "ended"]
    why: str
    """Of a task that ended: `declined`, `conflict`, `replaced`, `withdrawn`."""
    at: str
    done_at: str | None
    total: float | None
    seconds: int | None


@dataclass(frozen=True, slots=True)
class StageTasks:
    """The tasks of a stage, a part at a time."""

    call: str
    stage: int
    lines: tuple[StageTask, ...]
    total: int
    page: int
    pages: int
    counts: Mapping[str, int]
    """State to tasks, without filters."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest assignment of a stage."""

    at: str
    given: int
    total: float
    bound: float
    """No assignment can have a higher fit."""
    missing: tuple[tuple[str, str, int], ...]
    """(submission, title, reviewers that could not be found), as it was then."""
    digest: str


@dataclass(frozen=True, slots=True)
class Pool:
    """Who judges in a stage, or could."""

    call: str
    stage: int
    reviewers: tuple[PoolLine, ...]
    drawn: bool
    """Whether the pool was drawn; otherwise everybody who may be asked is in it."""
    submissions: int
    """In the stage, not decided."""
    needed: int
    """Tasks that the call wants for them."""
    given: int
    """Tasks that run or are done for them."""
    last: LastRun | None


@dataclass(frozen=True, slots=True)
class PoolLine:
    """A reviewer and the work in one stage."""

    reviewer: str
    name: str
    employers: tuple[str, ...]
    """Titles."""
    tracks: tuple[str, ...]
    most: int | None
    away_until: str | None
    inside: bool
    """In the pool of the stage."""
    tasks: int
    """In this stage."""
    done: int
    running: int
    """Tasks not done, over all calls."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a call waits for, in figures."""

    without_reviewers: Mapping[int, int]
    """Stage to reviews that are wanted and not assigned."""
    ready: Mapping[int, int]
    """Stage to submissions that are not decided and whose sheets are all there."""
    in_notice: int
    notice_over: int
    """Submissions whose notice is over and against which no objection waits."""
    objections: int
    """That are not answered."""
    confirmed: int
    unpublished: int
    """Confirmed and not in the newest issue of the call's list; 0 where the call names none."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """Everything that a review left behind, with the digests that the log has."""

    call: str
    draws: tuple[Mapping[str, Any], ...]
    runs: tuple[Mapping[str, Any], ...]
    tasks: tuple[Mapping[str, Any], ...]
    sheets: tuple[Mapping[str, Any], ...]
    decisions: tuple[Mapping[str, Any], ...]
    objections: tuple[Mapping[str, Any], ...]
