"""The lookout's words for states, kinds and doubts, in the reader's language."""

from __future__ import annotations

import re

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


DOUBTS_IN_SHORT: dict[str, str] = {
    "few_documents": "few",
    "new_venue": "new venue",
    "coverage_break": "coverage",
    "one_source": "1 source",
    "one_venue": "1 venue",
    "wide_interval": "rough",
}
"""The same for the narrow column of a terminal; `foretrack show` has the sentences."""

NOTES: dict[str, str] = {
    "few_abstracts": "many documents have a title only",
    "learnt_from_sample": "concepts and forecasts are learnt from a sample of the documents; all are counted",
    "no_forecast": "not enough evidence for forecasts",
    "no_citations": "no dated citations: impact is measured by spread over venues and countries only",
    "not_enough_evidence": "not enough evidence to rank: needs concepts with five documents in three years, "
    "over four years of data",
    "partial_last_year": "the last year is not complete",
    "shifting_corpus": "so many concepts grow together that the corpus itself seems to shift",
    "short_history": "documents of few years only: what is new here may be old elsewhere",
    "years_without_documents": "years without documents",
}
"""Code of a scan's note to the sentence that `say` translates."""

STAGES: dict[str, str] = {
    "collecting evidence": "collecting evidence",
    "fetching": "fetching",
    "forecasting with noise": "forecasting with noise",
    "forecasting": "forecasting",
    "judging links": "judging links",
    "labelling tracks": "labelling tracks",
    "making origins again": "making origins again",
    "looking back": "looking back",
    "measuring": "measuring",
    "mining concepts": "mining concepts",
    "ranking pairs": "ranking pairs",
    "reading": "reading",
    "scoring": "scoring",
    "writing": "writing",
}
"""What a progress bar calls the stages of long work."""

LIFE_STAGES: dict[str, str] = {
    "emerging": "emerging",
    "growing": "growing",
    "mature": "mature",
    "declining": "declining",
    "not enough evidence": "not enough evidence",
}
"""Life-cycle stages of technologies."""

STAGE_TESTS: dict[str, str] = {
    "recent": "documents in the last three years: {value}; at least {bound} needed",
    "years": "years with documents among the last six: {value}; at least {bound} needed",
    "q_value": "its share grows: q = {value}, at most {bound} to claim it",
    "novelty": "novelty {value}, at least {bound} to be called emerging",
    "upper": "growth at the upper end of the 95 % interval {value}, below {bound} to be called declining",
}
"""Tests that decide the life-cycle stage of a technology."""

TECHNOLOGY_EVENTS: dict[str, str] = {
    "first": "there when the record begins",
    "birth": "born",
    "growth": "grew",
    "shrinking": "shrank",
    "merge": "took up others",
    "merged": "merged into another",
    "split": "others came out of it",
    "dormant": "holds together no more",
    "revival": "came back",
    "death": "ended",
}
"""What happened to a technology."""

BREAKS: dict[str, str] = {
    "starts": "{field} {group} starts in {year} with {count} documents",
    "stops": "{field} {group} stops in {year}, after {before} documents a year",
    "skips": "{field} {group} skips {year}, between {before} and {after} documents a year",
    "collapses": "{field} {group} falls to {count} documents in {year}, after {before} a year",
    "jumps": "{field} {group} jumps to {count} documents in {year}, after {before} a year",
}
"""Kinds of coverage breaks as sentences."""

FIELDS: dict[str, str] = {"source": "source", "venue": "venue"}
"""Where coverage can break."""

HEALTH: dict[str, str] = {"well": "well", "notice": "notice", "broken": "broken"}
"""How `doctor` found a thing."""

COUNTS: dict[str, str] = {"read": "Read", "kept": "Kept", "merged": "Merged", "rejected": "Rejected"}
"""What became of records."""

CHANGES: dict[str, str] = {"entered": "entered", "rose": "rose", "fell": "fell", "left": "left"}
"""What became of a concept between two dates."""

DOUBTS: dict[str, str] = {
    "few_documents": "few documents",
    "new_venue": "that venue is new in the corpus",
    "coverage_break": "most of it stands in venues that begin or skip a year",
    "one_source": "one source carries most of it",
    "one_venue": "one venue carries most of it",
    "wide_interval": "its growth is known only roughly",
}
"""Reason code to the sentence that `say` translates; an unknown code is shown as it is."""


def doubt_in_words(code: str, say: Messages) -> str:
    """A reason for doubt as a reader understands it.

    >>> doubt_in_words("one_source", Messages()), doubt_in_words("two_moons", Messages())
    ('one source carries most of it', 'two moons')
    """
    known = DOUBTS.get(code)
    return say(known) if known else code.replace("_", " ")


def note_in_words(note: str, say: Messages) -> str:
    """A scan's note (`code: numbers`) as a reader understands it; numbers stay.

    >>> note_in_words("partial_last_year: 2022 has 3 documents after 40", Messages())
    'the last year is not complete (2022 has 3 documents after 40)'
    """
    code, _, detail = note.partition(": ")
    known = NOTES.get(code)
    if known is None:
        return note
    if code == "no_forecast":
        return _no_forecast(detail, say)
    # In another language only the numbers of the English detail are kept.
    numbers = [found.strip(" .,") for found in re.findall(r"\d[\d.,]* ?%?", detail)]
    kept = detail if say.language == "en" else ", ".join(numbers)
    return say(known) + (f" ({kept})" if numbers else "")


_TOO_FEW_LEARNT = re.compile(
    r"needs (?P<years>\d+) earlier years .* with (?P<units>\d+) units, (?P<true>\d+) that fulfilled (?P<target>\w+) .*"
    r"there are (?P<n_years>\d+) with (?P<n_units>\d+), (?P<n_true>\d+) and (?P<n_false>\d+)$"
)


def _no_forecast(reason: str, say: Messages) -> str:
    """Why there is no forecast; in another language the commonest reason in full, of the others only that there is one.

    >>> _no_forecast("not enough evidence to forecast: nothing has five documents in three years", Messages())
    'not enough evidence to forecast: nothing has five documents in three years'
    """
    found = _TOO_FEW_LEARNT.search(reason)
    if found is not None:
        return say(
            "not enough evidence for forecasts: needs {years} earlier years whose following three are known, "
            "with {units} units, of which {true} fulfilled {target} and as many did not; "
            "there are {n_years} with {n_units}, {n_true} and {n_false}",
            **found.groupdict(),
        )
    return reason if say.language == "en" and reason else say(NOTES["no_forecast"])


def bilingual(english: str | None, chinese: str | None, language: str) -> str:
    """A name in the reader's language, with the other in brackets if there is one.

    >>> bilingual("graph", "图", "en"), bilingual("graph", None, "zh")
    ('graph (图)', 'graph')
    """
    first, second = (chinese, english) if language == "zh" else (english, chinese)
    if first and second and first != second:
        return f"{first} ({second})"
    return first or second or ""


STAGES_OF_CANDIDATES: dict[str, str] = {
    "signal": "signal",
    "candidate": "candidate",
    "under assessment": "under assessment",
    "shortlisted": "shortlisted",
    "incubating": "incubating",
    "graduated": "graduated",
    "dropped": "dropped",
}
"""Stages of `candidates.candidate.Stage`."""

LOOKED: dict[str, str] = {
    "nobody looked": "nobody looked",
    "looked, unsure": "looked, unsure",
    "decided": "decided",
}

CANDIDATE_CHANGES: dict[str, str] = {
    "entered": "entered",
    "left": "left",
    "moved": "moved",
    "evidence": "evidence changed",
}

CANDIDATE_REASONS: dict[str, str] = {
    "likely_extreme_growth": "extreme growth within three years {percent} likely (usual {low} %)",
    "likely_doubling": "doubling within three years {percent} likely (usual {low} %)",
    "emerging": "emerging",
    "growing": "growing",
    "growth_sure": "growth is sure: {percent} a year ({low}…{high})",
    "new": "new ({value})",
    "open_burst": "open burst ({value})",
    "high_rank": "rank {value}",
    "declining": "declining: {percent} a year ({low}…{high})",
    "not_enough_evidence": "not enough evidence any more ({value} recent documents)",
    "not_in_scan": "this scan does not have it",
}
"""Code of a reason to the sentence that `say` translates."""

REASONS_IN_SHORT: dict[str, str] = {
    "likely_extreme_growth": "extreme growth is likely",
    "likely_doubling": "doubling is likely",
    "emerging": "emerging",
    "growing": "growing",
    "growth_sure": "growth is sure",
    "new": "new",
    "open_burst": "open burst",
    "declining": "declining",
}
"""The same without numbers."""

DIFFERENCES: dict[str, str] = {
    "decided_by": "decided by",
    "why": "because",
    "looked": "looked at",
    "rank": "rank",
    "state": "state",
    "n_recent": "recent documents",
    "n_documents": "documents",
    "growth": "growth a year",
    "novelty": "novelty",
    "p_eg3": "probability of extreme growth",
    "p_dbl3": "probability of doubling",
    "doubt_came": "new doubt",
    "doubt_went": "doubt gone",
    "reason_came": "speaks for it now",
    "reason_went": "speaks for it no more",
    "new_documents": "new documents among those shown:",
    "documents_gone": "documents no longer shown:",
    "new_in_scan": "new in the scan, first seen in",
    "scan_gone": "the scan of that issue is not stored any more:",
    "not_in_scan": "not in the scan any more, rank was",
    "back_in_scan": "in the scan again, rank",
    "not_enough_evidence": "not enough evidence any more, recent documents",
}
"""Code of a difference between two lists to the words that `say` translates."""

METHODS: dict[str, str] = {
    "model": "Foretrack's model",
    "climatology": "climatology by number of documents",
    "persistence": "persistence",
    "drift": "drift",
    "mean_yearly_difference": "mean yearly difference",
    "e_score": "E-score",
    "burst": "Kleinberg burst",
    "probit": "probit on four features",
    "damped_holt": "damped Holt",
    "outlook": "outlook 1, Foretrack's first method",
    "auto_ets": "AutoETS",
    "auto_theta": "AutoTheta",
    "dynamic_topics": "dynamic topic model",
}
"""Methods of a backtest, in the order in which they are shown."""

LINK_METHODS: dict[str, str] = {
    "preferential_attachment": "preferential attachment",
    "common_neighbours": "common neighbours",
    "jaccard": "Jaccard",
    "adamic_adar": "Adamic-Adar",
    "resource_allocation": "resource allocation",
}
"""What the forecast of links is compared with."""

SCORED_UNITS: dict[str, str] = {
    "concept": "all concepts",
    "concept_multiword": "concepts of several words",
    "technology": "technologies",
}
"""What a backtest judges."""

TARGETS: dict[str, str] = {
    "EG3": "EG3: extreme growth within three years",
    "DBL3": "DBL3: share doubled over three years",
}
"""What a forecast is about."""

LEAKS: dict[str, str] = {
    "vocabulary": "vocabulary of later documents",
    "communities": "communities of later documents",
    "features": "numbers from later documents",
    "random split": "rows of later years learnt from",
    "scaling": "scaled with later years",
    "thresholds": "thresholds chosen with later outcomes",
    "immature labels": "outcomes learnt before they were known",
    "coverage break": "coverage breaks within the labels",
    "embedding cut-off": "pretrained on later texts",
    "citation totals": "citations without a date",
    "later classes": "classes assigned later",
    "chance": "says something else each time",
}
"""Kind of leak to the words that `say` translates."""
