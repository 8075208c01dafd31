"""Tables of any origin: separators, headers, mapping, five languages, lists, faults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretrack.foundation.errors import ForetrackError, InputError, SourceError
from foretrack.records.document import Document, Parsed, Rejected
from foretrack.sources.catalogue import read
from foretrack.sources.kit.connector import ParseOptions
from foretrack.sources.kit.opening import open_bytes
from foretrack.sources.tables.delimited import parse_csv, separator_of
from foretrack.sources.tables.mapping import guessed, known_names, resolve
from foretrack.sources.tables.objects import parse_json

SAMPLES = Path(__file__).parent / "samples"


def table(text: str, **options: Any) -> list[Parsed | Rejected]:
    return list(parse_csv(open_bytes(text.encode(), "x.csv"), ParseOptions(**options)))


def only(records: list[Parsed | Rejected]) -> Document:
    (record,) = records
    assert isinstance(record, Parsed), record
    return record.document


def sample(name: str) -> list[Parsed | Rejected]:
    ((_, connector, records),) = ((n, c, list(r)) for n, c, r in read(SAMPLES / name))
    assert name.startswith(connector.name)
    return records


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(separator: str) -> None:
    rows = [["title", "year", "abstract"], [f'"One{separator}two ""three"""', "2016", '"a, b; c | d"']]
    text = "".join(separator.join(row) + "\n" for row in rows)
    found = only(table(text))
    assert found.title == f'One{separator}two "three"'.replace("\t", " ")
    assert (found.published, found.abstract) == ("2016", "a, b; c | d")
    assert separator_of(text) == separator


def test_a_grant_without_another_date_is_published_on_its_day() -> None:
    found = only(table("发明名称,授权公告日\n虚构装置,2015.03.04\n"))
    assert (found.published, found.granted) == ("2015-03-04", "2015-03-04")


def test_german_with_a_preamble() -> None:
    good, undated, wide = sample("tables-csv-de.csv")
    assert only([good]) == Document(
        kind="paper",
        source="file",
        source_id="",
        title='Erfunden: "leise" Rotoren; zweiter Teil',
        published="2016",
        abstract="Rotoren, die es nicht gibt.",
        keywords=("Rotor", "Lärm"),
        authors=("Ada Erfunden", "Bo Erfunden"),
        venue="Erfundene Zeitschrift",
    )
    assert isinstance(undated, Rejected)
    assert (undated.position, undated.reason) == ("row 4", "no publication date")
    assert isinstance(wide, Rejected)
    assert (wide.position, wide.reason) == ("row 5", "7 cells; expected 6, as the header has")


def test_chinese_in_gb18030_with_texts_in_two_languages() -> None:
    good, year_zero = sample("tables-csv-zh.csv")
    assert only([good]) == Document(
        kind="paper",
        source="file",
        source_id="",
        title="虚构：固态电池界面",
        published="2021",
        abstract="这是虚构的摘要。",
        language="zh",
        keywords=("固态电池", "界面"),
        alt_language="en",
        alt_title="Invented: interfaces of solid-state batteries",
        alt_abstract="An invented abstract.",
        alt_keywords=("solid-state battery", "interface"),
        authors=("虚甲", "虚乙"),
    )
    assert isinstance(year_zero, Rejected)
    assert year_zero.reason == "year 0; expected 1500 to 2100"


def test_utf16_excel_json_and_parquet() -> None:
    assert [only([r]).published for r in sample("tables-csv-utf16.tsv")] == ["2015", "2014-05-06"]
    first, second = sample("tables-excel.xlsx")
    assert (first.position, only([first]).keywords) == ("sheet Données row 3", ("moteur", "bruit"))
    assert only([second]).published == "2013-04-05"
    good, half, zero = sample("tables-json.jsonl")
    assert (only([good]).keywords, only([good]).authors) == (("robot", "arm"), ("Ada Invented",))
    assert [type(half), half.position, type(zero), zero.position] == [Rejected, "line 2", Rejected, "line 3"]
    light, undated = sample("tables-parquet.parquet")
    found = only([light])
    assert (found.kind, found.classes) == ("patent", ("cpc:H01L21/02", "cpc:G06N3/08"))
    assert found.cited_by_year == ((2012, 3),)
    assert (undated.position, type(undated)) == ("row 2", Rejected)


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Title,Publication Year,Abstract Note,Author(s)", "title year abstract authors"),
        ("Titel;Erscheinungsjahr;Zusammenfassung;Schlagwörter", "title year abstract keywords"),
        ("Titre;Année;Résumé;Mots-clés;Auteurs", "title year abstract keywords authors"),
        ("Título;Año;Resumen;Palabras clave;Autores", "title year abstract keywords authors"),
        ("题名;发表时间;摘要;关键词;作者单位", "title published abstract keywords organisations"),
        ("专利名称;公开（公告）日;申请（专利权）人;IPC分类号", "title published organisations ipc"),
        ("TI;PY;AB;DE;AU;SO", "title year abstract keywords authors venue"),
    ],
)
def test_column_names_of_five_languages(header: str, fields: str) -> None:
    separator = ";" if ";" in header else ","
    assert set(guessed(header.split(separator))) == set(fields.split())


def test_known_names_mean_one_field_each() -> None:
    seen: dict[str, str] = {}
    for field, names in known_names().items():
        for name in names:
            assert name not in seen, f"{name!r}: {seen.get(name)} and {field}"
            seen[name] = field


def test_a_mapping_overrules_and_silences_guesses() -> None:
    text = "title,year,Was,Wann,abstract\nnot this,1999,This,2 March 2016,text\n"
    found = only(table(text, mapping={"title": "Was", "published": "wann", "abstract": ""}))
    assert (found.title, found.published, found.abstract) == ("This", "2016-03-02", None)


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"titel": "a"}, "no field is called 'titel'.*--map title=a"),
        ({"title": "Titl", "year": "b"}, "no column is called 'Titl'.*'Title', 'b'.*--map title=Title"),
        ({}, "no year column among 'Title', 'b'.*--map year=COLUMN"),
    ],
)
def test_a_mapping_that_does_not_fit_lists_the_columns(mapping: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        resolve(["Title", "b"], ParseOptions(mapping=mapping), file_name="x.csv")


def test_a_table_without_title_and_year_lists_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "stations.csv"
    path.write_text("station;height\nA;12\nB;14\n", encoding="utf-8")
    with pytest.raises(InputError, match="no title and no year column among 'station', 'height'"):
        [list(records) for _, _, records in read(path)]


@pytest.mark.parametrize(
    ("header", "row", "published"),
    [
        ("title,date,year", "x,05/10/17,2017", "2017"),
        ("title,year,month", "x,2017,4", "2017-04"),
        ("title,year,month", "x,2017,Apr", "2017-04"),
        ("title,year,month", "x,2017,Michaelmas", "2017"),
        ("title,year", "x,2017.0", "2017"),
        ("title,date", "x,2017-04-05T00:00:00Z", "2017-04-05"),
    ],
)
def test_the_best_date_that_can_be_read(header: str, row: str, published: str) -> None:
    assert only(table(f"{header}\n{row}\n")).published == published


def test_an_own_number_is_no_identity_outside_its_file() -> None:
    assert only(table("id,title,year\n7,x,2000\n")).source_id == "x:7"
    assert only(table("id,title,year\n7,x,2000\n", source="mine")).source_id == "7"
    assert only(table("id,title,year\nW123,x,2000\n")).source_id == "W123"
    assert only(table("id,title,year\nmla:a,x,2000\n")).source_id == "mla:a"
    patent = only(table("publication number,title,year\nUS 2019/0012345 A1,x,2000\n"))
    assert (patent.kind, patent.source_id) == ("patent", "US20190012345A1")


def test_kinds_shown_by_columns() -> None:
    assert only(table("title,year,ics\nx,2000,35.240\n")).kind == "standard"
    found = only(table("title,year,committee\nx,2000,Invented TC 1\n"))
    assert (found.kind, [o.name for o in found.organisations]) == ("standard", ["Invented TC 1"])
    assert only(table('title,year,award amount\nx,2000,"1,000"\n')).kind == "project"
    assert only(table("title,year,ipc\nx,2000,H04L\n", kind="news")).kind == "news"


def test_quotes_that_do_not_pair() -> None:
    good, lenient, last = table('title,year\n"One",2000\n"Two" and more,2001\nThree,2002\n')
    assert [only([r]).title for r in (good, lenient, last)] == ["One", "Two and more", "Three"]
    records = parse_csv(open_bytes(b'title,year\nOne,2000\n"Two,2001\nThree,2002\n'), ParseOptions())
    assert only([next(records)]).title == "One"
    with pytest.raises(SourceError, match="never closed"):
        next(records)


def test_a_cell_longer_than_the_standard_limit_of_the_library() -> None:
    text = "title,year,abstract\nx,2000," + "word " * 60_000 + "\n"
    assert len(only(table(text)).abstract or "") > 131_072


@pytest.mark.slow
@pytest.mark.parametrize("size", [10_000_000, 100_000_000])
def test_a_field_of_many_megabytes_costs_its_row_only(size: int) -> None:
    data = b'title,year,abstract\nOne,2000,a\nTwo,2001,"' + b"x" * size + b'"\nThree,2002,c\n'
    one, huge, three = parse_csv(open_bytes(data), ParseOptions())
    assert isinstance(one, Parsed)
    assert isinstance(huge, Rejected)
    assert huge.position == "row 3"
    assert "longer than" in huge.reason
    assert isinstance(three, Parsed)
    lines = (
        b'{"title": "One", "year": 2000}\n{"title": "'
        + b"x" * 70_000_000
        + b'"}\n{"title": "T", "year": 1}\n'
    )
    found = [
        record for record in parse_json(open_bytes(lines), ParseOptions()) if isinstance(record, Rejected)
    ]
    assert [record.position for record in found] == ["line 2", "line 3"]


def test_a_damaged_byte_costs_its_row_only() -> None:
    data = (
        "题名,年份\n好的文字一二三四五六七八九十,2000\n".encode() + b"bad \xff,2001\n" + "三,2002\n".encode()
    )
    first, damaged, last = parse_csv(open_bytes(data), ParseOptions())
    assert isinstance(first, Parsed)
    assert isinstance(damaged, Rejected)
    assert (damaged.position, damaged.reason) == ("row 3", "undecodable byte 0xFF after 'bad '")
    assert isinstance(last, Parsed)


def test_excel_of_another_sheet_and_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    book = openpyxl.Workbook()
    book.create_sheet("Zwei").append(["Titel", "Jahr"])
    book["Zwei"].append(["Erfunden", 2001])
    book.save(path)
    with pytest.raises(InputError, match="no table"):
        [list(records) for _, _, records in read(path)]
    with pytest.raises(InputError, match="'Zwei'"):
        [list(records) for _, _, records in read(path, options=ParseOptions(sheet="Drei"))]
    ((_, _, records),) = [(n, c, list(r)) for n, c, r in read(path, options=ParseOptions(sheet="Zwei"))]
    assert only(records).published == "2001"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ForetrackError):
        [list(records) for _, _, records in read(path)]


def test_parquet_of_nested_columns_and_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    rows: dict[str, Any] = {
        "title": ["Invented"],
        "year": pa.array([2003], pa.int32()),
        "authors": [[{"name": "Ada Invented", "x": 1}]],
        "assignees": [json.dumps([{"name": "Example Ltd", "country": "NO"}])],
        "references": [["10.5555/A", "US 1234567 B2", "a book"]],
        "unread": [{"deep": [b"\xff"]}],
    }
    pq.write_table(pa.table(rows), path)
    ((_, _, records),) = [(n, c, list(r)) for n, c, r in read(path)]
    found = only(records)
    assert found.authors == ("Ada Invented",)
    assert [o.name for o in found.organisations] == ["Example Ltd"]
    assert found.references == ("doi:10.5555/a", "patent:US1234567B2")
    data = path.read_bytes()
    for damaged in (data[:-30], data[:100], b"PAR1" + data[50:]):
        path.write_bytes(damaged)
        with pytest.raises(SourceError, match="damaged"):
            [list(records) for _, _, records in read(path)]
