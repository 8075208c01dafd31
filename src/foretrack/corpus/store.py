"""The corpus on disk: read without locks, written by one writer, each commit whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretrack.corpus.atomic import (
    Checkpoint,
    disk_errors,
    no_checkpoint,
    remove,
    stale_temporaries,
    write_file,
)
from foretrack.corpus.columns import (
    DOCUMENTS,
    FILES,
    KEYS,
    REJECTED,
    SUPERSEDED,
    StoredDocument,
    from_table,
    to_table,
)
from foretrack.corpus.engine import Engine, open_engine
from foretrack.corpus.lock import writer_lock
from foretrack.corpus.manifest import Manifest, Part, load_manifest, publish, unlisted
from foretrack.corpus.views import AsOfView, Filters
from foretrack.corpus.words import WORDS, old_words, word_parts
from foretrack.foundation.errors import EvidenceError
from foretrack.foundation.progress import Progress, silent

SCHEMAS = {
    "documents": DOCUMENTS,
    "superseded": SUPERSEDED,
    "keys": KEYS,
    "rejected": REJECTED,
    "files": FILES,
}
ROWS_PER_GROUP = 2048
"""Small enough that a range of ids reads little more than itself, large enough to compress well."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What one commit adds. All of it becomes visible together."""

    documents: Sequence[StoredDocument] = ()
    superseded: Sequence[tuple[str, int, str]] = ()
    """(document_id, revision, id of the document it is part of now) of rows that are replaced."""
    keys: tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]] = field(
        default_factory=lambda: (np.empty(0, np.uint64), np.empty(0, np.uint64))
    )
    rejected: Sequence[Mapping[str, str]] = ()
    files: Sequence[Mapping[str, object]] = ()

    @property
    def empty(self) -> bool:
        """True when there is nothing to write."""
        return not (self.documents or self.superseded or len(self.keys[0]) or self.rejected or self.files)


class Corpus:
    """The documents of one workspace.

    Args:
        engine: address of the Spark Connect server that views count on; None counts in this process.
    """

    def __init__(self, directory: Path, engine: str | None = None) -> None:
        self.directory = directory
        self.parts_directory = directory / "parts"
        self.words_directory = directory / "words"
        self._address = engine
        self._shared: Engine | None = None

    def manifest(self) -> Manifest:
        """The manifest now current."""
        return load_manifest(self.directory)

    def snapshot(self) -> str:
        """16 hexadecimal characters that name the present state of all documents, even of none."""
        return self.manifest().snapshot

    def as_of(
        self, year: int | None = None, filters: Filters | None = None, progress: Progress = silent
    ) -> AsOfView:
        """What could be known at the end of `year`: active documents published until then, latest revision.

        `year` None means the newest year present. EvidenceError when the corpus has no documents; OutsideError when
        the engine does not answer.
        """
        manifest = self.manifest()
        engine = self._open()
        table = self._latest(manifest, engine, "documents")
        table = table.filter(table.status == "active")
        if year is None:
            newest = None
            if manifest.parts["documents"]:
                newest = engine.fetch(table.agg(newest=table.year.max()))["newest"][0].as_py()
            if newest is None:
                raise EvidenceError(
                    f"the corpus in {self.directory} has no documents",
                    expected="at least one ingested file",
                    do="run `foretrack ingest FILE`",
                )
            year = int(newest)

        def words() -> Any:
            cut = self._latest(manifest, engine, "words", progress)
            return cut.filter(cut.status == "active")

        rows = sum(part.rows for part in manifest.parts["documents"])
        return AsOfView(
            table.filter(table.year <= year),
            engine=engine,
            words=words,
            as_of=year,
            snapshot=manifest.snapshot,
            filters=filters or Filters(),
            rows_at_most=rows,
        )

    def _open(self) -> Engine:
        """A connection of its own to DuckDB, or the one session on the server."""
        if self._address is None:
            return open_engine()
        if self._shared is None:
            self._shared = open_engine(self._address)
        return self._shared

    def _latest(
        self,
        manifest: Manifest,
        engine: Engine,
        what: Literal["documents", "words"],
        progress: Progress = silent,
    ) -> Any:
        """Ibis table of the latest revision of every document, or of its words."""
        parts = manifest.parts["documents"]
        if not parts:
            return engine.upload((DOCUMENTS if what == "documents" else WORDS).empty_table(), what)
        if what == "documents":
            paths = self._paths(manifest, "documents")
        else:
            paths = word_parts(self.parts_directory, self.words_directory, parts, progress)
        table = engine.read(paths, what)
        superseded = self._paths(manifest, "superseded")
        if superseded:
            replaced = engine.read(superseded, "superseded")
            table = table.anti_join(replaced, ["document_id", "revision"])
        return table

    def document(self, document_id: str) -> StoredDocument | None:
        """The document with this id (or that had it before a merge), whatever its status; or None."""
        found = self.documents([document_id])
        return found[0] if found else None

    def documents(self, ids: Iterable[str]) -> list[StoredDocument]:
        """The documents with these ids, in their order, each once; ids that are not there are left out."""
        manifest = self.manifest()
        aliases = self.aliases(manifest)
        wanted = list(dict.fromkeys(resolve(i, aliases) for i in ids))
        by_id = {s.document_id: s for s in from_table(self._load(manifest, wanted))}
        return [by_id[i] for i in wanted if i in by_id]

    def aliases(self, manifest: Manifest | None = None) -> dict[str, str]:
        """Former id -> the id that it became when documents were found to be one. See `resolve`."""
        replaced = self.table("superseded", manifest)
        moved = replaced.filter(pc.not_equal(replaced["document_id"], replaced["became"]))
        aliases: dict[str, str] = {}
        for row in moved.to_pylist():
            aliases.pop(row["became"], None)
            aliases[row["document_id"]] = row["became"]
        return aliases

    def table(self, kind: str, manifest: Manifest | None = None) -> pa.Table:
        """All `superseded`, `keys`, `rejected` or `files` rows, in the order of their commits."""
        paths = self._paths(manifest or self.manifest(), kind)
        tables = [_read_part(p, SCHEMAS[kind]) for p in paths]
        return pa.concat_tables(tables) if tables else SCHEMAS[kind].empty_table()

    def counts(self, columns: Sequence[str], manifest: Manifest | None = None) -> pa.Table:
        """`n_documents` of all documents, whatever their status, by `columns`; sorted by them.

        Beside the columns of a document, `has_abstract` is understood. For describing a corpus; analysis
        reads through `as_of`.
        """
        engine = self._open()
        rows = self._latest(manifest or self.manifest(), engine, "documents")
        rows = rows.mutate(has_abstract=rows.abstract.notnull())
        return engine.fetch(rows.group_by(*columns).agg(n_documents=rows.count()).order_by(*columns))

    def _load(self, manifest: Manifest, ids: Sequence[str]) -> pa.Table:
        paths = self._paths(manifest, "documents")
        if not paths or not ids:
            return DOCUMENTS.empty_table()
        import duckdb

        with duckdb.connect() as connection:
            connection.execute("SET enable_external_file_cache = false")
            connection.execute("SET enable_progress_bar = false")
            connection.register("wanted", pa.table({"document_id": pa.array(sorted(ids), pa.string())}))
            connection.register("superseded", self.table("superseded", manifest))
            query = (
                "SELECT d.* FROM read_parquet($paths) d SEMI JOIN wanted USING (document_id) "
                "ANTI JOIN superseded s ON d.document_id = s.document_id AND d.revision = s.revision"
            )
            low, high = min(ids), max(ids)
            query += " WHERE d.document_id BETWEEN $low AND $high"
            found = connection.execute(query, {"paths": paths, "low": low, "high": high}).to_arrow_table()
        return found.cast(DOCUMENTS)

    def _paths(self, manifest: Manifest, kind: str) -> list[str]:
        return [str(self.parts_directory / part.name) for part in manifest.parts[kind]]

    def check(self) -> list[str]:
        """What is wrong on disk, one sentence each: parts missing or cut, left-overs of a killed writer."""
        manifest = self.manifest()
        problems = []
        for part in (p for parts in manifest.parts.values() for p in parts):
            path = self.parts_directory / part.name
            size = path.stat().st_size if path.is_file() else None
            if size is None:
                problems.append(f"{path} is missing: restore it from a backup, or ingest again elsewhere")
            elif size != part.bytes:
                problems.append(f"{path} has {size} bytes instead of {part.bytes}: restore it from a backup")
        left = "was left by a writer that was killed: harmless, the next writer removes it"
        return problems + [f"{path} {left}" for path in self.leftovers()]

    def leftovers(self) -> list[Path]:
        """Files that no manifest lists, left by a killed writer (or being written just now)."""
        temporary = stale_temporaries(self.directory) + stale_temporaries(self.parts_directory)
        temporary += old_words(self.words_directory)
        for folder in sorted(self.words_directory.glob("*")):
            temporary += stale_temporaries(folder)
        return temporary + unlisted(self.directory, self.parts_directory, self.manifest())

    def clean(self) -> list[Path]:
        """Remove left-overs and return them. OutsideError (retryable) while another process writes."""
        with writer_lock(self.directory / "writer.lock"):
            paths = self.leftovers()
            remove(paths)
            return paths

    @contextmanager
    def writer(self, checkpoint: Checkpoint = no_checkpoint) -> Iterator[CorpusWriter]:
        """The one writer; OutsideError (retryable) naming process and host while there is another."""
        with writer_lock(self.directory / "writer.lock"):
            with disk_errors(self.parts_directory):
                self.parts_directory.mkdir(parents=True, exist_ok=True)
            remove(self.leftovers())
            yield CorpusWriter(self, checkpoint)


class CorpusWriter:
    """Commits changes, one generation after the other. Made by `Corpus.writer`."""

    def __init__(self, corpus: Corpus, checkpoint: Checkpoint) -> None:
        self.corpus = corpus
        self.manifest = corpus.manifest()
        self._checkpoint = checkpoint

    def load(self, ids: Sequence[str]) -> list[StoredDocument]:
        """The documents with these ids, as last committed, in no particular order. Ids are current ones."""
        return from_table(self.corpus._load(self.manifest, ids))

    def commit(self, changes: Changes) -> str:
        """The snapshot after `changes` are durable and visible. Nothing is visible when this raises.

        OutsideError when the disk is full or failing.
        """
        if changes.empty:
            return self.manifest.snapshot
        documents = sorted(changes.documents, key=lambda s: (s.document_id, s.revision))
        superseded = sorted(changes.superseded)
        keys, targets = changes.keys
        tables = {
            "documents": (rows := to_table(documents), _documents_digest(rows)),
            "superseded": _with_digest(
                pa.table(
                    dict(zip(SUPERSEDED.names, zip(*superseded, strict=True), strict=True)), schema=SUPERSEDED
                )
                if superseded
                else SUPERSEDED.empty_table()
            ),
            "keys": _with_digest(pa.Table.from_arrays([pa.array(keys), pa.array(targets)], schema=KEYS)),
            "rejected": _with_digest(pa.Table.from_pylist(list(changes.rejected), schema=REJECTED)),
            "files": _with_digest(pa.Table.from_pylist(list(changes.files), schema=FILES)),
        }
        following = self.manifest.generation + 1
        parts = {}
        for kind, (table, digest) in tables.items():
            if table.num_rows:
                parts[kind] = self._write_part(f"{kind}-{following:06d}.parquet", table, digest)
        manifest = self.manifest.followed_by(parts)
        publish(self.corpus.directory, manifest, self._checkpoint)
        self.manifest = manifest
        return manifest.snapshot

    def _write_part(self, name: str, table: pa.Table, digest: str) -> Part:
        size = write_file(
            self.corpus.parts_directory / name,
            lambda path: pq.write_table(table, path, compression="zstd", row_group_size=ROWS_PER_GROUP),
            self._checkpoint,
        )
        return Part(name, table.num_rows, size, digest)


def _read_part(path: str, schema: pa.Schema) -> pa.Table:
    # Not by `read_table`, which builds a dataset for each of what may be a thousand tiny parts.
    with pq.ParquetFile(path) as part:
        if part.schema_arrow.equals(schema):
            return part.read()
    return pq.read_table(path, schema=schema, partitioning=None)


def resolve(document_id: str, aliases: Mapping[str, str]) -> str:
    """The present id of a document that once had `document_id`.

    >>> resolve("a", {"a": "b", "b": "c"})
    'c'
    """
    seen = set()
    while document_id in aliases and document_id not in seen:
        seen.add(document_id)
        document_id = aliases[document_id]
    return document_id


def _documents_digest(table: pa.Table) -> str:
    """Hash of all columns but the provenance."""
    sink = pa.BufferOutputStream()
    content = table.drop_columns(["provenance"])
    with pa.ipc.new_stream(sink, content.schema) as stream:
        stream.write_table(content)
    return blake2b(memoryview(sink.getvalue()), digest_size=16).hexdigest()


def _with_digest(table: pa.Table) -> tuple[pa.Table, str]:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return table, blake2b(memoryview(sink.getvalue()), digest_size=16).hexdigest()
