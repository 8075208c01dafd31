"""Technologies as rows, tables and pages: for the terminal, for files."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table

from foretrack.domains.foresight.doors.listing import BETWEEN, forecast_text
from foretrack.domains.foresight.doors.pages import EVIDENCE_SHOWN
from foretrack.domains.foresight.doors.report.page import whole_series
from foretrack.domains.foresight.doors.speech import LIFE_STAGES, STAGE_TESTS, TECHNOLOGY_EVENTS, bilingual
from foretrack.domains.foresight.technologies.answers import (
    StageTest,
    TechnologyEvent,
    TechnologyItem,
    TechnologyPage,
)
from foretrack.foundation.messages import Messages
from foretrack.foundation.spreadsheets import Row
from foretrack.terminal.session import plain
from foretrack.terminal.tables import Column, number, percent, sparkline, table

COLUMNS: tuple[str, ...] = (
    "rank", "technology", "label", "label_en", "label_zh", "stage", "born", "came_from", "p_eg3", "p_dbl3", "top_year",
    "growth", "growth_low",
    "growth_high", "n_documents", "n_recent", "share_recent", "novelty", "q_value", "coherence", "closeness",
    "separation", "persistence", "track", "track_p", "p_no_track", "n_concepts", "concepts", "events",
)  # fmt: skip
"""Columns of CSV, Excel and Parquet, in this order (meanings: docs/guide/json.md)."""

CONCEPTS_SHOWN = 40


def row_of(item: TechnologyItem) -> Row:
    """One technology as a flat row with the keys of `COLUMNS`."""
    first = item.tracks[0] if item.tracks else None
    flat = {
        "came_from": BETWEEN.join(item.came_from),
        "track": first.track if first else None,
        "track_p": first.p if first else None,
        "concepts": BETWEEN.join(item.concepts),
        "events": BETWEEN.join(" ".join((str(e.year), e.event, *e.others)) for e in item.events),
    }
    return {column: flat[column] if column in flat else getattr(item, column) for column in COLUMNS}


def list_table(items: Sequence[TechnologyItem], say: Messages) -> Table:
    """The list for the terminal: what a reader needs to choose where to look closer."""
    columns = [
        Column(say("Rank"), "right", wrap=False),
        Column(say("Technology"), shrink=12),
        Column(say("Stage"), wrap=False),
        Column(say("Growth a year"), "right"),
        Column(say("Extreme growth"), "right"),
        Column(say("Recent documents"), "right"),
        Column(say("Coherence"), "right", wrap=False),
        Column(say("Track")),
        Column(say("Last events")),
        Column(say("Identifier")),
    ]
    return table(columns, [_cells(item, say) for item in items])


def _cells(item: TechnologyItem, say: Messages) -> list[str]:
    first = item.tracks[0] if item.tracks else None
    told = [f"{event.year} {say(TECHNOLOGY_EVENTS[event.event])}" for event in item.events[:2]]
    return [
        "–" if item.rank is None else str(item.rank),
        named(item, say.language),
        say(LIFE_STAGES[item.stage]),
        growth_text(item),
        percent(item.p_eg3),
        f"{item.n_recent:,}",
        number(item.coherence),
        f"{first.track} {percent(first.p)}" if first else "–",
        "; ".join(told),
        item.technology,
    ]


def growth_text(item: TechnologyItem) -> str:
    """Growth a year with its 80 % interval; a dash where nothing is claimed."""
    if item.growth_low is None or item.growth_high is None:
        return "–"
    return f"{percent(item.growth)} ({100 * item.growth_low:.0f}…{100 * item.growth_high:.0f})"


def named(item: TechnologyItem, language: str) -> str:
    """The technology's name in the reader's language, then in the other if it has one."""
    return bilingual(item.label_en, item.label_zh, language) or item.label


def technology_page(page: TechnologyPage, say: Messages) -> list[RenderableType]:
    """Head line, stage with its tests, series, concepts, neighbours, events and evidence of one technology."""
    item = page.item
    series = whole_series(page.series)
    rank = say("not ranked") if item.rank is None else say("rank {rank}", rank=item.rank)
    head = [
        plain(named(item, say.language)),
        f"{say(LIFE_STAGES[item.stage])} · {rank} · {say('as of {year}', year=page.as_of)} · {item.technology}",
    ]
    if series:
        line = sparkline([point.share for point in series])
        head.append(f"{series[0].year} {line} {series[-1].year}  {say('Share of documents per year')}")
    recent = f"{item.n_recent:,}"
    head.append(
        say("{n} documents, {recent} in the last three years", n=f"{item.n_documents:,}", recent=recent)
        + f" ({percent(item.share_recent, 1)})"
    )
    if item.rank is not None:
        head.append(f"{say('Growth a year')}: {growth_text(item)}")
    if item.p_eg3 is not None:
        head.append(forecast_text(item, say))
    kept = percent(item.persistence)
    head.append(
        say(
            "Coherence {value}: closeness {close}, separation {apart}, concepts kept from the year before {kept}",
            value=number(item.coherence),
            close=number(item.closeness),
            apart=number(item.separation),
            kept=kept,
        )
    )
    if item.tracks:
        tracks = ", ".join(f"{t.direction}/{t.track} {percent(t.p)}" for t in item.tracks)
        head.append(say("Tracks") + ": " + tracks)
    if page.neighbours:
        near = ", ".join(f"{n.label} ({number(n.weight)})" for n in page.neighbours)
        head.append(say("Studied together with") + ": " + plain(near))
    because = say("The stage, because:") + "".join(
        f"\n  - {stage_test_in_words(test, say)}" for test in page.stage_because
    )
    concepts = table(
        [
            Column(say("Concept")),
            Column(say("Part inside"), "right", wrap=False),
            Column(say("Recent documents"), "right", wrap=False),
            Column(say("Identifier")),
        ],
        [
            [c.label, percent(c.membership), f"{c.n_recent:,}", c.concept]
            for c in page.concepts[:CONCEPTS_SHOWN]
        ],
    )
    events = table(
        [Column(say("Year"), wrap=False), Column(say("Event")), Column(say("Numbers"))],
        [[str(e.year), event_in_words(e, say), event_numbers(e, say)] for e in page.events],
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
    return ["\n".join(head), because, concepts, events, evidence]


def event_in_words(event: TechnologyEvent, say: Messages) -> str:
    """What happened, and with whom.

    >>> event_in_words(TechnologyEvent(2012, "merge", ("2010-tidal-loom",), 20, 31, .1, .2, None), Messages())
    'took up others: 2010-tidal-loom'
    """
    words = say(TECHNOLOGY_EVENTS[event.event])
    return f"{words}: {', '.join(event.others)}" if event.others else words


def event_numbers(event: TechnologyEvent, say: Messages) -> str:
    """The numbers of an event.

    >>> event_numbers(TechnologyEvent(2012, "growth", (), 20, 31, .1, .2, None), Messages())
    '20 → 31 documents in three years, share 10.0 % → 20.0 %'
    """
    before = "–" if event.n_before is None else f"{event.n_before:,}"
    after = "–" if event.n_after is None else f"{event.n_after:,}"
    told = say("{before} → {after} documents in three years", before=before, after=after)
    if event.share_before is not None and event.share_after is not None:
        share = f"{percent(event.share_before, 1)} → {percent(event.share_after, 1)}"
        told += ", " + say("share {change}", change=share)
    if event.overlap is not None:
        told += ", " + say("{part} in common", part=percent(event.overlap))
    return told


def stage_test_in_words(test: StageTest, say: Messages) -> str:
    """A test of the life-cycle stage with its numbers.

    >>> stage_test_in_words(StageTest("recent", 7, 15, False), Messages())
    'documents in the last three years: 7; at least 15 needed: no'
    """
    digits = 0 if test.test in ("recent", "years") else 3
    answer = say("yes") if test.holds else say("no")
    words = say(STAGE_TESTS[test.test], value=number(test.value, digits), bound=f"{test.bound:g}")
    return f"{words}: {answer}"
