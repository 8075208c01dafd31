"""A ranked list as rows: for the terminal, for files, for a data frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from foretrack.domains.foresight.answers import ConceptItem, Measures
from foretrack.domains.foresight.doors.speech import DOUBTS_IN_SHORT, STATES, bilingual
from foretrack.foundation.messages import Messages
from foretrack.foundation.spreadsheets import Row
from foretrack.terminal.tables import Column, percent, score_text, table

if TYPE_CHECKING:
    from foretrack.domains.foresight.technologies.answers import TechnologyItem

COLUMNS: tuple[str, ...] = (
    "rank", "concept", "label", "label_en", "label_zh", "state", "score", "p_eg3", "p_dbl3", "top_year",
    "growth", "growth_low",
    "growth_high", "n_documents", "n_recent", "first_year", "share_recent", "novelty", "coherence", "impact",
    "uncertainty", "burst_weight", "e_score", "p_value", "q_value", "track", "track_p", "p_no_track", "forms",
    "doubt", "evidence", "share_in_3_years_q10", "share_in_3_years_q50", "share_in_3_years_q90",
)  # fmt: skip
"""Columns of CSV, Excel, Parquet and of the data frame, in this order (meanings: docs/guide/json.md)."""

BETWEEN = " | "
"""Stands between several values of one cell."""


def row_of(item: ConceptItem) -> Row:
    """One concept as a flat row with the keys of `COLUMNS`."""
    m = item.measures
    first = item.tracks[0] if item.tracks else None
    flat = {
        "rank": item.rank,
        "concept": item.concept,
        "label": item.label,
        "label_en": item.label_en,
        "label_zh": item.label_zh,
        "state": item.state,
        "score": item.score,
        "p_eg3": item.p_eg3,
        "p_dbl3": item.p_dbl3,
        "top_year": item.top_year,
        **_in_three_years(item),
        "track": first.track if first else None,
        "track_p": first.p if first else None,
        "p_no_track": item.p_no_track,
        "forms": BETWEEN.join(item.forms),
        "doubt": BETWEEN.join(item.doubt),
        "evidence": BETWEEN.join(item.evidence),
    }
    return {column: flat[column] if column in flat else getattr(m, column) for column in COLUMNS}


def _in_three_years(item: ConceptItem) -> dict[str, float | None]:
    ahead = item.quantiles[2] if len(item.quantiles) > 2 else None
    return {
        f"share_in_3_years_{name}": getattr(ahead, name) if ahead else None for name in ("q10", "q50", "q90")
    }


def list_table(items: Sequence[ConceptItem], say: Messages) -> Table:
    """The list for the terminal: what a reader needs to choose where to look closer."""
    columns = [
        Column(say("Rank"), "right", wrap=False),
        Column(say("Concept"), shrink=10),
        Column(say("State"), wrap=False),
        Column(say("Growth a year"), "right"),
        Column(say("Recent documents"), "right"),
        Column(say("Extreme growth"), "right")
        if _forecast(items)
        else Column(say("Score"), "right", wrap=False),
        Column(say("Track")),
        Column(say("Doubt")),
    ]
    return table(columns, [_cells(item, say) for item in items])


def _forecast(items: Sequence[ConceptItem]) -> bool:
    return any(item.p_eg3 is not None for item in items)


def _cells(item: ConceptItem, say: Messages) -> list[str]:
    m = item.measures
    first = item.tracks[0] if item.tracks else None
    return [
        "–" if item.rank is None else str(item.rank),
        both_labels(item, say.language),
        say(STATES[item.state]),
        _growth(m),
        f"{m.n_recent:,}",
        percent(item.p_eg3) if item.p_eg3 is not None else score_text(item.score),
        f"{first.track} {percent(first.p)}" if first else "–",
        ", ".join(say(DOUBTS_IN_SHORT.get(code, code)) for code in item.doubt),
    ]


def _growth(m: Measures) -> str:
    if m.growth_low is None or m.growth_high is None:
        return percent(m.growth)
    return f"{percent(m.growth)} ({100 * m.growth_low:.0f}…{100 * m.growth_high:.0f})"


def both_labels(item: ConceptItem, language: str) -> str:
    """The concept's name in the reader's language, then in the other if it has one."""
    return bilingual(item.label_en, item.label_zh, language) or item.label


def forecast_text(item: ConceptItem | TechnologyItem, say: Messages) -> str:
    """The forecast in one line."""
    said = [
        say("extreme growth within three years: {p}", p=percent(item.p_eg3)),
        say("doubling: {p}", p=percent(item.p_dbl3)),
    ]
    if len(item.quantiles) > 2:
        ahead = item.quantiles[2]
        said.append(
            say(
                "share in {year}: {low} to {high}, most likely about {middle}",
                year=ahead.year, low=percent(ahead.q10, 2), high=percent(ahead.q90, 2), middle=percent(ahead.q50, 2),
            )
        )  # fmt: skip
    if item.top_year is not None:
        said.append(say("among the largest 5 %: {year}", year=item.top_year))
    return say("Forecast") + ": " + "; ".join(said)
