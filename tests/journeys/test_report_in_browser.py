"""The report as a reader sees it, in Chromium: nothing is cut off, the filter works, it prints, nobody is called."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from tests.cli.conftest import foreseen_report

Person: TypeAlias = Callable[..., Any]
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium; to get it: apt install chromium fonts-noto-cjk"
)

# Headless, without what a browser does on its own, so that whatever it loads was asked for by the page.
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip

PROBE = """
<script>
addEventListener("load", () => {
  const drawings = [...document.querySelectorAll("svg.chart, svg.spark")];
  const empty = drawings.filter((drawing) => drawing.getBoundingClientRect().height < 5).length;
  const find = document.getElementById("find");
  const rows = [...document.querySelectorAll("#ranked tbody tr[data-state]")];
  find.value = "battery";
  find.dispatchEvent(new Event("input"));
  const told = {
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    rows: rows.length,
    found: rows.filter((row) => !row.hidden).map((row) => row.cells[1].textContent),
    controls: !document.querySelector(".controls").hidden,
    loaded: performance.getEntriesByType("resource").map((entry) => entry.name),
    empty,
    ink: getComputedStyle(document.body).color,
    paper: getComputedStyle(document.body).backgroundColor,
  };
  parent.postMessage(JSON.stringify(told), "*");
});
</script>
"""


@pytest.fixture(scope="module")
def pages(scanned_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the report of the invented folder in both languages, and of invented answers with forecasts."""
    from foretrack.cli.main import run
    from foretrack.domains.foresight.doors.report.page import render
    from foretrack.domains.foresight.doors.speech import speak

    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(scanned_sample, folder / "workspace")
    workspace = ["--workspace", str(folder / "workspace"), "--quiet"]
    for language in ("en", "zh"):
        assert run(["report", str(folder / f"{language}.html"), "--lang", language, *workspace]) == 0
        page = render(foreseen_report(), speak(language))
        (folder / f"{language}-foreseen.html").write_text(page, encoding="utf-8")
    return folder


def browse(folder: Path, language: str, width: int, *flags: str) -> dict[str, Any]:
    """What the page says of itself in a frame of that width."""
    page = (folder / f"{language}.html").read_text(encoding="utf-8").replace("</body>", PROBE + "</body>")
    (folder / "probed.html").write_text(page, encoding="utf-8")
    frame = (
        "<body style='margin:0'><script>addEventListener('message', (m) => {document.title = m.data})</script>"
        f"<iframe src='probed.html' style='width:{width}px;height:900px;border:0'></iframe></body>"
    )
    (folder / "frame.html").write_text(frame, encoding="utf-8")
    done = subprocess.run(
        [
            str(BROWSER), *FLAGS, *flags, f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=5000",
            "--window-size=1400,1000", "--dump-dom", (folder / "frame.html").as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title is not None, done.stderr
    told: dict[str, Any] = json.loads(
        title[1].replace("&amp;", "&").replace("&gt;", ">").replace("&lt;", "<")
    )
    return told


@pytest.mark.parametrize("language", ["en", "zh", "en-foreseen", "zh-foreseen"])
@pytest.mark.parametrize("width", [360, 800, 1300])
def test_nothing_is_cut_off(pages: Path, language: str, width: int) -> None:
    seen = browse(pages, language, width)

    assert seen["overflow"] <= 0
    assert seen["empty"] == 0
    assert seen["rows"] > 5


def test_the_filter_finds_what_was_typed(pages: Path) -> None:
    seen = browse(pages, "en", 1300)

    assert seen["controls"]
    assert 0 < len(seen["found"]) < seen["rows"]
    assert all("battery" in text for text in seen["found"])


def test_nothing_is_loaded(pages: Path) -> None:
    assert browse(pages, "en", 1300)["loaded"] == []


def test_dark_is_dark_and_light_is_light(pages: Path) -> None:
    light = browse(pages, "en", 1300)
    dark = browse(pages, "en", 1300, "--force-dark-mode")

    def brightness(colour: str) -> int:
        return sum(int(part) for part in re.findall(r"\d+", colour)[:3])

    assert brightness(light["paper"]) > 700 > 100 > brightness(light["ink"])
    assert brightness(dark["paper"]) < 100 < 600 < brightness(dark["ink"])


@pytest.mark.parametrize("language", ["en", "zh-foreseen"])
def test_it_prints(pages: Path, language: str) -> None:
    target = pages / f"{language}.pdf"
    subprocess.run(
        [
            str(BROWSER), *FLAGS, f"--user-data-dir={pages / 'profile'}", "--no-pdf-header-footer",
            f"--print-to-pdf={target}", (pages / f"{language}.html").as_uri(),
        ],
        capture_output=True, timeout=120, check=True,
    )  # fmt: skip

    assert target.read_bytes().startswith(b"%PDF")
    assert target.stat().st_size > 20_000
