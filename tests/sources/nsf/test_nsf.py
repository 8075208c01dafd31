"""NSF awards in five shapes: values, bad rows, hostile XML, broken JSON, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError, SourceError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes
from foretrack.sources.nsf import CONNECTORS

SAMPLES = Path(__file__).parent / "samples"
CSV, XML, JSON = CONNECTORS
BY_NAME = {"award-search.csv": CSV, "awards.xml": XML, "api.json": JSON, "download.json": JSON}


def read(connector: Connector, data: bytes) -> list[Parsed | Rejected]:
    return list(connector.parse(open_bytes(data, "sample"), ParseOptions()))


def documents(name: str) -> list[Document]:
    rows = read(BY_NAME[name], (SAMPLES / name).read_bytes())
    assert not [row for row in rows if isinstance(row, Rejected)]
    return [row.document for row in rows if isinstance(row, Parsed)]


def test_csv_has_every_field() -> None:
    first, second = documents("award-search.csv")
    assert first == Document(
        kind="project",
        source="nsf",
        source_id="9900001",
        title="Invented sample: soft grippers, gentle hands",
        published="2021-08-01",
        abstract="Grippers made of gel hold fruit.",
        language="en",
        subtype="standard grant",
        authors=("Ada Okafor", "Per Lindqvist", "Ines Roca"),
        organisations=(Organisation("Rivermouth Invented University", country="US"),),
        countries=("US",),
        classes=("nsf-programme:6840", "nsf-programme:7495"),
        funding=499998.0,
        currency="USD",
        funder="US National Science Foundation",
        updated="2022-03-04",
        url="https://www.nsf.gov/awardsearch/showAward?AWD_ID=9900001",
    )
    assert (second.funding, second.abstract, second.authors) == (1250000.0, None, ("Lu Vega",))


def test_xml() -> None:
    first, second = documents("awards.xml")
    assert (first.source_id, first.title) == ("9900003", "Invented sample: ice & radar")
    assert (first.published, first.updated) == ("2021-10-01", "2022-09-02")
    assert first.abstract == "Radar sees through ice."
    assert first.authors == ("Ines Roca", "Per Lindqvist")
    assert first.organisations == (Organisation("Harbour Invented Institute", country="US"),)
    assert (first.funding, first.classes) == (197832.0, ("nsf-programme:5280",))
    assert (second.funding, second.abstract) == (250000.0, None)


def test_api_answer() -> None:
    first, second = documents("api.json")
    assert (first.source_id, first.published, first.funding) == ("9900005", "2025-06-01", 797762.0)
    assert (first.authors, first.abstract) == (("Jane Vale", "Lu Vega"), "Clocks keep time.")
    assert first.countries == ("US",)
    assert (second.countries, second.abstract) == ((), None)


def test_yearly_download() -> None:
    (award,) = documents("download.json")
    assert (award.source_id, award.published, award.updated) == ("9900007", "2023-05-01", "2024-04-02")
    assert (award.funding, award.currency, award.classes) == (150000.0, "USD", ("nsf-programme:1610",))
    assert award.organisations == (Organisation("Harbour Invented Institute", country="US"),)


def test_each_sample_is_detected_by_its_own_connector_alone() -> None:
    for name, connector in BY_NAME.items():
        sample = open_bytes((SAMPLES / name).read_bytes(), "anything").sample()
        found = {c.name: c.detect(sample) for c in CONNECTORS}
        assert found.pop(connector.name) >= 0.95
        assert set(found.values()) == {0.0}


def test_short_row_is_rejected_with_its_number() -> None:
    lines = (SAMPLES / "award-search.csv").read_text().split("\n")
    rows = read(CSV, "\n".join([lines[0], '"9900009","Cut off"', *lines[1:]]).encode())
    assert [type(row) for row in rows] == [Rejected, Parsed, Parsed]
    assert isinstance(rows[0], Rejected)
    assert (rows[0].position, rows[0].reason) == ("row 2", "2 cells. Expected: 25, as the header has")


def test_truncated_xml_keeps_the_awards_before() -> None:
    data = (SAMPLES / "awards.xml").read_bytes()
    rows = XML.parse(open_bytes(data[: data.rindex(b"<AwardID>")]), ParseOptions())
    assert isinstance(next(rows), Parsed)
    with pytest.raises(SourceError):
        next(rows)


def test_entity_expansion_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(SourceError, match="entity"):
        read(XML, bomb + b"<rootTag><Award><AwardTitle>&b;</AwardTitle></Award></rootTag>")


def test_truncated_json_keeps_the_awards_before() -> None:
    data = (SAMPLES / "api.json").read_bytes()
    rows = JSON.parse(open_bytes(data[:-60]), ParseOptions())
    assert isinstance(next(rows), Parsed)
    with pytest.raises(SourceError):
        list(rows)


def test_award_without_title_or_date_is_rejected() -> None:
    rows = read(JSON, b'{"response":{"award":[{"id":"1","startDate":"01/01/2020"},{"id":"2","title":"T"}]}}')
    assert [row.reason for row in rows if isinstance(row, Rejected)] == ["no title", "no publication date"]


def test_table_without_the_columns_says_what_was_expected() -> None:
    with pytest.raises(InputError, match="AwardNumber"):
        read(CSV, b"a,b\n1,2\n")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_fuzz(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(BY_NAME)))
    body = bytearray((SAMPLES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=10))
    try:
        rows = read(BY_NAME[name], bytes(body))
    except ForetrackError:
        return
    assert all(isinstance(row, Parsed | Rejected) for row in rows)


@given(st.text(max_size=200))
def test_detection_never_raises(text: str) -> None:
    for connector in CONNECTORS:
        assert 0 <= connector.detect(Sample(b"", text, "x")) <= 1
