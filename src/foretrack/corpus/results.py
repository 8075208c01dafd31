"""Results: one immutable folder per scan, there whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from foretrack.corpus.atomic import (
    Checkpoint,
    disk_errors,
    fsync_file,
    fsync_folder,
    no_checkpoint,
    remove,
    stale_temporaries,
)
from foretrack.corpus.lock import writer_lock
from foretrack.foundation.clock import Clock, system_clock, timestamp
from foretrack.foundation.errors import EvidenceError, InputError, SourceError

MANIFEST = "manifest.json"
CREATED = "created.json"
"""When the folder was written. Beside the manifest, so that the same result has the same bytes at any time."""


@dataclass(frozen=True, slots=True)
class Result:
    """One stored result."""

    path: Path
    manifest: Mapping[str, Any]
    """As it was given to `write`."""
    tables: tuple[str, ...]
    created_at: str

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.path.name

    def table(self, name: str) -> pa.Table:
        """One table; InputError with the names there are when it is none of them."""
        if name not in self.tables:
            raise InputError(
                f"the result {self.name} has no table {name!r}",
                expected="one of " + ", ".join(self.tables),
                do="correct the name of the table",
            )
        return pq.read_table(self.path / f"{name}.parquet", partitioning=None)


class ResultStore:
    """The results of one workspace."""

    def __init__(self, directory: Path, clock: Clock = system_clock) -> None:
        self.directory = directory
        self._clock = clock

    def write(
        self,
        name: str,
        tables: Mapping[str, pa.Table],
        manifest: Mapping[str, Any],
        checkpoint: Checkpoint = no_checkpoint,
    ) -> Path:
        """The folder that holds `tables` and `manifest`, written atomically.

        A folder of that name with an equal manifest is returned as it is; InputError when its manifest
        says something else. `manifest` is JSON and holds no time of writing. OutsideError (retryable)
        while another process writes a result, or when the disk is full.
        """
        if not name or name.startswith(".") or any(c in name for c in '/\\:*?"<>|'):
            raise InputError(
                f"{name!r} is no name for a result", expected="a plain folder name", do="choose another"
            )
        target = self.directory / name
        with writer_lock(self.directory / "writer.lock"):
            remove(stale_temporaries(self.directory))
            if target.exists():
                return self._existing(target, manifest)
            temporary = self.directory / f".{name}.tmp"
            with disk_errors(target):
                try:
                    self._fill(temporary, tables, manifest, checkpoint)
                    checkpoint(f"rename {name}")
                    temporary.replace(target)
                except OSError:
                    remove([temporary])
                    raise
                checkpoint(f"renamed {name}")
                fsync_folder(self.directory)
        return target

    def _existing(self, target: Path, manifest: Mapping[str, Any]) -> Path:
        if self.open(target.name).manifest != json.loads(_canonical(manifest)):
            raise InputError(
                f"there is another result called {target.name}",
                expected="a new name for a result of other documents, options or version",
                do="choose another name; results are never overwritten",
            )
        return target

    def _fill(
        self,
        folder: Path,
        tables: Mapping[str, pa.Table],
        manifest: Mapping[str, Any],
        checkpoint: Checkpoint,
    ) -> None:
        folder.mkdir()
        digests = {}
        for name, table in sorted(tables.items()):
            checkpoint(f"write {name}")
            path = folder / f"{name}.parquet"
            self._write(path, partial(_write_table, table))
            digests[name] = blake2b(path.read_bytes(), digest_size=16).hexdigest()
        said = {"result": json.loads(_canonical(manifest)), "tables": digests}
        self._write(folder / MANIFEST, partial(_write_text, _canonical(said)))
        created = _canonical({"created_at": timestamp(self._clock())})
        self._write(folder / CREATED, partial(_write_text, created))
        fsync_folder(folder)

    @staticmethod
    def _write(path: Path, write: Callable[[Path], None]) -> None:
        write(path)
        fsync_file(path)

    def open(self, name: str) -> Result:
        """The result called `name`; InputError with the names there are when there is none."""
        path = self.directory / name
        if not (path / MANIFEST).is_file():
            raise InputError(
                f"there is no result {name!r} in {self.directory}",
                expected="one of " + (", ".join(self.list()) or "none yet"),
                do="run `foretrack scan`, or correct the name",
            )
        try:
            said = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            created = json.loads((path / CREATED).read_text(encoding="utf-8"))
            return Result(path, said["result"], tuple(sorted(said["tables"])), created["created_at"])
        except (OSError, ValueError, KeyError) as error:
            raise SourceError(
                f"the result in {path} is damaged: {error}",
                expected=f"{MANIFEST} and {CREATED} as Foretrack wrote them",
                do="delete the folder and run `foretrack scan` again",
            ) from error

    def list(self) -> list[str]:
        """Names of all results, sorted."""
        if not self.directory.is_dir():
            return []
        return sorted(
            p.name for p in self.directory.iterdir() if p.name[0] != "." and (p / MANIFEST).is_file()
        )

    def latest(self, as_of: int | None = None) -> Result:
        """The result written last (of those whose manifest says `as_of`); EvidenceError when there is none."""
        results = [self.open(name) for name in self.list()]
        fitting = [r for r in results if as_of is None or r.manifest.get("as_of") == as_of]
        if not fitting:
            raise EvidenceError(
                "there is no result yet" if as_of is None else f"there is no result as of {as_of}",
                expected="at least one finished scan",
                do="run `foretrack scan`" if as_of is None else f"run `foretrack scan --as-of {as_of}`",
            )
        return max(fitting, key=lambda r: (r.created_at, r.manifest.get("as_of") or 0, r.name))


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_table(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd")
