"""Charts of past forecasts: every method with its interval, promised against observed, and origin by origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from foretrack.domains.foresight.backtest.reliability import ReliabilityBin
from foretrack.domains.foresight.doors.scores import ordered
from foretrack.domains.foresight.doors.speech import METHODS
from foretrack.foundation.spreadsheets import Cell
from foretrack.web.charts import PALETTE, ROWS, Chart, Column
from foretrack.web.speech import page_language, say, speak

SHOWN = (("auc", "AUC"), ("ap_lift", "AP lift"), ("p50", "P@50"))
GREY = "#8a949f"


def scores_charts(methods: Mapping[str, Any]) -> tuple[Chart, ...]:
    """Three figures of every method, with their 95% intervals, a chart each."""
    return tuple(found for metric, heading in SHOWN if (found := _scores_chart(methods, metric, heading)))


def _scores_chart(methods: Mapping[str, Any], metric: str, heading: str) -> Chart | None:
    told = speak(page_language())
    rows: tuple[dict[str, Cell], ...] = tuple(
        {
            "method": told(METHODS.get(name, name)), "model": name == "model",
            **{key: methods[name][metric][key] for key in ("value", "low", "high")},
        }
        for name in ordered(methods)
        if methods[name].get(metric, {}).get("value") is not None
    )  # fmt: skip
    if not rows:
        return None
    return Chart(
        name=f"methods-{metric.replace('_', '-')}", title=heading,
        about=say("Points are means over the origins, lines their 95% intervals; further right is better."),
        shown=(Column("method", say("Method")), Column("value", say("Value"), "number"),
               Column("low", say("From"), "number"), Column("high", say("To"), "number")),
        rows=rows, spec=_scores(page_language()), height=260,
    )  # fmt: skip


@cache
def _scores(language: str) -> dict[str, Any]:
    import altair as alt

    colour = alt.condition("datum.model", alt.value(PALETTE[1]), alt.value(GREY))
    base = alt.Chart(alt.NamedData(name=ROWS), width="container", height=230).encode(
        y=alt.Y("method:N", sort=None, title=None, axis=alt.Axis(labelLimit=130)), color=colour
    )
    lines = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title=None, scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(tickCount=5)),
        x2="high:Q",
    )
    points = base.mark_circle(size=70, opacity=1).encode(
        x="value:Q",
        tooltip=[
            alt.Tooltip("method:N", title=say("Method")),
            alt.Tooltip("value:Q", title=say("Value"), format=".3f"),
            alt.Tooltip("low:Q", title=say("From"), format=".3f"),
            alt.Tooltip("high:Q", title=say("To"), format=".3f"),
        ],
    )
    return dict((lines + points).to_dict())


def reliability_chart(bins: Sequence[ReliabilityBin]) -> Chart:
    """Promised rates against observed ones."""
    rows: tuple[dict[str, Cell], ...] = tuple(
        {"promised": b.promised, "observed": b.observed, "low": b.low, "high": b.high, "n": b.n} for b in bins
    )
    return Chart(
        name="calibration", title=say("Promised and observed"),
        about=say(
            "Each point is a tenth of the promises: on the line, what was promised came true as often as promised."
        ),
        shown=(Column("promised", say("Promised"), "share"), Column("observed", say("Observed"), "share"),
               Column("low", say("From"), "share"), Column("high", say("To"), "share"),
               Column("n", say("Forecasts"), "count")),
        rows=rows, spec=_reliability(page_language()), height=360,
    )  # fmt: skip


@cache
def _reliability(language: str) -> dict[str, Any]:
    import altair as alt

    base = alt.Chart(alt.NamedData(name=ROWS), width="container", height=300)
    percent = alt.Axis(format="%", tickCount=5)
    x = alt.X("promised:Q", title=say("Promised"), axis=percent)
    line = base.mark_line(color=GREY, strokeDash=[5, 4]).encode(
        x=x, y=alt.Y("promised:Q", title=say("Observed"), axis=percent)
    )
    bars = base.mark_rule(color=PALETTE[0], strokeWidth=2).encode(x=x, y="low:Q", y2="high:Q")
    points = base.mark_circle(color=PALETTE[0], size=70, opacity=1).encode(
        x=x, y="observed:Q",
        tooltip=[alt.Tooltip("promised:Q", title=say("Promised"), format=".1%"),
                 alt.Tooltip("observed:Q", title=say("Observed"), format=".1%"),
                 alt.Tooltip("n:Q", title=say("Forecasts"), format=",d")],
    )  # fmt: skip
    return dict((line + bars + points).to_dict())


def origins_chart(methods: Mapping[str, Any], years: Sequence[int]) -> Chart | None:
    """AUC of every method at each origin; None where single origins were not told apart."""
    told = speak(page_language())
    rows: list[dict[str, Cell]] = []
    by_origin = methods.get("by_origin", {})
    for year in years:
        of_year = by_origin.get(str(year), {})
        for name in ordered(of_year):
            if of_year[name].get("auc") is not None:
                rows.append({
                    "method": told(METHODS.get(name, name)), "year": year, "auc": of_year[name]["auc"],
                    "model": name == "model",
                })  # fmt: skip
    if not rows:
        return None
    return Chart(
        name="origins", title=say("Year by year"),
        about=say("AUC of each method at every year that was forecast from; half is chance."),
        shown=(Column("year", say("Year"), "year"), Column("method", say("Method")), Column("auc", "AUC", "number")),
        rows=tuple(rows), spec=_origins(page_language()), height=260,
    )  # fmt: skip


@cache
def _origins(language: str) -> dict[str, Any]:
    import altair as alt

    base = alt.Chart(alt.NamedData(name=ROWS), width="container", height=220).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("auc:Q", title="AUC", scale=alt.Scale(zero=False)),
        detail="method:N",
        color=alt.condition("datum.model", alt.value(PALETTE[1]), alt.value(GREY)),
        tooltip=[
            alt.Tooltip("method:N", title=say("Method")),
            alt.Tooltip("year:O", title=say("Year")),
            alt.Tooltip("auc:Q", title="AUC", format=".3f"),
        ],
    )
    return dict((base.mark_line(strokeWidth=2) + base.mark_circle(size=40, opacity=1)).to_dict())
