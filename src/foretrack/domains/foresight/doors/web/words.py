"""What the pages of the lookout call states, bands, doubts and events; sentences of the catalogue."""

from __future__ import annotations

from foretrack.domains.foresight.answers import ConceptItem
from foretrack.domains.foresight.doors import speech
from foretrack.domains.foresight.doors.report.page import label, other_label
from foretrack.domains.foresight.technologies.answers import TechnologyItem
from foretrack.web.speech import Words, page_language, say

STATE_WORDS = Words(speech.STATES)
STAGE_WORDS = Words(speech.LIFE_STAGES)
DOUBT_WORDS = Words({**speech.DOUBTS, "none": "no doubt on record"})
SHORT_DOUBTS = Words(speech.DOUBTS_IN_SHORT)
EVENT_WORDS = Words(speech.TECHNOLOGY_EVENTS)

UNSURE = "not enough evidence"
"""The state and stage of what is neither ranked nor forecast."""

FACETS = Words({
    "state": "State",
    "stage": "Stage",
    "direction": "Direction",
    "track": "Track",
    "growth": "Growth a year",
    "p_eg3": "Chance of extreme growth",
    "since": "First seen",
    "born": "Born",
    "documents": "Documents",
    "language": "Language of the name",
    "doubt": "Doubt",
})  # fmt: skip
LANGUAGES = Words({"both": "English and Chinese", "en": "English only", "zh": "Chinese only"})
GROWTH = Words({
    "shrinking": "shrinking", "0-10": "0 to 10%", "10-25": "10 to 25%", "25-50": "25 to 50%", "50-": "50% and more",
})  # fmt: skip
CHANCES = Words({
    "0-5": "below 5%", "5-10": "5 to 10%", "10-25": "10 to 25%", "25-50": "25 to 50%", "50-": "50% and more",
})  # fmt: skip
DOCUMENTS = Words(
    {"1-19": "fewer than 20", "20-99": "20 to 99", "100-999": "100 to 999", "1000-": "1,000 and more"}
)
CHANCE_WORDS = Words({
    "0-5": "very unlikely", "5-10": "unlikely", "10-25": "possible", "25-50": "quite possible", "50-": "likely",
})  # fmt: skip
"""What a probability of extreme growth means in words; the bands are those of the filter."""
TONES = {"emerging": "good", "growing": "now", "declining": "warm"}
"""State or stage to the colour of its mark; the others have none."""


def chance_in_words(p: float | None) -> str:
    """A probability of extreme growth in words; empty for none."""
    if p is None:
        return ""
    band = (
        "0-5" if p < 0.05 else "5-10" if p < 0.1 else "10-25" if p < 0.25 else "25-50" if p < 0.5 else "50-"
    )
    return say(CHANCE_WORDS[band])


def doubt(code: str) -> str:
    """A reason for doubt in words; an unknown code as it is."""
    known = DOUBT_WORDS.get(code)
    return say(known) if known else code.replace("_", " ")


def short_doubt(code: str) -> str:
    """The same for a narrow column."""
    known = SHORT_DOUBTS.get(code)
    return say(known) if known else code.replace("_", " ")


def named(item: ConceptItem | TechnologyItem) -> str:
    """The name in the reader's language, or in the other if there is none."""
    return label(item, page_language())


def other_name(item: ConceptItem | TechnologyItem) -> str:
    """The name in the other language; empty where there is none."""
    return other_label(item, page_language())
