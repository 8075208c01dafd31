"""The whole chain on 100,000 and a million invented documents: time per document and peak memory.

    python benchmarks/scaling/run.py FOLDER [--documents 100000 1000000] [--threads 2]

Each step (ingest, scan, report) runs in a process of its own; the table gives wall and processor seconds and the
peak of resident memory. FOLDER needs about 4 GB for a million documents.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

STEPS = ("ingest", "scan", "report")


def step(name: str, folder: Path, threads: int) -> None:
    """One step of the chain in this process."""
    from foretrack.corpus.workspace import Workspace
    from foretrack.foundation.clock import system_clock

    workspace = Workspace.create(folder / "workspace")
    if name == "ingest":
        from foretrack.domains.foresight.actions.ingest import ingest

        report = ingest(workspace, [folder / "documents.parquet"], clock=system_clock)
        assert report.exit_code == 0, report.to_json()
    elif name == "scan":
        from foretrack.domains.foresight.actions.scan import ScanRequest, scan

        scan(workspace, ScanRequest(threads=threads))
    else:
        from foretrack.cli.main import run

        code = run(["report", str(folder / "report.html"), "--workspace", str(workspace.root), "--quiet"])
        assert not code, code


def measured(name: str, folder: Path, threads: int) -> dict[str, float]:
    """What a step cost, in this process, imports included."""
    start = time.perf_counter()
    step(name, folder, threads)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "wall": time.perf_counter() - start,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss / 1024,
    }


def main() -> None:
    """Runs all sizes and prints a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        print(json.dumps(measured(given.step, given.folder, given.threads)))
        return
    print("| documents | step | wall s | processor s | microseconds a document | peak MB |")
    print("|---|---|---|---|---|---|")
    per_document: dict[int, float] = {}
    for n in given.documents:
        folder = given.folder / str(n)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        generate = [sys.executable, str(Path(__file__).with_name("generate.py"))]
        subprocess.run([*generate, str(folder / "documents.parquet"), "--documents", str(n)], check=True)
        for name in STEPS:
            command = [sys.executable, __file__, str(folder), "--threads", str(given.threads), "--step", name]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"{name} failed:\n{done.stderr}")
            row = json.loads(done.stdout.splitlines()[-1])
            per_document[n] = per_document.get(n, 0.0) + row["cpu"] / n
            print(
                f"| {n:,} | {name} | {row['wall']:.1f} | {row['cpu']:.1f} | {row['wall'] / n * 1e6:.0f} "
                f"| {row['peak']:,.0f} |",
                flush=True,
            )
    if len(per_document) > 1:
        sizes = sorted(per_document)
        ratio = per_document[sizes[-1]] / per_document[sizes[0]]
        print(
            f"\nProcessor time a document at {sizes[-1]:,} is {ratio:.2f} times that at {sizes[0]:,} (at most 1.2)"
        )


if __name__ == "__main__":
    main()
