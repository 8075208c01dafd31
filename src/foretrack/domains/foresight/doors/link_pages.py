"""Pairs of concepts as rows and tables: for the terminal, for files."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from foretrack.domains.foresight.doors.listing import BETWEEN
from foretrack.domains.foresight.doors.speech import bilingual
from foretrack.domains.foresight.links.answers import LinkConcept, LinkItem
from foretrack.foundation.messages import Messages
from foretrack.foundation.spreadsheets import Row
from foretrack.terminal.tables import Column, percent, table

COLUMNS: tuple[str, ...] = (
    "rank", "first", "first_label", "first_n_recent", "first_growth", "second", "second_label", "second_n_recent",
    "second_growth", "p", "p_established", "common_neighbours", "distance", "bridges",
)  # fmt: skip
"""Columns of CSV, Excel and Parquet, in this order (meanings: docs/guide/json.md)."""


def row_of(item: LinkItem) -> Row:
    """One pair as a flat row with the keys of `COLUMNS`."""
    flat: dict[str, str | int | float | None] = {
        "bridges": BETWEEN.join(bridge.concept for bridge in item.bridges)
    }
    for side, concept in (("first", item.first), ("second", item.second)):
        flat |= {
            side: concept.concept,
            f"{side}_label": concept.label,
            f"{side}_n_recent": concept.n_recent,
            f"{side}_growth": concept.growth,
        }
    return {column: flat[column] if column in flat else getattr(item, column) for column in COLUMNS}


def list_table(items: Sequence[LinkItem], say: Messages) -> Table:
    """The list for the terminal, with the concepts that lead from one to the other."""
    columns = [
        Column(say("Rank"), "right", wrap=False),
        Column(say("Concept"), shrink=12),
        Column(say("With"), shrink=12),
        Column(say("Meet"), "right", wrap=False),
        Column(say("Meet three times"), "right", wrap=False),
        Column(say("Both studied with (documents with the one, with the other)")),
    ]
    return table(columns, [_cells(item, say) for item in items])


def _cells(item: LinkItem, say: Messages) -> list[str]:
    bridges = [f"{b.label} ({b.n_with_first}, {b.n_with_second})" for b in item.bridges]
    others = item.common_neighbours - len(bridges)
    if bridges and others > 0:
        bridges.append(say("{n} more", n=f"{others:,}"))
    return [
        str(item.rank),
        _named(item.first, say),
        _named(item.second, say),
        percent(item.p),
        percent(item.p_established),
        ", ".join(bridges) or say("nothing"),
    ]


def _named(concept: LinkConcept, say: Messages) -> str:
    """Name, recent documents and yearly growth: how the trend of a concept stands."""
    name = bilingual(concept.label_en, concept.label_zh, say.language) or concept.label
    trend = say("new") if concept.growth is None else f"{100 * concept.growth:+.0f} %"
    return f"{name} ({concept.n_recent:,}, {trend})"
