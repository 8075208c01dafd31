"""Ranks of two years as lines from one to the other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from foretrack.domains.foresight.doors.speech import CHANGES
from foretrack.foundation.spreadsheets import Cell
from foretrack.web.charts import ROWS, Chart, Column
from foretrack.web.speech import page_language, say, speak

FIRST = 30
"""Ranks that have a place of their own in the chart; lower ones lie together below."""


def slope_chart(
    slopes: Sequence[tuple[str, str, int | None, int | None, str]], before: int, after: int
) -> Chart:
    """One line a concept that is among the first ranks of either year; lower ranks lie together below them."""
    told = speak(page_language())
    rows: list[dict[str, Cell]] = []
    for label, change, rank_before, rank_after, href in slopes:
        if min(rank_before or FIRST + 1, rank_after or FIRST + 1) > FIRST:
            continue
        for year, rank in ((before, rank_before), (after, rank_after)):
            named = label if rank is not None and rank <= FIRST else ""
            rows.append({
                "label": label, "year": year, "rank": rank, "change": told(CHANGES[change]), "href": href,
                "place": rank if rank is not None and rank <= FIRST else FIRST + 3,
                "right": f"{rank}  {named}" if named and year == max(before, after) else "",
                "left": f"{named}  {rank}" if named and year == min(before, after) else "",
            })  # fmt: skip
    return Chart(
        name="slopes", title=say("Ranks in both years"),
        about=say("Each line leads from the rank of {before} to that of {after}; ranks below {first} and concepts "
                  "without a rank lie together at the foot.",
                  before=before, after=after, first=FIRST),
        shown=(Column("label", say("Concept")), Column("year", say("Year"), "year"), Column("rank", say("Rank"), "count"),
               Column("change", say("Change"))),
        rows=tuple(rows), spec=_slopes(page_language()), height=520,
    )  # fmt: skip


@cache
def _slopes(language: str) -> dict[str, Any]:
    import altair as alt

    told = speak(language)
    words = [told(word) for word in CHANGES.values()]
    base = alt.Chart(alt.NamedData(name=ROWS), width="container", height=560).encode(
        x=alt.X(
            "year:O",
            axis=alt.Axis(labelAngle=0, labelFontSize=14, orient="top"),
            title=None,
            scale=alt.Scale(padding=0.75),
        ),
        y=alt.Y("place:Q", scale=alt.Scale(domain=[1, FIRST + 3], reverse=True, nice=False), axis=None),
        color=alt.Color(
            "change:N", title=None, scale=alt.Scale(domain=words), legend=alt.Legend(orient="bottom")
        ),
        tooltip=[
            alt.Tooltip("label:N", title=say("Concept")),
            alt.Tooltip("year:O", title=say("Year")),
            alt.Tooltip("rank:Q", title=say("Rank")),
        ],
    )  # fmt: skip
    room = alt.ExprRef(expr="width * 0.36")
    lines = base.mark_line(opacity=0.65).encode(detail="label:N")
    points = base.mark_circle(size=40, opacity=1)
    right = base.mark_text(align="left", dx=8, fontSize=11, limit=room).encode(text="right:N")
    left = base.mark_text(align="right", dx=-8, fontSize=11, limit=room).encode(text="left:N")
    return dict((lines + points + right + left).to_dict())
