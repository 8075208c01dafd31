"""What a browser fetches for a first visit to each page, and when its largest part is painted.

    python benchmarks/site/browser.py --lookout DEMO_WORKSPACE [--record FILE]

Each page in a fresh browser without cache, at 1,280 px, on the machine that serves: bytes as they came over the wire
(compressed), the program that draws charts apart, and the largest contentful paint (W3C Largest Contentful Paint) as
Chromium reports it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
LARGEST = """() => new Promise((done) => {
  let found = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) found = entry.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => done(found), 600);
})"""
WEIGHT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .map((entry) => [entry.name, entry.transferSize])"""


def visit(browser: Any, address: str, cookie: str) -> dict[str, Any]:
    """One first visit."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    if cookie:
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    largest = page.evaluate(LARGEST)
    sizes = page.evaluate(WEIGHT)
    context.close()
    program = sum(size for name, size in sizes if "/assets/vega-" in name)
    return {
        "bytes": sum(size for _, size in sizes) - program,
        "program_bytes": program,
        "largest_ms": round(largest),
    }


def main() -> None:
    """Visits, prints and records."""
    import pages

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lookout", type=Path, required=True)
    parser.add_argument("--record", type=Path)
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as made_here:
        folder = Path(made_here) / "workspace"
        maker = [sys.executable, HERE / "pages.py", "--lookout", given.lookout, "--make", folder]
        made = json.loads(
            subprocess.run(maker, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1]
        )
        server, port = pages.started(folder)
        try:
            with sync_playwright() as player:
                browser = player.chromium.launch(
                    executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
                )
                lines = [
                    {"page": page, "address": address}
                    | visit(browser, f"http://127.0.0.1:{port}{address}", made["cookies"].get(who, ""))
                    for page, address, who in pages.addresses(made)
                ]
                browser.close()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)
    print("    bytes  program  largest paint ms  page")
    for line in sorted(lines, key=lambda line: -line["largest_ms"]):
        print(
            f"{line['bytes']:9d}{line['program_bytes']:9d}{line['largest_ms']:18d}  {line['page']} {line['address']}"
        )
    print(
        f"over 200,000 bytes: {sum(line['bytes'] > 200_000 for line in lines)}, over 1,500 ms: "
        f"{sum(line['largest_ms'] > 1500 for line in lines)}, of {len(lines)} first visits"
    )
    if given.record:
        given.record.write_text(json.dumps(lines, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
