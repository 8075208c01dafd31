"""Large Parquet files and workbooks are known by their first rows. All rows here are invented."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretrack.sources.catalogue import detect
from foretrack.sources.kit.connector import Sample
from foretrack.sources.kit.firstrows import first_rows_of
from foretrack.sources.kit.opening import SAMPLE_BYTES, open_file

SAMPLES = Path(__file__).parents[1]
FILLING = [f"{i * 7919 % 1000003:x} invented filling {i * 104729 % 999983:x}" for i in range(20_000)]


def sample(path: Path) -> Sample:
    with open_file(path) as (member,):
        return member.sample()


def grown(path: Path, *, shared_first: bool) -> bytes:
    """The invented workbook with 20,000 further rows, and as another program might write it."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    for text in FILLING:
        sheet.append([text, text[::-1]])
    stream = io.BytesIO()
    book.save(stream)
    data = stream.getvalue()
    if shared_first:
        # The order of members is free: a huge picture may come before the first sheet.
        turned = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(turned, "w") as new:
            new.writestr("xl/media/picture.bin", bytes(range(256)) * 4096)
            for name in sorted(old.namelist(), reverse=True):
                new.writestr(name, old.read(name), zipfile.ZIP_DEFLATED)
        data = turned.getvalue()
    return data


@pytest.mark.parametrize(
    ("source", "expected"),
    [("espacenet", "espacenet-excel"), ("sbir", "sbir-excel"), ("tables", "tables-excel")],
)
@pytest.mark.parametrize("shared_first", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_large_workbooks(
    source: str, expected: str, shared_first: bool, packed: bool, tmp_path: Path
) -> None:
    (path,) = (SAMPLES / source / "samples").glob("*.xlsx")
    data = grown(path, shared_first=shared_first)
    assert len(data) > 4 * SAMPLE_BYTES
    grown_path = tmp_path / "download"
    grown_path.write_bytes(gzip.compress(data, 1) if packed else data)
    assert detect(sample(grown_path)).name == expected


def test_large_parquet_files(tmp_path: Path) -> None:
    (path,) = (SAMPLES / "iso" / "samples").glob("*.parquet")
    table = pq.read_table(path)
    many = pa.concat_tables([table] * 30_000)
    large = tmp_path / "download"
    pq.write_table(many, large, compression="none", use_dictionary=False)
    assert large.stat().st_size > 4 * SAMPLE_BYTES
    assert detect(sample(large)).name == "iso-parquet"
    pq.write_table(pa.table({"title": FILLING, "year": [2016] * len(FILLING)}), large)
    assert large.stat().st_size > SAMPLE_BYTES
    assert detect(sample(large)).name == "tables-parquet"
    assert sample(large).rows == (("title", "year"),)


def test_every_sheet_is_looked_at_and_texts_are_whole(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    notes = book.active
    assert notes is not None
    notes.append(["an invented note", 5, None, "=1+1"])
    book.create_sheet("awards").append(["Titel & Jahr", "Überschrift", "标题"])
    path = tmp_path / "x.xlsx"
    book.save(path)
    first, second = sample(path).rows
    assert [cell for cell in first if cell] == ["an invented note"]
    assert second == ("Titel & Jahr", "Überschrift", "标题")


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
TEXTS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</sst>'


def written(tmp_path: Path, rows: str, texts: str | None = None) -> tuple[Path, bytes]:
    path = tmp_path / "w.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", SHEET.format(rows))
        if texts is not None:
            archive.writestr("xl/sharedStrings.xml", TEXTS.format(texts))
    return path, path.read_bytes()[:64]


def test_rich_inline_and_phonetic_texts(tmp_path: Path) -> None:
    rows = (
        '<row><c t="inlineStr"><is><t>In</t></is></c><c t="s"><v>0</v></c><c t="s"><v>77</v></c></row>'
        '<row><c t="str"><f>A1</f><v>Said</v></c></row>'
    )
    texts = "<si><r><t>Ti</t></r><r><t>tel</t></r><rPh><t>フリ</t></rPh></si>"
    assert first_rows_of(*written(tmp_path, rows, texts)) == (("In", "Titel", ""), ("Said",))


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        ('<row><c t="s"><v>x</v></c></row>', ""),
        ("<row><c", None),
        ('<row><c t="s"><v>99999999999</v></c></row>', "<si/>"),
        ('<row><c t="s"><v>0</v></c></row>', None),
    ],
)
def test_damaged_workbooks_show_nothing_and_raise_nothing(
    tmp_path: Path, rows: str, texts: str | None
) -> None:
    found: Any = first_rows_of(*written(tmp_path, rows, texts))
    assert all(not cell or cell == "x" for row in found for cell in row)


def test_only_the_beginning_of_a_sheet_is_read(tmp_path: Path) -> None:
    rows = "".join(f'<row><c t="s"><v>{i}</v></c></row>' for i in range(100))
    broken_later = "".join(f"<si><t>t{i}</t></si>" for i in range(60)) + "<si><oops>" + "x" * 10_000_000
    found = first_rows_of(*written(tmp_path, rows + "<row" * 1000, broken_later))
    assert found == tuple((f"t{i}",) for i in range(40))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_fuzz(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    paths = [*SAMPLES.glob("*/samples/*.xlsx"), *SAMPLES.glob("*/samples/*.parquet")]
    body = bytearray(data.draw(st.sampled_from(sorted(paths))).read_bytes())
    for _ in range(3):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + 20] = data.draw(st.binary(max_size=30))
    path = tmp_path_factory.mktemp("fuzz") / "x"
    path.write_bytes(bytes(body))
    assert isinstance(first_rows_of(path, bytes(body[:64])), tuple)
