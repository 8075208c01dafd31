"""From a scan of invented documents to a hit in the terminal, each command in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from foretrack.cli.main import run
from foretrack.foundation.errors import InputError
from foretrack.foundation.messages import Messages
from foretrack.search.query import read_query

MINI = Path(__file__).parents[2] / "src/foretrack/samples/mini"
ALL = """
import contextlib, io, json, sys
from foretrack.cli.main import run

said = []
for words in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    said.append((code, out.getvalue(), err.getvalue()))
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> Path:
    folder = tmp_path_factory.mktemp("searched") / "w"
    for words in (["ingest", str(MINI)], ["scan", "--as-of", "2022"]):
        assert run(["--workspace", str(folder), "--quiet", *words]) == 0
    shutil.copy(tables, folder)
    return folder


def all_of(workspace: Path, *commands: list[str]) -> list[tuple[int, str, str]]:
    """Exit code and what was said, of several commands in one fresh process."""
    asked = json.dumps([["--workspace", str(workspace), *words] for words in commands])
    done = subprocess.run(
        [sys.executable, "-c", ALL, asked], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    found: list[tuple[int, str, str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def documented(section: str) -> set[str]:
    text = (Path(__file__).parents[2] / "docs/guide/json.md").read_text(encoding="utf-8")
    part = text.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return {line.split("`")[1] for line in part.splitlines() if line.startswith("| `")}


@pytest.mark.slow
def test_a_scan_becomes_findable_and_says_why(workspace: Path) -> None:
    made, again, found, chinese, state, wrong, refused = all_of(
        workspace,
        ["searchable", "--json"],
        ["searchable", "--json"],
        ["search", "glass battery", "--json", "--words"],
        ["search", "玻璃电池", "--lang", "zh", "--words", "--unit", "document"],
        ["index", "--json"],
        ["search", "x", "--facet", "nonsense"],
        ["search", "?!", "--lang", "zh"],
    )

    counts: dict[str, Any] = json.loads(made[1])
    assert counts["added"] > 50
    assert json.loads(again[1]) == {**counts, "added": 0, "unchanged": counts["added"]}
    answer = json.loads(found[1])
    assert set(answer) == documented("`search`")
    assert set(answer["hits"][0]) == documented("Hit")
    assert set(answer["hits"][0]["why"]) == documented("Why")
    assert answer["hits"][0]["key"] == "glass-battery"
    assert {value["value"] for value in answer["facets"][0]["values"]} == {
        "concept",
        "technology",
        "document",
    }
    assert chinese[0] == 0
    assert "[玻璃电池]" in chinese[1]
    assert "全部词语相符" in chinese[1]
    assert set(json.loads(state[1])) == documented("`index`")
    assert (wrong[0], refused[0]) == (2, 2)
    assert "NAME=VALUE" in wrong[2]
    assert "没有可检索的词语" in refused[2]


def test_a_refusal_is_told_in_chinese() -> None:
    with pytest.raises(InputError) as caught:
        read_query("x" * 2000)

    said = caught.value.told(
        Messages("zh", {"a question of {n} characters": "检索式有 {n} 个字符", "{what}.": "{what}。"})
    )
    assert said.startswith("检索式有 2000 个字符。")
