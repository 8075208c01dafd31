"""IEEE Xplore export: each field, the older layouts, missing values, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.ieee import CONNECTORS
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes

SAMPLE = Path(__file__).parent / "samples" / "ieee-csv.csv"
(CSV,) = CONNECTORS


def rows(data: str | bytes) -> list[Parsed | Rejected]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(CSV.parse(open_bytes(raw, "x.csv"), ParseOptions()))


def test_fields() -> None:
    first, second, third = rows(SAMPLE.read_bytes())
    assert isinstance(first, Parsed)
    assert first.document == Document(
        kind="paper",
        source="ieee",
        source_id="99000001",
        title="Invented record: a dashboard for antennas",
        published="2017-06-26",
        abstract="This record is invented.",
        keywords=("6G antenna", "dashboard", "Monitoring", "Antennas", "antenna arrays", "dashboards"),
        doi="10.1109/invented.2017.1",
        subtype="ieee conferences",
        authors=("B. Maple", "R. Willow"),
        organisations=(Organisation("Univ. of Invented", "AT"),),
        countries=("AT",),
        venue="2017 Invented Conference on Antennas",
        publisher="IEEE",
        cited_by=9,
        url="https://ieeexplore.ieee.org/stamp/stamp.jsp?arnumber=99000001",
        licence="IEEE",
    )
    assert isinstance(second, Parsed)
    assert (second.document.kind, second.document.published) == ("standard", "2021-02-01")
    assert isinstance(third, Rejected)
    assert (third.position, third.reason) == ("row 4", "no publication date")


def test_line_with_the_search_before_the_header_and_underscores() -> None:
    text = (
        "http://x.example/search?x=1\nDocument Title,Publication Title,Publication_Year,PDF Link\nT,J,2012,\n"
    )
    (only,) = rows(text)
    assert isinstance(only, Parsed)
    assert (only.document.published, only.document.source_id) == ("2012", "")
    assert CSV.detect(Sample(text.encode(), text, "x")) == 0.95


def test_notice_of_retraction() -> None:
    header = "Document Title,Publication Title,Publication Year,PDF Link\n"
    (only,) = rows(header + "Notice of Retraction: Invented record,J,2012,\n")
    assert isinstance(only, Parsed)
    assert only.document.status == "retracted"


def test_wrong_table_says_what_was_expected() -> None:
    with pytest.raises(InputError, match="Document Title"):
        rows("a,b\n1,2\n")


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=5), max_size=8))
@settings(max_examples=100, deadline=None)
def test_any_cells(cells: list[list[str]]) -> None:
    body = "\n".join(",".join(row) for row in cells)
    data = f"Document Title,Publication Title,Publication Year,PDF Link\n{body}".encode(
        "utf-8", "surrogatepass"
    )
    try:
        found = rows(data)
    except ForetrackError:
        return
    assert all(r.document.title if isinstance(r, Parsed) else r.reason for r in found)
