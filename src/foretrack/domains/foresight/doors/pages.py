"""A concept, an explanation and a comparison as tables for the terminal."""

from __future__ import annotations

from rich.console import RenderableType

from foretrack.domains.foresight.answers import Comparison, ConceptPage, Explanation
from foretrack.domains.foresight.doors.listing import both_labels, forecast_text
from foretrack.domains.foresight.doors.report.page import measures_in_words, whole_series
from foretrack.domains.foresight.doors.speech import CHANGES, STATES, doubt_in_words
from foretrack.foundation.messages import Messages
from foretrack.terminal.session import plain
from foretrack.terminal.tables import Column, number, percent, score_text, sparkline, table

EVIDENCE_SHOWN = 20
"""Documents listed in the terminal; `--json` has all of them."""

IDS_SHOWN = 12
"""Document identifiers printed per year; `--json` has all of them."""


def concept_page(page: ConceptPage, say: Messages) -> list[RenderableType]:
    """Head line, series, measures, spellings, neighbours and evidence of one concept."""
    item = page.item
    series = whole_series(page.series)
    rank = say("not ranked") if item.rank is None else say("rank {rank}", rank=item.rank)
    head = [
        plain(both_labels(item, say.language)),
        f"{say(STATES[item.state])} · {rank} · {say('as of {year}', year=page.as_of)} · {item.concept}",
    ]
    if series:
        line = sparkline([point.share for point in series])
        head.append(f"{series[0].year} {line} {series[-1].year}  {say('Share of documents per year')}")
    if item.p_eg3 is not None:
        head.append(forecast_text(item, say))
    if item.doubt:
        head.append(say("Doubt") + ": " + "; ".join(doubt_in_words(code, say) for code in item.doubt))
    forms = ", ".join(f"{form} ({n:,})" for form, n in page.form_counts)
    head.append(say("Spellings") + ": " + plain(forms))
    if item.tracks:
        tracks = ", ".join(f"{t.direction}/{t.track} {percent(t.p)}" for t in item.tracks)
        head.append(say("Tracks") + ": " + tracks)
    if page.neighbours:
        near = ", ".join(f"{n.label} ({n.n_together:,})" for n in page.neighbours)
        head.append(say("Studied together with") + ": " + plain(near))
    measures = table(
        [Column(say("Measure"), wrap=False), Column(say("Value"), "right", wrap=False), Column("")],
        measures_in_words(item.measures, say),
    )
    evidence = table(
        [
            Column(say("Year"), wrap=False),
            Column(say("Evidence")),
            Column(say("Source")),
            Column(say("Document")),
        ],
        [[str(d.year), d.title, d.source, d.doi or d.document] for d in page.evidence[:EVIDENCE_SHOWN]],
    )
    return ["\n".join(head), measures, evidence]


def explanation(answer: Explanation, say: Messages) -> list[RenderableType]:
    """From the score down to the documents of each year."""
    item = answer.item
    head = [
        plain(both_labels(item, say.language)),
        f"{say('Score')} {score_text(item.score)} · {say(STATES[item.state])} · "
        f"{say('as of {year}', year=answer.as_of)} · {answer.method} · {say('Snapshot')} {answer.snapshot}",
    ]
    parts = table(
        [
            Column(say("Part")),
            Column(say("Value"), "right", wrap=False),
            Column(say("Unit")),
            Column(say("Weight"), "right", wrap=False),
            Column(say("Adds"), "right", wrap=False),
            Column(say("Why")),
        ],
        [
            [c.part, number(c.value, 3), c.unit, number(c.weight, 3), number(c.adds, 3), c.why]
            for c in answer.contributions
        ],
    )
    because = say("The state, because:") + "".join(
        f"\n  - {plain(reason)}" for reason in answer.state_because
    )
    years = {point.year: point for point in whole_series(answer.series)}
    documents = table(
        [
            Column(say("Year"), wrap=False),
            Column(say("Documents"), "right", wrap=False),
            Column(say("Of all"), "right", wrap=False),
            Column(say("Share"), "right", wrap=False),
            Column(say("Document identifiers")),
        ],
        [
            [
                str(year),
                f"{len(ids):,}",
                f"{years[year].n_total:,}" if year in years else "–",
                percent(years[year].share, 2) if year in years else "–",
                _some(ids, say),
            ]
            for year, ids in answer.documents_by_year
        ],
    )
    return ["\n".join(head), parts, because, documents]


def comparison(answer: Comparison, say: Messages) -> list[RenderableType]:
    """What entered, rose, fell and left between two dates, with the reasons."""
    before, after = answer.as_of_before, answer.as_of_after
    head = say(
        "The first {top} ranks as of {before} and as of {after}", top=answer.top, before=before, after=after
    )
    rows = [
        [
            say(CHANGES[change.change]),
            change.label,
            _rank(change.rank_before),
            _rank(change.rank_after),
            say(STATES[change.state_after]) if change.state_after else "–",
            "; ".join(change.reasons),
        ]
        for change in answer.changes
    ]
    columns = [
        Column(say("Change"), wrap=False),
        Column(say("Concept")),
        Column(str(before), "right", wrap=False),
        Column(str(after), "right", wrap=False),
        Column(say("State"), wrap=False),
        Column(say("Why")),
    ]
    return [head, table(columns, rows)]


def _some(ids: tuple[str, ...], say: Messages) -> str:
    shown = " ".join(ids[:IDS_SHOWN])
    more = len(ids) - IDS_SHOWN
    return shown if more <= 0 else shown + " " + say("… and {n} more: --json has all", n=f"{more:,}")


def _rank(rank: int | None) -> str:
    return "–" if rank is None else str(rank)
