"""Cells: harmless in a spreadsheet, and given back as they were written."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from foretrack.foundation.errors import InputError
from foretrack.foundation.spreadsheets import (
    FORMULA_STARTS,
    LONGEST,
    Sheet,
    as_written,
    excel_escaped,
    excel_unescaped,
    neutral,
    workbook,
)

MARKS = st.text(alphabet="'=+-@\t\rax", max_size=6)


@given(st.text() | MARKS)
def test_a_neutral_cell_starts_no_formula_and_gives_its_text_back(text: str) -> None:
    cell = str(neutral(text))

    assert not cell.startswith(FORMULA_STARTS)
    assert as_written(cell) == text


@given(
    st.text(alphabet=st.characters(max_codepoint=0x300), max_size=20)
    | st.text(alphabet="_x0Dd5F", max_size=16)
)
def test_an_escaped_text_has_only_what_xml_can_hold_and_gives_itself_back(text: str) -> None:
    escaped = excel_escaped(text)

    assert excel_unescaped(escaped) == text
    assert all(character in "\t\n" or character >= " " for character in escaped)


def test_a_text_that_excel_would_cut_off_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match="column 'remark' of row 3 has 32768"):
        workbook([Sheet("s", ["remark"], [["short"], ["a" * (LONGEST + 1)]])])


def test_a_number_of_more_digits_than_excel_shows_is_text() -> None:
    book = load_workbook(io.BytesIO(workbook([Sheet("s", ["n"], [[9007199254740991], [12]])])))

    assert [cell.value for cell in book.worksheets[0]["A"]] == ["n", "9007199254740991", 12]


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=30)
def test_a_number_keeps_all_its_digits(number: float) -> None:
    book = load_workbook(io.BytesIO(workbook([Sheet("s", ["n"], [[number]])])))

    assert book.worksheets[0]["A2"].value == number
    assert book.worksheets[0]["A2"].data_type == "n"


def test_equal_sheets_with_a_date_are_equal_bytes() -> None:
    def made() -> bytes:
        return workbook([Sheet("s", ["d"], [[date(2025, 1, 1)], [date(1812, 1, 1)]])], made=date(2025, 1, 2))

    content = made()
    book = load_workbook(io.BytesIO(content))

    assert made() == content
    assert book.properties.created is not None
    assert book.properties.created.date() == date(2025, 1, 2)
    assert book.worksheets[0]["A3"].value == "1812-01-01"
