"""`foretrack user` from a fresh installation to a token; every answer is as documented."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.jobs.conftest import environment, template, workspace

from foretrack.registry.access.permission import PERMISSIONS
from foretrack.registry.declaring.kind import ROLES

__all__ = ("template", "workspace")

GUIDE = Path(__file__).parents[2] / "docs/guide"
PROGRAM = """
import contextlib, io, json, sys
from foretrack.cli.main import run

for line in sys.stdin:
    words, typed = json.loads(line)
    sys.stdin, out, err = io.StringIO(typed), io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(["user", *words])
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""
"""The program in a process of its own, one command line after the other: starting it each time takes seconds."""


class Program:
    """`foretrack user` in one workspace."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"import sys\nread = sys.stdin\n{PROGRAM.replace('in sys.stdin', 'in read')}"],
            env=environment(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *words: str, say: str = "", code: int = 0) -> str:
        """What a command prints on stdout, or on stderr when it fails as expected."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([words, say]) + "\n")
        self.process.stdin.flush()
        ended, out, err = json.loads(self.process.stdout.readline())
        assert ended == code, err
        return str(out if code == 0 else err)

    def data(self, *words: str, say: str = "") -> Any:
        """The JSON that a command prints."""
        return json.loads(self.run(*words, "--json", say=say))


@pytest.fixture
def program(workspace: Path) -> Iterator[Program]:
    made = Program(workspace)
    yield made
    assert made.process.stdin is not None
    assert made.process.stdout is not None
    made.process.stdin.close()
    made.process.wait(timeout=30)
    made.process.stdout.close()


def documented(heading: str) -> set[str]:
    text = (GUIDE / "json.md").read_text(encoding="utf-8")
    part = re.split(r"^## ", text.split(f"\n## {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    return {
        key
        for keys in re.findall(r"^\| (`.+?) \|", part, re.MULTILINE)
        for key in re.findall(r"`(\w+)`", keys)
    }


def test_from_a_fresh_installation_to_a_token(program: Program) -> None:
    ann = program.data("add", "ann@example.org", "--role", "administrator", "--name", "Invented Ann")
    assert set(ann) == documented("Account")
    assert [set(grant) for grant in ann["grants"]] == [documented("Grant")]
    assert program.data("password", "ann@example.org", say="an invented long sentence\n")["state"] == "open"
    assert "easy to guess" in program.run("password", "ann@example.org", say="12345\n", code=2)

    as_ann = ("--as", "ann@example.org")
    program.data(
        "add",
        "bo@example.org",
        "--role",
        "officer",
        "--region",
        "CN-33",
        "--speaks",
        "zh",
        *as_ann,
    )
    made = program.data("token", "bo@example.org", "--name", "nightly", "--scope", "read", "--days", "30")
    assert made["text"].startswith("ft_")
    assert set(made["line"]) == documented("Token")
    assert "Expected" in program.run(
        "token", "bo@example.org", "--name", "x", "--scope", "read", *as_ann, code=2
    )

    shown = program.run("show", "bo@example.org")
    assert made["text"] not in shown
    assert "CN-33" in shown
    assert "主管人员" in program.run("show", "bo@example.org", "--lang", "zh")
    assert program.data("revoke", str(made["line"]["token"]), *as_ann)["revoked_at"]
    grant = program.data("show", "bo@example.org")["account"]["grants"][0]["grant"]
    assert program.data("end", str(grant), *as_ann)["ended_at"]
    assert (
        "/zh-hans/account/password/reset/key/" in program.data("password", "bo@example.org", "--link")["link"]
    )
    assert "cannot be undone" in program.run("erase", "bo@example.org", code=2)
    assert program.data("erase", "bo@example.org", "--yes", "--why", "asked")["state"] == "erased"
    assert [a["email"] for a in program.data("list")["accounts"]] == ["ann@example.org"]
    assert len(program.data("list", "--all")["accounts"]) == 2
    assert "最后一名系统管理员" in program.run("close", "ann@example.org", "--lang", "zh", code=2)


SLIPS = (
    (("dance",), "no step"), (("show",), "without a name"), (("list", "x"), "takes no name"),
    (("show", "x", "--days", "3"), "does not take --days"), (("end", "x"), "no number"),
    (("add", "x@example.org", "--region", "CN"), "place without a role"), (("grant", "x@example.org"), "no role"),
    (("show", "x@example.org"), "no account"), (("token", "x@example.org", "--scope", "all"), "no account"),
)  # fmt: skip


def test_a_slip_is_answered_with_what_was_expected(program: Program) -> None:
    for words, said in SLIPS:
        error = program.run(*words, code=2)
        assert said in error
        assert "Expected:" in error


def test_the_table_of_the_manual_is_the_table_of_permissions() -> None:
    text = (GUIDE / "users.md").read_text(encoding="utf-8").split("## Who may do what")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]

    assert rows[0] == ["act", *ROLES]
    assert {row[0]: row[1:] for row in rows[2:]} == {
        act: [cells.get(role, "") for role in ROLES] for act, cells in PERMISSIONS.items()
    }
