"""Google Patents downloads: values, rows that do not fit, fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError, SourceError
from foretrack.records.document import Document, Organisation, Parsed, Rejected
from foretrack.sources.googlepatents import CONNECTORS
from foretrack.sources.kit.connector import ParseOptions, Sample
from foretrack.sources.kit.opening import open_bytes

SAMPLE = Path(__file__).parent / "samples" / "download.csv"
(CONNECTOR,) = CONNECTORS
HEADER = (
    "id,title,assignee,inventor/author,priority date,filing/creation date,publication date,grant date,"
    "result link,representative figure link\n"
)
ROW = "US-1234567-B1,A title,Acme,Ann,1990-01-01,1991-01-01,1992-01-01,1992-01-01,u,f\n"


def read(text: str) -> list[Parsed | Rejected]:
    return list(CONNECTOR.parse(open_bytes(text.encode(), "download.csv"), ParseOptions()))


def test_every_field() -> None:
    first, chinese, world = (row.document for row in read(SAMPLE.read_text()) if isinstance(row, Parsed))
    assert first == Document(
        kind="patent",
        source="googlepatents",
        source_id="US9876543B2",
        title='Invented sample: charging "in flight", by beam',
        published="2019-02-05",
        language="en",
        subtype="granted patent",
        authors=("Ada M. Okafor", "Per Lindqvist"),
        organisations=(Organisation("Halden Aerial, Inc."), Organisation("Feldmark Gmbh")),
        venue="USPTO",
        filed="2016-04-05",
        granted="2019-02-05",
        url="https://patents.google.com/patent/US9876543B2/en",
    )
    assert (chinese.source_id, chinese.subtype, chinese.venue) == ("CN108765432A", "application", "CNIPA")
    assert chinese.language == "zh"
    assert (chinese.granted, chinese.authors) == (None, ("张三", "李四"))
    assert (world.source_id, world.organisations) == ("WO2018123456A1", ())


def test_detection_knows_the_first_line_and_the_columns_alone() -> None:
    text = SAMPLE.read_text()
    assert CONNECTOR.detect(Sample(b"", text, "x")) == 1.0
    assert CONNECTOR.detect(Sample(b"", HEADER + ROW, "x")) == 0.95
    assert CONNECTOR.detect(Sample(b"", "search URL:,https://example.org\na,b\n", "x")) == 0.0
    assert CONNECTOR.detect(Sample(b"PK", None, "x.csv")) == 0.0


def test_row_with_too_few_cells_is_rejected_with_its_number() -> None:
    rows = read("search URL:,u\n" + HEADER + ROW + "US-1234568-B1,Cut off\n" + ROW)
    assert [type(row) for row in rows] == [Parsed, Rejected, Parsed]
    rejected = rows[1]
    assert isinstance(rejected, Rejected)
    assert rejected.position == "row 4"
    assert rejected.reason == "2 cells. Expected: 10, as the header has"
    assert rejected.excerpt == "US-1234568-B1 | Cut off"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("US-1234567-B1", "scholar/99", "is no patent publication"),
        ("A title", "", "no title"),
        ("1992-01-01,1992-01-01", ",1992-01-01", "no publication date"),
        ("1992-01-01,1992-01-01", "2999-01-01,", "year 2999"),
    ],
)
def test_unusable_rows(old: str, new: str, reason: str) -> None:
    (row,) = read(HEADER + ROW.replace(old, new))
    assert isinstance(row, Rejected)
    assert reason in row.reason


def test_unclosed_quote_names_its_line_after_the_rows_before() -> None:
    rows = CONNECTOR.parse(open_bytes((HEADER + ROW + 'US-1-B1,"open,' + ROW * 50).encode()), ParseOptions())
    assert isinstance(next(rows), Parsed)
    with pytest.raises(SourceError, match="row 3 \\(line 3\\)"):
        next(rows)


def test_stray_quotes_in_one_row_are_read_leniently() -> None:
    (row,) = read(HEADER + ROW.replace("A title", '"The "fast" way"'))
    assert isinstance(row, Parsed)
    assert row.document.title == 'The fast" way"'


def test_file_without_header_says_what_was_expected() -> None:
    with pytest.raises(InputError, match="inventor/author"):
        read("a,b\n1,2\n")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), max_size=12), max_size=6), st.text(max_size=60))
def test_fuzz(rows: list[list[str]], tail: str) -> None:
    text = HEADER + "\n".join(",".join(row) for row in rows) + "\n" + tail
    try:
        found = list(CONNECTOR.parse(open_bytes(text.encode("utf-8", "surrogatepass")), ParseOptions()))
    except ForetrackError:
        return
    assert all(isinstance(row, Parsed | Rejected) for row in found)
