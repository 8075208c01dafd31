"""Shares of those who lead, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from foretrack.domains.foresight.positions.answers import PositionList
from foretrack.foundation.spreadsheets import Cell
from foretrack.web.charts import PALETTE, ROWS, Chart, Column
from foretrack.web.speech import page_language, say

if TYPE_CHECKING:
    from foretrack.domains.foresight.doors.web.who_leads import PartyRow

SHOWN = 15


def shares_chart(found: PositionList, rows: Sequence[PartyRow]) -> Chart:
    """The first parties: share now as a bar with its interval, share before as a tick."""
    told: tuple[dict[str, Cell], ...] = tuple(
        {
            "party": row.label, "share": row.share, "low": row.low, "high": row.high,
            "before": row.share - row.change if row.change is not None else None,
        }
        for row in rows[:SHOWN]
    )  # fmt: skip
    return Chart(
        name="shares", title=say("Shares"),
        about=say(
            "Share of {first} to {last} with its 90% interval; the upright stroke is that of {first_before} to "
            "{last_before}.",
            first=found.first_year, last=found.last_year, first_before=found.first_before,
            last_before=found.last_before,
        ),
        shown=(Column("party", say("Name")), Column("share", say("Share"), "share"), Column("low", say("From"), "share"),
               Column("high", say("To"), "share"), Column("before", say("Share before"), "share")),
        rows=told, spec=_shares(page_language()), height=360,
    )  # fmt: skip


@cache
def _shares(language: str) -> dict[str, Any]:
    import altair as alt

    base = alt.Chart(alt.NamedData(name=ROWS), width="container", height=330).encode(
        y=alt.Y("party:N", sort=None, title=None, axis=alt.Axis(labelLimit=260))
    )
    axis = alt.Axis(format="%", tickCount=5)
    bars = base.mark_bar(color=PALETTE[0], opacity=0.75).encode(
        x=alt.X("share:Q", title=say("Share"), axis=axis),
        tooltip=[
            alt.Tooltip("party:N", title=say("Name")),
            alt.Tooltip("share:Q", title=say("Share"), format=".1%"),
            alt.Tooltip("low:Q", title=say("From"), format=".1%"),
            alt.Tooltip("high:Q", title=say("To"), format=".1%"),
        ],
    )
    ranges = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    before = base.mark_tick(color=PALETTE[1], thickness=3).encode(x="before:Q")
    return dict((bars + ranges + before).to_dict())
