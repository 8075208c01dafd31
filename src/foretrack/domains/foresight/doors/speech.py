"""The lookout's words for states, kinds and doubts, in the reader's language."""

from __future__ import annotations

from foretrack.foundation.messages import Messages
from foretrack.terminal.speech import messages

STATES: dict[str, str] = {
    "emerging": "emerging",
    "growing": "growing",
    "steady": "steady",
    "declining": "declining",
    "not enough evidence": "not enough evidence",
}
"""State to the sentence that `say` translates; the keys are the states of `answers.State`."""

KINDS: dict[str, str] = {
    "paper": "papers",
    "patent": "patents",
    "standard": "standards",
    "project": "projects",
    "policy": "policies",
    "news": "news",
    "all": "all documents",
}


def speak(language: str) -> Messages:
    """The lookout's messages in one language, for callers that come without a session."""
    return messages(language, "foretrack.domains.foresight.doors")


CHANGES: dict[str, str] = {"entered": "entered", "rose": "rose", "fell": "fell", "left": "left"}
"""What became of a concept between two dates."""

DOUBTS: dict[str, str] = {
    "coverage_break": "a source that carries it stopped, started or skipped a year",
    "one_source": "one source only",
    "one_venue": "one venue carries most of it",
    "one_organisation": "one organisation carries most of it",
    "few_documents": "few documents",
    "partial_year": "the last year is not complete",
    "no_citations": "no dated citations, so impact is unknown",
    "wide_interval": "its growth is known only roughly",
}
"""Reason code to the sentence that `say` translates; an unknown code is shown as it is."""


def doubt_in_words(code: str, say: Messages) -> str:
    """A reason for doubt as a reader understands it.

    >>> doubt_in_words("one_source", Messages()), doubt_in_words("two_moons", Messages())
    ('one source only', 'two moons')
    """
    known = DOUBTS.get(code)
    return say(known) if known else code.replace("_", " ")
