"""Files for other programs: safe in a spreadsheet, whole or not there, the same values in each format."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from foretrack.domains.foresight.answers import EmergingList
from foretrack.domains.foresight.doors.listing import COLUMNS, row_of
from foretrack.foundation.errors import InputError, OutsideError
from foretrack.foundation.spreadsheets import FORMULA_STARTS, Row, csv_text, excel_unescaped, neutral
from foretrack.terminal.export import format_of, write_table

ROWS: list[Row] = [
    {"label": "=1+1", "rank": 1, "growth": -0.25},
    {"label": "玻璃电池", "rank": None, "growth": 0.5},
    {"label": 'with "quotes", commas\nand lines', "rank": 3, "growth": 0.0},
]


@given(st.text())
def test_no_text_cell_can_start_a_formula(text: str) -> None:
    assert not str(neutral(text)).startswith(FORMULA_STARTS)


def test_csv_opens_as_utf8_and_keeps_numbers(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", ["label", "rank", "growth"], ROWS, "csv")

    content = (tmp_path / "a.csv").read_bytes()
    read = list(csv.DictReader(content.decode("utf-8-sig").splitlines(keepends=True)))
    assert content.startswith(b"\xef\xbb\xbf")
    assert read[0] == {"label": "'=1+1", "rank": "1", "growth": "-0.25"}
    assert read[1]["label"] == "玻璃电池"
    assert read[2]["label"] == ROWS[2]["label"]


def test_excel_holds_text_not_formulas(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", ["label", "rank", "growth"], ROWS, "xlsx")

    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[1] == ["'=1+1", 1, -0.25]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_excel_survives_characters_that_it_cannot_hold(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", ["label"], [{"label": "a\x0bb"}], "xlsx")

    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert excel_unescaped(str(sheet["A2"].value)) == "a\x0bb"


def test_parquet_and_json_hold_the_values_untouched(tmp_path: Path, listing: EmergingList) -> None:
    rows = [row_of(item) for item in listing.items]
    write_table(tmp_path / "a.parquet", COLUMNS, rows, "parquet")
    write_table(tmp_path / "a.json", COLUMNS, rows, "json")

    frame = pd.read_parquet(tmp_path / "a.parquet")
    plain = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert list(frame.columns) == list(plain[0]) == list(COLUMNS)
    assert (
        frame["label"].tolist() == [item.label for item in listing.items] == [row["label"] for row in plain]
    )


def test_a_formula_in_a_label_is_harmless_in_the_listing(listing: EmergingList) -> None:
    text = csv_text(COLUMNS, [row_of(item) for item in listing.items])

    assert "'=cmd|' /C calc'!A0" in text


def test_the_name_says_the_format() -> None:
    assert format_of(Path("a.XLSX"), None) == "xlsx"
    assert format_of(Path("a.out"), "csv") == "csv"


@pytest.mark.parametrize(("name", "asked"), [("a.doc", None), ("a", None), ("a.csv", "pdf")])
def test_a_format_that_cannot_be_written_is_refused_with_the_known_ones(name: str, asked: str | None) -> None:
    with pytest.raises(InputError, match="csv, json, parquet, xlsx"):
        format_of(Path(name), asked)


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    old = tmp_path / "a.csv"
    old.mkdir()

    with pytest.raises(OutsideError, match="could not be written"):
        write_table(old, ["label"], [], "csv")

    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
