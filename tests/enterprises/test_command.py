"""The command `enterprise`, as a person types it. Firms are invented."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from foretrack.cli.main import run

GUIDE = (Path(__file__).parents[2] / "docs/guide/json.md").read_text(encoding="utf-8")
DAY = ("--on", "2025-06-30")
HEADING = (
    "name,code,region,ip-class,rd-ratio,revenue-growth,debt-ratio,product-field,main-share,st-award,valid-title,"
    "rd-institution,new-equity,listed,prohibited-products,major-violation,registered-in-china,industry,staff\n"
)
CLEAN = "no-award,no,no-institution,0,no,no,no,yes,c-manufacturing,120"
FIRMS = HEADING + "\n".join(
    (
        f"Invented Valves,,XA,class-1-own,3,12,55,other,70%,{CLEAN}",
        f"Invented Pumps,,XB,class-2,1,2,80,other,0.5,{CLEAN}",
        ",,,,,,,,,,,,,,,,,,",
        "Invented Robots,,XA,,5,,,,,,,,,,,,,,",
        f"Invented Errors,91110000600037341K,XA,class-9,-5,12,55,other,400%,{CLEAN}",
        f"Invented Crowds,,XA,class-1,3,12,55,other,70%,{CLEAN},one too many",
    )
)


def documented(section: str) -> set[str]:
    found = re.search(rf"^## {re.escape(section)}$(.*?)(?=^## |\Z)", GUIDE, re.MULTILINE | re.DOTALL)
    assert found is not None, section
    return set(re.findall(r"^\| `(\w+)` \|", found[1], re.MULTILINE))


@pytest.fixture
def enterprise(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """`enterprise(words...)` -> (exit code, stdout, stderr)."""

    def call(*words: object, json: bool = False) -> tuple[int, str, str]:
        code = run([*(["--json"] if json else []), "enterprise", *map(str, words)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "firms.csv"
    path.write_text(FIRMS, encoding="utf-8")
    return path


def test_each_row_is_answered_or_says_what_is_wrong_with_all_of_it(enterprise: Any, file: Path) -> None:
    code, out, err = enterprise("assess", file, *DAY, "--brief", json=True)

    answer = json.loads(out)
    firms = {firm["name"]: firm for firm in answer["firms"]}
    assert (code, set(answer)) == (0, documented("`enterprise assess`"))
    assert firms["Invented Valves"]["answer"]["level"] == "innovative-sme"
    # 15 + 15 for innovation, 15 + 5 for growth, 5 + 20 for specialisation.
    assert firms["Invented Valves"]["answer"]["echelons"][0]["score"] == {"low": 75, "high": 75}
    pumps = firms["Invented Pumps"]["answer"]
    assert (pumps["level"], pumps["possible"]) == (None, None)
    assert {gap["name"] for gap in pumps["echelons"][0]["gaps"]} >= {"total", "innovation"}
    robots = firms["Invented Robots"]["answer"]
    assert (robots["level"], robots["possible"], robots["echelons"][0]["standing"]) == (
        None, "little-giant", "undecided",
    )  # fmt: skip
    wrong = firms["Invented Errors"]
    assert wrong["answer"] is None
    assert [p["column"] for p in wrong["problems"]] == ["ip-class", "rd-ratio", "main-share", "code"]
    assert [(firm["row"], firm["problems"][0]["column"]) for firm in answer["firms"][-1:]] == [(7, "")]
    assert answer["rejected"] == 2
    assert "2 of 5 rows were not assessed" in err


def test_the_whole_trace_stands_in_the_json(enterprise: Any, file: Path) -> None:
    _, out, _ = enterprise("assess", file, *DAY, json=True)

    echelon = json.loads(out)["firms"][0]["answer"]["echelons"][0]
    assert set(echelon["assessment"]) == documented("Assessment")


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        (("rd-ratio=+2", "debt-ratio=50"), None),  # specialisation stays at 10 of the 15 that it needs
        (("st-award=other-award",), "innovative-sme"),
        (("rd-ratio=5", "revenue-growth=+13", "main-share=+20%", "debt-ratio-=30"), "innovative-sme"),
    ],
)
def test_changes_by_value_and_by_amount_are_tried_in_every_row(
    enterprise: Any, file: Path, changes: tuple[str, ...], level: str | None
) -> None:
    told = [word for change in changes for word in ("--what-if", change)]

    _, out, _ = enterprise("assess", file, *DAY, "--brief", *told, json=True)

    pumps = json.loads(out)["firms"][1]
    assert (pumps["answer"]["level"], pumps["then"]["level"]) == (None, level)


def test_an_amount_cannot_be_added_to_what_nobody_gave(enterprise: Any, file: Path) -> None:
    _, out, _ = enterprise("assess", file, *DAY, "--brief", "--what-if", "main-share=+5%", json=True)

    assert "nothing can be added" in json.loads(out)["firms"][2]["problems"][0]["problem"]


@pytest.mark.parametrize(
    "change", ["rd-ratio", "=5", "rd-intensity=5", "ip-class=+1", "st-award=+no-award"]
)  # fmt: skip
def test_a_change_that_means_nothing_is_refused(enterprise: Any, file: Path, change: str) -> None:
    code, _, err = enterprise("assess", file, *DAY, "--what-if", change)

    assert code == 2
    assert "To do:" in err


class TestHeadings:
    CHINESE = (
        "企业名称;统一社会信用代码;与主导产品相关的有效知识产权;研发费用占营业收入比重;近三年科技奖励;listed;prohibited_products;major-violation;registered-in-china;industry;staff\n"
        "虚构阀门;;Ⅰ类知识产权;3.1;other-award;否;否;否;是;c-manufacturing;120\n"
    )

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_chinese_headings_semicolons_and_every_usual_encoding(
        self, enterprise: Any, tmp_path: Path, encoding: str
    ) -> None:
        path = tmp_path / "firms.csv"
        path.write_text(self.CHINESE, encoding=encoding)

        _, out, _ = enterprise("assess", path, *DAY, "--brief", json=True)

        (firm,) = json.loads(out)["firms"]
        assert (firm["name"], firm["answer"]["level"]) == ("虚构阀门", "innovative-sme")

    @pytest.mark.parametrize("language", ["en", "zh"])
    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_a_template_is_taken_back_in_either_language(
        self, enterprise: Any, tmp_path: Path, language: str, ending: str
    ) -> None:
        path = tmp_path / f"template.{ending}"

        made, _, _ = enterprise("template", "--lang", language, *DAY, "--output", path)
        code, _, err = enterprise("assess", path, *DAY)

        assert made == 0
        assert code == 2  # no row, but every column is known
        assert "no row" in err

    def test_a_column_that_nobody_knows_is_named_with_those_that_come_near(
        self, enterprise: Any, tmp_path: Path
    ) -> None:
        path = tmp_path / "firms.csv"
        path.write_text("name,rd-ration\nInvented Valves,3\n", encoding="utf-8")

        code, _, err = enterprise("assess", path, *DAY)

        assert code == 2
        assert "rd-ration" in err
        assert "rd-ratio," in err

    def test_one_enterprise_stands_in_a_table_once(self, enterprise: Any, tmp_path: Path) -> None:
        path = tmp_path / "firms.csv"
        path.write_text("code,listed\n91110000600037341L,yes\n9111 0000 6000 37341L,no\n", encoding="utf-8")

        _, out, _ = enterprise("assess", path, *DAY, "--brief", json=True)

        one, two = json.loads(out)["firms"]
        assert one["answer"] is not None
        assert (two["answer"], two["problems"][0]["column"]) == (None, "code")


class TestDays:
    def test_a_superseded_ladder_is_never_used_silently(self, enterprise: Any, file: Path) -> None:
        code, out, err = enterprise("assess", file, "--brief", json=True)

        answer = json.loads(out)
        assert code == 0
        assert (answer["on"], answer["in_force_today"]) == ("2026-01-16", False)
        assert "is not in force today: its rules of 2026-01-16 are used" in err

    def test_a_day_outside_its_period_is_an_error(self, enterprise: Any, file: Path) -> None:
        code, _, err = enterprise("assess", file, "--on", "2026-02-01")

        assert code == 5
        assert "2022-08-01 – 2026-01-16" in err

    def test_a_ladder_that_is_not_there_is_named_with_those_that_are(
        self, enterprise: Any, file: Path
    ) -> None:
        code, _, err = enterprise("assess", file, "--pack", "cn-15fyp-2026")

        assert code == 2
        assert "quality-sme" in err


def test_the_table_reads_well_in_chinese(enterprise: Any, file: Path) -> None:
    code, out, _ = enterprise("assess", file, *DAY, "--lang", "zh", "--what-if", "rd-ratio=+1")

    assert code == 0
    assert {"所处梯队", "创新型中小企业", "假设", "未评估"} <= set(re.findall(r"[\u4e00-\u9fff]+", out))


def test_template_keys_are_documented(enterprise: Any) -> None:
    _, out, _ = enterprise("template", *DAY, json=True)

    shared = documented("`enterprise assess`") - {"what_if", "left_out", "levels", "rejected", "firms"}
    assert set(json.loads(out)) == shared | documented("`enterprise template`")
