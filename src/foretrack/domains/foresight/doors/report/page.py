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
    ShareQuantiles,
)
from foretrack.domains.foresight.doors.report.charts import Ahead, Point, line_chart, sparkline, stacked_bars
from foretrack.domains.foresight.doors.scores import score_tables
from foretrack.domains.foresight.doors.speech import (
    KINDS,
    LIFE_STAGES,
    STATES,
    TECHNOLOGY_EVENTS,
    doubt_in_words,
    note_in_words,
)
from foretrack.foundation.messages import Messages
from foretrack.terminal.tables import number, percent, score_text

if TYPE_CHECKING:
    from jinja2 import Environment

    from foretrack.domains.foresight.actions.scoreboard import Scoreboard
    from foretrack.domains.foresight.technologies.answers import TechnologyItem, TechnologyList

SPARK_YEARS = 15
"""Years that a sparkline shows: the window in which the peak share is sought."""

EVIDENCE_SHOWN = 8
"""Documents listed on a concept's card; all of them are in `foretrack explain`."""


TECHNOLOGIES_SHOWN = 20
"""Technologies that the report lists; all of them are in `foretrack technologies`."""

EVENTS_SHOWN, CONCEPTS_SHOWN = 3, 6
"""Last events and leading concepts of a technology."""


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
    technologies: TechnologyList | None = None
    """The first `TECHNOLOGIES_SHOWN`; None when the scan has none."""
    technology_series: Mapping[str, tuple[SeriesPoint, ...]] = field(default_factory=dict)
    """Technology -> its series, for every technology of the list."""


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
    forecast = any(item.p_eg3 is not None for item in report.listing.items)
    found = report.technologies.items if report.technologies else ()
    technologies = [
        _technology(item, report.technology_series.get(item.technology, ()), say) for item in found
    ]
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
        "forecast": forecast,
        "technologies": technologies,
        "technologies_forecast": any(item.p_eg3 is not None for item in found),
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
        "interval": "" if m.growth_low is None else f"{percent(m.growth_low)} … {percent(m.growth_high)}",
        "recent": f"{m.n_recent:,}",
        "score": score_text(item.score),
        "chance": percent(item.p_eg3),
        "track": item.tracks[0] if item.tracks else None,
        "has_card": has_card,
        "doubt": [doubt_in_words(code, say) for code in item.doubt],
    }


def _technology(item: TechnologyItem, series: tuple[SeriesPoint, ...], say: Messages) -> dict[str, Any]:
    shares = [point.share for point in whole_series(series)[-SPARK_YEARS:]]
    name = label(item, say.language)
    # A technology is named after its first concepts; they need no second telling.
    concepts = [each for each in item.concepts if each not in name.split(" / ")]
    return {
        "item": item,
        "label": name,
        "other": other_label(item, say.language),
        "stage": say(LIFE_STAGES[item.stage]),
        "spark": sparkline(shares, described=say("Share of documents per year")),
        "chance": percent(item.p_eg3),
        "growth": percent(item.growth),
        "interval": ""
        if item.growth_low is None
        else f"{percent(item.growth_low)} … {percent(item.growth_high)}",
        "recent": f"{item.n_recent:,}",
        "share": share_text(item.share_recent),
        "concepts": concepts[:CONCEPTS_SHOWN],
        "events": [
            f"{event.year} {say(TECHNOLOGY_EVENTS[event.event])}" for event in item.events[:EVENTS_SHOWN]
        ],
    }


def _card(page: ConceptPage, say: Messages) -> dict[str, Any]:
    item = page.item
    past = whole_series(page.series)
    # Forecasts are of the share standardised over sources, so the past beside them must be the same share.
    drawn = standardised(page.series) if item.quantiles else {p.year: p.share for p in past}
    points = [
        Point(
            p.year,
            drawn[p.year],
            say(
                "{year}: {n} of {total} documents",
                year=p.year,
                n=f"{p.n_documents:,}",
                total=f"{p.n_total:,}",
            )
            + f" ({share_text(drawn[p.year])})",
        )
        for p in past
        if p.year in drawn
    ]
    ahead = [_ahead(quantiles, say) for quantiles in item.quantiles if points]
    several = len({(p.source, p.kind) for p in page.series if p.source != "all"}) > 1
    return {
        **_row(item, page.series, say, has_card=True),
        "page": page,
        "chart": line_chart(
            points, described=_described(item, say), ahead=ahead, ahead_named=say("Forecast")
        ),
        "last_ahead": ahead[-1].year if ahead else None,
        "standardised": bool(ahead) and several,
        "ahead": [
            (q.year, share_text(q.q50), between(q.q25, q.q75), between(q.q10, q.q90)) for q in item.quantiles
        ],
        "measures": [*forecast_in_words(item, page.as_of, say), *measures_in_words(item.measures, say)],
        "evidence": [(document, link(document)) for document in page.evidence[:EVIDENCE_SHOWN]],
        "n_evidence": len(page.evidence),
        "by_source": split_series(page.series),
    }


def _described(item: ConceptItem, say: Messages) -> str:
    told = say("Share of documents per year")
    if not item.quantiles:
        return told
    return f"{told}; {say('Forecast')} {item.quantiles[0].year}–{item.quantiles[-1].year}"


def _ahead(q: ShareQuantiles, say: Messages) -> Ahead:
    told = say(
        "{year}, forecast: median {middle}; 50 % range {lower} to {upper}; 80 % range {low} to {high}",
        year=q.year, middle=share_text(q.q50), lower=share_text(q.q25), upper=share_text(q.q75),
        low=share_text(q.q10), high=share_text(q.q90),
    )  # fmt: skip
    return Ahead(q.year, q.q10, q.q25, q.q50, q.q75, q.q90, told)


def share_text(share: float) -> str:
    """A share 0..1 as a percentage with two digits that count, however small it is.

    >>> share_text(0.1234), share_text(0.00948), share_text(0.000012), share_text(0.01), share_text(0)
    ('12 %', '0.95 %', '0.0012 %', '1.0 %', '0 %')
    """
    value = 100 * share
    if value >= 9.95 or value <= 0:
        return f"{value:.0f} %"
    return "<0.0001 %" if value < 0.0001 else f"{value:#.2g} %"


def between(low: float, high: float) -> str:
    """A range of shares, the unit said once.

    >>> between(0.0045, 0.017)
    '0.45 … 1.7 %'
    """
    return f"{share_text(low).removesuffix(' %')} … {share_text(high)}"


def standardised(series: tuple[SeriesPoint, ...]) -> dict[int, float]:
    """Year -> share standardised over sources and kinds, as forecasts mean it; years without documents are left out.

    The weight of a source and kind is its part of the documents of the last three years, among those that have
    documents in the year (`measures.panel.Panel.shares`, which is asked).

    >>> both = [("a", 2020, 1, 10), ("a", 2021, 2, 10), ("b", 2021, 5, 30)]
    >>> points = tuple(SeriesPoint(year, source, "paper", n, total, n / total) for source, year, n, total in both)
    >>> {year: round(share, 2) for year, share in standardised(points).items()}
    {2020: 0.1, 2021: 0.18}
    """
    import numpy as np

    from foretrack.domains.foresight.measures.panel import Panel

    split = [p for p in series if p.source != "all"] or [p for p in series if p.kind == "all"]
    if not split:
        return {}
    strata = sorted({(p.source, p.kind) for p in split})
    first, last = min(p.year for p in split), max(p.year for p in split)
    counts = np.zeros((len(strata), 1, last - first + 1), np.int32)
    totals = np.zeros((len(strata), last - first + 1), np.int64)
    for p in split:
        place = strata.index((p.source, p.kind)), p.year - first
        counts[place[0], 0, place[1]], totals[place] = p.n_documents, p.n_total
    shares = Panel(first, tuple(strata), counts, totals).shares()[0]
    return {first + place: float(share) for place, share in enumerate(shares) if np.isfinite(share)}


def forecast_in_words(item: ConceptItem, as_of: int, say: Messages) -> list[tuple[str, str, str]]:
    """(name, value, what it means) of what is forecast; nothing where there is no forecast."""
    if item.p_eg3 is None:
        return []
    told = [
        (say("Extreme growth within three years"), percent(item.p_eg3),
         say("probability: share above its past peak by more than 8 % for every year since")),
        (say("Doubling within three years"), percent(item.p_dbl3),
         say("probability: share of the next three years at least twice that of the last three")),
    ]  # fmt: skip
    for q in item.quantiles:
        if q.year == as_of + 3:
            told.append(
                (say("Share expected in {year}", year=q.year), share_text(q.q50),
                 say("80 % range {low} to {high}", low=share_text(q.q10), high=share_text(q.q90)))
            )  # fmt: skip
    if item.quantiles:
        told.append(
            (say("Among the largest 5 %"), _top_in_words(item.top_year, as_of, say),
             say("first year whose median forecast reaches today's largest 5 % of concepts"))
        )  # fmt: skip
    return told


def _top_in_words(year: int | None, as_of: int, say: Messages) -> str:
    if year is None:
        return say("not within five years")
    return say("already") if year <= as_of else str(year)


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


def label(item: ConceptItem | TechnologyItem, language: str) -> str:
    """The name in the reader's language, or in the other if there is none."""
    return (item.label_zh if language == "zh" else item.label_en) or item.label


def other_label(item: ConceptItem | TechnologyItem, language: str) -> str:
    """The name in the other language; empty when there is none."""
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
