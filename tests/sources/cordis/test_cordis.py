"""CORDIS projects: values in every shape, tables that are no documents, bad rows, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError, SourceError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.cordis import CONNECTORS
from foretrack.sources.kit.connector import Connector, ParseOptions
from foretrack.sources.kit.opening import open_bytes

SAMPLES = Path(__file__).parent / "samples"
CSV, JSON, XML = CONNECTORS
BY_NAME = {"project.csv": CSV, "fp7.csv": CSV, "project.json": JSON, "project.xml": XML}


def read(connector: Connector, data: bytes, name: str = "sample") -> list[Parsed | Rejected]:
    return list(connector.parse(open_bytes(data, name), ParseOptions()))


def documents(name: str) -> list[Document]:
    rows = read(BY_NAME[name], (SAMPLES / name).read_bytes())
    assert not [row for row in rows if isinstance(row, Rejected)]
    return [row.document for row in rows if isinstance(row, Parsed)]


def test_every_field() -> None:
    first, second = documents("project.csv")
    assert first == Document(
        kind="project",
        source="cordis",
        source_id="999000001",
        title="Invented sample: soft grippers",
        published="2024-01-01",
        abstract='Grippers made of gel hold fruit; "gently". They are cheap.',
        keywords=("soft robotics", "grippers"),
        doi="10.3030/999000001",
        ids=("cordis-rcn:990001",),
        subtype="horizon-erc",
        classes=("eu-programme:HORIZON.1.1", "eu-topic:ERC-2023-STG"),
        funding=2499998.75,
        currency="EUR",
        funder="European Commission",
        updated="2024-01-15",
    )
    assert (second.published, second.funding, second.currency) == ("2022-06-01", None, None)


def test_json_says_the_same_as_csv() -> None:
    assert documents("project.json") == documents("project.csv")


def test_old_programmes_name_their_participants() -> None:
    (project,) = documents("fp7.csv")
    assert (project.source_id, project.funding) == ("998001", 3100000.0)
    assert project.organisations == (
        Organisation("EREVNA INVENTED", country="GR"),
        Organisation("Harbour Invented Institute", country="PT"),
        Organisation("Invented College", country="GB"),
    )
    assert project.countries == ("GR", "PT", "GB")
    assert project.url == "https://example.org/oldone"


def test_xml_with_organisations() -> None:
    (project,) = documents("project.xml")
    assert (project.source_id, project.title) == ("999000003", "Invented sample: fast cells")
    assert (project.published, project.funding, project.doi) == (
        "2021-01-01",
        4343180.0,
        "10.3030/999000003",
    )
    assert (project.language, project.keywords) == ("en", ("battery", "charging"))
    assert project.organisations == (
        Organisation("EREVNA INVENTED", country="GR"),
        Organisation("Invented College", country="GB"),
    )


def test_each_sample_is_detected_by_its_own_connector_alone() -> None:
    for name, connector in BY_NAME.items():
        sample = open_bytes((SAMPLES / name).read_bytes(), "anything").sample()
        assert [c.name for c in CONNECTORS if c.detect(sample) > 0] == [connector.name]
        assert connector.detect(sample) >= 0.95


@pytest.mark.parametrize(
    ("connector", "data", "what"),
    [
        (CSV, b'"projectID";"projectAcronym";"organisationID";"name"\n"1";"A";"2";"B"\n', "organisations"),
        (CSV, b'"projectID";"topic";"title"\n"1";"A";"B"\n', "topics"),
        (JSON, b'[{"projectID": "1", "organisationID": "2", "name": "B"}]', "organisations"),
        (JSON, b'[{"projectID": "1", "euroSciVocCode": "/21"}]', "fields of science"),
    ],
)
def test_tables_beside_the_projects_are_refused_by_name(connector: Connector, data: bytes, what: str) -> None:
    assert connector.detect(open_bytes(data).sample()) == 0.9
    with pytest.raises(InputError, match=what) as caught:
        read(connector, data, "organization.csv")
    assert "project.csv" in caught.value.do


def test_short_row_is_rejected_with_its_number() -> None:
    text = (SAMPLES / "project.csv").read_text()
    rows = read(CSV, (text + '"999000009";"CUT"\n').encode())
    assert isinstance(rows[2], Rejected)
    assert (rows[2].position, rows[2].excerpt) == ("row 4", "999000009 | CUT")


def test_truncated_files_keep_what_came_before() -> None:
    whole = (SAMPLES / "project.csv").read_bytes()
    rows = CSV.parse(open_bytes(whole[:-60]), ParseOptions())
    assert isinstance(next(rows), Parsed)
    with pytest.raises(SourceError, match="never closed"):
        next(rows)
    with pytest.raises(SourceError):
        read(XML, (SAMPLES / "project.xml").read_bytes()[:-20])


def test_entity_expansion_is_refused() -> None:
    data = (SAMPLES / "project.xml").read_bytes()
    with pytest.raises(SourceError, match="entity"):
        read(XML, data.replace(b"<project ", b'<!DOCTYPE project [<!ENTITY a "aa">]>\n<project ', 1))


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
