"""The past years of a view, looked at again one after the other, and remembered in the workspace."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from foretrack import __version__
from foretrack.corpus.atomic import remove
from foretrack.corpus.results import ResultStore
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.concepts.mining import Hints
from foretrack.domains.foresight.history import storing
from foretrack.domains.foresight.history.origins import FUTURE_YEARS
from foretrack.domains.foresight.history.record import Record
from foretrack.domains.foresight.history.years import Year, last_complete, look_at, years_worth
from foretrack.domains.foresight.technologies.technology import Technologies
from foretrack.foundation.progress import Progress, silent

KEPT_PER_YEAR = 4
"""Stored looks at one year; the oldest goes when another comes."""


def look_back(
    workspace: Workspace | None,
    record: Record,
    *,
    last: int,
    user: Hints | None = None,
    threads: int = 1,
    progress: Progress = silent,
) -> Iterator[Year]:
    """Every year worth looking at up to `last`, the earliest first, each from its own past alone.

    A year that was looked at before, with the same documents up to it and in the five years after, is read from the
    workspace; None stores nothing. What the user says of terms takes part only when `user` is given: it is said
    today, so a backtest gives none.
    """
    user = user or Hints()
    store = ResultStore(workspace.years_dir) if workspace is not None else None
    worth = [year for year in years_worth(record.years) if year <= last]
    before: Technologies | None = None
    chain = _chain_start(user)
    for number, year in enumerate(worth):
        progress("looking back", number, len(worth))
        chain = _digest(chain, record, year)
        name = f"{year}-{chain[:16]}-{_ahead_digest(record, year)[:8]}"
        found = _stored(store, name, year) if store is not None else None
        if found is None:
            found = look_at(
                record, year, before, synonyms=user.synonyms, apart=user.apart, unwanted=user.unwanted,
                threads=threads,
            )  # fmt: skip
            if store is not None and workspace is not None:
                store.write(name, storing.to_tables(found), {"year": year, "schema": list(storing.SCHEMA)})
                _forget(workspace.years_dir, store, year, name)
        before = found.technologies
        yield found


def _stored(store: ResultStore, name: str, year: int) -> Year | None:
    if name not in store.list():
        return None
    stored = store.open(name)
    if stored.check():
        # A damaged memory is no loss: it is looked at again, and the damaged folder goes.
        remove([stored.folder])
        return None
    return storing.from_tables(year, {table: stored.table(table) for table in stored.manifest["tables"]})


def _forget(folder: Path, store: ResultStore, year: int, kept: str) -> None:
    same = [name for name in store.list() if name.startswith(f"{year}-") and name != kept]
    by_age = sorted(same, key=lambda name: ((folder / name).stat().st_mtime_ns, name))
    remove([folder / name for name in by_age[: max(0, len(by_age) - KEPT_PER_YEAR + 1)]])


def _chain_start(user: Hints) -> str:
    """What all years depend on beside documents."""
    lists: Sequence[Any] = [
        [list(group) for group in user.synonyms], sorted(map(list, user.apart)), sorted(user.unwanted),
    ]  # fmt: skip
    said = json.dumps([__version__, storing.SCHEMA, lists], ensure_ascii=False)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _digest(chain: str, record: Record, year: int) -> str:
    """Of the chain so far and all documents of the year and before, in their order."""
    hashed = hashlib.blake2b(chain.encode(), digest_size=16)
    hashed.update(np.ascontiguousarray(record.content[record.years <= year]).tobytes())
    return hashed.hexdigest()


def _ahead_digest(record: Record, year: int) -> str:
    """Of the documents of the years after, as far as they are counted."""
    ahead = (record.years > year) & (record.years <= year + FUTURE_YEARS)
    last = min(last_complete(record.years), year + FUTURE_YEARS)
    hashed = hashlib.blake2b(str(last).encode(), digest_size=8)
    hashed.update(np.ascontiguousarray(record.content[ahead]).tobytes())
    return hashed.hexdigest()
