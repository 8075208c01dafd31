"""ISO Open Data in three formats: values, projects in progress, lists that are no documents, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError, SourceError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.iso import CONNECTORS
from foretrack.sources.kit.connector import Connector, ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes, open_file

SAMPLES = Path(__file__).parent / "samples"
JSONL, CSV, PARQUET = CONNECTORS
BY_NAME = {"deliverables.jsonl": JSONL, "deliverables.csv": CSV, "deliverables.parquet": PARQUET}


def read(connector: Connector, data: bytes, name: str = "sample") -> list[Parsed | Rejected]:
    opened = open_bytes(data, name)
    try:
        return list(connector.parse(opened, ParseOptions()))
    finally:
        opened.close()


def seen(data: bytes) -> Sample:
    opened = open_bytes(data, "x")
    try:
        return opened.sample()
    finally:
        opened.close()


@pytest.mark.parametrize("name", BY_NAME)
def test_every_format_says_the_same(name: str) -> None:
    first, second, third = read(BY_NAME[name], (SAMPLES / name).read_bytes())
    assert isinstance(first, Parsed)
    assert first.document == Document(
        kind="standard",
        source="iso",
        source_id="990001",
        title="Invented sample — Coding of smells — Part 5: Exchange format",
        published="2013-04-26",
        abstract="This invented document specifies the exchange of smells.",
        language="en",
        alt_language="fr",
        alt_title="Exemple inventé — Codage des odeurs — Partie 5: Format",
        ids=("std:ISO/IEC 99001-5:2013",),
        subtype="international standard",
        organisations=(Organisation("ISO/IEC JTC 1/SC 999"),),
        venue="ISO/IEC",
        publisher="International Organization for Standardization",
        classes=("ics:35.040.30", "ics:35.020", "stage:95.99"),
        references=("iso:880001",),
        url="https://www.iso.org/standard/990001.html",
    )
    assert isinstance(second, Parsed)
    assert (second.document.subtype, second.document.abstract) == ("amendment", None)
    assert (second.document.alt_title, second.document.references) == (None, ())
    assert isinstance(third, Rejected)
    assert third.reason == "no publication date: ISO/CD 99003 is a project in progress (stage 30.20)"


def test_withdrawn_standard_still_counts_for_its_time() -> None:
    first = read(JSONL, (SAMPLES / "deliverables.jsonl").read_bytes())[0]
    assert isinstance(first, Parsed)
    assert first.document.status == "active"


def test_each_sample_is_detected_by_its_own_connector_alone() -> None:
    for name, connector in BY_NAME.items():
        with open_file(SAMPLES / name) as (opened,):
            sample = opened.sample()
        assert [c.name for c in CONNECTORS if c.detect(sample) == 1.0] == [connector.name]
        assert [c.name for c in CONNECTORS if c.detect(sample) > 0] == [connector.name]


@pytest.mark.parametrize(
    ("connector", "data", "what"),
    [
        (
            JSONL,
            b'{"id":48148,"reference":"ISO/TC 38","title":{},"secretariat":"SAC","childrenId":[]}\n',
            "technical committees",
        ),
        (CSV, b"id,reference,status,title.en,secretariat\n1,ISO/TC 38,A,T,SAC\n", "technical committees"),
        (CSV, b"identifier,parent,titleEn,titleFr,scopeEn\n35.030,35,IT,TI,\n", "classes of the ICS"),
    ],
)
def test_lists_beside_the_deliverables_are_refused_by_name(
    connector: Connector, data: bytes, what: str
) -> None:
    assert connector.detect(open_bytes(data).sample()) == 0.9
    with pytest.raises(InputError, match=what) as caught:
        read(connector, data, "committees")
    assert "iso_deliverables_metadata" in caught.value.do


def test_half_a_line_is_rejected_and_the_next_is_read() -> None:
    lines = (SAMPLES / "deliverables.jsonl").read_bytes().split(b"\n")
    rows = read(JSONL, b"\n".join([lines[0], lines[1][:80], lines[1]]))
    assert [type(row) for row in rows] == [Parsed, Rejected, Parsed]
    assert isinstance(rows[1], Rejected)
    assert rows[1].position == "line 2"


def test_short_row_is_rejected_with_its_number() -> None:
    data = (SAMPLES / "deliverables.csv").read_bytes()
    rows = read(CSV, data + b"990009,IS,,ISO 9\n")
    assert isinstance(rows[3], Rejected)
    assert rows[3].position == "row 5"


def test_truncated_parquet_is_a_clear_error() -> None:
    data = (SAMPLES / "deliverables.parquet").read_bytes()
    with pytest.raises(SourceError, match="Parquet"):
        read(PARQUET, data[:-30])
    assert PARQUET.detect(seen(data)) == 1.0
    assert PARQUET.detect(seen(data[:-30])) == 0.0


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_fuzz(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(BY_NAME)))
    body = bytearray((SAMPLES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=10))
    try:
        assert 0 <= PARQUET.detect(seen(bytes(body))) <= 1
        rows = read(BY_NAME[name], bytes(body))
    except ForetrackError:
        return
    assert all(isinstance(row, Parsed | Rejected) for row in rows)
