"""The site over HTTP, with invented people in every role; and the site in Chromium, served by `foretrack serve`."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from django.test import Client
from tests.registry.conftest import PLAN

from foretrack.accounts.models import Account, RoleGrant
from foretrack.installation.opening import configured_installation, registry_of
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.records import create
from foretrack.registry.declaring.kind import KINDS
from foretrack.registry.registry import Registry

PASSWORD = "an invented long phrase"
SECOND = Actor("SECOND", grants=(Grant("officer", regions=("*",)),))
NATIONAL = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))


@pytest.fixture
def registry(db: None, settings: Any, tmp_path: Path) -> Iterator[Registry]:
    """The registry that the site opens, with the invented kind `plan` and its files in a folder of the test."""
    settings.FORETRACK = replace(configured_installation(), workspace=tmp_path)
    registry_of(settings.FORETRACK)
    KINDS.add(PLAN)
    yield registry_of(settings.FORETRACK)
    KINDS.remove(PLAN.name)


@pytest.fixture
def firm(registry: Registry) -> str:
    return create(
        registry, NATIONAL, "organisation",
        {"name": {"en": "Invented Works", "zh": "虚构制造"}, "sort_of": "company", "region": "CN-33"},
    ).key  # fmt: skip


Person: TypeAlias = Callable[..., Client]


@pytest.fixture
def person(registry: Registry) -> Person:
    """Logs somebody in: `person("officer", regions=["*"])`; without a role, a visitor."""
    made = 0

    def come(role: str = "", **where: Any) -> Client:
        nonlocal made
        client = Client(raise_request_exception=False)
        if role:
            made += 1
            account = Account.objects.create_user(
                f"{role}{made}@example.org", PASSWORD, name=f"Invented {role} {made}"
            )
            RoleGrant.objects.create(
                account=account, role=role, given_by="OPERATOR", given_at=registry.now(), **where
            )
            client.force_login(account)
        return client

    return come


@dataclass(frozen=True)
class Served:
    """A running site."""

    address: str
    keys: dict[str, str]
    workspace: Path

    def at(self, path: str, language: str = "en") -> str:
        return f"{self.address}{language}/{path}"


PROGRAM = (sys.executable, "-c", "from foretrack.cli.main import main; main()")


@pytest.fixture(scope="session")
def filled_workspace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A workspace with invented records and accounts, made once."""
    folder = tmp_path_factory.mktemp("site") / "workspace"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("FORETRACK_", "DJANGO_"))}
    subprocess.run([*PROGRAM, "--quiet", "--workspace", folder, "init"], check=True, env=environment)
    done = subprocess.run(
        [sys.executable, "-m", "tests.site.filling", folder],
        check=True, capture_output=True, text=True, env=environment, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    return folder, json.loads(done.stdout)


@pytest.fixture(scope="module")
def served(
    filled_workspace: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The site of a copy of that workspace, on a free port."""
    template, keys = filled_workspace
    folder = tmp_path_factory.mktemp("served") / "workspace"
    shutil.copytree(template, folder)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("FORETRACK_", "DJANGO_"))}
    command = [
        *PROGRAM,
        "serve",
        "--json",
        "--port",
        "0",
        "--workers",
        "1",
        "--no-worker",
        "--workspace",
        str(folder),
    ]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout is not None
    said = "".join(iter(lambda: server.stdout.readline() if server.stdout else "", "}\n"))
    try:
        yield Served(json.loads(said + "}")["address"], keys, folder)
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
        server.stdout.close()
