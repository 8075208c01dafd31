"""Charts of the lookout: each specification is built once, over rows named `rows`, and given its rows by a page."""

from __future__ import annotations

from functools import cache
from typing import Any

from foretrack.foundation.spreadsheets import Cell
from foretrack.web.charts import ROWS, Chart, Column
from foretrack.web.speech import page_language, say


def state_chart(states: dict[str, int]) -> Chart:
    """How many concepts are in each state."""
    rows: tuple[dict[str, Cell], ...] = tuple({"state": state, "n": n} for state, n in states.items())
    return Chart(
        name="states", title=say("States"), about=say("How many concepts are in each state."),
        shown=(Column("state", say("State")), Column("n", say("Concepts"), "count")), rows=rows,
        spec=_states(page_language()), height=200,
    )  # fmt: skip


@cache
def _states(language: str) -> dict[str, Any]:
    import altair as alt

    chart = (
        alt.Chart(alt.NamedData(name=ROWS), width="container", height=160)
        .mark_bar()
        .encode(
            y=alt.Y("state:N", sort="-x", title=None),
            x=alt.X("n:Q", title=say("Concepts"), axis=alt.Axis(tickCount=5, format=",d")),
            tooltip=[
                alt.Tooltip("state:N", title=say("State")),
                alt.Tooltip("n:Q", title=say("Concepts"), format=",d"),
            ],
        )
    )
    return dict(chart.to_dict())
