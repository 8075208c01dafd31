"""Commands act as the operator of the machine, or as an account that they name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from foretrack.cli.main import run
from foretrack.cli.program import speak

WHO = """
import sys
from pathlib import Path
from foretrack.accounts.doors.acting import acting
from foretrack.cli import program
from foretrack.terminal.session import Opener, Session

session = Session(Path(sys.argv[1]), opener=Opener(program._open_registry, program._actor))
registry, actor = acting(session)
print(actor.key, actor.via, *(kind.name for kind in registry.kinds))
from foretrack.accounts.models import Account
from foretrack.foundation.errors import InputError

ann = Account.objects.create_user("Ann@Example.org", name="Invented Ann")
ann.grants.create(role="auditor", given_by="OPERATOR", given_at=registry.now())
_, actor = acting(session, "ANN@example.org")
print(actor.key == ann.key, actor.main_role, actor.via)
ann.is_active = False
ann.save()
for email in ("ann@example.org", "nobody@example.org"):
    try:
        acting(session, email)
    except InputError as error:
        print(error.told(program.speak("zh")))
"""


def test_a_command_acts_for_the_operator_or_for_the_account_that_it_names(
    tmp_path: Path, tables: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(["init", "-w", str(tmp_path / "w")])
    shutil.copy(tables, tmp_path / "w")
    capfd.readouterr()

    said = subprocess.run(
        [sys.executable, "-c", WHO, str(tmp_path / "w")], capture_output=True, check=True, text=True
    ).stdout.splitlines()

    assert said[0].startswith("OPERATOR command organisation person technology")
    assert said[1] == "True auditor command"
    assert "ann@example.org" in said[2]
    assert "已停用" in said[2]
    assert "没有账号" in said[3]


def test_a_workspace_that_is_none_is_named(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", WHO, str(tmp_path)], capture_output=True, check=False, text=True
    ).stderr

    assert "is no Foretrack workspace" in said


def test_doors_speak_chinese_for_every_room() -> None:
    assert speak("zh")("there is no account {email!r}", email="x") == "没有账号 'x'"
