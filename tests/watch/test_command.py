"""The command as a person types it, in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SCRIPT = """
import contextlib, io, json, sys
from foretrack.cli.main import run
made = []
for line in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([part.format(*made) for part in line])
    text = out.getvalue()
    try:
        said = json.loads(text)
    except ValueError:
        said = {"text": text}
    key = said.get("rule", {}).get("key") if isinstance(said, dict) else None
    if key and key not in made:
        made.append(key)
    print(json.dumps([code, said, err.getvalue()]))
"""


def typed(workspace: Path, *lines: list[str]) -> list[list[object]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    kept.pop("FORETRACK_DATABASE", None)
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(lines)], capture_output=True, text=True, check=True,
        env={**kept, "PYTHONPATH": path, "FORETRACK_WORKSPACE": str(workspace)},
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> Path:
    folder = tmp_path_factory.mktemp("watch") / "w"
    typed(folder, ["init"])
    shutil.copy(tables, folder)
    return folder


def test_a_rule_is_made_shown_changed_and_ended(workspace: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(workspace, tmp_path / "w"))
    answers = typed(
        folder,
        ["watch", "add", "--name", "Firms", "--kind", "organisation", "--when", "status changed", "--json"],
        ["watch", "edit", "{0}", "--when", "new", "--when", "stale 30", "--level", "red", "--json"],
        ["watch", "show", "{0}", "--json"],
        ["watch", "list", "--lang", "zh"],
        ["watch", "alerts", "--json"],
        ["watch", "run", "--json"],
        ["watch", "feed", "{0}", "--renew", "--output", str(tmp_path / "x.atom"), "--json"],
        ["watch", "hook", "{0}", "--address", "http://127.0.0.1:9/", "--lang", "zh"],
        ["watch", "digest", "{0}"],
        ["worker", "--once", "--json"],
        ["jobs", "list", "--json"],
        ["watch", "remove", "{0}"],
        ["watch", "show", "{0}"],
    )

    codes = [answer[0] for answer in answers]
    assert codes == [0, 0, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 2], answers
    shown = answers[2][1]
    assert isinstance(shown, dict)
    assert shown["rule"]["level"] == "red"
    assert [c["operator"] for c in shown["rule"]["conditions"]["any"]] == ["new", "stale"]
    assert "级别" in str(answers[3][1])
    assert (tmp_path / "x.atom").read_bytes().startswith(b"<?xml")
    assert "内部网络" in str(answers[7][2])
    assert "--as EMAIL" in str(answers[8][2])
    counted = answers[10][1]
    assert isinstance(counted, dict)
    assert counted["counts"]["failed"] == 0
    assert counted["counts"]["done"] >= 3


def test_what_is_typed_wrong_is_said(workspace: Path) -> None:
    answers = typed(
        workspace,
        ["watch", "fly"],
        ["watch", "show"],
        ["watch", "list", "--name", "x"],
        ["watch", "add", "--kind", "organisation"],
        ["watch", "add", "--name", "x", "--kind", "organisation", "--filter", "size"],
        ["watch", "add", "--name", "x", "--kind", "organisation", "--when", "name matches (a+)+$"],
        ["watch", "add", "--name", "x", "--kind", "organisation", "--conditions", "no-such-file"],
        ["jobs", "show", "x"],
        ["jobs", "retry"],
    )

    assert [answer[0] for answer in answers] == [2] * 9
    assert all("To do:" in str(answer[2]) for answer in answers)
