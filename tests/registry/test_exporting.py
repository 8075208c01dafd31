"""What comes out goes in again unchanged, holds only what may be seen, and runs nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from foretrack.foundation.errors import InputError
from foretrack.foundation.spreadsheets import FORMULA_STARTS
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.registry.actions.exporting import FORMATS, export
from foretrack.registry.actions.importing import import_file
from foretrack.registry.actions.records import create
from foretrack.registry.actions.tables import Filters
from foretrack.registry.actions.templates import csv_template, example_row, excel_template
from foretrack.registry.declaring.kind import Kind
from foretrack.registry.kinds import KINDS
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry


@pytest.fixture
def firms(registry: Registry, national: Actor) -> list[str]:
    given: list[dict[str, Any]] = [
        {"name": {"en": "=HYPERLINK(1)", "zh": "虚构；甲"}, "other_names": ["@one; two", {"zh": "二"}],
         "contact": "Invented Person"},
        {"name": "'=already", "website": "https://example.org/a;b", "founded_on": "2001-02-03", "region": "CN-33"},
        {"name": '-5 "quoted",\nand more', "about": "+first\nsecond", "uscc": "91110000600037341L"},
    ]  # fmt: skip
    return [create(registry, national, "organisation", {**one, "sort_of": "company"}).key for one in given]


def content(registry: Registry, actor: Actor, file_format: str, **given: Any) -> bytes:
    return b"".join(export(registry, actor, "organisation", file_format, **given))


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_an_export_is_imported_again_without_a_change(
    registry: Registry, national: Actor, firms: list[str], tmp_path: Path, file_format: str
) -> None:
    file = tmp_path / "export"
    file.write_bytes(content(registry, national, file_format))

    again = import_file(registry, national, "organisation", file)

    assert (again.read, again.unchanged, again.rejections) == (3, 3, ())


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_no_cell_of_an_export_is_a_formula(
    registry: Registry, national: Actor, firms: list[str], file_format: str
) -> None:
    whole = content(registry, national, file_format)

    if file_format == "csv":
        cells: list[Any] = [
            c for row in csv.reader(io.StringIO(whole.decode("utf-8-sig"), newline="")) for c in row
        ]
    else:
        page = load_workbook(io.BytesIO(whole)).worksheets[0]
        assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}
        cells = [cell.value for row in page.iter_rows() for cell in row]
    assert [c for c in cells if isinstance(c, str) and c.startswith(FORMULA_STARTS)] == []


def test_an_export_holds_what_the_actor_may_see(
    registry: Registry, national: Actor, firms: list[str]
) -> None:
    create(registry, national, "organisation", {"name": "Hidden", "sort_of": "company"}, visibility="private")

    seen = json.loads(content(registry, VISITOR, "json"))
    whole = [json.loads(line) for line in content(registry, national, "jsonl").splitlines()]

    assert [one["key"] for one in seen] == firms
    assert all("contact" not in one["values"] for one in seen)
    assert len(whole) == 4
    assert whole[0]["values"]["contact"] == "Invented Person"
    assert b"contact" not in content(registry, VISITOR, "csv")


def test_an_export_is_filtered(registry: Registry, national: Actor, firms: list[str]) -> None:
    some = json.loads(content(registry, national, "json", filters=Filters(region="CN-33")))

    assert [one["key"] for one in some] == [firms[1]]
    assert json.loads(content(registry, national, "json", filters=Filters(region="DE"))) == []


def test_another_format_is_refused_before_anything_is_given(registry: Registry, national: Actor) -> None:
    with pytest.raises(InputError, match="'exe'"):
        export(registry, national, "organisation", "exe")
    assert len(FORMATS) == 4


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_template_can_be_imported_as_it_stands(
    registry: Registry, national: Actor, tmp_path: Path, kind: Kind, language: str, file_format: str
) -> None:
    made = csv_template(kind, language).encode() if file_format == "csv" else excel_template(kind, language)
    file = tmp_path / f"template.{file_format}"
    file.write_bytes(made)

    done = import_file(registry, national, kind.name, file)

    assert (done.created, [str(one.error) for one in done.rejections]) == (1, [])
    assert (
        "请删除" if language == "zh" else "delete"
    ) in Record.objects.get().title_zh + Record.objects.get().title_en


def test_a_workbook_template_explains_itself(registry: Registry) -> None:
    kind = registry.kinds.get("organisation")

    page = load_workbook(io.BytesIO(excel_template(kind, "zh"))).worksheets[0]

    notes = {str(cell.value): cell.comment.text for cell in page[1] if cell.comment}
    assert "类型" in notes
    assert "name_en" in notes["名称（英文）"]
    assert "必填" in notes["名称（英文）"]
    assert len(page.data_validations.dataValidation) == 2  # the sort and who may see it
    assert example_row(kind, "zh")["sort_of"] == "企业"
