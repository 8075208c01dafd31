"""What a candidate is, the stages it goes through, and every move between them that is allowed.

A machine raises signals from a scan; from there on only people move a candidate. Whether anybody has looked is a
value of its own: "nobody looked" is not "looked, unsure".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from foretrack.foundation.errors import EvidenceError, InputError

Stage: TypeAlias = Literal[
    "signal", "candidate", "under assessment", "shortlisted", "incubating", "graduated", "dropped"
]
Looked: TypeAlias = Literal["nobody looked", "looked, unsure", "decided"]
Unit: TypeAlias = Literal["concept", "technology"]
Who: TypeAlias = Literal["machine", "person"]
Need: TypeAlias = Literal["name", "reason", "evidence"]
Kind: TypeAlias = Literal["raised", "forward", "back", "dropped", "reopened"]

STAGES: tuple[Stage, ...] = get_args(Stage)
CLOSED: frozenset[Stage] = frozenset(("graduated", "dropped"))
"""Stages in which nothing is open any more."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed move."""

    before: Stage | None
    """None: not on the list yet."""
    after: Stage
    who: Who
    needs: tuple[Need, ...]
    """What must be given: `evidence` means documents in the scan that the decision rests on."""
    kind: Kind


_SAID: tuple[Need, ...] = ("name", "reason")
_SHOWN: tuple[Need, ...] = ("name", "reason", "evidence")

TRANSITIONS: tuple[Transition, ...] = (
    Transition(None, "signal", "machine", ("evidence",), "raised"),
    Transition(None, "candidate", "person", _SHOWN, "forward"),
    Transition("signal", "candidate", "person", _SHOWN, "forward"),
    Transition("candidate", "under assessment", "person", _SHOWN, "forward"),
    Transition("under assessment", "shortlisted", "person", _SHOWN, "forward"),
    Transition("shortlisted", "incubating", "person", _SAID, "forward"),
    Transition("incubating", "graduated", "person", _SAID, "forward"),
    Transition("under assessment", "candidate", "person", _SAID, "back"),
    Transition("shortlisted", "under assessment", "person", _SAID, "back"),
    Transition("incubating", "shortlisted", "person", _SAID, "back"),
    Transition("signal", "dropped", "person", _SAID, "dropped"),
    Transition("candidate", "dropped", "person", _SAID, "dropped"),
    Transition("under assessment", "dropped", "person", _SAID, "dropped"),
    Transition("shortlisted", "dropped", "person", _SAID, "dropped"),
    Transition("incubating", "dropped", "person", _SAID, "dropped"),
    Transition("dropped", "candidate", "person", _SHOWN, "reopened"),
)
"""Every move there is. A step cannot be skipped, so that each has its own reason on record."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is decided about, as a scan names it."""

    unit: Unit
    id: str
    label: str
    label_en: str | None
    label_zh: str | None
    forms: tuple[str, ...]
    """Spellings; they find the subject again in a later scan that gives it another identifier."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Which numbers a list or a decision rests on."""

    scan: str
    as_of: int
    snapshot: str
    method: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a machine proposes something: a code and its numbers (docs/guide/candidates.md lists the codes)."""

    code: str
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """The evidence as one scan has it: what a person saw when deciding."""

    rank: int | None
    """Among the ranked of its kind."""
    state: str
    """State of a concept, stage of a technology."""
    score: float | None
    n_documents: int
    n_recent: int
    first_year: int
    growth: float | None
    growth_low: float | None
    growth_high: float | None
    novelty: float | None
    burst_weight: float | None
    p_eg3: float | None
    """None when the scan has no forecasts."""
    p_dbl3: float | None
    doubt: tuple[str, ...]
    evidence: tuple[str, ...]
    """Identifiers of documents, the newest first."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A subject and its evidence in one scan."""

    subject: Subject
    shown: Shown


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line of the list: what people decided, and what the scan says now."""

    candidate: str
    """Stable identifier: the one that the subject had when somebody first decided about it."""
    unit: Unit
    label: str
    label_en: str | None
    label_zh: str | None
    stage: Stage
    looked: Looked
    decision: int | None
    """Line of the decisions file that set the stage; None when nobody looked."""
    decided_by: str | None
    decided_at: str | None
    why: str | None
    proposed: Stage | None
    """Where the machine would move it; a person decides."""
    reasons: tuple[Reason, ...]
    matched_by: Literal["identifier", "spelling"] | None
    """How the scan's concept was recognised; None when the scan has none."""
    subject: Subject
    shown: Shown | None
    """Evidence now; None when this scan does not have it."""
    shown_then: Shown | None
    """Evidence that lay before whoever decided last."""


@dataclass(frozen=True, slots=True)
class CandidateList:
    """All candidates and signals on one basis."""

    basis: Basis
    top: int
    """Ranks among which the machine looks for signals."""
    issue: int | None
    """Number, when this is a frozen issue."""
    n_decisions: int
    """Lines of the decisions file that it rests on."""
    stages: dict[str, int]
    """Number of lines per stage."""
    nobody_looked: int
    items: tuple[Candidate, ...]


def key_of(unit: str, name: str) -> str:
    """Stable identifier of a candidate.

    >>> key_of("concept", "graph network"), key_of("technology", "t7")
    ('graph network', 'technology:t7')
    """
    return name if unit == "concept" else f"{unit}:{name}"


def moves_from(stage: Stage | None) -> tuple[Stage, ...]:
    """Where a person may move something that is at a stage.

    >>> moves_from("signal"), moves_from("graduated")
    (('candidate', 'dropped'), ())
    """
    return tuple(t.after for t in TRANSITIONS if t.before == stage and t.who == "person")


def transition(before: Stage | None, after: str) -> Transition:
    """The move of a person from one stage to another; InputError with the moves there are when there is no such one."""
    for found in TRANSITIONS:
        if (found.before, found.after, found.who) == (before, after, "person"):
            return found
    if after not in STAGES:
        raise InputError(f"no stage {after!r}", expected=" or ".join(STAGES), do="correct --to")
    possible = moves_from(before)
    here = "is on no list yet" if before is None else f"is at the stage {before!r}"
    raise InputError(
        f"it {here} and cannot become {after!r} in one step",
        expected=" or ".join(possible) if possible else f"nothing: {before} is the end",
        do="decide each step with its own reason"
        if possible
        else "open a new candidate if there is a new case",
    )


def check_needs(move: Transition, *, name: str, reason: str, shown: Shown | None) -> None:
    """Raises when something that the move needs was not given: InputError, or EvidenceError for documents."""
    if "name" in move.needs and not name.strip():
        raise InputError("nobody's name was given", expected="who decides", do="add --by NAME")
    if "reason" in move.needs and not reason.strip():
        raise InputError("no reason was given", expected="why it is so decided", do="add --why TEXT")
    if "evidence" in move.needs and (shown is None or not shown.evidence):
        raise EvidenceError(
            "the scan holds no document about it any more",
            expected=f"evidence: becoming {move.after} needs at least one document in the scan it rests on",
            do="choose a scan that has it with --scan or --as-of, or drop it",
        )


def subject_from(said: Mapping[str, Any]) -> Subject:
    """A subject from its JSON."""
    return Subject(**{**said, "forms": tuple(said["forms"])})


def shown_from(said: Mapping[str, Any] | None) -> Shown | None:
    """Evidence from its JSON."""
    if said is None:
        return None
    return Shown(**{**said, "doubt": tuple(said["doubt"]), "evidence": tuple(said["evidence"])})


def candidate_from(said: Mapping[str, Any]) -> Candidate:
    """A line of the list from its JSON."""
    parts: dict[str, Any] = {
        "reasons": tuple(Reason(**reason) for reason in said["reasons"]),
        "subject": subject_from(said["subject"]),
        "shown": shown_from(said["shown"]),
        "shown_then": shown_from(said["shown_then"]),
    }
    return Candidate(**{**said, **parts})


def list_from(said: Mapping[str, Any]) -> CandidateList:
    """A list from its JSON."""
    parts: dict[str, Any] = {
        "basis": Basis(**said["basis"]),
        "items": tuple(candidate_from(item) for item in said["items"]),
    }
    return CandidateList(**{**said, **parts})
