"""What the report holds, made from answers alone: nothing here reads a corpus or a clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from foretrack.domains.foresight.answers import (
    ConceptItem,
    ConceptPage,
    EmergingList,
    EvidenceDocument,
    Measures,
    ScanSummary,
    SeriesPoint,
)
from foretrack.domains.foresight.doors.report.charts import Point, line_chart, sparkline, stacked_bars
from foretrack.domains.foresight.doors.scores import score_tables
from foretrack.domains.foresight.doors.speech import KINDS, STATES, doubt_in_words, note_in_words
from foretrack.foundation.messages import Messages
from foretrack.terminal.tables import number, percent, score_text

if TYPE_CHECKING:
    from jinja2 import Environment

    from foretrack.domains.foresight.actions.scoreboard import Scoreboard

SPARK_YEARS = 15
"""Years that a sparkline shows: the window in which the peak share is sought."""

EVIDENCE_SHOWN = 8
"""Documents listed on a concept's card; all of them are in `foretrack explain`."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source as the corpus summary shows it."""

    source: str
    kind: str
    n_documents: int
    first_year: int
    last_year: int
    abstracts: float
    """Share of documents with an abstract, 0..1."""


@dataclass(frozen=True, slots=True)
class CorpusPart:
    """What the report says about the corpus."""

    name: str
    sources: tuple[SourceLine, ...]
    years: Mapping[int, Mapping[str, int]]
    """Year -> kind -> documents."""
    breaks: tuple[str, ...]
    """Coverage breaks, each in one sentence."""
    read: int = 0
    kept: int = 0
    merged: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """All answers that one report shows."""

    summary: ScanSummary
    listing: EmergingList
    pages: tuple[ConceptPage, ...]
    """Cards, in ranked order; a prefix of the list."""
    series: Mapping[str, tuple[SeriesPoint, ...]]
    """Concept -> its series, for every line of the list."""
    corpus: CorpusPart
    version: str
    """Foretrack's version."""
    command: str
    """The command line that makes this report again."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Identifier of a track or direction -> its name in the reader's language."""
    scoreboard: Scoreboard | None = None
    """What past forecasts were worth; None when nothing was judged yet."""


def render(report: Report, say: Messages) -> str:
    """The report as one HTML page in the language of `say`; no part of it refers to another file."""
    template = _environment().get_template("report.html.j2")
    return template.render(**_context(report, say))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    folder = resources.files(__package__ or "")
    return Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _context(report: Report, say: Messages) -> dict[str, Any]:
    carded = {page.item.concept for page in report.pages}
    kinds = _kinds_of(report.corpus)
    return {
        "_": say,
        "report": report,
        "summary": report.summary,
        "listing": report.listing,
        "corpus": report.corpus,
        "kinds": [kind_in_words(kind, say) for kind in kinds],
        "bars": stacked_bars(
            _named_kinds(report.corpus.years, kinds, say),
            [kind_in_words(kind, say) for kind in kinds],
            described=say("Documents per year"),
        ),
        "rows": [
            _row(item, report.series.get(item.concept, ()), say, has_card=item.concept in carded)
            for item in report.listing.items
        ],
        "cards": [_card(page, say) for page in report.pages],
        "states": [(state, say(STATES[state]), report.summary.states.get(state, 0)) for state in STATES],
        "tracks": sorted({t.track for item in report.listing.items for t in item.tracks[:1]}),
        "notes": [note_in_words(note, say) for note in report.summary.notes],
        "filters": [(key, str(value)) for key, value in report.summary.filters.items() if value],
        "named": partial(_named, report.names),
        "percent": percent,
        "number": number,
        "kind_name": partial(kind_in_words, say=say),
        "scores": None if report.scoreboard is None else score_tables(report.scoreboard, say),
    }


def kind_in_words(kind: str, say: Messages) -> str:
    """A document kind as a reader calls it."""
    return say(KINDS.get(kind, kind))


def _named(names: Mapping[str, str], identifier: str) -> str:
    return names.get(identifier, identifier)


def _kinds_of(corpus: CorpusPart) -> list[str]:
    present = {kind for counts in corpus.years.values() for kind in counts}
    return [kind for kind in KINDS if kind in present]


def _named_kinds(
    years: Mapping[int, Mapping[str, int]], kinds: list[str], say: Messages
) -> dict[int, dict[str, int]]:
    return {
        year: {say(KINDS[kind]): counts[kind] for kind in kinds if kind in counts}
        for year, counts in years.items()
    }


def _row(
    item: ConceptItem, series: tuple[SeriesPoint, ...], say: Messages, *, has_card: bool
) -> dict[str, Any]:
    m = item.measures
    shares = [point.share for point in whole_series(series)[-SPARK_YEARS:]]
    return {
        "item": item,
        "label": label(item, say.language),
        "other": other_label(item, say.language),
        "state": say(STATES[item.state]),
        "spark": sparkline(shares, described=say("Share of documents per year")),
        "growth": percent(m.growth),
        "interval": f"{percent(m.growth_low)} … {percent(m.growth_high)}",
        "recent": f"{m.n_recent:,}",
        "score": score_text(item.score),
        "track": item.tracks[0] if item.tracks else None,
        "has_card": has_card,
        "doubt": [doubt_in_words(code, say) for code in item.doubt],
    }


def _card(page: ConceptPage, say: Messages) -> dict[str, Any]:
    points = [
        Point(
            p.year,
            p.share,
            say(
                "{year}: {n} of {total} documents",
                year=p.year,
                n=f"{p.n_documents:,}",
                total=f"{p.n_total:,}",
            )
            + f" ({100 * p.share:.3g} %)",
        )
        for p in whole_series(page.series)
    ]
    return {
        **_row(page.item, page.series, say, has_card=True),
        "page": page,
        "chart": line_chart(points, described=say("Share of documents per year")),
        "measures": measures_in_words(page.item.measures, say),
        "evidence": [(document, link(document)) for document in page.evidence[:EVIDENCE_SHOWN]],
        "n_evidence": len(page.evidence),
        "by_source": split_series(page.series),
    }


def whole_series(series: tuple[SeriesPoint, ...]) -> list[SeriesPoint]:
    """The years of the whole corpus, ascending; source and kind splits are left out."""
    return sorted((p for p in series if p.source == p.kind == "all"), key=lambda p: p.year)


def split_series(series: tuple[SeriesPoint, ...]) -> list[tuple[str, str, int]]:
    """(source, kind, documents) of each split, the largest first."""
    totals: dict[tuple[str, str], int] = {}
    for point in series:
        if point.source != "all":
            key = (point.source, point.kind)
            totals[key] = totals.get(key, 0) + point.n_documents
    ordered = sorted(totals.items(), key=lambda entry: (-entry[1], entry[0]))
    return [(source, kind, n) for (source, kind), n in ordered]


def label(item: ConceptItem, language: str) -> str:
    """The concept's name in the reader's language, or in the other if there is none."""
    return (item.label_zh if language == "zh" else item.label_en) or item.label


def other_label(item: ConceptItem, language: str) -> str:
    """The concept's name in the other language; empty when there is none."""
    other = item.label_en if language == "zh" else item.label_zh
    return other if other and other != label(item, language) else ""


def link(document: EvidenceDocument) -> str | None:
    """Where a reader finds the document: its DOI, else its web address; nothing else is a link.

    >>> link(EvidenceDocument("d1", "T", 2020, "s", "paper", "10.1000/a<b", None))
    'https://doi.org/10.1000/a%3Cb'
    >>> link(EvidenceDocument("d1", "T", 2020, "s", "paper", None, "javascript:alert(1)")) is None
    True
    """
    if document.doi:
        return "https://doi.org/" + quote(document.doi, safe="/:;().-_")
    if document.url and document.url.startswith(("https://", "http://")):
        return document.url
    return None


def measures_in_words(m: Measures, say: Messages) -> list[tuple[str, str, str]]:
    """(name, value, what it means) of every measure a card shows."""
    return [
        (say("Growth of the share"), say("{value} a year", value=percent(m.growth)),
         say("80 % interval {low} to {high}", low=percent(m.growth_low), high=percent(m.growth_high))),
        (say("Share of recent documents"), percent(m.share_recent, 2), say("last three years")),
        (say("Documents"), f"{m.n_documents:,}",
         say("{n} in the last three years; first in {year}", n=f"{m.n_recent:,}", year=m.first_year)),
        (say("Novelty"), number(m.novelty), say("0 to 1, 1 is new")),
        (say("Coherence"), number(m.coherence), say("0 to 1; a dash where too few documents share concepts")),
        (say("Impact"), number(m.impact), say("percentile; a dash where no dated citations are known")),
        (say("Uncertainty"), number(m.uncertainty), say("0 to 1, 1 where the evidence disagrees or is thin")),
        (say("Burst weight"), number(m.burst_weight), say("0 when no burst is open")),
        (say("E-score"), number(m.e_score), say("a dash where the corpus is too short or a gate fails")),
        (say("Chance of no growth"), "–" if m.q_value is None else f"{m.q_value:.2g}",
         say("q-value, adjusted over all concepts")),
    ]  # fmt: skip
