"""`technology map`: every technology of a scan as a point, near what it is studied together with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from foretrack.corpus.atomic import write_text
from foretrack.corpus.results import ResultStore, StoredResult
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.results import Scan
from foretrack.domains.foresight.actions.technologies import technologies
from foretrack.domains.foresight.maps.answers import MapPoint, TechnologyMap
from foretrack.domains.foresight.maps.layout import lay_out
from foretrack.domains.foresight.maps.quality import apart, quality
from foretrack.foundation.errors import ForetrackError

METHOD = "map-1"
_DIGITS = 4
"""Positions are rounded before the next year begins from them, so that a remembered map gives the same next one."""

Float = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Stage:
    """One year of the chain."""

    year: int
    stored: StoredResult
    ids: tuple[str, ...]


def technology_map(workspace: Workspace, scan: Scan) -> TechnologyMap:
    """The map of a scan's technologies; it continues the maps of the years that are remembered in the workspace.

    Positions are kept in `cache/maps/`, one file a year, which may be deleted at any time. EvidenceError when the scan
    has no technologies.
    """
    listed = technologies(scan)
    chain = _chain(workspace, scan)
    at, numbers = _positions(workspace.root / "cache" / "maps", chain)
    now = chain[-1]
    number = {name: i for i, name in enumerate(now.ids)}
    neighbours: list[list[str]] = [[] for _ in now.ids]
    for link in scan.stored.table("technology_links").to_pylist():
        neighbours[link["technology"]].append(now.ids[link["neighbour"]])
    documents = scan.stored.table("technology_documents")
    far = apart(
        (documents["technology"].to_numpy(), documents["document"].to_numpy().astype(np.int32)), len(now.ids)
    )
    return TechnologyMap(
        scan=scan.name, as_of=scan.as_of, method=METHOD, snapshot=scan.snapshot, follows=numbers,
        quality=quality(far, at),
        points=tuple(
            MapPoint(float(at[i, 0]), float(at[i, 1]), item, tuple(neighbours[i]))
            for item in listed.items
            for i in [number[item.technology]]
        ),
    )  # fmt: skip


def _chain(workspace: Workspace, scan: Scan) -> list[_Stage]:
    """The scan and, before it, the remembered years without a gap, the earliest first.

    A year may be remembered several times, for several corpora: the one counts that has most technologies in common
    with the year after it.
    """
    store = ResultStore(workspace.years_dir)
    of_year: dict[int, list[str]] = {}
    for name in store.list():
        year = name.partition("-")[0]
        if year.isdecimal():
            of_year.setdefault(int(year), []).append(name)
    chain = [_stage(scan.as_of, scan.stored)]
    while names := of_year.get(chain[-1].year - 1):
        wanted = set(chain[-1].ids)
        found: list[tuple[int, _Stage]] = []
        seen: set[str] = set()
        for name in names:
            stored = store.open(name)
            same = _digests(stored)
            # A memory of another release may lack what a map needs.
            if same is None or same in seen:
                continue
            seen.add(same)
            with suppress(ForetrackError, OSError):
                stage = _stage(chain[-1].year - 1, stored)
                found.append((len(wanted.intersection(stage.ids)), stage))
        if not found:
            break
        chain.append(max(found, key=lambda pair: pair[0])[1])
    return chain[::-1]


def _stage(year: int, stored: StoredResult) -> _Stage:
    return _Stage(year, stored, tuple(map(str, stored.table("technologies")["technology"].to_pylist())))


def _digests(stored: StoredResult) -> str | None:
    """What a map of these technologies depends on."""
    tables = stored.manifest["tables"]
    if "technologies" not in tables or "technology_links" not in tables:
        return None
    return f"{tables['technologies']}{tables['technology_links']}"


def _positions(folder: Path, chain: Sequence[_Stage]) -> tuple[Float, tuple[int, ...]]:
    """Positions in the last year of the chain, and the years before it that they continue."""
    key, at, ids = METHOD, np.empty((0, 2)), ()
    names: tuple[str, ...] = ids
    begun: list[int] = []
    for stage in chain:
        key = hashlib.blake2b(f"{key}{_digests(stage.stored)}".encode(), digest_size=12).hexdigest()
        found = _remembered(folder / f"{key}.json", stage.ids)
        if found is None:
            before = _carried(dict(zip(names, at, strict=True)), stage.ids) if begun else None
            found = np.round(lay_out(_links(stage), before), _DIGITS)
            _remember(folder / f"{key}.json", stage.ids, found)
        at, names = found, stage.ids
        begun.append(stage.year)
    return at, tuple(begun[:-1])


def _carried(known: dict[str, Float], ids: Sequence[str]) -> Float:
    nowhere = np.full(2, np.nan)
    return np.array([known.get(name, nowhere) for name in ids]).reshape(-1, 2)


def _links(stage: _Stage) -> csr_array:
    links = stage.stored.table("technology_links")
    n = len(stage.ids)
    rows, columns = links["technology"].to_numpy(), links["neighbour"].to_numpy()
    return csr_array((links["weight"].to_numpy(), (rows, columns)), shape=(n, n))


def _remembered(file: Path, ids: Sequence[str]) -> Float | None:
    """Positions from a file; None when there is none or it is not whole."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        at = np.array(said["at"], dtype=float).reshape(-1, 2)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return at if said.get("technologies") == list(ids) and len(at) == len(ids) else None


def _remember(file: Path, ids: Sequence[str], at: Float) -> None:
    said = json.dumps({"technologies": list(ids), "at": at.tolist()}, ensure_ascii=False)
    # A full or read-only disk costs the next process the seconds of the layout, and nobody a map.
    with suppress(ForetrackError, OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, said)
