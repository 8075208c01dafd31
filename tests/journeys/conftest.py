"""A person at a terminal: runs commands and sees what is printed and how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from foretrack.cli.main import run


@dataclass(frozen=True)
class Outcome:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Person = Callable[..., Outcome]


@pytest.fixture
def person(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Person:
    """Runs commands in one workspace inside this process, which is quick."""

    def types(*words: str | Path) -> Outcome:
        capfd.readouterr()
        code = run(["--workspace", str(tmp_path / "workspace"), *map(str, words)])
        out, err = capfd.readouterr()
        return Outcome(code, out, err)

    return types


def in_a_shell(*words: str | Path, cwd: Path, stdin: str | None = None) -> Outcome:
    """Runs the installed `foretrack` program as a process of its own, with no terminal."""
    program = Path(sys.executable).with_name("foretrack")
    done = subprocess.run(
        [str(program), *map(str, words)],
        cwd=cwd,
        input=stdin or "",
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONWARNINGS": "error::ResourceWarning"},
        timeout=300,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def shell(tmp_path: Path) -> Person:
    """Runs the installed program in an empty folder."""

    def types(*words: str | Path) -> Outcome:
        return in_a_shell(*words, cwd=tmp_path)

    return types
