"""Charts of a stage: every submission by its place, the corrected score with its error beside the mean of its sheets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from foretrack.foundation.spreadsheets import Cell
from foretrack.review.answers import Standing
from foretrack.web.charts import PALETTE, ROWS, Chart, Column
from foretrack.web.speech import page_language, say

GREY = "#8a949f"
MOST = 300
"""Submissions that the chart draws; the table below has all."""


def scores_chart(lines: Sequence[Standing]) -> Chart | None:
    """Scores by place; None where nothing was judged yet."""
    rows: tuple[dict[str, Cell], ...] = tuple(
        {
            "place": line.rank, "code": line.code, "raw": _round(line.raw),
            "corrected": _round(line.corrected if line.corrected is not None else line.raw),
            "low": _round(_off(line, -1.0)), "high": _round(_off(line, 1.0)),
        }
        for line in lines
        if line.rank is not None
    )[:MOST]  # fmt: skip
    if not rows:
        return None
    return Chart(
        name="scores", title=say("Scores by place"),
        about=say(
            "Each submission stands at its place: a point for the corrected score with one standard error up and down, "
            "a ring for the mean of its sheets. Where errors overlap, the order is not certain."
        ),
        shown=(
            Column("place", say("Placed"), "count"), Column("code", say("Code")),
            Column("corrected", say("Corrected score"), "number"), Column("low", say("From"), "number"),
            Column("high", say("To"), "number"), Column("raw", say("Mean of the sheets"), "number"),
        ),
        rows=rows, spec=_scores(page_language()), height=260,
    )  # fmt: skip


def _off(line: Standing, errors: float) -> float | None:
    if line.corrected is None or line.error is None:
        return None
    return line.corrected + errors * line.error


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


@cache
def _scores(language: str) -> dict[str, Any]:
    import altair as alt

    base = alt.Chart(alt.NamedData(name=ROWS), width="container", height=230).encode(
        x=alt.X("place:O", title=say("Placed"), axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        tooltip=[
            alt.Tooltip("code:N", title=say("Code")),
            alt.Tooltip("place:O", title=say("Placed")),
            alt.Tooltip("corrected:Q", title=say("Corrected score"), format=".1f"),
            alt.Tooltip("raw:Q", title=say("Mean of the sheets"), format=".1f"),
        ],
    )
    scale = alt.Scale(zero=False, nice=True, padding=12)
    bars = base.mark_rule(color=PALETTE[0], strokeWidth=2).encode(
        y=alt.Y("low:Q", title=say("Score"), scale=scale), y2="high:Q"
    )
    raw = base.mark_point(color=GREY, size=55, filled=False).encode(
        y=alt.Y("raw:Q", title=say("Score"), scale=scale)
    )
    points = base.mark_circle(color=PALETTE[0], size=65, opacity=1).encode(
        y=alt.Y("corrected:Q", title=say("Score"), scale=scale)
    )
    return dict((bars + raw + points).to_dict())
