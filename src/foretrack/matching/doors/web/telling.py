"""Words of matching: parts of a score, states of a match, sorts of evidence, groups of the audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from foretrack.matching.engine.filters import FILTERS, OUTCOMES
from foretrack.matching.kinds import DECLINED, INTEREST
from foretrack.registry.declaring.kind import Kind
from foretrack.web.naming import region_named
from foretrack.web.speech import Words, page_language, say

PARTS = Words({
    "words": "Words in common",
    "meaning": "Meaning of the whole text",
    "sentences": "Sentences that meet",
    "tracks": "Tracks in common",
    "evidence": "Evidence of capability",
})  # fmt: skip
STATES = Words({
    "new": "new",
    "viewed": "looked into",
    "not relevant": "put aside",
})  # fmt: skip
EVIDENCE = Words({
    "case": "cases of the library",
    "achievement": "released achievements",
    "deal": "registered deals",
    "patent": "patents named",
    "list": "entries of lists",
})  # fmt: skip
ECHOES = Words({
    "repeats the other side": "It says hardly anything but the words of the other side, so it stands behind all others.",
    "repeats itself": "It says a few words again and again, so it stands behind all others.",
})  # fmt: skip
GROUPS = Words({
    "organisation": "Organisations",
    "region": "Regions",
    "sort of organisation": "Sorts of organisation",
    "language": "Languages",
    "overlap": "Overlap of lists before and after",
    "own labels": "Share of labels from lists of learned weights",
})  # fmt: skip


def state_told(state: str) -> str:
    """The state of a match, or of the interest that came of it."""
    if state in STATES:
        return say(STATES[state])
    return next((s.label.text(page_language()) for s in INTEREST.states if s.name == state), state)


def filter_told(name: str) -> str:
    """The name of a filter."""
    return FILTERS[name].text(page_language()) if name in FILTERS else name


def outcome_told(name: str) -> str:
    """What came of a filter."""
    return next((label.text(page_language()) for known, label in OUTCOMES.items() if known == name), name)


def reason_told(name: str) -> str:
    """Why an interest was declined, or a match put aside."""
    return DECLINED[name].text(page_language()) if name in DECLINED else name or say("no reason given")


def values_told(kind: Kind, values: Iterable[str], filter_name: str) -> tuple[str, ...]:
    """What a side said, by the words of its kind where it chose from a list."""
    field = {
        "cooperation": "cooperation", "flags": "flags", "partner": "partner_types",
    }.get(filter_name)  # fmt: skip
    options: Mapping[str, object] = getattr(kind.by_name.get(field or ""), "options", {}) or {}
    told = []
    for one in values:
        label = options.get(one)
        if filter_name == "region":
            told.append(region_named(one))
        elif filter_name == "organisation":
            continue
        else:
            told.append(label.text(page_language()) if label is not None and hasattr(label, "text") else one)
    return tuple(told)
