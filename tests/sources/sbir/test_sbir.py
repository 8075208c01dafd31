"""SBIR awards as CSV, Excel and JSON: values, the same award in each, bad rows, fuzz."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions
from foretrack.sources.kit.opening import open_bytes, open_file
from foretrack.sources.sbir import CONNECTORS

SAMPLES = Path(__file__).parent / "samples"
CSV, EXCEL, JSON = CONNECTORS
BY_NAME = {"awards.csv": CSV, "awards.xlsx": EXCEL, "awards.json": JSON}


def read(connector: Connector, data: bytes) -> list[Parsed | Rejected]:
    return list(connector.parse(open_bytes(data, "sample"), ParseOptions()))


def documents(name: str) -> list[Document]:
    with open_file(SAMPLES / name) as (opened,):
        rows = list(BY_NAME[name].parse(opened, ParseOptions()))
    assert not [row for row in rows if isinstance(row, Rejected)]
    return [row.document for row in rows if isinstance(row, Parsed)]


FIRST = Document(
    kind="project",
    source="sbir",
    source_id="N201-001-0001/N68335-21-C-0001/II",
    title="Invented sample: gimbal for small drones",
    published="2021-03-04",
    abstract='A gimbal holds the camera "still".',
    language="en",
    subtype="sbir phase ii",
    authors=("Ada Okafor",),
    organisations=(Organisation("Halden Aerial Systems, Inc.", country="US"),),
    countries=("US",),
    classes=("sbir-topic:N201-001",),
    funding=1749998.5,
    currency="USD",
    funder="Department of Defense, Navy",
)


@pytest.mark.parametrize("name", ["awards.csv", "awards.xlsx"])
def test_tables_have_every_field(name: str) -> None:
    first, second = documents(name)
    assert first == FIRST
    assert (second.published, second.funding, second.currency) == ("2020", None, None)
    assert (second.abstract, second.funder) == (None, "Department of Energy")
    assert second.organisations == (
        Organisation("Harbour Cells Corporation"),
        Organisation("Harbour Invented Institute"),
    )


def test_api_has_the_same_award_with_keywords_and_link() -> None:
    first, second = documents("awards.json")
    assert first == dataclasses.replace(
        FIRST, keywords=("gimbal", "camera", "drone"), url="https://www.sbir.gov/awards/1"
    )
    assert (second.source_id, second.published, second.funder) == ("T4.02-2002/I", "2019", "NASA")


def test_each_sample_is_detected_by_its_own_connector_alone() -> None:
    for name, connector in BY_NAME.items():
        with open_file(SAMPLES / name) as (opened,):
            sample = opened.sample()
        assert [c.name for c in CONNECTORS if c.detect(sample) == 0.95] == [connector.name]
        assert [c.name for c in CONNECTORS if c.detect(sample) > 0] == [connector.name]


def test_short_row_is_rejected_with_its_number() -> None:
    text = (SAMPLES / "awards.csv").read_text()
    rows = read(CSV, (text + "Some company,A title\n").encode())
    assert isinstance(rows[2], Rejected)
    assert (rows[2].position, rows[2].excerpt) == ("row 4", "Some company | A title")


def test_award_without_year_is_rejected() -> None:
    (row,) = read(JSON, b'[{"firm":"F","award_title":"T","agency":"A","phase":"Phase I","program":"SBIR"}]')
    assert isinstance(row, Rejected)
    assert row.reason == "no publication date"


def test_table_of_companies_is_refused() -> None:
    with pytest.raises(InputError, match="Award Title"):
        read(CSV, b"Company,City,State\nA,B,C\n")


@settings(max_examples=150, deadline=None)
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
