"""The report: self-contained, safe against what titles hold, complete in both languages."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from foretrack.domains.foresight.doors.report.charts import (
    Point,
    line_chart,
    nice_top,
    sparkline,
    stacked_bars,
)
from foretrack.domains.foresight.doors.report.page import Report, render
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


@pytest.fixture(params=["en", "zh"])
def page(request: pytest.FixtureRequest, report: Report) -> str:
    return render(report, speak(request.param))


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


def test_the_chinese_report_is_chinese_throughout(report: Report) -> None:
    """Only names, identifiers and what the corpus says itself may be in Latin letters."""
    text = " ".join(parsed(render(report, speak("zh"))).text)
    english = parsed(render(report, speak("en"))).text
    phrases = {line.strip() for line in english if len(re.findall(r"[A-Za-z]{2,}", line)) >= 3}
    own = {note.strip() for note in (*report.summary.notes, *report.corpus.breaks, report.command)}
    named = ("An invented", "foretrack ", "<script>", "materials / invented-track")
    left = [p for p in phrases if p in text and p not in own and not p.startswith(named)]

    assert left == []


def test_it_stays_small(report: Report) -> None:
    """Fifty cards must fit into a mail attachment."""
    many = dataclasses.replace(report, pages=report.pages * 5)

    assert len(render(many, speak("en")).encode()) < 2_000_000


def test_a_list_without_a_ranked_concept_says_so(report: Report) -> None:
    nothing = dataclasses.replace(
        report, pages=(), listing=dataclasses.replace(report.listing, items=(), n_ranked=0)
    )

    assert "No concept has enough evidence" in render(nothing, speak("en"))


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
