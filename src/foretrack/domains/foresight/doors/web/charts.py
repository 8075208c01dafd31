"""Charts of the lookout: each specification is built once, over rows named `rows`, and given its rows by a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from foretrack.domains.foresight.answers import Contribution, SeriesPoint, ShareQuantiles
from foretrack.domains.foresight.doors.report.page import standardised, whole_series
from foretrack.domains.foresight.doors.web.sources import kind_word
from foretrack.foundation.spreadsheets import Cell
from foretrack.web.charts import ROWS, Chart, Column
from foretrack.web.speech import page_language, say

LINES_SHOWN = 8
"""Sources and kinds that get a line of their own; the palette has no more colours that can be told apart."""
QUANTILES = ("q05", "q10", "q25", "q50", "q75", "q90", "q95")

Link = Callable[[int], str]
"""Year to the address of the documents that were counted in it."""


def state_chart(states: Mapping[str, int]) -> Chart:
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

    base = alt.Chart().encode(
        y=alt.Y("state:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=8)),
        x=alt.X("n:Q", title=None, axis=None),
    )
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        tooltip=_tips(("state", say("State"), ""), ("n", say("Concepts"), ",d"))
    )
    labels = base.mark_text(align="left", dx=5).encode(text=alt.Text("n:Q", format=",d"))
    return _spec(alt.layer(bars, labels), height=160)


def share_chart(
    series: Sequence[SeriesPoint], quantiles: Sequence[ShareQuantiles], *, partial: int | None, link: Link
) -> Chart:
    """The share of each year's documents, and what it may be in the years that come.

    Args:
        partial: the last year where the corpus does not hold all of it.
    """
    past = whole_series(tuple(series))
    several = len({(p.source, p.kind) for p in series if p.source != "all"}) > 1
    # A forecast is of the share standardised over sources: the past beside it must be the same share.
    drawn = standardised(tuple(series)) if quantiles else {p.year: p.share for p in past}
    rows: list[dict[str, Cell]] = []
    for point in past:
        if point.year in drawn:
            cut = point.year == partial
            rows.append({
                "year": point.year, "part": say("counted, year not complete") if cut else say("counted"),
                "share": drawn[point.year], "n": point.n_documents, "total": point.n_total, "partial": cut,
                "now": point is past[-1], "href": link(point.year) if point.n_documents else None,
            })  # fmt: skip
    rows += [
        {"year": q.year, "part": say("forecast"), **{name: getattr(q, name) for name in QUANTILES}}
        for q in quantiles
    ]
    about = say(
        "Share of each year's documents; hover over a year for its counts, click it for its documents."
    )
    if quantiles:
        about += " " + say(
            "Shaded: where the share will be with a probability of 50, 80 and 90%; "
            "the line within is as likely too high as too low."
        )
        if several:
            about += " " + say(
                "The share is standardised over sources and kinds, so that a source that begins or ends moves nothing."
            )
    if partial is not None:
        about += " " + say("The last year is not complete: its point is open.")
    return Chart(
        name="share", title=say("Share of documents per year"), about=about,
        shown=(
            Column("year", say("Year"), "year"), Column("part", say("Counted or forecast")),
            Column("share", say("Share"), "share"), Column("n", say("Documents"), "count"),
            Column("total", say("Of all"), "count"),
            *(Column(name, say("{n}% quantile", n=int(name[1:])), "share") for name in QUANTILES if quantiles),
        ),
        rows=tuple(rows), spec=_share(page_language(), bool(quantiles), partial is not None), height=360,
    )  # fmt: skip


@cache
def _share(language: str, forecast: bool, cut_off: bool) -> dict[str, Any]:
    import altair as alt

    x = alt.X("year:Q", title=None, scale=alt.Scale(zero=False, nice=False, padding=12),
              axis=alt.Axis(format="d", tickMinStep=1, grid=False, labelOverlap=True))  # fmt: skip

    def y(name: str) -> Any:
        axis = alt.Axis(format=".2~%", tickCount=4, domain=False, ticks=False, labelPadding=6)
        return alt.Y(f"{name}:Q", title=None, axis=axis)

    counted = alt.Chart().transform_filter("isValid(datum.share)").encode(x=x, y=y("share"))
    whole = counted.transform_filter("!datum.partial") if cut_off else counted
    layers: list[Any] = [
        counted.mark_line(strokeWidth=2), whole.mark_point(filled=True, size=34, opacity=1),
    ]  # fmt: skip
    if cut_off:
        open_ones = counted.transform_filter("datum.partial")
        layers.append(open_ones.mark_point(filled=False, size=60, strokeWidth=2))
    tips = _tips(("year", say("Year"), ""), ("share", say("Share"), ".2~%"), ("n", say("Documents"), ",d"),
                 ("total", say("Of all"), ",d"), ("part", say("Counted or forecast"), ""))  # fmt: skip
    # Points are small: what can be hovered over and clicked is larger than what is seen.
    layers.append(counted.mark_point(filled=True, size=320, opacity=0, cursor="pointer").encode(tooltip=tips))
    if forecast:
        layers = [*_fan(x, y), *layers, *_ahead(x, y)]
    return _spec(alt.layer(*layers), height=320)


def _fan(x: Any, y: Callable[[str], Any]) -> list[Any]:
    """Areas of the probable shares; they open from what was counted last: that year's quantiles are its share."""
    import altair as alt

    calculated = {name: f"datum.now ? datum.share : datum.{name}" for name in QUANTILES}
    opened = alt.Chart().transform_filter("datum.now || isValid(datum.q50)").transform_calculate(**calculated)
    bands = [
        opened.mark_area(opacity=opacity).encode(x=x, y=y(low), y2=f"{high}:Q")
        for low, high, opacity in (("q05", "q95", 0.14), ("q10", "q90", 0.16), ("q25", "q75", 0.22))
    ]
    return [*bands, opened.mark_line(strokeDash=[5, 4], strokeWidth=2).encode(x=x, y=y("q50"))]


def _ahead(x: Any, y: Callable[[str], Any]) -> list[Any]:
    """What is read off the coming years, and the word that names them."""
    import altair as alt

    coming = alt.Chart().transform_filter("isValid(datum.q50)")
    tips = _tips(("year", say("Year"), ""), ("q50", say("Median"), ".2~%"), ("q10", say("10% quantile"), ".2~%"),
                 ("q90", say("90% quantile"), ".2~%"), ("part", say("Counted or forecast"), ""))  # fmt: skip
    last = coming.transform_window(place="row_number()", sort=[alt.SortField("year", order="descending")])
    return [
        coming.mark_point(filled=True, size=320, opacity=0).encode(x=x, y=y("q50"), tooltip=tips),
        last.transform_filter("datum.place == 1").mark_text(align="right", dy=-8, fontSize=12)
        .encode(x=x, y=y("q95"), text="part:N"),
    ]  # fmt: skip


def strata_chart(series: Sequence[SeriesPoint], *, link: Link) -> Chart | None:
    """The share in each source and kind of documents; None where there is one only."""
    parts: dict[tuple[str, str], int] = {}
    for p in series:
        if p.source != "all":
            parts[p.source, p.kind] = parts.get((p.source, p.kind), 0) + p.n_documents
    if len(parts) < 2:
        return None
    largest = sorted(parts, key=lambda part: (-parts[part], part))[:LINES_SHOWN]
    kinds = {kind for _, kind in parts}
    names = {part: part[0] if len(kinds) == 1 else f"{part[0]} · {kind_word(part[1])}" for part in largest}
    rows: tuple[dict[str, Cell], ...] = tuple(
        {
            "year": p.year, "group": names[p.source, p.kind], "share": p.share, "n": p.n_documents, "total": p.n_total,
            "href": link(p.year) if p.n_documents else None,
        }
        for p in series if (p.source, p.kind) in names
    )  # fmt: skip
    about = say("Share of the documents of each source and kind.")
    if len(parts) > LINES_SHOWN:
        about += " " + say("The {n} with the most documents of it are drawn.", n=LINES_SHOWN)
    return Chart(
        name="sources", title=say("By source and kind"), about=about,
        shown=(
            Column("year", say("Year"), "year"), Column("group", say("Source and kind")),
            Column("share", say("Share"), "share"), Column("n", say("Documents"), "count"),
            Column("total", say("Of all"), "count"),
        ),
        rows=rows, spec=_strata(page_language()), height=260,
    )  # fmt: skip


@cache
def _strata(language: str) -> dict[str, Any]:
    import altair as alt

    tips = _tips(("group", say("Source and kind"), ""), ("year", say("Year"), ""), ("share", say("Share"), ".2~%"),
                 ("n", say("Documents"), ",d"), ("total", say("Of all"), ",d"))  # fmt: skip
    base = alt.Chart().encode(
        x=alt.X("year:Q", title=None, scale=alt.Scale(zero=False, nice=False, padding=12),
                axis=alt.Axis(format="d", tickMinStep=1, grid=False, labelOverlap=True)),
        y=alt.Y("share:Q", title=None, axis=alt.Axis(format=".2~%", tickCount=4, domain=False, ticks=False)),
        color=alt.Color("group:N", sort=None, legend=alt.Legend(orient="bottom", title=None, labelLimit=240, columns=2)),
    )  # fmt: skip
    return _spec(
        alt.layer(base.mark_line(strokeWidth=2), base.mark_point(filled=True, size=60, opacity=1).encode(tooltip=tips)),
        height=220,
    )  # fmt: skip


def contribution_chart(contributions: Sequence[Contribution], names: Sequence[str]) -> Chart:
    """How the parts of a score add up, from nothing to the whole."""
    rows: list[dict[str, Cell]] = []
    at = 0.0
    for name, part in zip(names, contributions, strict=True):
        rows.append({
            "part": name, "adds": part.adds, "begin": at, "end": at + part.adds,
            "way": say("raises it") if part.adds >= 0 else say("lowers it"),
        })  # fmt: skip
        at += part.adds
    rows.append({"part": say("Together"), "adds": at, "begin": 0.0, "end": at, "way": say("the score")})
    return Chart(
        name="parts", title=say("How the score came about"),
        about=say("Each part begins where the one before ends; together they are the score before it is turned into a probability."),  # noqa: E501 - one sentence of the catalogue
        shown=(
            Column("part", say("Part")), Column("adds", say("Adds"), "number"), Column("begin", say("From"), "number"),
            Column("end", say("To"), "number"), Column("way", say("What it does")),
        ),
        rows=tuple(rows), spec=_parts(page_language()), height=360,
    )  # fmt: skip


@cache
def _parts(language: str) -> dict[str, Any]:
    import altair as alt

    base = alt.Chart().encode(
        y=alt.Y("part:N", sort=None, title=None,
                axis=alt.Axis(ticks=False, domain=False, labelPadding=8, labelLimit=220)),
    )  # fmt: skip
    bars = base.mark_bar(cornerRadius=2).encode(
        x=alt.X("begin:Q", title=None, scale=alt.Scale(padding=44, nice=False),
                axis=alt.Axis(tickCount=6, domain=False, ticks=False)),
        x2="end:Q",
        color=alt.Color("way:N", legend=alt.Legend(orient="bottom", title=None),
                        scale=alt.Scale(domain=[say("raises it"), say("lowers it"), say("the score")])),
        tooltip=_tips(("part", say("Part"), ""), ("adds", say("Adds"), "+.2f"), ("way", say("What it does"), "")),
    )  # fmt: skip
    labels = (
        base.transform_calculate(right="max(datum.begin, datum.end)")
        .mark_text(align="left", dx=5)
        .encode(x="right:Q", text=alt.Text("adds:Q", format="+.2f"))
    )
    return _spec(alt.layer(bars, labels), height=300)


def track_chart(points: Sequence[SeriesPoint], *, partial: int | None) -> Chart:
    """The share of all documents that carry a concept of a track."""
    rows: tuple[dict[str, Cell], ...] = tuple(
        {
            "year": p.year, "part": say("counted, year not complete") if p.year == partial else say("counted"),
            "share": p.share, "n": p.n_documents, "total": p.n_total, "partial": p.year == partial, "now": False,
        }
        for p in points
    )  # fmt: skip
    return Chart(
        name="share", title=say("Documents on this track per year"),
        about=say("Share of each year's documents that carry a concept which is more likely than not on this track."),
        shown=(
            Column("year", say("Year"), "year"), Column("share", say("Share"), "share"),
            Column("n", say("Documents"), "count"), Column("total", say("Of all"), "count"),
        ),
        rows=rows, spec=_share(page_language(), forecast=False, cut_off=partial is not None), height=360,
    )  # fmt: skip


def _tips(*fields: tuple[str, str, str]) -> list[Any]:
    import altair as alt

    return [
        alt.Tooltip(f"{name}:Q", title=title, format=how) if how else alt.Tooltip(f"{name}:N", title=title)
        for name, title, how in fields
    ]


def _spec(chart: Any, *, height: int) -> dict[str, Any]:
    import altair as alt

    whole = chart.properties(data=alt.NamedData(name=ROWS), width="container", height=height)
    return dict(whole.to_dict())
