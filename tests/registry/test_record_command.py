"""The commands `kind` and `record` as people run them, and the guide of the registry, executed."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = "import sys; from foretrack.cli.main import main; sys.argv[0] = 'foretrack'; main()"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FORETRACK_")}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], cwd=folder, capture_output=True, text=True, check=False,
        env={**environment, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


@pytest.mark.slow
def test_every_command_of_the_guide_works(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs/guide/registry.md").read_text(encoding="utf-8")
    lines = [
        line
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
        for line in block.splitlines()
        if line
    ]

    assert len(lines) == 9
    for line in lines:
        command, _, file = line.partition(" > ")
        done = run(tmp_path, *shlex.split(command)[1:])
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        if file:
            (tmp_path / file).write_text(done.stdout, encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "firms.csv").read_text(encoding="utf-8-sig"))))
    assert [row["name_zh"] for row in rows] == ["虚构之翼"]
    listed = json.loads(run(tmp_path, "record", "list", "organisation", "--json", "--workspace", "w").stdout)
    assert listed["total"] == 2


@pytest.mark.slow
def test_a_record_is_made_changed_moved_and_refused_at_the_terminal(tmp_path: Path, tables: Path) -> None:
    def ask(*words: str, code: int = 0) -> Any:
        done = run(tmp_path, *words, "--json", "--workspace", "w", "--lang", "zh")
        assert done.returncode == code, done.stderr + done.stdout
        return json.loads(done.stdout)

    assert run(tmp_path, "init", "--workspace", "w").returncode == 0
    shutil.copy(tables, tmp_path / "w")
    made = ask(
        "record",
        "add",
        "organisation",
        "name_en=Invented Oars",
        "sort_of=企业",
        "region=CN-33",
        "tracks=大模型",
    )
    changed = ask("record", "edit", made["key"], "name_zh=虚构船桨", "--revision", "1", "--why", "asked for")
    assert changed["values"]["name"] == {"en": "Invented Oars", "zh": "虚构船桨"}
    stale = ask("record", "edit", made["key"], "country=CN", "--revision", "1", code=2)
    assert "somebody else changed it" in stale["error"]["what"]
    (tmp_path / "bad.csv").write_text("name_en,sort_of\nOne,company\nTwo,firm\n", encoding="utf-8")
    refused = ask("record", "import", "organisation", "bad.csv", code=2)
    assert (refused["rejected"], refused["written"]) == (1, False)
    assert refused["rejections"][0]["what"] == "'firm' 不在可选项之中"
    unknown = run(tmp_path, "kind", "show", "organization", "--workspace", "w", "--lang", "zh")
    assert "没有名为 'organization' 的类型" in unknown.stderr
