"""Fills a workspace's registry with invented organisations: every name, code and address is made up.

    python benchmarks/registry/invent.py WORKSPACE [--records 100000] [--database postgresql://...]

Records go the one way that all records go (`actions/writing.py`): sealed revisions, facets, identifiers, the audit log.
"""

from __future__ import annotations

import argparse
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from foretrack.records.checkdigits import uscc_check

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.registry import Registry

BATCH = 2000
FIRST_ZH = "星河云海山川晨曦远航启明恒瑞天工智联蓝图"
LAST_ZH = ("机器人", "电池", "材料", "量子", "生物", "能源", "芯片", "航天")
FIRST_EN = ("North", "Blue", "River", "Cloud", "Stone", "Bright", "Silver", "Harbour", "Maple", "Orchid")
LAST_EN = ("Robotics", "Batteries", "Materials", "Quantum", "Biology", "Energy", "Chips", "Space")
REGIONS = tuple(
    f"CN-{n:02d}" for n in (11, 12, 13, 21, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 50, 51, 61)
)
SORTS = (
    "company",
    "company",
    "company",
    "company",
    "university",
    "institute",
    "hospital",
    "agency",
    "association",
)


def uscc(number: int) -> str:
    """A unified social credit code with a right check character that nobody bears: its region code does not exist."""
    body = f"91000000{number:09d}"
    return body + uscc_check(body)


def organisations(n: int, *, first: int = 0, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Raw values of `n` invented organisations, the same for the same seed."""
    from foretrack.registry.declaring.terms import PACK_TERMS

    chance = np.random.default_rng(seed)
    tracks = list(PACK_TERMS("tracks"))
    for number in range(first, first + n):
        kind = int(chance.integers(len(LAST_ZH)))
        region = REGIONS[min(int(chance.exponential(4)), len(REGIONS) - 1)]
        some = sorted({int(i) for i in chance.integers(len(tracks), size=int(chance.integers(1, 4)))})
        letters = [FIRST_ZH[int(i)] for i in chance.integers(len(FIRST_ZH), size=2)]
        yield {
            "name": {
                "en": f"{FIRST_EN[int(chance.integers(len(FIRST_EN)))]} {LAST_EN[kind]} {number} (invented)",
                "zh": f"{''.join(letters)}{LAST_ZH[kind]}{number}（虚构）",
            },
            "sort_of": SORTS[int(chance.integers(len(SORTS)))],
            "uscc": uscc(number),
            "country": "CN",
            "region": f"{region}{int(chance.integers(1, 12)):02d}",
            "tracks": [tracks[i] for i in some],
            "about": {
                "en": f"An invented organisation that works on {LAST_EN[kind].lower()} and does not exist.",
                "zh": f"虚构机构，从事{LAST_ZH[kind]}方面的工作，实际并不存在。",
            },
            "website": f"https://firm{number}.example.org",
            "founded_on": f"{int(chance.integers(1980, 2026))}-{int(chance.integers(1, 13)):02d}-01",
            "contact": f"Invented Person {number}",
        }


def fill(
    registry: Registry, actor: Actor, n: int, *, kind_name: str = "organisation", first: int = 0
) -> None:
    """Writes `n` invented records; a third of the organisations verified, a tenth for partners, a twentieth private."""
    from django.db import transaction

    from foretrack.registry.actions.log import log, take_number
    from foretrack.registry.actions.writing import Draft, covering, new_record, write
    from foretrack.registry.declaring.bodies import changed_body, read_fields

    kind = registry.kinds.get(kind_name)
    rows = enumerate(organisations(n, first=first), start=first)
    while batch := list(itertools.islice(rows, BATCH)):
        with transaction.atomic():
            head = take_number()
            made = []
            for number, raw in batch:
                status = "verified" if number % 3 == 0 else "registered"
                visibility = "private" if number % 20 == 1 else "partner" if number % 10 == 2 else "public"
                draft = Draft(changed_body({}, read_fields(kind, raw)), status, visibility, {})
                made.append((kind, new_record(registry, kind, actor, draft, registry.now())))
            revisions = write(registry, actor, made, "invent", head.number + 1)
            log(registry, actor, "invent", "registry", details=covering(revisions), head=head)


def opened(workspace: Path, database: str = "") -> Registry:
    """The registry of a workspace, made where there is none."""
    from foretrack.installation.opening import open_registry
    from foretrack.installation.reading import DATABASE_VARIABLE

    workspace.mkdir(parents=True, exist_ok=True)
    settings = workspace / "foretrack.toml"
    if not settings.exists():
        settings.write_text("", encoding="utf-8")
    environment = dict(os.environ)
    if database:
        environment[DATABASE_VARIABLE] = database
    return open_registry(workspace, environment)


def main() -> None:
    """Fills a workspace."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    registry = opened(given.workspace, given.database)

    from foretrack.accounts.actors import OPERATOR
    from foretrack.registry.models import Record

    begun = perf_counter()
    fill(registry, OPERATOR, given.records, first=Record.objects.count())
    seconds = perf_counter() - begun
    print(f"{given.records} records in {seconds:.1f} s: {given.records / seconds:.0f} a second")


if __name__ == "__main__":
    main()
