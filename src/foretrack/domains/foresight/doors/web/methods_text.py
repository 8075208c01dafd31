"""What the methods page says: one section a measure, with its formula, its thresholds and where it fails.

`docs/methods/` has the whole, with examples and figures; here stands what a reader of a page must know.
"""

from __future__ import annotations

from dataclasses import dataclass

from foretrack.domains.foresight.doors.web.formulas import Formula, Frac, Root, Sub, Sum, formula, row
from foretrack.web.speech import Words

TITLES = Words({
    "concepts": "Concepts", "shares": "Shares", "growth": "Growth", "novelty": "Novelty and the other measures",
    "states": "States of concepts", "technologies": "Technologies", "stages": "Stages of technologies",
    "forecasts": "Forecasts", "links": "Pairs that are likely to meet", "tracks": "Directions and tracks",
    "positions":
        "Who leads", "monopoly": "Technology-monopoly risk", "map": "The map", "scores": "Scores of past "
        "forecasts",
    "leaks": "The leak audit",
})  # fmt: skip
TEXT = Words({
    "concepts.1":
        "A concept is a phrase that documents share: mined from titles and abstracts, its spellings merged, "
        "general words dropped. At least five documents carry it.",
    "shares.1":
        "A document counts once for a concept. A stratum s is one kind of document of one source; its share is "
        "its documents n that carry the concept over all its documents N of the year, and strata are weighted by "
        "their documents of the last three years.",
    "shares.2":
        "A source that starts or stops moves the level of a share where a concept is commoner there; growth is "
        "immune to it, since each stratum is compared with itself only.",
    "growth.1":
        "One yearly rate g over the last six years for all strata, shrunk towards zero where documents are few "
        "(prior of standard deviation 0.20); told as a year's change of the share, with an 80% interval. φ is "
        "the dispersion, U the score and I its information.",
    "growth.2": "q is the share of chance findings among all that are at least as sure (Benjamini-Hochberg).",
    "novelty.1":
        "Recency is the share of the last three years over that of all years; youth falls with the years since "
        "the third document.",
    "novelty.2":
        "Beside it: coherence (how far neighbours are neighbours of each other), impact (percentile of citations "
        "and of spread over venues and countries), uncertainty, the burst of Kleinberg (2003) and the E-score of "
        "Porter and Carley (2018), as published.",
    "states.1":
        "Not enough evidence: fewer than {recent} documents in three years, or fewer than {years} of the last six "
        "years with documents. Emerging: growth with q of at most {q} and novelty of at least {novelty}. Growing: "
        "the same growth, less novelty. Declining: the upper end of the 95% interval of growth is below zero. "
        "Steady: all others.",
    "technologies.1":
        "A technology is a community of concepts that are studied together more than chance would have it (Leiden "
        "algorithm, Traag, Waltman and van Eck 2019), recognised from year to year by what it consists of. n "
        "counts documents of the last three years.",
    "stages.1":
        "As the states of concepts, over all documents of the technology: not enough evidence below {recent} "
        "recent documents; emerging from a novelty of {novelty}; mature where a concept would be steady.",
    "forecasts.1":
        "Extreme growth: in one of the three coming years the share exceeds its past peak by more than 8% for "
        "every year since. Learnt from earlier years whose following three are known, each seen from its own "
        "documents alone: boosted trees, a logistic curve and a ranking, calibrated on the newest known years.",
    "forecasts.2": "Ranges of coming shares are calibrated to hold four times in five (conformal prediction).",
    "links.1":
        "Pairs that no document carries together, ranked by the probability that one of the next three years "
        "does; learnt from earlier years by how much leads from the one to the other over common neighbours "
        "(resource allocation and others), size and growth.",
    "tracks.1":
        "The probability that a concept lies on a track of a policy pack, from the pack's own terms and from the "
        "meaning of the texts. Below 0.3 a track is not shown.",
    "positions.1":
        "A document that several parties share gives each an equal part (fractional counting, Waltman and van Eck "
        "2015), unless full counting is asked for. Intervals are 90%, by drawing documents again 2,000 times. "
        "Concentration is the Herfindahl-Hirschman index, the sum of squared shares.",
    "positions.2":
        "Organisations are told apart by identifiers, else by their names; pairs that may be one are marked "
        "unsure and counted apart.",
    "monopoly.1":
        "Rule {rule}, in force from {since}: of the first {first} institutions, how many are in the lead country, "
        "and how many times the share of the second country it has, over {years} years. Each draw of the "
        "documents gives a class; their parts are the probabilities. Below {documents} documents there is no "
        "class.",
    "map.1":
        "Neighbour embedding (t-SNE, van der Maaten and Hinton 2008) of the links between technologies, begun "
        "from classical scaling. With the years before in the workspace, each map begins where the last one stood "
        "and is held there gently, so that places are recognised. No chance takes part.",
    "map.2":
        "Trustworthiness and continuity (Venna and Kaski 2001) are measured by the documents that technologies "
        "share, which the layout does not see. r is the place of j among those nearest to i, U the points that "
        "lie among the k nearest only on the map.",
    "scores.1":
        "AUC: how often what came true stands above what did not. AP lift: average precision over the base rate. "
        "CSI: right calls among right calls, false alarms and misses. P@50: part of the first fifty that came "
        "true. ECE: mean distance of promised and observed rates. Intervals are 95%, by drawing whole concepts "
        "again.",
    "leaks.1":
        "Whether a forecast could know what came later: every training is checked row by row, methods run again "
        "with noise in place of the later years and must say the same, and years are made again from their own "
        "documents. One leak, and the scores are said not to be believed.",
})  # fmt: skip
FAILURES = Words({
    "concepts.a":
        "Parts of compounds stand beside the compound, general words of a rising field beside its techniques; "
        "data sets and contests are names too and do emerge.",
    "concepts.b":
        "The same thing may stand twice, as acronym and in full; Chinese compounds that the segmenter does not "
        "know are cut.",
    "growth.a": "When the corpus itself changes, many shares move at once; a note at the scan says so.",
    "states.a": "What appears for the first time is no concept before five documents carry it.",
    "technologies.a":
        "A word with two meanings can join two subjects; in small corpora much is born and goes dormant.",
    "technologies.b":
        "Membership is today's for all years: the series of a technology is what today's concepts meant earlier.",
    "forecasts.a":
        "The probability follows the base rate of the years that it was calibrated on; when a whole field moves, "
        "it lags.",
    "forecasts.b":
        "The order is right about growth, not about meaning: names of data sets that grow are forecast like "
        "techniques.",
    "links.a": "One shared document is no proof that two subjects fuse; meeting three times is the safer reading.",
    "tracks.a":
        "Instruments, laboratory methods and simulation lie on no clear side of several tracks; small tracks rest "
        "on few labelled texts.",
    "positions.a": "A corpus is an export: these are leaders among what was collected, not in the world.",
    "positions.b": "Names in two scripts are one organisation only by an identifier or a person's word.",
    "map.a":
        "Only nearness means something. Far points, empty space, axes and sides mean nothing, and two dimensions "
        "cannot keep all that is near.",
    "scores.a": "Ten years of one corpus are ten looks at one history; the intervals do not cover another history.",
    "leaks.a":
        "A leak too weak to change any forecast passes, and so does what a person knew who chose a method after "
        "seeing scores.",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """What is said of one measure: keys of `TEXT` and `FAILURES`, and formulas between."""

    anchor: str
    texts: tuple[str, ...]
    failures: tuple[str, ...]
    formulas: tuple[Formula, ...]


FORMULAS: dict[str, tuple[Formula, ...]] = {
    "shares": (
        formula(
            "share", "(", "t", ")", "=",
            Sum("s", row(
                Sub("w", "s"), "·", Frac(row(Sub("n", "s"), "(", "t", ")"), row(Sub("N", "s"), "(", "t", ")")),
            )),
        ),
    ),
    "growth": (
        formula(Frac(row("U", "(", "g", ")"), "φ"), "=", Frac("g", "0.20²")),
        formula("φ", "=", Root(row("1", "+", Frac("n", "50")))),
    ),
    "novelty": (
        formula("novelty", "=", Root(row("recency", "×", "youth"))),
        formula("youth", "=", Frac("1", row("1", "+", Frac("age", "5")))),
    ),
    "technologies": (
        formula(
            "weight", "(", "a", ",", "b", ")", "=",
            Frac(
                row("ln ", Frac(row(Sub("n", "ab"), "n"), row(Sub("n", "a"), Sub("n", "b")))),
                row("−", "ln ", Frac(Sub("n", "ab"), "n")),
            ),
        ),
    ),
    "positions": (formula("HHI", "=", Sum("i", Sub("share", "i", "2"))),),
    "map": (
        formula(
            "trustworthiness", "=", "1", "−",
            Frac("2", row("n", "k", "(", "2", "n", "−", "3", "k", "−", "1", ")")),
            Sum("i", Sum("j ∈ U(i)", row("(", "r", "(", "i", ",", "j", ")", "−", "k", ")"))),
        ),
    ),
}  # fmt: skip


def sections() -> tuple[Section, ...]:
    """All sections in order."""
    return tuple(
        Section(
            anchor, tuple(key for key in TEXT if key.startswith(f"{anchor}.")),
            tuple(key for key in FAILURES if key.startswith(f"{anchor}.")), FORMULAS.get(anchor, ()),
        )
        for anchor in TITLES
    )  # fmt: skip
