"""What routes answer beside the answers of the actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foretrack.review.answers import OtherSheet, Outcome, RemarkLine


@dataclass(frozen=True, slots=True)
class Discussion:
    """Sheets and remarks about a submission in a stage."""

    sheets: tuple[OtherSheet, ...]
    remarks: tuple[RemarkLine, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What places and limits would give; nothing is decided by it."""

    outcomes: Mapping[str, Outcome]
    """Submission to outcome."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did."""

    decided: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a confirmation did."""

    confirmed: int
    left: Mapping[str, str]
    """Submission to why it was not confirmed."""
