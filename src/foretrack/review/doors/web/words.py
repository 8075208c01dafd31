"""Words of a call and its review that several pages say."""

from __future__ import annotations

from foretrack.foundation.sentences import Sentence
from foretrack.packs.shapes import Bilingual
from foretrack.web.speech import Words, page_language, say, speak

PHASES = Words(
    {
        "open": "Open for submissions",
        "coming": "Opens later",
        "closed": "Window over",
        "reviewing": "Under review",
        "draft": "Not published",
        "finished": "Finished",
        "cancelled": "Cancelled",
    }
)
STATUS = Words(
    {
        "draft": "Draft",
        "submitted": "Submitted",
        "returned": "Returned for correction",
        "recommended": "Recommended",
        "reviewing": "Under review",
        "notice": "Public notice",
        "selected": "Selected",
        "rechecking": "Being checked again",
        "declined": "Not selected",
        "withdrawn": "Withdrawn",
        "removed": "Removed",
    }
)
"""States of a submission, in their order."""
ELIGIBLE = Words({"met": "Met", "not met": "Not met", "undecided": "Undecided"})
OUTCOMES = Words(
    {"forward": "Goes on", "select": "Select", "reserve": "Hold in reserve", "decline": "Do not select"}
)
TASK = Words({"open": "To judge", "overdue": "Out of time", "done": "Sent", "ended": "Taken back"})
ENDED = Words(
    {
        "declined": "stepped back",
        "conflict": "has a conflict of interest",
        "replaced": "was replaced",
        "withdrawn": "the submission was withdrawn",
    }
)
FATES = Words(
    {
        "drawn": "Drawn",
        "not reached": "Not reached",
        "stratum full": "Group full",
        "organisation full": "Organisation full",
    }
)
REPLAYED = Words({"draw": "Draw", "run": "Assignment", "sheet": "Score sheet", "decision": "Decision"})
PROBLEMS = Words(
    {
        "not logged": "the log does not have its digest",
        "changed": "what is kept is not what was logged",
        "different": "it comes out otherwise when it is computed again",
    }
)
TONE = {"met": "good", "not met": "bad", "undecided": "warm"}
"""Outcome of a rule to the tone of its tag."""


def in_words(sentence: Sentence) -> str:
    """A sentence of the thinking in the language of the page."""
    return sentence.told(speak(page_language()))


def text_of(label: Bilingual | None, otherwise: str) -> str:
    """A label in the language of the page."""
    return label.text(page_language()) if label is not None else otherwise


def days_left(days: int) -> str:
    """How long a window is still open."""
    return say("Last day today") if days == 1 else say("{n} days left", n=days)
