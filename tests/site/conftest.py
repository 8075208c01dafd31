"""The site over HTTP, with invented people in every role; and the site in Chromium, served by `foretrack serve`."""

from __future__ import annotations

import json
import re
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
from tests.once import once_in_a_run
from tests.registry.conftest import PLAN
from tests.site.serving import PROGRAM, environment, started

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


@pytest.fixture(scope="session")
def filled_workspace(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> tuple[Path, dict[str, str]]:
    """A workspace with invented records and accounts, to be copied, and the keys in it."""

    def make(folder: Path) -> None:
        workspace = folder / "workspace"
        subprocess.run([*PROGRAM, "--quiet", "--workspace", workspace, "init"], check=True, env=environment())
        shutil.copy(tables, workspace)
        with (workspace / "foretrack.toml").open("a", encoding="utf-8") as settings:
            settings.write("\n[site]\nopen_registration = true\n")
        done = subprocess.run(
            [sys.executable, "-m", "tests.site.filling", workspace],
            check=True, capture_output=True, text=True, env=environment(), cwd=Path(__file__).parents[2],
        )  # fmt: skip
        (folder / "keys.json").write_text(done.stdout, encoding="utf-8")

    made = once_in_a_run(tmp_path_factory, "site", make)
    return made / "workspace", json.loads((made / "keys.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def served(
    filled_workspace: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The site of a copy of that workspace, on a free port."""
    template, keys = filled_workspace
    folder = tmp_path_factory.mktemp("served") / "workspace"
    shutil.copytree(template, folder)
    server, address = started(folder)
    try:
        yield Served(address, keys, folder)
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
        assert server.stdout is not None
        server.stdout.close()


CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
NEEDS_CHROMIUM = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium; to get it: apt install chromium fonts-noto-cjk"
)
Page: TypeAlias = Any
Come: TypeAlias = Callable[..., Page]
"""Opens a browser for somebody at a page: `come("officer", "records/")`."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        made = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@pytest.fixture
def come(browser: Any, served: Served) -> Iterator[Come]:
    """Opens a browser for somebody, at a page; whatever the console says or the policy refuses fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(
        who: str = "", path: str = "", language: str = "en", width: int = 1280, *, dark: bool = False,
        expected: int = 200,
    ) -> Page:  # fmt: skip
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))
        page.on("console", lambda said: complaints.append(said.text) if complaint(said) else None)
        if who:
            log_in(context, served.at("account/login/", language), who)
        answer = page.goto(served.at(path, language))
        assert answer.status == expected, path
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def log_in(context: Any, address: str, who: str) -> None:
    """Sends the form for logging in with the cookies of a browser, and draws no page: what is typed there has a test."""
    context.request.get(address)
    token = next(one["value"] for one in context.cookies() if one["name"] == "csrftoken")
    answer = context.request.post(
        address,
        form={"csrfmiddlewaretoken": token, "login": f"{who}@example.org", "password": PASSWORD},
        headers={"Referer": address},
        max_redirects=0,
    )
    assert answer.status == 302, f"{who} is not logged in: {answer.status}"


def complaint(said: Any) -> bool:
    """Whether the console complains; that a page of ours has a status beyond 400 is no complaint but an answer."""
    return said.type == "error" and not re.search(r"status of 4\d\d", said.text)
