"""The site in Chromium with a clock that is moved, served by this process: what takes weeks is walked in seconds.

Its threads use the connection and the transaction of the test, one request at a time; the test works between pages.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponseBase
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from tests.site.conftest import CHROMIUM, complaint

from foretrack.accounts.models import Account, RoleGrant
from foretrack.foundation.clock import fixed_clock
from foretrack.installation.opening import configured_installation, registry_of
from foretrack.registry.registry import Registry

DAY_MIDDLEWARE = "tests.site.moving.DayMiddleware"


class DayMiddleware:
    """Behind the middleware that opens the registry: puts the day of the journey into it."""

    now: ClassVar[str] = ""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.registry = replace(request.registry, clock=fixed_clock(self.now))  # type: ignore[attr-defined]
        return self.get_response(request)


class _InTurn:
    """One request after the other, each with its time."""

    def __init__(self) -> None:
        self.turn = threading.RLock()
        self.seconds: dict[str, list[float]] = {}
        self._application = WSGIHandler()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self.turn:
            began = time.process_time()
            answer = self._application(environ, start_response)
            self.seconds.setdefault(environ["PATH_INFO"], []).append(time.process_time() - began)
        return answer


class _Server(ThreadedWSGIServer):
    def _close_connections(self) -> None:
        """Nothing: the connection is that of the test."""


@dataclass
class Journey:
    """A running site, the day that it is there, and the browsers of those who walk through it."""

    address: str
    site: _InTurn
    browser: Any
    at: datetime
    people: dict[str, Any] = field(default_factory=dict)
    """A page of Chromium by name."""
    complaints: list[str] = field(default_factory=list)

    @property
    def registry(self) -> Registry:
        """The registry of the site on that day, with its calendar of working days."""
        return replace(registry_of(configured_installation()), clock=fixed_clock(self.at.isoformat()))

    def move_to(self, day: str) -> None:
        """Lets it be another day."""
        self.at = datetime.fromisoformat(f"{day}T09:00:00+00:00")
        DayMiddleware.now = self.at.isoformat()

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """While no page is answered: for what the test does by actions."""
        with self.site.turn:
            yield

    @property
    def seconds(self) -> Mapping[str, list[float]]:
        """Processor seconds of each answer by path."""
        return self.site.seconds

    def come(self, name: str = "", role: str = "", **where: Any) -> Any:
        """A page of somebody's own browser, who is logged in; the second time the same page. No name: a visitor."""
        if name in self.people:
            return self.people[name]
        context = self.browser.new_context(viewport={"width": 1280, "height": 900})
        if name:
            with self.quiet():
                account, made = Account.objects.get_or_create(
                    email=f"{name}@example.org", defaults={"name": f"Invented {name}"}
                )
                if made or not account.grants.exists():
                    RoleGrant.objects.create(
                        account=account, role=role, given_by="OPERATOR", given_at=self.registry.now(), **where
                    )
                client = Client()
                client.force_login(account)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if complaint(said) else None)
        self.people[name] = page
        return page

    def at_page(self, page: Any, path: str, language: str = "en", expected: int = 200) -> str:
        """Opens an address behind the language; the text of the page."""
        answer = page.goto(f"{self.address}{language}/{path}")
        assert answer.status == expected, f"{path}: {answer.status}"
        return str(page.text_content("main"))


@contextmanager
def journey(settings: Any, workspace: Path, monkeypatch: pytest.MonkeyPatch, day: str) -> Iterator[Journey]:
    """Serves the site of a workspace on a day, on a free port, inside the transaction of the test."""
    from playwright.sync_api import sync_playwright

    settings.FORETRACK = replace(configured_installation(), workspace=workspace)
    at = settings.MIDDLEWARE.index("foretrack.site.middleware.ActorMiddleware") + 1
    every = [*settings.MIDDLEWARE[:at], DAY_MIDDLEWARE, *settings.MIDDLEWARE[at:]]
    # Packing the drawing program costs more than all pages of a journey together.
    settings.MIDDLEWARE = [one for one in every if not one.endswith("GZipMiddleware")]
    # Playwright's loop runs in this thread, between its calls; nothing is awaited here.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    shared = connections[DEFAULT_DB_ALIAS]
    shared.inc_thread_sharing()
    site = _InTurn()
    server = _Server(
        ("127.0.0.1", 0), QuietWSGIRequestHandler, allow_reuse_address=False,
        connections_override={shared.alias: shared},
    )  # fmt: skip
    server.set_app(site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with sync_playwright() as player:
            connections[DEFAULT_DB_ALIAS] = shared  # a thread with a loop would be given another one
            browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            address = f"http://127.0.0.1:{server.server_port}/"
            found = Journey(address, site, browser, datetime.fromisoformat(day))
            found.move_to(day)
            yield found
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        shared.dec_thread_sharing()
    assert found.complaints == []


def press(page: Any, label: str) -> None:
    """Sends a form by its button; nothing may be left to correct."""
    page.locator("main").get_by_role("button", name=label, exact=True).click()
    page.wait_for_load_state()
    wrong = page.locator("main [role=alert], main .wrong")
    assert wrong.count() == 0, wrong.all_text_contents()


def follow(page: Any, label: str) -> None:
    page.locator("main").get_by_role("link", name=label, exact=True).first.click()
    page.wait_for_load_state()


def step(page: Any, label: str, reason: str = "") -> None:
    """Makes a transition: its link, its reason, its button."""
    follow(page, label)
    if reason:
        page.fill("[name='record-reason']", reason)
    press(page, label)
