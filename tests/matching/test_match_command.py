"""`foretrack match`: what it prints, its JSON, and its mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foretrack.cli.main import run as run_command

NEEDS = "id,title,text\nn1,Cracks,Find cracks of a tenth of a millimetre in concrete bridges by drone.\n"
OFFERS = (
    "id,title,text,company\no1,Bridge drone,Our drone can find cracks in concrete bridges.,Alpha\n"
    "o2,Cold cells,Cells that charge at minus forty degrees.,Beta\n"
)


@pytest.fixture
def tables(tmp_path: Path) -> list[str]:
    (tmp_path / "needs.csv").write_text(NEEDS, encoding="utf-8")
    (tmp_path / "offers.csv").write_text(OFFERS, encoding="utf-8")
    return ["match", str(tmp_path / "needs.csv"), str(tmp_path / "offers.csv"), "--model", "none"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run_command(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def test_the_best_offer_stands_first_with_its_reason(
    tables: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *tables, "--top", "1")
    assert code == 0
    assert "o1" in out
    assert "o2" not in out
    assert "Alpha" in out
    assert "cracks" in out
    assert "title = title" in err
    assert "Without a model" in err


def test_the_json_adds_up_and_gives_every_reason(
    tables: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, *tables, "--json", "--quiet")
    assert code == 0
    told = json.loads(out)
    assert told["offers"]["columns"]["organisation"] == ["company"]
    (asked,) = told["matched"]
    assert (asked["of"], asked["passed"]) == (2, 2)
    best = asked["matches"][0]
    assert best["id"] == "o1"
    assert abs(sum(best["parts"].values()) - best["score"]) < 1e-5
    met = best["met"][0]
    assert (
        NEEDS.splitlines()[1].split(",")[2][met["need"]["start"] : met["need"]["end"]] == met["need"]["text"]
    )
    assert {check["filter"] for check in best["filters"]} >= {"validity", "maturity", "flags"}


def test_both_directions_and_mistakes(tables: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, *tables, "--reverse", "--offer", "o2", "--lang", "zh")
    assert out.startswith("o2")
    for wrong in (
        ["--need", "zz"],
        ["--offer", "o1"],
        ["--on", "soon"],
        ["--needs-column", "titel=x"],
        ["--top", "0"],
    ):
        code, _, err = run(capsys, *tables, *wrong)
        assert code == 2, wrong
        assert "Expected" in err
