"""The doctor asks every room; the registry's answer names what was damaged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.faults.conftest import ROOT, run

MAIN = "from foretrack.cli.main import main; main()"


def doctor(workspace: Path, *more: str) -> tuple[int, list[dict[str, Any]]]:
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "doctor", "--workspace", str(workspace), "--json", *more],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return done.returncode, findings


def test_the_registry_is_looked_at_and_damage_is_named(workspace: Path) -> None:
    key = run("print(organisation('Invented Works'))", workspace).strip()

    code, findings = doctor(workspace)
    assert code == 0
    (well,) = (f for f in findings if f["subject"] == "registry")
    assert (well["health"], "1 records, 1 revisions, 1 entries" in well["said"]) == ("well", True)

    run(f"Record.objects.filter(key={key!r}).update(region='DE-BY')", workspace)
    code, findings = doctor(workspace, "--lang", "zh")
    broken = next(f for f in findings if f["subject"] == "registry")
    assert (code, broken["health"]) == (3, "broken")
    assert broken["said"].startswith(f"record {key} revision 1: 与记录的当前内容不一致")


def test_a_workspace_without_a_registry_is_looked_at_as_before_and_gets_none(tmp_path: Path) -> None:
    (tmp_path / "foretrack.toml").write_text("[workspace]\nformat = 1\n", encoding="utf-8")

    code, findings = doctor(tmp_path)

    assert code == 0
    assert "registry" not in {finding["subject"] for finding in findings}
    assert not (tmp_path / "registry.sqlite3").exists()
    assert not (tmp_path / "secret.key").exists()
