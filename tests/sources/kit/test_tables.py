"""Rows of CSV and Excel files: quotes, widths, headers, hostile workbooks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.foundation.errors import ForetrackError, InputError, SourceError
from foretrack.records.document import Rejected
from foretrack.sources.kit.opening import open_bytes
from foretrack.sources.kit.tables import (
    Record,
    Row,
    csv_records,
    csv_rows,
    excel_records,
    excel_rows,
    header_in,
)


def rows(text: str, delimiter: str = ",") -> list[Row | Rejected]:
    return list(csv_rows(open_bytes(text.encode(), "t.csv"), delimiter))


def is_header(names: Sequence[str]) -> bool:
    return {"id", "title"} <= set(names)


def records(text: str) -> list[Record | Rejected]:
    return list(csv_records(open_bytes(text.encode(), "t.csv"), is_header, "id, title"))


def workbook(*lines: Sequence[object], title: str = "Sheet") -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for line in lines:
        sheet.append(list(line))
    book.save(stream)
    return stream.getvalue()


def test_cells_with_line_breaks_and_doubled_quotes() -> None:
    assert rows('a,"b\nc ""d""",e\n1,2,3\n') == [
        Row("row 1", ("a", 'b\nc "d"', "e")),
        Row("row 2", ("1", "2", "3")),
    ]


def test_stray_quote_costs_its_own_row_only() -> None:
    text = 'id,title\n1,"open\n2,b\n3,"c"\n4,d\n'
    found = rows(text)
    assert [row.position for row in found] == [f"row {n}" for n in range(1, 6)]
    assert [type(row) for row in found] == [Row, Rejected, Row, Row, Row]
    assert isinstance(found[1], Rejected)
    assert "line 2 do not pair" in found[1].reason
    assert found[3] == Row("row 4", ("3", "c"))


def test_quote_open_to_the_end_is_an_error_after_the_rows_before() -> None:
    stream = csv_rows(open_bytes(b'a,b\n1,"open\n2,3\n'), ",")
    assert next(stream) == Row("row 1", ("a", "b"))
    with pytest.raises(SourceError, match=r"row 2 \(line 2\) is never closed"):
        next(stream)


def test_endless_cell_costs_its_row_in_one_line_and_the_file_over_many() -> None:
    endless = b'a,"' + b"x" * (17 * 1024**2) + b'"\nb,c\n'
    huge, after = csv_rows(open_bytes(endless), ",")
    assert isinstance(huge, Rejected)
    assert huge.reason.startswith("a cell of line 1 is longer than 8,388,608 characters")
    assert after == Row("row 2", ("b", "c"))
    with pytest.raises(SourceError, match="never closed"):
        list(csv_rows(open_bytes(b'a,"' + b"xxxxxxx\n" * (2 * 1024**2)), ","))


def test_header_below_a_preamble_and_blank_lines_count_as_rows() -> None:
    found = records("Exported 2024\n\nid;title\n1;A\n\n;\n2;B\n")
    assert found == [
        Record("row 4", {"id": "1", "title": "A"}),
        Record("row 7", {"id": "2", "title": "B"}),
    ]


def test_widths() -> None:
    found = records("id,title,year\n1,A\n2,B,2001,,\n3,C,2001,x\n")
    assert [type(record) for record in found] == [Rejected, Record, Rejected]
    assert isinstance(found[0], Rejected)
    assert found[0].reason == "2 cells. Expected: 3, as the header has"


def test_no_header_is_an_input_error() -> None:
    with pytest.raises(InputError, match="id, title"):
        records("a,b\n" * 60)


def test_excel_cells_as_text() -> None:
    data = workbook(
        ["id", "title"],
        [1.0, datetime.fromisoformat("2021-03-04")],
        [2.5, date(2021, 3, 5)],
        [None, True],
        title="Data",
    )
    found = list(excel_rows(open_bytes(data, "t.xlsx"), None))
    assert [row.cells for row in found] == [
        ("id", "title"),
        ("1", "2021-03-04"),
        ("2.5", "2021-03-05"),
        ("", "True"),
    ]
    assert found[1].position == "sheet Data row 2"


def test_excel_rows_may_be_shorter_than_the_header() -> None:
    data = workbook(["id", "title", "year"], [1, "A"])
    (record,) = excel_records(open_bytes(data, "t.xlsx"), None, is_header, "id, title")
    assert isinstance(record, Record)
    assert record.get("title") == "A"
    assert record.get("year") == ""


def test_workbook_bomb_is_refused() -> None:
    stream = io.BytesIO(workbook(["id", "title"]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zero.bin", b"\0" * (80 * 1024**2))
    with pytest.raises(SourceError, match="would unpack"):
        list(excel_rows(open_bytes(stream.getvalue(), "bomb.xlsx"), None))


def test_header_in_knows_each_delimiter() -> None:
    assert all(header_in(f"remark\nid{mark}title\n", is_header) for mark in ",;\t|")
    assert not header_in("title\nid\n", is_header)


@settings(max_examples=300)
@given(st.text(alphabet='ab,;"\n ', max_size=120))
def test_no_line_is_lost_or_read_twice(text: str) -> None:
    body = "h\n" + text
    try:
        found = rows(body)
    except ForetrackError:
        return
    letters = sum(letter in "ab" for letter in text)
    kept = 0
    for row in found:
        kept += sum(
            letter in "ab" for letter in (row.excerpt if isinstance(row, Rejected) else "".join(row.cells))
        )
    assert kept == letters


@settings(max_examples=200)
@given(st.lists(st.lists(st.text(alphabet='ab,"\n\r', max_size=6), min_size=2, max_size=4), max_size=8))
def test_what_csv_writes_is_read_back(table: list[list[str]]) -> None:
    import csv

    stream = io.StringIO()
    csv.writer(stream).writerows(table)
    found = rows(stream.getvalue())
    expected = [tuple(cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row) for row in table]
    assert [row.cells for row in found if isinstance(row, Row)] == expected
