"""The map of technologies as a chart of files: SVG and PNG with a legend, CSV with positions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from foretrack.foundation.spreadsheets import Cell
from foretrack.web.charts import PALETTE, ROWS, Chart, Column
from foretrack.web.speech import page_language, say

if TYPE_CHECKING:
    from foretrack.domains.foresight.doors.web.technology_map import MapRow

NAMED = 40
"""Points that bear their name in the file."""
GREY = "#8a949f"
GROWTH_RANGE = ("#8c510a", "#b7bec6", "#8fc1e3", "#3f8fc9", "#0b4f8a")


def map_chart(
    rows: Sequence[MapRow], colour: str, legend: Mapping[str, str], shade: Callable[[MapRow], str]
) -> Chart:
    """Technologies as points, near what they are studied together with."""
    largest = {row.technology for row in sorted(rows, key=lambda row: -row.n_recent)[:NAMED]}
    told: tuple[dict[str, Cell], ...] = tuple(
        {
            "technology": row.technology, "label": row.label, "stage": row.stage_word, "direction": row.direction,
            "n_recent": row.n_recent, "growth": row.growth, "x": row.x, "y": row.y, "colour": legend.get(shade(row), ""),
            "named": row.label if row.technology in largest else "", "href": row.href,
        }
        for row in rows
    )  # fmt: skip
    return Chart(
        name="map", title=say("Map of technologies"),
        about=say(
            "Technologies that are studied together lie near each other; the size is that of their recent documents."
        ),
        shown=(
            Column("technology", say("Identifier")), Column("label", say("Technology")), Column("stage", say("Stage")),
            Column("direction", say("Direction")), Column("n_recent", say("Recent documents"), "count"),
            Column("growth", say("Growth a year"), "share"), Column("x", "x", "number"), Column("y", "y", "number"),
        ),
        rows=told, spec=_map(page_language(), colour, tuple(legend.items())), height=520,
    )  # fmt: skip


@cache
def _map(language: str, colour: str, legend: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    import altair as alt

    colours = [
        GREY if name == "none" else GROWTH_RANGE[int(name[1]) - 1] if name[0] == "g" else PALETTE[int(name[1]) - 1]
        for name, _ in legend
    ]  # fmt: skip
    bare = alt.Axis(labels=False, ticks=False, grid=False, domain=False, title=None)
    base = alt.Chart(alt.NamedData(name=ROWS), width="container", height=480).encode(
        x=alt.X("x:Q", axis=bare, scale=alt.Scale(zero=False)),
        y=alt.Y("y:Q", axis=bare, scale=alt.Scale(zero=False, reverse=True))
    )  # fmt: skip
    points = base.mark_circle(opacity=0.75).encode(
        size=alt.Size("n_recent:Q", title=say("Recent documents"), scale=alt.Scale(range=[12, 900])),
        color=alt.Color(
            "colour:N", title=None, scale=alt.Scale(domain=[text for _, text in legend], range=colours)
        ),
        tooltip=[alt.Tooltip("label:N", title=say("Technology")), alt.Tooltip("stage:N", title=say("Stage"))],
    )
    names = base.mark_text(fontSize=9, dy=-9).encode(text="named:N")
    return dict((points + names).to_dict())
