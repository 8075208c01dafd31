"""The command `pack`, as a person types it. Firms are invented."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.rules.invented import PACK

from foretrack.cli.main import run
from foretrack.cli.program import program
from foretrack.packs.clause_map import unknown_services
from foretrack.packs.loading import load_packs

GUIDE = (Path(__file__).parents[2] / "docs/guide/json.md").read_text(encoding="utf-8")
FIRMS = """\
name,ip-class,rd-ratio,revenue-growth,debt-ratio,product-field,main-share,st-award,valid-title,rd-institution,new-equity,\
registered-in-china,listed,prohibited-products,major-violation,industry,staff,revenue,assets
Invented Valves,class-1-own,3,12,55,other,70%,no-award,no,no-institution,0,yes,no,no,no,c-manufacturing,120,,
Invented Pumps,class-2,1,2,80,other,0.5,no-award,no,city,0,yes,no,no,no,c-manufacturing,45,,
Invented Robots,,5,,,,,,,,,,,,,,,,
Invented Errors,class-9,5,,,,,,,,,,,,,,,,
"""
DAY = ("--on", "2025-06-30")


def documented(section: str) -> set[str]:
    """Keys that docs/guide/json.md gives for an answer."""
    found = re.search(rf"^## {re.escape(section)}$(.*?)(?=^## |\Z)", GUIDE, re.MULTILINE | re.DOTALL)
    assert found is not None, section
    return set(re.findall(r"^\| `(\w+)` \|", found[1], re.MULTILINE))


@pytest.fixture
def pack(capsys: pytest.CaptureFixture[str]) -> Any:
    """`pack(words...)` -> (exit code, stdout, stderr)."""

    def typed(*words: object) -> tuple[int, str, str]:
        code = run(["pack", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return typed


@pytest.fixture
def firms(tmp_path: Path) -> Path:
    path = tmp_path / "firms.csv"
    path.write_text(FIRMS, encoding="utf-8")
    return path


class TestJson:
    def answer(self, pack: Any, *words: object) -> Any:
        code, out, _ = pack(*words, "--json")
        assert code == 0
        return json.loads(out)

    def test_has_the_documented_keys(self, pack: Any, firms: Path, tmp_path: Path) -> None:
        listed = self.answer(pack, "list")
        assert set(listed) == documented("`pack list`")
        assert set(listed["packs"][0]) == documented("Pack")
        shown = self.answer(pack, "show", "cn-future-industries-2024")
        assert set(shown) == documented("Pack") | documented("`pack show`")
        assert set(self.answer(pack, "crosswalk")) == documented("`pack crosswalk`")
        clauses = self.answer(pack, "clauses")
        assert set(clauses) == documented("`pack clauses`")
        assert clauses["served"] + clauses["partly"] + clauses["not_yet"] == len(clauses["rows"]) == 102
        assert set(self.answer(pack, "template", "innovative-sme", *DAY)) == documented("`pack template`")
        assessed = self.answer(
            pack, "assess", firms, "--pack", "innovative-sme", *DAY, "--what-if", "main-share=0.49"
        )
        assert set(assessed) == documented("`pack assess`")
        assert set(assessed["rows"][0]["assessment"]) == documented("Assessment")
        assert set(assessed["rows"][0]["comparison"]) == documented("Comparison")
        (tmp_path / "pack.yml").write_text(PACK, encoding="utf-8")
        assert set(self.answer(pack, "check", tmp_path)) == documented("Pack")

    def test_answers_every_row_and_rejects_with_a_reason(self, pack: Any, firms: Path) -> None:
        rows = self.answer(pack, "assess", firms, "--pack", "innovative-sme", *DAY)["rows"]

        outcomes = [row["assessment"] and row["assessment"]["outcome"] for row in rows]
        assert outcomes == ["met", "not met", "undecided", None]
        assert rows[0]["assessment"]["score"] == {"low": 75, "high": 75}
        assert "ip-class is 'class-9'" in rows[3]["problem"]


class TestOutput:
    def test_csv_has_a_line_per_row(self, pack: Any, firms: Path) -> None:
        code, out, err = pack("assess", firms, "--pack", "innovative-sme", *DAY, "--format", "csv")
        lines = list(csv.DictReader(out.splitlines()))

        assert code == 0
        assert [line["outcome"] for line in lines] == ["met", "not met", "undecided", "rejected"]
        assert (lines[0]["innovation_low"], lines[1]["score_high"]) == ("30", "25")
        assert "1 of 4 rows were not assessed" in err

    def test_a_table_of_one_row_is_answered_with_the_whole_trace_in_chinese(
        self, pack: Any, tmp_path: Path
    ) -> None:
        path = tmp_path / "one.csv"
        path.write_text("\n".join(FIRMS.splitlines()[:2]), encoding="utf-8")

        code, out, _ = pack("assess", path, "--pack", "innovative-sme", *DAY, "--lang", "zh")

        assert code == 0
        for word in ("满足", "75 / 100", "知识产权", "[55, 75]", "直通条件 4", "下一档", "已被2026年1月17日"):
            assert word in out, word

    def test_the_template_is_a_sheet_to_fill_in(self, pack: Any, tmp_path: Path) -> None:
        path = tmp_path / "sheet.csv"

        assert pack("template", "innovative-sme", *DAY, "--output", path)[0] == 0
        heading = path.read_text(encoding="utf-8-sig").strip()

        assert heading == FIRMS.splitlines()[0]

    def test_an_excel_sheet_and_json_are_read_like_csv(self, pack: Any, firms: Path, tmp_path: Path) -> None:
        from openpyxl import Workbook

        rows = list(csv.reader(FIRMS.splitlines()))
        book = Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append([cell or None for cell in row])
        book.save(tmp_path / "firms.xlsx")
        as_json = [{k: v for k, v in zip(rows[0], row, strict=True) if v} for row in rows[1:]]
        (tmp_path / "firms.json").write_text(json.dumps(as_json), encoding="utf-8")

        answers = [
            pack("assess", tmp_path / name, "--pack", "innovative-sme", *DAY, "--format", "csv")[1]
            for name in ("firms.csv", "firms.xlsx", "firms.json")
        ]

        assert answers[0] == answers[1] == answers[2]

    def test_labels_serve_as_headings(self, pack: Any, tmp_path: Path) -> None:
        path = tmp_path / "zh.csv"
        path.write_text(
            "名称,有效荣誉称号,在境内注册,列入经营异常或严重失信名单,提供禁止的产品,近三年发生重大事故或违法,所属行业,从业人员\n"
            "虚构企业,是,是,否,否,否,制造业（C）,80\n",
            encoding="utf-8",
        )

        code, out, _ = pack("assess", path, "--pack", "innovative-sme", *DAY, "--json")

        assert code == 0
        assert json.loads(out)["rows"][0]["assessment"]["outcome"] == "met"

    def test_the_crosswalk_of_one_concept(self, pack: Any) -> None:
        code, out, _ = pack("crosswalk", "cn-15fyp-2026", "--concept", "quantum-technology")

        assert code == 0
        assert "quantum-computing" in out
        assert "hydrogen" not in out

    def test_an_overlay_brings_columns_of_its_own(self, pack: Any, tmp_path: Path) -> None:
        (tmp_path / "foretrack.toml").write_text("", encoding="utf-8")
        (tmp_path / "packs" / "ours").mkdir(parents=True)
        (tmp_path / "packs" / "ours" / "pack.yml").write_text(PACK, encoding="utf-8")
        sheet = tmp_path / "sheet.csv"
        sheet.write_text("name,ovens,view\nInvented Oven,3,yes\n", encoding="utf-8")
        words = (*DAY, "--workspace", tmp_path)

        columns = json.loads(pack("template", "good-bakery", "--overlay", "hills", *words, "--json")[1])[
            "columns"
        ]
        with_one = pack("assess", sheet, "--pack", "good-bakery", "--overlay", "hills", *words, "--json")
        without = pack("assess", sheet, "--pack", "good-bakery", *words)

        assert columns[-1] == "view"
        assert json.loads(with_one[1])["rows"][0]["assessment"]["groups"][-1]["points"] == {
            "low": 5,
            "high": 5,
        }
        assert without[0] == 2
        assert "has a column 'view'" in without[2]

    def test_packs_of_the_workspace_are_there(self, pack: Any, tmp_path: Path) -> None:
        (tmp_path / "foretrack.toml").write_text("", encoding="utf-8")
        (tmp_path / "packs" / "ours").mkdir(parents=True)
        (tmp_path / "packs" / "ours" / "pack.yml").write_text(PACK, encoding="utf-8")

        assert "bakeries" in pack("list", "--workspace", tmp_path)[1]
        assert "bakeries" not in pack("list")[1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("lst",), 2, "no step 'lst'"),
        (("show",), 2, "show without a name"),
        (("show", "nothing"), 2, "there is no pack 'nothing'"),
        (("list", "x"), 2, "list takes no name"),
        (("list", "--pack", "x"), 2, "list does not take --pack"),
        (("list", "--on", "today"), 2, "the day 'today'"),
        (("clauses", "calendar-cn"), 2, "the pack 'calendar-cn' holds no systems"),
        (("crosswalk", "nothing"), 2, "there is no crosswalk 'nothing'"),
        (("crosswalk", "--concept", "nothing"), 2, "no crosswalk says anything about 'nothing'"),
        (("check", "nowhere"), 2, "does not exist"),
        (("template", "nothing"), 2, "there is no rule 'nothing'"),
        (
            ("template", "cn-srdi-2022/innovative-sme", "--on", "2026-11-27"),
            5,
            "cn-srdi-2026/innovative-sme follows it",
        ),
        (("assess", "nowhere.csv"), 2, "no rule to assess by"),
        (("assess", "nowhere.csv", "--pack", "innovative-sme", *DAY), 2, "nowhere.csv does not exist"),
        (("assess", "firms.doc", "--pack", "innovative-sme", *DAY), 2, "is no table that can be read"),
        (("assess", "FIRMS", "--pack", "innovative-sme", *DAY, "--overlay", "x"), 2, "0 overlays 'x'"),
        (("assess", "FIRMS", "--pack", "innovative-sme", "--on", "2026-02-01"), 5, "is an empty template"),
        (("assess", "FIRMS", "--pack", "cn-srdi-2022", *DAY), 2, "the pack cn-srdi-2022 has 3 rules"),
        (("assess", "FIRMS", "--pack", "innovative-sme", *DAY, "--what-if", "x"), 2, "the change 'x'"),
    ],
)
def test_a_mistake_leaves_by_its_door(
    pack: Any, firms: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    left, _, err = pack(*(str(firms) if word == "FIRMS" else word for word in words))

    assert left == code
    assert said in err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "columns without a name"),
        ("name,colour\na,b\n", "has a column 'colour'"),
        ("name,main-share,Main-business share of revenue\na,1,1\n", "has two columns for main-share"),
        ("name,name\na,b\n", "two of one name"),
        ("name,main-share\na,1,2\n", "row 1 has more cells"),
        ('name,main-share\n"a,1\n', "is not what its name says"),
        ("name,main-share\n", "has no row"),
    ],
)
def test_a_table_that_is_none_is_refused(pack: Any, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")

    code, _, err = pack("assess", path, "--pack", "innovative-sme", *DAY)

    assert code == 2
    assert said in err


def test_every_command_of_the_clause_map_exists() -> None:
    commands = set(typer.main.get_command(program()).commands)  # type: ignore[attr-defined]

    for pack in load_packs():
        assert unknown_services(pack.systems, commands=commands) == []


def test_every_kind_of_the_clause_map_exists_and_serves_the_rows_that_it_names() -> None:
    from foretrack.installation.kinds import load_kinds

    kinds = {kind.name: kind for kind in load_kinds()}
    rows = {row.id: row for pack in load_packs() for row in pack.systems}

    assert unknown_services(list(rows.values()), kinds=kinds) == []
    for kind in kinds.values():
        for name in kind.clauses:
            if name in rows:
                served = {service.name for service in rows[name].served_by if service.what == "kind"}
                assert kind.name in served, (kind.name, name)


def test_every_step_of_the_clause_map_exists() -> None:
    from foretrack.domains.enterprises.doors.commands.enterprise import STEPS as ENTERPRISE
    from foretrack.domains.foresight.doors.commands.candidates import _TAKES as CANDIDATES
    from foretrack.rules.doors.commands.packs import _TAKES as PACKS

    steps = {"pack": PACKS, "candidates": CANDIDATES, "enterprise": ENTERPRISE.takes}
    named = [
        service.name.split()
        for pack in load_packs()
        for row in pack.systems
        for service in row.served_by
        if service.what == "command" and " " in service.name
    ]

    assert named
    assert [words for words in named if words[1] not in steps[words[0]]] == []
