"""Takes pictures of every page for people to look at: `make pictures`.

Each page in English and Chinese, light and dark, wide and on a phone, into a folder with an `index.html` that lays them
side by side; says what a browser complained about and what is wider than its window, and ends with 1 if anything was.

    python -m tests.site.pictures FOLDER [--workspace DEMO] [--only home,concept] [--languages en] [--widths 390]

Without `--workspace` the invented one of the browser tests is made. A demo's workspace shows the lookout at its real
size; pages that need keys of the invented one are left out then.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.site.filling import PASSWORD
from tests.site.serving import PROGRAM, started
from tests.site.walk import STOPS, Stop

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
LANGUAGES = ("en", "zh-hans")
WIDTHS = (1280, 390)
DRAWN = "document.querySelectorAll('figure.chart[data-spec]:not(.drawn):not(.undrawn)').length === 0"


@contextmanager
def served(workspace: Path) -> Iterator[str]:
    """The address of the site of a workspace."""
    server, address = started(workspace)
    try:
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def made_workspace(folder: Path) -> dict[str, str]:
    """The invented workspace of the browser tests; its keys."""
    subprocess.run([*PROGRAM, "--quiet", "-w", str(folder), "init"], check=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.site.filling", str(folder)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return dict(json.loads(done.stdout))


def reachable(stop: Stop, keys: Mapping[str, str], *, invented: bool) -> bool:
    """Whether a stop can be made in this workspace."""
    if invented:
        return True
    return "{" not in stop.path and "invented-list" not in stop.path and stop.who == ""


def take(address: str, folder: Path, given: argparse.Namespace, keys: Mapping[str, str]) -> list[str]:
    """Takes the pictures; what was wrong, a line each."""
    from playwright.sync_api import sync_playwright

    wrong: list[str] = []

    def complain(text: str) -> None:
        wrong.append(text)

    invented = given.workspace is None
    only = set(given.only.split(",")) if given.only else set()
    stops = [
        stop
        for stop in STOPS
        if stop.picture and reachable(stop, keys, invented=invented) and (not only or stop.name in only)
    ]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for language in given.languages:
            for width in given.widths:
                for who in sorted({stop.who for stop in stops}):
                    context = browser.new_context(viewport={"width": width, "height": 900})
                    page = context.new_page()
                    page.on("pageerror", lambda error: complain(f"script: {error}"))
                    page.on("console", lambda said: complain(said.text) if said.type == "error" else None)
                    if who:
                        log_in(page, address, who)
                    for number, stop in enumerate(stops):
                        if stop.who == who:
                            wrong.extend(look(page, f"{address}{language}/{stop.at(keys)}", folder,
                                          f"{number:02d}-{slug(stop)}-{language}-{width}", given.schemes))  # fmt: skip
                    context.close()
        browser.close()
    return wrong


def log_in(page: Any, address: str, who: str) -> None:
    """Logs a role of the invented workspace in."""
    page.goto(f"{address}en/account/login/")
    page.fill("input[name=login]", f"{who}@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/(en|zh-hans)/$"))


def wait_for_charts(page: Any, seconds: int = 20) -> bool:
    """Whether every chart was drawn in time. Asked from here: the pages' policy forbids what `wait_for_function` does."""
    for _ in range(seconds * 10):
        if page.evaluate(DRAWN):
            return True
        page.wait_for_timeout(100)
    return False


def look(page: Any, url: str, folder: Path, name: str, schemes: list[str]) -> list[str]:
    """One page in every scheme; what was wrong with it."""
    wrong: list[str] = []
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        answer = page.goto(url)
        if answer.status >= 400:
            return [f"{url}: {answer.status}"]
        page.wait_for_load_state("networkidle")
        # Charts are drawn when they come into view.
        page.evaluate("document.querySelectorAll('figure.chart').forEach((f) => f.scrollIntoView())")
        wrong.extend(f"{url}: a chart is not drawn" for drawn in [wait_for_charts(page)] if not drawn)
        page.evaluate("window.scrollTo(0, 0)")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wrong.append(f"{url}: {over} px too wide")
        page.screenshot(path=folder / f"{name}-{scheme}.png", full_page=True)
    return wrong


def slug(stop: Stop) -> str:
    """A name for files."""
    return re.sub(r"[^a-z0-9]+", "-", f"{stop.name}-{stop.who}".lower()).strip("-")


def index(folder: Path) -> None:
    """A page with all pictures side by side."""
    rows: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.png")):
        rows.setdefault(re.sub(r"-(en|zh-hans)-\d+-\w+\.png$", "", file.name), []).append(file.name)
    body = ""
    for name, files in rows.items():
        shown = " ".join(f'<a href="{f}"><img src="{f}" alt="{f}" height="420"></a>' for f in files)
        body += f"<h2>{name}</h2><p>{shown}</p>"
    (folder / "index.html").write_text(f"<!doctype html><meta charset=utf-8><title>Pictures</title>{body}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--languages", nargs="+", default=list(LANGUAGES))
    parser.add_argument("--widths", nargs="+", type=int, default=list(WIDTHS))
    parser.add_argument("--schemes", nargs="+", default=["light", "dark"])
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        workspace = given.workspace or Path(made) / "workspace"
        keys = {} if given.workspace else made_workspace(workspace)
        with served(workspace) as address:
            wrong = take(address, given.folder, given, keys)
    index(given.folder)
    for line in dict.fromkeys(wrong):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{len(list(given.folder.glob('*.png')))} pictures: {given.folder / 'index.html'}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    os.environ.pop("FORETRACK_WORKSPACE", None)
    sys.exit(main())
