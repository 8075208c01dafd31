"""In Chromium: what is typed survives the end of a session, a log-out elsewhere and the death of the server."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.site.conftest import NEEDS_CHROMIUM, PASSWORD
from tests.site.conftest import log_in as log_in_unseen
from tests.site.serving import started

pytestmark = NEEDS_CHROMIUM

ABOUT = "Written for an hour"


class Site:
    """A site of its own that a test may kill and start again on the same port."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.process, address = started(self.workspace, self.port)
        assert address == self.address

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None


@pytest.fixture(scope="module")
def site(
    filled_workspace: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("killed") / "workspace"
    shutil.copytree(filled_workspace[0], folder)
    made = Site(folder)
    made.start()
    yield made
    if made.process is not None:
        made.kill()


@pytest.fixture
def tab(browser: Any) -> Iterator[Callable[[], Any]]:
    contexts: list[Any] = []

    def opened() -> Any:
        context = browser.new_context()
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield opened
    for context in contexts:
        context.close()


def log_in(page: Any, who: str) -> None:
    page.fill("input[name=login]", f"{who}@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def come(site: Site, page: Any, who: str, path: str = "en/records/person/new/") -> None:
    log_in_unseen(page.context, f"{site.address}en/account/login/", who)
    page.goto(site.address + path)


def kept_in_browser(page: Any) -> str:
    return str(page.evaluate("sessionStorage.getItem('foretrack.unsent') || ''"))


def write(page: Any, text: str = ABOUT) -> None:
    page.fill("input[name='name-en']", text)


def said(page: Any, text: str) -> None:
    page.locator("#kept", has_text=text).wait_for()


def test_a_session_that_ends_while_somebody_writes_loses_nothing(site: Site, tab: Any) -> None:
    page = tab()
    come(site, page, "officer", "en/records/organisation/new/")
    page.wait_for_load_state("load")
    write(page)
    said(page, "Kept as a draft")
    page.click("main form.panel button:text('Keep as draft')")
    page.wait_for_url(re.compile("draft=on"))
    page.context.clear_cookies(name="sessionid")
    page.fill("input[name='name-zh']", "写在退出之后")
    page.fill("input[name='contact']", "A confidential name")
    page.select_option("select[name='sort_of']", "institute")
    said(page, "Not kept: you are logged out")
    page.click("main form.panel button.main")

    assert page.locator("#in-browser").is_visible()
    assert "A confidential name" not in kept_in_browser(page)
    page.click("main a:text('Log in')")
    log_in(page, "officer")
    page.wait_for_url(re.compile("organisation/new/"))
    page.wait_for_selector("#refilled:visible")
    assert page.input_value("input[name='name-en']") == ABOUT
    assert page.input_value("input[name='name-zh']") == "写在退出之后"
    assert page.input_value("select[name='sort_of']") == "institute"
    assert page.input_value("input[name='contact']") == ""
    page.click("main form.panel button.main")
    page.wait_for_url(re.compile("/en/record/"))
    assert ABOUT in page.text_content("h1")
    assert kept_in_browser(page) == ""


def test_what_one_person_wrote_is_not_given_to_the_next(site: Site, tab: Any) -> None:
    page = tab()
    come(site, page, "officer", "en/records/technology/new/")
    page.fill("input[name='title-en']", ABOUT)
    page.context.clear_cookies(name="sessionid")
    page.click("main form.panel button.main")
    assert ABOUT in kept_in_browser(page)
    page.click("main a:text('Log in')")
    log_in(page, "second")
    page.wait_for_url(re.compile("technology/new/"))

    assert page.input_value("input[name='title-en']") == ""
    assert page.locator("#refilled").is_hidden()
    assert kept_in_browser(page) == ""


def test_logging_out_leaves_nothing_behind_in_the_browser(site: Site, tab: Any) -> None:
    page = tab()
    come(site, page, "officer", "en/records/technology/new/")
    page.evaluate(
        "sessionStorage.setItem('foretrack.unsent', JSON.stringify({'/x/': "
        "{account: document.body.dataset.account, state: 'unsent', values: {}}}))"
    )
    page.click("header button:text('Log out')")
    page.wait_for_selector("header a:text('Log in')")

    assert kept_in_browser(page) == ""


def test_a_form_from_before_a_log_in_elsewhere_comes_back_filled(site: Site, tab: Any) -> None:
    page = tab()
    come(site, page, "second", "en/records/technology/new/")
    page.fill("input[name='title-en']", "Sent after a new log-in")
    other = page.context.new_page()
    other.goto(site.address + "en/")
    other.click("header button:text('Log out')")
    other.goto(site.address + "en/account/login/")
    log_in(other, "second")
    other.wait_for_url(re.compile("/en/$"))
    page.evaluate("window.htmx.trigger(document.getElementById('kept'), 'htmx:abort')")
    page.click("main form.panel button.main")

    assert "too old" in page.text_content("main")
    assert page.input_value("input[name='title-en']") == "Sent after a new log-in"
    page.click("main form.panel button.main")
    page.wait_for_url(re.compile("/en/record/"))


def test_a_server_that_dies_says_so_and_the_draft_is_there_afterwards(site: Site, tab: Any) -> None:
    page = tab()
    come(site, page, "administrator", "en/records/organisation/new/")
    write(page, "Kept before the end")
    said(page, "Kept as a draft")
    site.kill()
    write(page, "Written while nobody listened")
    said(page, "Not kept: the server")
    assert page.input_value("input[name='name-en']") == "Written while nobody listened"
    site.start()

    other = tab()  # another browser has what the server kept
    come(site, other, "administrator", "en/records/organisation/new/")
    other.click("#began a")
    assert other.input_value("input[name='name-en']") == "Kept before the end"
    page.reload()  # this one has what was typed since
    page.wait_for_selector("#refilled:visible")
    assert page.input_value("input[name='name-en']") == "Written while nobody listened"
    said(page, "Kept as a draft")
    deadline = time.monotonic() + 10
    while kept_in_browser(page) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert kept_in_browser(page) == ""
