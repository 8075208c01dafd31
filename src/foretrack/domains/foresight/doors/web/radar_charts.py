"""The radar as a chart of files: one column a segment, one row a ring."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from foretrack.foundation.spreadsheets import Cell
from foretrack.web.charts import ROWS, Chart, Column
from foretrack.web.speech import page_language, say

if TYPE_CHECKING:
    from foretrack.domains.foresight.doors.web.radar import RadarRow


def radar_chart(rows: Sequence[RadarRow], rings: tuple[str, ...]) -> Chart:
    """Technologies by segment and ring; within a cell, the first ranks first."""
    place: dict[tuple[str, str], int] = {}
    told: list[dict[str, Cell]] = []
    for row in rows:
        cell = (row.segment, row.ring)
        place[cell] = place.get(cell, 0) + 1
        told.append({
            "number": row.number, "label": row.label, "segment": row.segment, "ring": row.ring,
            "named": f"{row.number}. {row.label}", "place": place[cell], "href": row.href,
        })  # fmt: skip
    return Chart(
        name="radar", title=say("Radar of technologies"),
        about=say("The first technologies by segment and ring."),
        shown=(
            Column("number", say("Number"), "count"), Column("label", say("Technology")),
            Column("segment", say("Segment")),
            Column("ring", say("Ring")),
        ),
        rows=tuple(told), spec=_cells(page_language(), rings), height=520,
    )  # fmt: skip


@cache
def _cells(language: str, rings: tuple[str, ...]) -> dict[str, Any]:
    import altair as alt

    base = (
        alt.Chart(alt.NamedData(name=ROWS), width=230, height=alt.Step(13))
        .mark_text(align="left", fontSize=10, limit=225, x=2)
        .encode(
            y=alt.Y("place:O", axis=None),
            text="named:N",
            tooltip=[alt.Tooltip("label:N", title=say("Technology"))],
            row=alt.Row("ring:N", title=None, sort=list(rings)),
            column=alt.Column("segment:N", title=None),
        )
        .resolve_scale(y="independent")
    )
    return dict(base.to_dict())
