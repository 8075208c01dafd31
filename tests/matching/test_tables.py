"""Tables of any origin: columns known by their names, and errors that say what to mend; the command on top of them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretrack.foundation.errors import InputError
from foretrack.foundation.spreadsheets import Sheet, workbook
from foretrack.matching.actions.comparing import compare
from foretrack.matching.actions.tables import read_profiles

CHINESE = (
    "编号,需求名称,需求描述,单位,成熟度,有效期至,赛道\n"
    "N1,低温电池,需要能在零下四十摄氏度正常充放电的动力电池,甲公司,TRL 6-8,2027年3月1日,电池；储能\n"
    "N2,裂缝检测,希望用无人机识别混凝土桥梁裂缝,乙公司,,,\n"
)
ENGLISH = [
    {
        "id": "E1",
        "name": "Cold cells",
        "description": "Cells that charge at minus forty degrees.",
        "firm": "A",
    },
    {
        "id": "E2",
        "name": "Bridge drone",
        "description": "A drone that finds cracks in concrete bridges.",
        "firm": "B",
    },
]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_chinese_table_is_known_by_its_headings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "需求.csv"
    path.write_text(CHINESE, encoding=encoding)
    table = read_profiles(path, "need")
    assert table.columns == {
        "id": ("编号",), "title": ("需求名称",), "text": ("需求描述",), "organisation": ("单位",),
        "maturity": ("成熟度",), "until": ("有效期至",), "tracks": ("赛道",),
    }  # fmt: skip
    first, second = table.profiles
    assert (first.key, first.title, first.organisation, first.language) == ("N1", "低温电池", "甲公司", "zh")
    assert (first.maturity, first.until, first.tracks) == (
        (6, 8),
        date(2027, 3, 1),
        frozenset({"电池", "储能"}),
    )
    assert (second.maturity, second.until, second.tracks) == (None, None, frozenset())


@pytest.mark.parametrize("kind", ["json", "jsonl", "csv", "xlsx", "parquet"])
def test_one_table_in_five_formats_is_one_answer(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"offers.{kind}"
    if kind == "json":
        path.write_text(json.dumps({"items": ENGLISH}), encoding="utf-8")
    elif kind == "jsonl":
        path.write_text("\n".join(map(json.dumps, ENGLISH)), encoding="utf-8")
    elif kind == "csv":
        rows = [";".join(ENGLISH[0]), *(";".join(row.values()) for row in ENGLISH)]
        path.write_text("\n".join(rows), encoding="utf-8")
    elif kind == "xlsx":
        path.write_bytes(workbook([Sheet("s", list(ENGLISH[0]), [list(row.values()) for row in ENGLISH])]))
    else:
        pq.write_table(pa.Table.from_pylist(ENGLISH), path)
    table = read_profiles(path, "offer")
    assert [(p.key, p.title, p.texts, p.organisation) for p in table.profiles] == [
        (row["id"], row["name"], (row["description"],), row["firm"]) for row in ENGLISH
    ]


def test_columns_that_are_named_and_rows_without_anything(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("what,why,how\nCells,cold,charge\n,,\nDrones,,\n,,nothing of ours\n", encoding="utf-8")
    table = read_profiles(path, "need", {"title": ["what"], "text": ["why", "how"]})
    assert [(p.key, p.title, p.texts) for p in table.profiles] == [
        ("row 2", "Cells", ("cold", "charge")), ("row 4", "Drones", ()), ("row 5", "", ("nothing of ours",)),
    ]  # fmt: skip
    assert table.without_text == 1
    only = read_profiles(path, "need", {"title": ["what"]})
    assert only.rejected == (("row 5", "neither title nor text"),)


@pytest.mark.parametrize(
    ("content", "wanted", "message"),
    [
        ("id,title\n1,a\n1,b\n", {}, "row 2 and row 3 have the same identifier '1'"),
        ("id,title\n1,\n", {}, "no row with a title or a text"),
        ("a,b\n1,2\n", {}, "no header"),
        ("id,title\n1,a\n", {"text": ["body"]}, "no header|no column"),
        ('[{"a": 1}]', {}, "no column of titles or texts"),
        ('[{"title": "x"}]', {"text": ["body"]}, "has no column 'body'"),
        ("", {}, "empty"),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, content: str, wanted: dict[str, list[str]], message: str
) -> None:
    path = tmp_path / "t.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_profiles(path, "need", wanted)


def test_two_tables_are_matched_in_both_directions(tmp_path: Path) -> None:
    (tmp_path / "needs.csv").write_text(
        "id,title,text\nn1,Cracks,Find cracks in concrete bridges by drone.\nn2,Cells,Cells for minus forty degrees.\n",
        encoding="utf-8",
    )
    (tmp_path / "offers.json").write_text(json.dumps(ENGLISH), encoding="utf-8")
    needs = read_profiles(tmp_path / "needs.csv", "need")
    offers = read_profiles(tmp_path / "offers.json", "offer")
    day = date(2026, 11, 28)
    there = {
        c.asking.profile.key: c.found.matches[0].key for c in compare(needs, offers, today=day, model="none")
    }
    back = {
        c.asking.profile.key: c.found.matches[0].key for c in compare(offers, needs, today=day, model="none")
    }
    assert there == {"n1": "E2", "n2": "E1"}
    assert back == {"E1": "n2", "E2": "n1"}
    assert [c.asking.profile.key for c in compare(needs, offers, today=day, model="none", only="n2")] == [
        "n2"
    ]
    with pytest.raises(InputError, match="no row with the identifier"):
        list(compare(needs, offers, today=day, model="none", only="n3"))
