"""The API over HTTP, with invented people in every role, by session and by token."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from tests.registry.conftest import PLAN

from foretrack.accounts.actions.tokens import make_token
from foretrack.accounts.actors import actor_of
from foretrack.accounts.models import Account, RoleGrant
from foretrack.api.quotas import QUOTAS
from foretrack.installation.opening import configured_installation, registry_of
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.records import create
from foretrack.registry.declaring.kind import KINDS
from foretrack.registry.registry import Registry

PASSWORD = "an invented long phrase"
NATIONAL = Actor("NATIONAL", grants=(Grant("officer", regions=("*",)),))
HOST, BASE = "http://testserver", "/api/v1"


@dataclass
class Program:
    """A program that asks the API, with a token or without."""

    token: str = ""
    account: Account | None = None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Any:
        """An answer of the API; `path` begins behind `/api/v1` unless it is whole."""
        given = dict(headers or {})
        if self.token:
            given.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None:
            more.setdefault("data", body if isinstance(body, bytes | str) else json.dumps(body))
            more.setdefault("content_type", "application/json")
        path = path.removeprefix(HOST)
        address = path if path.startswith("/api/") else f"{BASE}{path}"
        return self.client.generic(method, address, headers=given, **more)

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, body, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("PATCH", path, body, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def delete(self, path: str, **headers: str) -> Any:
        return self.ask("DELETE", path, headers={k.replace("_", "-"): v for k, v in headers.items()})


Make: TypeAlias = Callable[..., Program]
ALL = ("read", "write", "decide", "publish", "manage")


@pytest.fixture
def registry(db: None, settings: Any, tmp_path: Path) -> Iterator[Registry]:
    """The registry that the API opens, with the invented kind `plan` and its files in a folder of the test."""
    settings.FORETRACK = replace(
        configured_installation(), workspace=tmp_path, requests_per_minute=100_000,
        visitor_requests_per_minute=100_000,
    )  # fmt: skip
    QUOTAS.known.clear()
    KINDS.add(PLAN)
    yield registry_of(settings.FORETRACK)
    KINDS.remove(PLAN.name)


@pytest.fixture
def firm(registry: Registry) -> str:
    return create(
        registry, NATIONAL, "organisation",
        {"name": {"en": "Invented Works", "zh": "虚构制造"}, "sort_of": "company", "region": "CN-33"},
    ).key  # fmt: skip


@pytest.fixture
def program(registry: Registry) -> Make:
    """A program of somebody: `program("officer", regions=["*"])`; without a role, a visitor's."""
    made = 0

    def come(role: str = "", scopes: Sequence[str] = ALL, **where: Any) -> Program:
        nonlocal made
        if not role:
            return Program()
        made += 1
        account = Account.objects.create_user(f"{role}{made}@example.org", PASSWORD, name=f"Invented {made}")
        RoleGrant.objects.create(
            account=account, role=role, given_by="OPERATOR", given_at=registry.now(), **where
        )
        token = make_token(registry, actor_of(account), "test", scopes).text
        return Program(token, account)

    return come


@pytest.fixture
def officer(program: Make) -> Program:
    return program("officer", regions=["*"], bodies=["*"])


@pytest.fixture
def visitor(program: Make) -> Program:
    return program()


@pytest.fixture
def application(registry: Registry) -> Iterator[Callable[..., Any]]:
    """The site as a web server calls it, in the transaction of the test: nobody closes its connection after a request."""
    handler, signals = get_wsgi_application(), (request_started, request_finished)

    def call(environ: dict[str, Any], start_response: Any) -> Any:
        for signal in signals:  # each time: Django's test client connects them again
            signal.disconnect(close_old_connections)
        return handler(environ, start_response)

    yield call
    for signal in signals:
        signal.connect(close_old_connections)
