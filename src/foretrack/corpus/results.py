"""Stored results: immutable folders of tables, there whole or not at all.

The bytes of the tables and of `manifest.json` depend on the question and the corpus alone; when and how fast
they were made is in `created.json`, which no hash covers.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretrack.corpus.atomic import (
    TEMPORARY_SUFFIX,
    Checkpoint,
    disk_errors,
    fsync_file,
    fsync_folder,
    no_checkpoint,
    remove,
    stale_temporaries,
)
from foretrack.foundation.errors import InputError, SourceError

MANIFEST = "manifest.json"
CREATED = "created.json"


@dataclass(frozen=True, slots=True)
class StoredResult:
    """One stored result. `manifest` says what was asked and what the tables hash to."""

    name: str
    folder: Path
    manifest: dict[str, Any]
    created: dict[str, Any]

    def table(self, name: str, *, where: tuple[str, int] | None = None) -> pa.Table:
        """A table by name, or only the rows where an integer column has a value; InputError if there is none.

        Tables are ordered by their first column, so that `where` reads little of a large file.
        """
        path = self.folder / f"{name}.parquet"
        if not path.exists():
            raise InputError(
                f"result {self.name} has no table {name!r}",
                expected="one of " + ", ".join(sorted(self.manifest["tables"])),
                do="scan again with `foretrack scan`",
            )
        only = None if where is None else pc.field(where[0]) == where[1]
        return pq.read_table(path, filters=only)

    def check(self) -> list[str]:
        """What is wrong with the files, one sentence each; empty when every hash fits."""
        found: list[str] = []
        for name, digest in self.manifest["tables"].items():
            path = self.folder / f"{name}.parquet"
            if not path.exists():
                found.append(f"{self.name}: table {name} is missing")
            elif _digest(path) != digest:
                found.append(f"{self.name}: table {name} was changed after it was written")
        return found


class ResultStore:
    """The results of a workspace, one folder each."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def list(self) -> list[str]:
        """Names of the stored results, sorted."""
        if not self._directory.is_dir():
            return []
        folders = (p for p in self._directory.iterdir() if not p.name.startswith("."))
        return sorted(p.name for p in folders if (p / MANIFEST).is_file())

    def open(self, name: str) -> StoredResult:
        """A result by name; InputError with the names there are when it does not exist."""
        folder = self._directory / name
        if name.startswith(".") or Path(name).name != name or not (folder / MANIFEST).is_file():
            raise InputError(
                f"no result {name!r}",
                expected=" or ".join(self.list()[-5:]) or "a stored result",
                do="run `foretrack scan`",
            )
        manifest = _read_json(folder / MANIFEST)
        created = _read_json(folder / CREATED) if (folder / CREATED).is_file() else {}
        return StoredResult(name, folder, manifest, created)

    def latest(self, *, as_of: int | None = None) -> StoredResult | None:
        """The result written last, of one as-of year if given; None when there is none."""
        results = [self.open(name) for name in self.list()]
        if as_of is not None:
            results = [result for result in results if result.manifest.get("as_of") == as_of]
        return max(results, key=lambda r: (str(r.created.get("created_at", "")), r.name), default=None)

    def write(
        self,
        name: str,
        tables: Mapping[str, pa.Table],
        manifest: Mapping[str, Any],
        *,
        created: Mapping[str, Any] | None = None,
        checkpoint: Checkpoint = no_checkpoint,
    ) -> StoredResult:
        """Writes a result; the folder appears when everything is in it.

        A result of the same name must have the same bytes, else SourceError: a stored result never changes.
        OutsideError when the disk is full; nothing is left behind then.
        """
        remove([*self.leftovers()])
        temporary = self._directory / f".{name}.{os.getpid()}{TEMPORARY_SUFFIX}"
        with disk_errors(self._directory / name):
            try:
                checkpoint("make folder")
                temporary.mkdir(parents=True)
                digests: dict[str, str] = {}
                for table_name in sorted(tables):
                    checkpoint(f"write {table_name}")
                    path = temporary / f"{table_name}.parquet"
                    pq.write_table(tables[table_name], path, compression="zstd", row_group_size=1 << 18)
                    fsync_file(path)
                    digests[table_name] = _digest(path)
                full = {**manifest, "tables": digests}
                for file_name, content in ((MANIFEST, full), (CREATED, dict(created or {}))):
                    path = temporary / file_name
                    said = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
                    path.write_text(said + "\n", encoding="utf-8")
                    fsync_file(path)
                if (self._directory / name / MANIFEST).is_file():
                    return self._same(name, full, temporary)
                checkpoint("rename")
                temporary.rename(self._directory / name)
                checkpoint("renamed")
                fsync_folder(self._directory)
            except OSError:
                shutil.rmtree(temporary, ignore_errors=True)
                raise
        return self.open(name)

    def _same(self, name: str, full: Mapping[str, Any], temporary: Path) -> StoredResult:
        stored = self.open(name)
        shutil.rmtree(temporary)
        if stored.manifest != json.loads(json.dumps(full)):
            raise SourceError(
                f"result {name} came out different from what is stored",
                expected="the same bytes from the same question and corpus",
                do="report this with the output of `foretrack doctor`; the stored result was kept",
            )
        return stored

    def leftovers(self) -> Sequence[Path]:
        """Folders that a killed writer left; the next writer removes them. A living writer's is none."""
        return [path for path in stale_temporaries(self._directory) if not _writer_lives(path)]


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _writer_lives(temporary: Path) -> bool:
    """Whether the process whose number is in the folder's name still runs (and is not this one)."""
    number = temporary.name.removesuffix(TEMPORARY_SUFFIX).rsplit(".", 1)[-1]
    if not number.isdigit() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
