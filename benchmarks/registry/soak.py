"""Fifty readers at once and one writer, against `foretrack serve` on a workspace of its own: `make soak`.

Writes what it measured as JSON beside this file and ends with an error when a single answer was wrong.

    python benchmarks/registry/soak.py --seconds 300 --readers 50 --records 2000
    FORETRACK_DATABASE=postgresql://... python benchmarks/registry/soak.py --label postgresql
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def made_workspace(folder: Path, records: int) -> list[str]:
    """A workspace with invented organisations; their keys."""
    from foretrack.cli.main import run
    from foretrack.installation.opening import open_registry

    assert run(["--workspace", str(folder), "--quiet", "init"]) == 0
    registry = open_registry(folder, os.environ)
    from foretrack.registry.access.actor import Actor, Grant
    from foretrack.registry.actions.records import create

    officer = Actor("SOAK", grants=(Grant("officer", regions=("*",)),))
    return [
        create(
            registry, officer, "organisation",
            {
                "name": {"en": f"Invented Works {n}", "zh": f"虚构制造{n}"}, "sort_of": "company",
                "region": f"CN-{n % 90 + 10}",
            },
        ).key
        for n in range(records)
    ]  # fmt: skip


def write_until(folder: Path, stop: Path, report: Path) -> None:
    """The writer's process: makes and changes records as fast as it can, and says how many and how slow at worst."""
    from foretrack.installation.opening import open_registry

    registry = open_registry(folder, os.environ)
    from foretrack.registry.access.actor import Actor, Grant
    from foretrack.registry.actions.records import create, edit

    officer = Actor("SOAK", grants=(Grant("officer", regions=("*",)),))
    written, worst, errors = 0, 0.0, list[str]()
    while not stop.exists():
        began = time.perf_counter()
        try:
            page = create(
                registry, officer, "organisation",
                {"name": {"en": f"Invented Writer {written}"}, "sort_of": "institute", "region": "CN-33"},
            )  # fmt: skip
            edit(registry, officer, page.key, {"country": "CN"}, revision=page.revision)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the soak looks for
            errors.append(f"{type(error).__name__}: {error}"[:200])
        written += 2
        worst = max(worst, time.perf_counter() - began)
        time.sleep(0.01)
    report.write_text(json.dumps({"written": written, "worst_seconds": worst, "errors": errors}))


class Reader(threading.Thread):
    """One browser that never rests: a connection of its own, one page after another."""

    def __init__(self, port: int, pages: list[str], seed: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.pages, self.at, self.stop = port, pages, seed, stop
        self.times: list[float] = []
        self.errors: list[str] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self.stop.is_set():
            page = self.pages[self.at % len(self.pages)]
            self.at += 7
            began = time.perf_counter()
            try:
                connection.request("GET", page)
                answer = connection.getresponse()
                body = answer.read()
                if answer.status != 200 or b"</html>" not in body:
                    self.errors.append(f"{answer.status} {page}")
            except (OSError, http.client.HTTPException) as error:
                self.errors.append(f"{type(error).__name__}: {error} {page}"[:200])
                connection.close()
            self.times.append(time.perf_counter() - began)


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] if times else 0.0


def soak(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    keys = made_workspace(folder, options.records)
    pages = [f"/{language}/record/{key}/" for key in keys[:200] for language in ("en", "zh-hans")]
    pages += [
        f"/{language}/{page}" for language in ("en", "zh-hans") for page in options.pages.split(",")
    ] * 20
    port, stop, report = free_port(), folder / "stop", folder / "writer.json"
    environment = {**os.environ, "FORETRACK_WORKSPACE": str(folder)}
    command = (
        options.command.format(port=port).split()
        if options.command
        else [
            sys.executable,
            "-c",
            "from foretrack.cli.main import main; main()",
            "serve",
            "--quiet",
            "-w",
            str(folder),
            "-p",
            str(port),
        ]
    )
    began = time.perf_counter()
    server = subprocess.Popen(command, env=environment, stdout=sys.stderr, stderr=sys.stderr)
    try:
        started = wait_for(port, began)
        writer = subprocess.Popen(
            [sys.executable, __file__, "--writer", str(folder), str(stop), str(report)], env=environment
        )
        ended = threading.Event()
        readers = [Reader(port, pages, seed * 13, ended) for seed in range(options.readers)]
        began = time.perf_counter()
        for reader in readers:
            reader.start()
        time.sleep(options.seconds)
        ended.set()
        for reader in readers:
            reader.join(70)
        lasted = time.perf_counter() - began
        stop.touch()
        writer.wait(120)
        server.send_signal(signal.SIGTERM)
        began = time.perf_counter()
        code = server.wait(60)
        stopped = time.perf_counter() - began
    finally:
        server.kill()
    times = [t for reader in readers for t in reader.times]
    errors = [e for reader in readers for e in reader.errors]
    return {
        "seconds": round(lasted, 1), "readers": options.readers, "records": options.records,
        "pages_read": len(times), "pages_per_second": round(len(times) / lasted, 1),
        "reader_errors": len(errors), "first_errors": errors[:5],
        "p50_seconds": round(percentile(times, 0.5), 4), "p95_seconds": round(percentile(times, 0.95), 4),
        "worst_seconds": round(max(times, default=0), 3),
        "writer": json.loads(report.read_text()), "start_seconds": round(started, 2),
        "stop_seconds": round(stopped, 2), "exit_code": code,
    }  # fmt: skip


def wait_for(port: int, began: float) -> float:
    """Seconds until the health page answers."""
    while time.perf_counter() - began < 60:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return time.perf_counter() - began
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server did not answer within a minute")


def main() -> None:
    if sys.argv[1:2] == ["--writer"]:
        write_until(*map(Path, sys.argv[2:5]))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--label", default="sqlite", help="name of the figures: soak-LABEL.json")
    parser.add_argument("--pages", default=",records/,packs/", help="pages beside those of records")
    parser.add_argument("--command", default="", help="another server, with {port}: for comparing")
    parser.add_argument("--no-file", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = soak(options, Path(folder))
    found["machine"] = f"{os.cpu_count()} cores, CPython {platform.python_version()}, {options.label}"
    text = json.dumps(found, indent=2, ensure_ascii=False)
    print(text)
    if not options.no_file:
        (HERE / f"soak-{options.label}.json").write_text(text + "\n", encoding="utf-8")
    if found["reader_errors"] or found["writer"]["errors"] or found["exit_code"]:
        raise SystemExit("the soak found errors")


if __name__ == "__main__":
    main()
