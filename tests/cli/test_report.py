"""The report: self-contained, safe against what titles hold, complete in both languages."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from foretrack.domains.foresight.answers import SeriesPoint
from foretrack.domains.foresight.doors.report.charts import (
    Ahead,
    Point,
    line_chart,
    nice_top,
    sparkline,
    stacked_bars,
)
from foretrack.domains.foresight.doors.report.page import Report, render, standardised
from foretrack.domains.foresight.doors.speech import speak

VOID = {"meta", "input", "br", "link", "img", "hr"}


class Tree(HTMLParser):
    """Checks that every element is closed in order, and collects addresses, identifiers and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.loads += [str(given[name]) for name in ("src", "srcset", "data") if name in given]
        if tag == "link":
            self.loads.append(str(given.get("href")))
        if tag == "a":
            self.links.append(str(given.get("href")))
        if "id" in given:
            self.ids.append(str(given["id"]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Self-closed SVG shapes need no end."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in {"script", "style"}:
            self.text.append(data)


def parsed(page: str) -> Tree:
    tree = Tree()
    tree.feed(page)
    assert tree.open == []
    return tree


@pytest.fixture(params=["en", "zh", "en foreseen", "zh foreseen"])
def page(request: pytest.FixtureRequest, report: Report, foreseen: Report) -> str:
    language, _, which = request.param.partition(" ")
    return render(foreseen if which else report, speak(language))


def test_it_refers_to_no_other_file(page: str) -> None:
    tree = parsed(page)

    assert tree.loads == []
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_its_links_lead_to_dois_and_into_itself_only(page: str) -> None:
    tree = parsed(page)
    inside = {link[1:] for link in tree.links if link.startswith("#")}

    assert inside <= set(tree.ids)
    assert len(tree.ids) == len(set(tree.ids))
    assert [link for link in tree.links if not link.startswith(("#", "https://doi.org/"))] == []


def test_a_label_that_is_code_is_shown_not_run(page: str) -> None:
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_it_names_where_its_numbers_come_from(page: str, report: Report) -> None:
    text = " ".join(parsed(page).text)

    for fact in (report.summary.snapshot, report.summary.method, report.summary.scan, report.command, "CN"):
        assert fact in text


def test_it_counts_what_has_not_enough_evidence(page: str) -> None:
    assert "310" in page


@pytest.mark.parametrize("which", ["report", "foreseen"])
def test_the_chinese_report_is_chinese_throughout(request: pytest.FixtureRequest, which: str) -> None:
    """Only names, identifiers and what the corpus says itself may be in Latin letters."""
    report: Report = request.getfixturevalue(which)
    text = " ".join(parsed(render(report, speak("zh"))).text)
    english = parsed(render(report, speak("en"))).text
    phrases = {line.strip() for line in english if len(re.findall(r"[A-Za-z]{2,}", line)) >= 3}
    own = {note.strip() for note in (*report.summary.notes, *report.corpus.breaks, report.command)}
    named = (
        "An invented",
        "foretrack ",
        "<script>",
        "materials / invented-track",
        "glass battery",
        "tidal robot",
    )
    left = [p for p in phrases if p in text and p not in own and not p.startswith(named)]

    assert left == []


def test_it_stays_small(foreseen: Report) -> None:
    """Fifty cards must fit into a mail attachment."""
    many = dataclasses.replace(foreseen, pages=foreseen.pages * 5)

    assert len(render(many, speak("en")).encode()) < 2_000_000


def test_a_list_without_a_ranked_concept_says_so(report: Report) -> None:
    nothing = dataclasses.replace(
        report, pages=(), listing=dataclasses.replace(report.listing, items=(), n_ranked=0)
    )

    assert "No concept has enough evidence" in render(nothing, speak("en"))


def html(page: str) -> Any:
    return etree.HTML(page)


def text_of(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_a_list_with_forecasts_shows_the_chance_in_its_last_column(foreseen: Report) -> None:
    page = html(render(foreseen, speak("en")))
    table = page.find(".//table[@id='ranked']")

    assert table.findall(".//th[@scope='col']")[-1].text == "Extreme growth"
    assert [row.findall("td")[-1].text for row in table.findall(".//tbody/tr")[:3]] == [
        "90 %",
        "45 %",
        "30 %",
    ]
    text = text_of(page)
    assert "ordered by the probability of extreme growth" in text
    assert "Extreme growth is a probability: that by 2025" in text
    assert "It is not a probability" not in text


def test_a_list_without_forecasts_shows_its_score(report: Report) -> None:
    page = html(render(report, speak("en")))
    table = page.find(".//table[@id='ranked']")

    assert table.findall(".//th[@scope='col']")[-1].text == "Score"
    assert table.findall(".//tbody/tr")[1].findall("td")[-1].text == "0.500"
    text = text_of(page)
    assert "xtreme growth" not in text
    assert "It is not a probability" in text
    assert not page.findall(".//*[@class='fan80']")


def test_a_ranked_concept_that_was_not_forecast_claims_no_chance(foreseen: Report) -> None:
    first, *others = foreseen.listing.items
    unknown = dataclasses.replace(first, p_eg3=None)
    listing = dataclasses.replace(foreseen.listing, items=(unknown, *others))
    page = html(render(dataclasses.replace(foreseen, listing=listing), speak("en")))

    assert page.find(".//table[@id='ranked']/tbody/tr").findall("td")[-1].text == "–"


def test_a_card_tells_its_forecast_in_the_chart_in_a_table_and_among_the_measures(foreseen: Report) -> None:
    page = html(render(foreseen, speak("en")))
    card = page.find(".//article[@id='c-k0001']")

    assert len(card.findall(".//*[@class='hover']")) == 5
    assert "2025, forecast: median 3.8 %" in card.findall(".//*[@class='hover']")[2][0].text
    rows = [[cell.text for cell in row] for row in card.findall(".//table/tbody/tr")]
    assert rows[2] == ["2025", "3.8 %", "2.1 … 5.7 %", "0.87 … 9.6 %"]
    measures = {each.findtext("dt"): each.findtext("dd/b") for each in card.findall(".//dl/div")}
    assert measures["Extreme growth within three years"] == "90 %"
    assert measures["Doubling within three years"] == "60 %"
    assert measures["Share expected in 2025"] == "3.8 %"
    top = [
        each.findtext("dd/b")
        for each in page.findall(".//dl/div")
        if each.findtext("dt") == "Among the largest 5 %"
    ]
    assert top[:3] == ["2025", "not within five years", "already"]


def test_technologies_are_listed_with_stage_chance_and_events(foreseen: Report) -> None:
    page = html(render(foreseen, speak("en")))
    section = page.find(".//section[@id='technologies']")
    rows = section.findall(".//tbody/tr")

    assert len(rows) == 20
    first = text_of(rows[0])
    for said in (
        "glass battery / moss computing",
        "tidal robot · <script>",
        "emerging",
        "77 %",
        "2022 took up others",
    ):
        assert said in first
    assert rows[19].findall("td")[-1].text == "–"
    assert "The first 20 of 184; 24 of all" in text_of(section)


def test_without_technologies_the_report_says_so(report: Report, foreseen: Report) -> None:
    assert "This scan has no technologies" in render(report, speak("en"))
    assert foreseen.technologies is not None
    none_of_track = dataclasses.replace(foreseen.technologies, track="invented-track", items=())
    page = render(dataclasses.replace(foreseen, technologies=none_of_track), speak("en"))
    assert "No technology of this scan is labelled with this track." in page


def test_shares_beside_a_forecast_are_those_that_are_forecast() -> None:
    """A source that begins is no growth: 2 of 10, then the same with a source that has nothing."""
    points = (
        SeriesPoint(2020, "all", "all", 2, 10, 0.2), SeriesPoint(2021, "all", "all", 2, 40, 0.05),
        SeriesPoint(2020, "a", "paper", 2, 10, 0.2), SeriesPoint(2021, "a", "paper", 2, 10, 0.2),
        SeriesPoint(2021, "b", "paper", 0, 30, 0.0),
    )  # fmt: skip

    assert standardised(points) == pytest.approx({2020: 0.2, 2021: 0.08})
    assert standardised(points[:2]) == pytest.approx({2020: 0.2, 2021: 0.05})


def coming(year: int, shares: list[float]) -> Ahead:
    low, lower, middle, upper, high = shares
    return Ahead(year, low, lower, middle, upper, high, 'told <b>"so"</b> & more')


@given(
    st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=9),
    st.lists(st.tuples(*[st.floats(min_value=0, max_value=1)] * 5).map(sorted), min_size=1, max_size=5),
)
def test_every_fan_stays_inside_the_drawing(values: list[float], shares: list[list[float]]) -> None:
    points = [Point(2000 + i, value, "") for i, value in enumerate(values)]
    ahead = [coming(points[-1].year + 1 + i, each) for i, each in enumerate(shares)]
    drawing = etree.fromstring(line_chart(points, described="x", ahead=ahead, ahead_named="<later>"))
    corners = [
        tuple(map(float, pair.split(",")))
        for each in drawing.iter("polygon")
        for pair in each.get("points", "").split()
    ]

    assert all(-0.1 <= x <= 460.1 and -0.1 <= y <= 190.1 for x, y in corners)
    assert len(drawing.findall("rect")) == len(shares)


@given(st.lists(st.floats(min_value=0, max_value=1), max_size=30))
def test_every_series_gives_a_drawing_that_is_xml(values: list[float]) -> None:
    points = [Point(2000 + 2 * i, value, 'told <b>"so"</b> & more') for i, value in enumerate(values)]

    for drawing in (sparkline(values, described="<&>"), line_chart(points, described='"<&>"')):
        assert (drawing == "") == (values == [])
        if drawing:
            etree.fromstring(drawing)
            assert not re.search(r"\b(?:nan|inf)\b", drawing)


def test_bars_are_stacked_to_the_total() -> None:
    drawing = etree.fromstring(stacked_bars({2020: {"a": 3, "b": 1}}, ["a", "b"], described="x"))

    heights = [float(bar.get("height", "0")) for bar in drawing.iter("rect")]
    assert heights[0] == pytest.approx(3 * heights[1], rel=0.02)


def test_a_gap_in_the_years_is_a_gap_in_the_line() -> None:
    drawing = line_chart([Point(2000, 0.1, ""), Point(2001, 0.2, ""), Point(2005, 0.3, "")], described="x")

    assert drawing.count("<polyline") == 2


@given(st.floats(min_value=1e-9, max_value=1e9))
def test_the_axis_ends_above_the_peak_but_not_far(peak: float) -> None:
    assert peak <= nice_top(peak) <= 2.5001 * peak
