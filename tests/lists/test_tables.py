"""CSV and Excel: the same entries come back from each, whatever they say, and no cell runs."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook
from tests.lists.issues import FIELDS, entry, hostile_issue, issue, second
from tests.lists.test_changes import WITHDRAWN
from tests.lists.test_issue import ENTRIES

from foretrack.foundation.errors import InputError
from foretrack.foundation.spreadsheets import FORMULA_STARTS
from foretrack.lists.issue import Entry, Field, Issue, content_of, digest_of, read_issue
from foretrack.lists.rendering.tables import csv_of, entries_of_csv, entries_of_excel, excel_of

BACK: dict[str, Callable[[Issue], tuple[Entry, ...]]] = {
    "csv": lambda made: entries_of_csv(csv_of(made), made.fields),
    "xlsx": lambda made: entries_of_excel(excel_of(made), made.fields),
    "xlsx, Chinese": lambda made: entries_of_excel(excel_of(made, "zh"), made.fields),
    "json": lambda made: read_issue(content_of(made)).entries,
}


@pytest.mark.parametrize("way", BACK)
def test_hostile_text_comes_back_the_same(way: str) -> None:
    made = hostile_issue()

    assert BACK[way](made) == made.entries


@pytest.mark.parametrize("way", BACK)
def test_an_issue_with_removals_and_one_with_nothing_come_back(way: str) -> None:
    first = issue()
    made = second(
        first, entry(1), entry(2, status="removed", removal=WITHDRAWN), entry(3, values={}, evidence=())
    )

    assert BACK[way](first) == ()
    assert BACK[way](made) == made.entries


@settings(max_examples=40)
@given(ENTRIES)
def test_any_entry_comes_back_the_same_from_csv_and_excel(one: Entry) -> None:
    made = issue(one)

    assert entries_of_csv(csv_of(made), FIELDS) == made.entries
    assert entries_of_excel(excel_of(made), FIELDS) == made.entries


def test_no_cell_starts_a_formula() -> None:
    made = hostile_issue()
    rows = list(csv.reader(io.StringIO(csv_of(made).decode("utf-8-sig"), newline="")))
    book = load_workbook(io.BytesIO(excel_of(made)))

    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA_STARTS)]
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [
        cell for cell in cells if cell.data_type == "f" or str(cell.value or "").startswith(FORMULA_STARTS)
    ]


def test_excel_has_numbers_dates_and_headers_in_the_readers_language() -> None:
    made = issue(entry(1))
    book = load_workbook(io.BytesIO(excel_of(made, "zh")))
    header, row = ([cell.value for cell in line] for line in book.worksheets[0].iter_rows())
    found = dict(zip(header, row, strict=True))

    assert book.sheetnames == ["名单", "说明", "列说明"]
    assert found["成熟度 (TRL)"] == 2
    assert found["占比 (%)"] == pytest.approx(1 / 7, abs=0)
    assert str(found["起始日期"]) == "2021-01-02 00:00:00"
    assert found["名称 (中文)"] == "虚构技术1号"
    assert digest_of(made) in [row[1].value for row in book.worksheets[1].iter_rows()]


def test_equal_issues_give_equal_bytes() -> None:
    assert excel_of(hostile_issue(), "zh") == excel_of(hostile_issue(), "zh")
    assert csv_of(hostile_issue()) == csv_of(hostile_issue())


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"a,b\r\n1,2\r\n", csv_of(issue(entry(1))).replace(b",1,", b",x,")]
)
def test_what_is_no_table_of_a_list_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        entries_of_csv(content, FIELDS)
    with pytest.raises(InputError):
        entries_of_excel(content, FIELDS)


def test_a_table_of_other_fields_is_refused() -> None:
    with pytest.raises(InputError, match="columns"):
        entries_of_csv(csv_of(issue(entry(1))), (Field("other", FIELDS[0].label),))


def test_two_thousand_entries_take_seconds() -> None:
    made = issue(*(entry(n) for n in range(1, 2001)))
    begun = time.perf_counter()
    tables = csv_of(made), excel_of(made)
    took = time.perf_counter() - begun

    assert entries_of_csv(tables[0], FIELDS) == made.entries
    assert took < 15
