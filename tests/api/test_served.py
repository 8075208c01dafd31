"""The API of `foretrack serve` with two processes: what they have to share, they share."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

PROGRAM = (sys.executable, "-c", "from foretrack.cli.main import main; main()")
FILL = """
import os, sys
from pathlib import Path
from foretrack.installation.opening import open_registry
registry = open_registry(Path(sys.argv[1]), os.environ)
from foretrack.accounts.models import Account, RoleGrant
from foretrack.accounts.actors import actor_of
from foretrack.accounts.actions.tokens import make_token
account = Account.objects.create_user("officer@example.org", "an invented long phrase")
RoleGrant.objects.create(account=account, role="officer", regions=["*"], given_by="OPERATOR", given_at=registry.now())
print(make_token(registry, actor_of(account), "test", ["read", "write"]).text)
"""
LIMIT = 90


@dataclass(frozen=True)
class Site:
    address: str
    token: str
    workspace: Path

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        request = Request(
            f"{self.address}api/v1{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"} | {n.replace("_", "-"): v for n, v in headers.items()},
        )  # fmt: skip
        try:
            with urlopen(request, timeout=60) as answer:
                return answer.status, dict(answer.headers)
        except HTTPError as error:
            with error:
                return error.code, dict(error.headers)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("api") / "workspace"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("FORETRACK_", "DJANGO_"))}
    subprocess.run([*PROGRAM, "--quiet", "--workspace", folder, "init"], check=True, env=environment)
    shutil.copy(tables, folder)
    settings = folder / "foretrack.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + f"\n[api]\nvisitor_requests_per_minute = {LIMIT}\n",
        encoding="utf-8",
    )
    token = subprocess.run(
        [sys.executable, "-c", FILL, str(folder)], check=True, capture_output=True, text=True, env=environment
    ).stdout.strip()
    command = [
        *PROGRAM,
        "serve",
        "--json",
        "--port",
        "0",
        "--workers",
        "2",
        "--no-worker",
        "--workspace",
        str(folder),
    ]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        said = "".join(iter(server.stdout.readline, "}\n"))
        try:
            yield Site(json.loads(said + "}")["address"], token, folder)
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(30) == 0


@pytest.mark.slow
def test_twenty_at_once_make_one_record(site: Site) -> None:
    body = {"values": {"name": {"en": "Invented Works"}, "sort_of": "company", "region": "CN-33"}}
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(
                lambda _: site.ask(
                    "POST", "/records/organisation", body, Authorization=f"Bearer {site.token}",
                    Idempotency_Key="one of twenty",
                ),
                range(20),
            )
        )  # fmt: skip
    assert {status for status, _ in answers} == {400}, "a key with a blank is none"

    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(
                lambda _: site.ask(
                    "POST", "/records/organisation", body, Authorization=f"Bearer {site.token}",
                    Idempotency_Key="one-of-20",
                ),
                range(20),
            )
        )  # fmt: skip
    statuses = [status for status, _ in answers]
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    places = {headers["Location"] for status, headers in answers if status == 201}
    assert len(places) == 1
    assert all(int(headers["Retry-After"]) for status, headers in answers if status == 409)
    status, headers = site.ask(
        "POST",
        "/records/organisation",
        body,
        Authorization=f"Bearer {site.token}",
        Idempotency_Key="one-of-20",
    )
    assert (status, {headers["Location"]}) == (201, places)


@pytest.mark.slow
def test_readers_do_not_wait_for_a_writer(site: Site) -> None:
    """A long import holds SQLite: neither the note of a token's use nor the count of requests may wait for its end."""
    with closing(sqlite3.connect(site.workspace / "registry.sqlite3", isolation_level=None)) as writer:
        writer.execute("UPDATE accounts_apitoken SET last_used_at = NULL")
        writer.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(4) as pool:
            asked = [
                pool.submit(site.ask, "GET", path, **headers)
                for path in ("/kinds", "/records/organisation")
                for headers in ({}, {"Authorization": f"Bearer {site.token}"})
            ]
            # A writer's turn is waited for up to a minute; these have to be there long before.
            statuses = [one.result(timeout=30)[0] for one in asked]
        writer.execute("ROLLBACK")

    assert statuses == [200] * 4


@pytest.mark.slow
def test_the_limit_of_visitors_is_counted_over_both_processes(site: Site) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: site.ask("GET", "/kinds"), range(3 * LIMIT)))
    allowed = sum(status == 200 for status, _ in answers)
    refused = [headers for status, headers in answers if status == 429]

    # A minute may end while they ask; each process may be behind by one step.
    assert allowed <= 2 * (LIMIT + 2 * max(1, LIMIT // 20))
    assert len(refused) + allowed == 3 * LIMIT
    assert refused
    assert all(1 <= int(headers["Retry-After"]) <= 60 for headers in refused)
    assert site.ask("GET", "/kinds", Authorization=f"Bearer {site.token}")[0] == 200
