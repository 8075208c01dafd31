"""How long the server takes for every page, while a writer edits records: `make pages`.

    python benchmarks/site/pages.py --lookout DEMO_WORKSPACE [--records 100000] [--rounds 20] [--record FILE]

The lookout is that of a demo's workspace, copied; the registry holds the invented records of the browser tests and
`--records` invented organisations. `foretrack serve` runs with one process of eight threads, as on a small machine; a
second process edits one record after another with a pause of 20 ms. Each page of `tests/site/walk.py` is asked for by
whoever it is for, in both languages, over one connection, compressed as browsers ask; the first time (cold) is told
apart. Printed is the time from the request to the last byte, on the same machine.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import quote

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks" / "registry")]

LANGUAGES = ("en", "zh-hans")
NAMES = {
    "as-of=2017": "as-of=2022", "as-of=2019": "as-of=2022", "glass-battery": "large-language-model",
    "vibration-qubit": "diffusion-model", "new-energy-storage": "large-models", "2020-moss-cathode": "2003-convex",
}  # fmt: skip
"""Of the invented corpus: what stands for it in the demo's."""
OF_THE_LOOKOUT = ("results", "corpus", "backtests", "years", "packs", "decisions")
"""Folders of a workspace that are copied."""


def made_workspace(folder: Path, lookout: Path, records: int) -> dict[str, Any]:
    """The workspace; keys of records, and a session's cookie of every role."""
    import invent

    folder.mkdir()
    for name in OF_THE_LOOKOUT:
        if (lookout / name).is_dir():
            shutil.copytree(lookout / name, folder / name)
    registry = invent.opened(folder)
    from tests.site.filling import fill

    from foretrack.accounts.actors import OPERATOR

    keys = fill(folder, lookout=False)
    if records:
        invent.fill(registry, OPERATOR, records)
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from foretrack.accounts.models import Account

    cookies = {}
    for account in Account.objects.all():
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.create()
        cookies[account.email.partition("@")[0]] = session.session_key
    return {"keys": keys, "cookies": cookies}


def addresses(made: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(page, address, role) of everything that is asked for."""
    from tests.site.walk import STOPS

    return [
        (
            f"{stop.name} ({stop.who or 'visitor'})",
            f"/{language}/{quote(path, safe='/?=&%')}",
            stop.who,
        )
        for stop in STOPS
        for language in LANGUAGES
        for path in [as_in_the_demo(stop.at(made["keys"]))]
    ]


def as_in_the_demo(path: str) -> str:
    """The walk's names of the invented corpus as those of the demo's."""
    for invented, there in NAMES.items():
        path = path.replace(invented, there)
    return path


def measure(port: int, made: dict[str, Any], rounds: int) -> list[dict[str, Any]]:
    """Every page `rounds` times over; a line for each."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    times: dict[str, list[float]] = {}
    cold: dict[str, float] = {}
    sizes: dict[str, int] = {}
    for _ in range(rounds + 1):
        for page, address, who in addresses(made):
            headers = {"Accept-Encoding": "gzip"}
            if who:
                headers["Cookie"] = f"sessionid={made['cookies'][who]}"
            began = perf_counter()
            connection.request("GET", address, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            seconds = perf_counter() - began
            if answer.status in (404, 409) and "/lookout/" in address:
                continue  # of the invented corpus, and not in this one
            if answer.status != 200:
                raise SystemExit(f"{address}: {answer.status}")
            if page not in cold:
                cold[page] = seconds
            else:
                times.setdefault(page, []).append(seconds)
            sizes[page] = len(body)
    return [
        {
            "page": page, "p50_ms": round(1000 * at(found, 0.5), 1), "p95_ms": round(1000 * at(found, 0.95), 1),
            "cold_ms": round(1000 * cold[page], 1), "compressed_bytes": sizes[page],
        }
        for page, found in times.items()
    ]  # fmt: skip


def at(times: list[float], share: float) -> float:
    """The time that this share of answers does not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def started(folder: Path) -> tuple[subprocess.Popen[str], int]:
    """The site of the workspace, and its port."""
    from tests.site import serving

    server, address = serving.started(folder)
    return server, int(address.rstrip("/").rpartition(":")[2])


def tell(lines: list[dict[str, Any]]) -> None:
    """Prints the lines, the slowest first."""
    print("  p95 ms   p50 ms  cold ms    bytes  page")
    for line in sorted(lines, key=lambda line: -line["p95_ms"]):
        figures = f"{line['p95_ms']:8.1f} {line['p50_ms']:8.1f} {line['cold_ms']:8.1f} {line['compressed_bytes']:8d}"
        print(f"{figures}  {line['page']}")
    print(f"over 150 ms at p95: {sum(line['p95_ms'] > 150 for line in lines)} of {len(lines)} pages")


def main() -> None:
    """Measures, prints and records."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lookout", type=Path, required=True)
    parser.add_argument("--records", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--record", type=Path)
    parser.add_argument("--no-writer", action="store_true")
    parser.add_argument("--make", type=Path, help="only make the workspace there, and print what opens it")
    given = parser.parse_args()
    if given.make:
        print(json.dumps(made_workspace(given.make, given.lookout, given.records)))
        return
    with tempfile.TemporaryDirectory() as made_here:
        folder = Path(made_here) / "workspace"
        maker = [
            sys.executable,
            __file__,
            "--lookout",
            given.lookout,
            "--records",
            str(given.records),
            "--make",
            folder,
        ]
        done = subprocess.run(maker, check=True, stdout=subprocess.PIPE, text=True)
        made = json.loads(done.stdout.splitlines()[-1])
        server, port = started(folder)
        writer = None
        if not given.no_writer:
            writer = subprocess.Popen(
                [sys.executable, str(ROOT / "benchmarks/registry/tables.py"), str(folder), "--write"],
                stdout=subprocess.DEVNULL,
            )
        try:
            lines = measure(port, made, given.rounds)
        finally:
            if writer is not None:
                writer.kill()
            server.send_signal(signal.SIGTERM)
            server.wait(60)
    tell(lines)
    if given.record:
        told = {
            "records": given.records, "rounds": given.rounds, "writer": not given.no_writer,
            "python": platform.python_version(), "cores": os.cpu_count(), "pages": lines,
        }  # fmt: skip
        given.record.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
