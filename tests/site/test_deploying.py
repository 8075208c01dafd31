"""docs/deploy.md says what there is: every setting, unit files that systemd accepts, commands that exist."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from foretrack.cli.program import program
from foretrack.foundation.errors import InputError
from foretrack.installation import reading
from foretrack.installation.reading import Installation, read_installation
from foretrack.installation.serving import free_port
from foretrack.site.server import Serving, check_serving

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def test_every_setting_is_in_the_manual_and_every_one_there_exists() -> None:
    told = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", TEXT, re.MULTILINE)

    assert sorted(told) == sorted((t, k) for t, keys in reading._TABLES.items() for k in keys)


def test_every_variable_of_the_environment_is_in_the_manual() -> None:
    told = set(re.findall(r"^\| `(FORETRACK_\w+)` \|", TEXT, re.MULTILINE))

    assert told == {reading.DATABASE_VARIABLE, reading.SECRET_VARIABLE, reading.WORKSPACE_VARIABLE}


def test_the_defaults_in_the_manual_are_those_of_the_program() -> None:
    plain = Installation(Path())
    known = {("mail", f.name): getattr(plain.mail, f.name) for f in dataclasses.fields(plain.mail)}
    known |= {(t, k): getattr(plain, k) for t in ("registry", "site", "hall") for k in reading._TABLES[t]}
    for table, key, told in re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.*?) \|", TEXT, re.MULTILINE):
        if told.startswith("`"):
            value = known[table, key]
            assert told.strip("`") == (str(value) if isinstance(value, str) else json.dumps(value)), key


def test_the_example_of_settings_is_accepted_and_ready_to_serve() -> None:
    settings = tomllib.loads("\n".join(blocks("toml")))

    installation = read_installation(Path("workspace"), settings, {})

    assert installation.production
    assert installation.single_sign_on[0].issuer == "https://id.example.org"
    check_serving(installation, Serving(host="0.0.0.0"))


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="no systemd-analyze; to get it: apt install systemd"
)
def test_the_unit_files_are_accepted_by_systemd(tmp_path: Path) -> None:
    units = blocks("ini")
    assert len(units) == 2
    for name, text in zip(("foretrack.service", "foretrack-worker.service"), units, strict=True):
        # The program and its user are of another machine: everything else is looked at.
        here = text.replace("/opt/foretrack/bin/foretrack", "/bin/true").replace(
            "User=foretrack", "User=root"
        )
        (tmp_path / name).write_text(here.replace("Group=foretrack", "Group=root"), encoding="utf-8")
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)],
            capture_output=True,
            text=True,
            check=False,
        )
        own = [line for line in (done.stdout + done.stderr).splitlines() if name in line]
        assert own == []


def test_every_command_in_the_manual_exists() -> None:
    commands: dict[str, Any] = dict(typer.main.get_command(program()).commands)  # type: ignore[attr-defined]
    for name, words in re.findall(r"(?:bin/|^|&& )foretrack ([a-z]+)(.*)$", TEXT, re.MULTILINE):
        assert name in commands, name
        known = {option for p in commands[name].params for option in p.opts} | {"--help"}
        assert set(re.findall(r"--[a-z-]+", words)) <= known, (name, words)


@pytest.mark.parametrize("lacking", ["hosts", "address", "proxy"])
def test_production_without_all_its_settings_is_refused(lacking: str) -> None:
    given = {"hosts": ("a.example.org",), "address": "https://a.example.org", "proxy": True}
    plain = Installation(Path())
    installation = dataclasses.replace(plain, production=True, **{**given, lacking: getattr(plain, lacking)})

    with pytest.raises(InputError, match=lacking):
        check_serving(installation, Serving())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_others_may_not_reach_an_installation_that_is_not_set_up_for_it(host: str) -> None:
    with pytest.raises(InputError, match="not set up for it"):
        check_serving(Installation(Path()), Serving(host=host))


def test_a_port_that_is_taken_is_said() -> None:
    import socket

    from foretrack.foundation.errors import OutsideError

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OutsideError, match="cannot be used"):
            free_port("127.0.0.1", taken.getsockname()[1])
