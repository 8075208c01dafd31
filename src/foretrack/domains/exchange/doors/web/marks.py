"""Marks of confidence with their meaning, as pages show them beside every scale."""

from __future__ import annotations

from dataclasses import dataclass

from foretrack.web.speech import Words, say

MEANINGS = Words({
    "V2": "read in at least two places", "V": "read in one place", "K": "firmly known",
    "k": "known with medium confidence, to be checked",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A confidence mark with its meaning."""

    code: str
    meaning: str


def mark_of(code: str) -> Mark:
    """The mark of a confidence."""
    return Mark(code, say(MEANINGS[code]) if code in MEANINGS else "")
