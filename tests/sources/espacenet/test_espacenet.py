"""Espacenet exports: CSV with preamble, Excel, the classic layout; several dates in one cell; fuzz."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError, SourceError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.espacenet import CONNECTORS
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes, open_file

SAMPLES = Path(__file__).parent / "samples"
CSV, EXCEL = CONNECTORS
HEADER = "No,Title,Inventors,Applicants,Publication number,Earliest priority,IPC,CPC,Publication date,\
Earliest publication,Family number\n"


def documents(name: str, options: ParseOptions | None = None) -> list[Document]:
    connector = EXCEL if name.endswith("xlsx") else CSV
    with open_file(SAMPLES / name) as (opened,):
        rows = list(connector.parse(opened, options or ParseOptions()))
    assert not [row for row in rows if isinstance(row, Rejected)]
    return [row.document for row in rows if isinstance(row, Parsed)]


def test_family_with_several_publications_is_one_document() -> None:
    assert documents("results.csv")[0] == Document(
        kind="patent",
        source="espacenet",
        source_id="US20170012345A1",
        title="Invented sample: charging a drone in flight",
        published="2017-03-02",
        family="docdb:61234567",
        ids=("patent:US20170012345A1", "patent:US9876543B2", "patent:EP3456789A1"),
        subtype="application",
        authors=("OKAFOR ADA M", "LINDQVIST PER"),
        organisations=(
            Organisation("HALDEN AERIAL SYSTEMS INC", country="US"),
            Organisation("FELDMARK GMBH", country="DE"),
        ),
        countries=("US", "DE"),
        venue="USPTO",
        classes=("cpc:B64C39/024", "cpc:H02J50/20", "ipc:B64C39/02", "ipc:H02J50/20"),
        granted="2019-02-05",
    )


def test_semicolons_and_missing_cells() -> None:
    _, second, third = documents("results.csv")
    assert second.title == "Invented sample: battery swap; second title"
    assert second.classes == ("ipc:H01M10/44", "ipc:H02J7/00")
    assert (second.organisations, second.authors) == ((), ("ROCA INES",))
    assert (third.published, third.countries) == ("2005-05-12", ("CN",))


def test_excel_says_the_same_as_csv() -> None:
    assert documents("results.xlsx") == documents("results.csv")


def test_language_is_what_the_user_says() -> None:
    assert {d.language for d in documents("results.csv")} == {None}
    assert {d.language for d in documents("results.csv", ParseOptions(language="en"))} == {"en"}


def test_classic_layout() -> None:
    first, second = documents("classic.csv")
    assert (first.source_id, first.published, first.filed) == ("EP1234567A1", "2002-08-28", "2002-01-17")
    assert first.classes == ("cpc:B64C27/46", "ipc:B64C27/46")
    assert second.source_id == "US20030012345A1"
    assert second.authors == ("VEGA LU", "ROCA INES")


def test_detection_by_content() -> None:
    for name, best in [("results.csv", CSV), ("results.xlsx", EXCEL), ("classic.csv", CSV)]:
        with open_file(SAMPLES / name) as (opened,):
            sample = opened.sample()
        assert best.detect(sample) == 0.95
        assert {c.detect(sample) for c in CONNECTORS} == {0.0, 0.95}
    assert CSV.detect(Sample(b"", "Title,Publication number\n", "espacenet.csv")) == 0.0


def read(text: str) -> list[Parsed | Rejected]:
    return list(CSV.parse(open_bytes(text.encode()), ParseOptions()))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,T,I,A,US1234567B1\n", "5 cells. Expected: 11"),
        ("1,T,I,A,n/a,,,,2001-01-01,,\n", "publication number 'n/a'"),
        ("1,,I,A,US1234567B1,,,,2001-01-01,,\n", "no title"),
        ("1,T,I,A,US1234567B1,2001-01-01,,,,,\n", "no publication date"),
    ],
)
def test_unusable_rows_are_rejected_with_their_number(row: str, reason: str) -> None:
    good = "2,T,I,A,US1234567B1,,,,2001-01-01,,\n"
    first, second = read(HEADER + row + good)
    assert isinstance(first, Rejected)
    assert first.position == "row 2"
    assert reason in first.reason
    assert isinstance(second, Parsed)


def test_numbers_and_dates_that_do_not_pair_fall_back_to_the_first_number() -> None:
    (row,) = read(HEADER + "1,T,I,A,US2017012345A1 US9876543B2,,,,2019-02-05,2017,\n")
    assert isinstance(row, Parsed)
    assert (row.document.source_id, row.document.published) == ("US20170012345A1", "2017")
    assert row.document.granted is None


def test_excel_sheet_must_exist_and_workbook_be_whole() -> None:
    with pytest.raises(InputError, match="one of 'Results'"):
        documents("results.xlsx", ParseOptions(sheet="Missing"))
    whole = (SAMPLES / "results.xlsx").read_bytes()
    with pytest.raises(SourceError, match="not a readable Excel workbook"):
        list(EXCEL.parse(open_bytes(whole.replace(b"PK\x05\x06", b"PK\x05\x07")), ParseOptions()))


def test_workbook_that_is_something_else() -> None:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["apples", "pears"])  # type: ignore[union-attr]
    book.save(stream)
    assert EXCEL.detect(open_bytes(stream.getvalue(), "x.xlsx").sample()) == 0.0


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text(max_size=14), min_size=9, max_size=12), max_size=5))
def test_fuzz(rows: list[list[str]]) -> None:
    text = HEADER + "\n".join(",".join(row) for row in rows)
    try:
        found = read(text.encode("utf-8", "replace").decode())
    except ForetrackError:
        return
    assert all(isinstance(row, Parsed | Rejected) for row in found)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_fuzz_of_the_workbook(data: st.DataObject) -> None:
    body = bytearray((SAMPLES / "results.xlsx").read_bytes())
    at = data.draw(st.integers(0, len(body) - 1))
    body[at : at + 20] = data.draw(st.binary(max_size=30))
    head = bytes(body)
    try:
        assert 0 <= EXCEL.detect(open_bytes(head, "x").sample()) <= 1
        found = list(EXCEL.parse(open_bytes(head, "x.xlsx"), ParseOptions()))
    except ForetrackError:
        return
    assert all(isinstance(row, Parsed | Rejected) for row in found)
