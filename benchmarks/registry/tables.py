"""How long a filtered table with its facet counts takes at 100,000 records, while another process writes.

    python benchmarks/registry/tables.py WORKSPACE [--seconds 60] [--database URL] [--record FILE]

WORKSPACE was filled by `invent.py` (with the same --database). The writer edits one record after another through the
registry's own `edit`, with a pause of 20 ms, as a busy office would. Every kind of question is asked by a visitor, by an
officer of one region and by one of all.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any

import invent
import numpy as np


def write_on(workspace: Path, database: str) -> None:
    """Edits records until it is killed; prints a line for each."""
    registry = invent.opened(workspace, database)

    from foretrack.accounts.actors import OPERATOR
    from foretrack.registry.actions.records import edit
    from foretrack.registry.models import Record

    chance = np.random.default_rng(1)
    keys = list(
        Record.objects.filter(kind="organisation").order_by("pk").values_list("key", flat=True)[:20_000]
    )
    while True:
        key = keys[int(chance.integers(len(keys)))]
        record = Record.objects.get(key=key)
        sort = invent.SORTS[int(chance.integers(len(invent.SORTS)))]
        region = f"{invent.REGIONS[int(chance.integers(len(invent.REGIONS)))]}01"
        edit(registry, OPERATOR, key, {"sort_of": sort, "region": region}, revision=record.revision)
        print(key, flush=True)
        sleep(0.02)


def questions(tracks: list[str]) -> dict[str, dict[str, Any]]:
    """What is asked, by name."""
    from foretrack.registry.actions.tables import Filters

    return {
        "first page": {},
        "by title": {"sort": "title"},
        "one facet": {"filters": Filters(facets={"sort_of": ["company"]})},
        "two facets": {"filters": Filters(facets={"sort_of": ["company", "hospital"], "tracks": tracks[:1]})},
        "three facets, by title": {
            "filters": Filters(facets={"sort_of": ["company"], "tracks": tracks[:3], "status": ["verified"]}),
            "sort": "title",
        },
        "a region": {"filters": Filters(region="CN-33"), "sort": "title"},
        "words": {"filters": Filters(text="robotics 77")},
        "since a day, by founding day": {"filters": Filters(updated_since="2020-01-01"), "sort": "-founded_on"},
        "page 100": {"filters": Filters(facets={"sort_of": ["company"]}), "offset": 5000},
        "by facet": {"sort": "region"},
    }  # fmt: skip


def main() -> None:
    """Asks, measures, and prints or records what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", default="")
    parser.add_argument("--record", type=Path)
    parser.add_argument("--write", action="store_true", help="be the writer")
    given = parser.parse_args()
    if given.write:
        write_on(given.workspace, given.database)
    registry = invent.opened(given.workspace, given.database)

    from django.db import connection

    from foretrack.accounts.actors import OPERATOR
    from foretrack.registry.access.actor import VISITOR, Actor, Grant
    from foretrack.registry.actions.tables import table
    from foretrack.registry.models import Card, FacetCode

    actors = {
        "visitor": VISITOR,
        "officer of a region": Actor("BENCH", grants=(Grant("officer", regions=("CN-33",)),)),
        "officer of all": OPERATOR,
    }
    tracks = list(
        FacetCode.objects.filter(kind="organisation", name="tracks")
        .order_by("number")
        .values_list("value", flat=True)
    )
    command = [sys.executable, __file__, str(given.workspace), "--database", given.database, "--write"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        for ask in questions(
            tracks
        ).values():  # connections, plans and pages of the disk are warm in a running server
            table(registry, VISITOR, "organisation", **ask)
        walls: dict[str, list[float]] = {}
        cpus: list[float] = []
        begun = perf_counter()
        while perf_counter() - begun < given.seconds:
            for who, actor in actors.items():
                for name, ask in questions(tracks).items():
                    wall, cpu = perf_counter(), process_time()
                    answer = table(registry, actor, "organisation", **ask)
                    walls.setdefault(f"{name} ({who})", []).append(perf_counter() - wall)
                    cpus.append(process_time() - cpu)
                    assert answer.facets
        asked_for = perf_counter() - begun
        writer.kill()
        written = writer.stdout.read().count("\n")
    every = np.concatenate([np.array(times) for times in walls.values()]) * 1000
    found = {
        "database": connection.vendor,
        "records": Card.objects.filter(kind="organisation").count(),
        "questions": len(every),
        "written_meanwhile_per_second": round(written / asked_for, 1),
        "ms": {f"p{p}": round(float(np.percentile(every, p)), 1) for p in (50, 95, 99)},
        "cpu_ms": {f"p{p}": round(float(np.percentile(np.array(cpus) * 1000, p)), 1) for p in (50, 95, 99)},
        "ms_p95_by_question": {
            name: round(float(np.percentile(np.array(times) * 1000, 95)), 1) for name, times in walls.items()
        },
        "python": platform.python_version(),
    }
    text = json.dumps(found, indent=2)
    if given.record:
        given.record.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
