"""Read files into the corpus: every record is kept, merged or rejected, and counted."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from foretrack import __version__
from foretrack.corpus.atomic import Checkpoint, no_checkpoint
from foretrack.corpus.columns import Provenance
from foretrack.corpus.identity import hash_key
from foretrack.corpus.inputs import gather, sha256_of
from foretrack.corpus.joining import Incoming, Joiner
from foretrack.corpus.keyindex import NO_DOCUMENT, KeyIndex
from foretrack.corpus.store import Changes, Corpus, CorpusWriter
from foretrack.corpus.workspace import Workspace
from foretrack.foundation.clock import Clock, timestamp
from foretrack.foundation.errors import ForetrackError, HouseError, OutsideError, SourceError
from foretrack.foundation.progress import Progress, silent
from foretrack.records.document import Parsed, Rejected
from foretrack.sources.kit.connector import Connector, ParseOptions

BATCH = 16_384
"""Records that are joined and committed together: what a killed run loses at most."""
BATCH_CHARACTERS = 64_000_000
"""A batch of very long texts is committed earlier, so that memory stays flat."""
COUNTS = ("read", "kept", "merged", "rejected", "revised", "retracted")
NOTES_SHOWN = 3
UNFINISHED = "unfinished"
"""The `reading` of a file that broke: another attempt reads it again."""


class Read(Protocol):
    """Reads a file: for each member (the file itself, or what is in an archive) connector and records."""

    def __call__(
        self, path: Path, format: str, options: ParseOptions
    ) -> Iterator[tuple[str, Connector, Iterator[Parsed | Rejected]]]: ...


@dataclass(slots=True)
class FileReport:
    """What became of the records of one file or archive member."""

    file: str
    connector: str | None = None
    """Name of the connector that read it; None when no connector could."""
    read: int = 0
    kept: int = 0
    """New documents."""
    merged: int = 0
    """Records of documents that were there: repetitions, versions, other sources."""
    rejected: int = 0
    revised: int = 0
    """Of the merged: newer versions of a record that was there."""
    retracted: int = 0
    """Of the merged: marked a document that was active as retracted or withdrawn."""
    error: ForetrackError | None = None
    """Why the file could not be read (to its end); the records before that count."""
    seen_before: bool = False
    """The same bytes were read before in the same way, so there was nothing to do."""
    notes: list[str] = field(default_factory=list)
    """What the user should know: records kept apart although they share an identifier."""
    apart: int = 0
    """How many were kept apart."""

    def check(self) -> None:
        """Read = kept + merged + rejected, or HouseError."""
        if self.read != self.kept + self.merged + self.rejected:
            counted = f"{self.kept} kept + {self.merged} merged + {self.rejected} rejected"
            raise HouseError(f"{self.file}: {self.read} records read, but {counted}")

    def to_json(self) -> dict[str, Any]:
        """The stable shape of `ingest --json`; `error`, `seen_before`, `notes` only where there are any."""
        said: dict[str, Any] = {"file": self.file, "connector": self.connector}
        said |= {name: getattr(self, name) for name in COUNTS}
        if self.error is not None:
            said["error"] = str(self.error)
        if self.seen_before:
            said["seen_before"] = True
        if self.notes:
            said["notes"] = self.notes
        return said


@dataclass(slots=True)
class IngestReport:
    """What became of all files."""

    files: list[FileReport] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    """Files of folders that were not looked at, by the reason."""
    snapshot: str = ""
    """Of the corpus afterwards."""

    @property
    def total(self) -> dict[str, int]:
        """Sum over the files, by the names in COUNTS."""
        return {name: sum(getattr(f, name) for f in self.files) for name in COUNTS}

    @property
    def exit_code(self) -> int:
        """0, or the exit code of the first file that could not be read."""
        return next((f.error.exit_code for f in self.files if f.error is not None), 0)

    def to_json(self) -> dict[str, Any]:
        """The stable shape of `ingest --json`."""
        return {
            "files": [f.to_json() for f in self.files],
            "total": self.total,
            "skipped": self.skipped,
            "snapshot": self.snapshot,
        }


def ingest(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    clock: Clock,
    format: str = "auto",
    options: ParseOptions | None = None,
    progress: Progress = silent,
    read: Read | None = None,
    batch: int = BATCH,
    checkpoint: Checkpoint = no_checkpoint,
) -> IngestReport:
    """Read files and folders into the corpus of `workspace` and say what became of every record.

    A file that cannot be read is reported with its error and stops no other. OutsideError when the disk is
    full or another process writes; what was committed until then stays, and the same call completes it.
    """
    options = options or ParseOptions()
    if read is None:
        from foretrack.sources.catalogue import read as read_by_catalogue

        read = read_by_catalogue
    inputs = gather(paths)
    report = IngestReport(skipped=inputs.skipped)
    with Corpus(workspace.corpus_dir).writer(checkpoint) as writer, _collected_by_batch():
        run = _Run(writer, report, progress, batch, timestamp(clock()), _reading(format, options))
        for name, error in inputs.wrong:
            report.files.append(FileReport(name, error=error))
        for path in inputs.files:
            run.take(path, lambda path: read(path, format, options))
        run.flush()
        report.snapshot = writer.manifest.snapshot
    for file in report.files:
        file.check()
    return report


@contextmanager
def _collected_by_batch() -> Iterator[None]:
    """No search for cycles of objects but the one after each commit: a third of the time, with a batch in memory."""
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def _reading(format: str, options: ParseOptions) -> str:
    """Names a way to read files: the same file read in another way may give other records."""
    said = (
        format,
        sorted(options.mapping.items()),
        options.kind,
        options.source,
        options.language,
        options.sheet,
    )
    return f"{hash_key(f'{__version__} {said!r}'):016x}"


@dataclass(slots=True)
class _Waiting:
    record: Incoming
    report: FileReport


class _Run:
    """One call of `ingest`: collects records over files, joins and commits them batch by batch."""

    def __init__(
        self,
        writer: CorpusWriter,
        report: IngestReport,
        progress: Progress,
        batch: int,
        now: str,
        reading: str,
    ) -> None:
        self.writer, self.report, self.progress = writer, report, progress
        self.batch, self.now, self.reading = batch, now, reading
        corpus, manifest = writer.corpus, writer.manifest
        keys = corpus.table("keys", manifest)
        index = KeyIndex(keys["key"].to_numpy(), keys["document"].to_numpy())
        self.joiner = Joiner(index, corpus.aliases(manifest), writer.load)
        self.read_before: dict[str, list[dict[str, Any]]] = {}
        for row in corpus.table("files", manifest).to_pylist():
            if row["reading"] == reading:
                self.read_before.setdefault(row["sha256"], []).append(row)
        self.waiting: list[_Waiting] = []
        self.rejected: dict[int, dict[str, str]] = {}
        self.finished: list[tuple[str, list[FileReport]]] = []
        self.characters = 0
        self.done = 0

    def take(self, path: Path, open_file: Callable[[Path], Iterator[Any]]) -> None:
        """Read one file; its errors go into its report, those of the disk under the corpus are raised."""
        reports: list[FileReport] = []
        try:
            sha256 = sha256_of(path)
            if self._seen(sha256):
                return
            for member, connector, records in open_file(path):
                report = FileReport(member, connector.name)
                reports.append(report)
                self.report.files.append(report)
                try:
                    self._take_member(report, sha256, records)
                except OutsideError:
                    raise
                except ForetrackError as error:
                    report.error = error
        except OutsideError:
            raise
        except ForetrackError as error:
            self.report.files.append(FileReport(str(path), error=error))
        except OSError as error:
            self.report.files.append(FileReport(str(path), error=_unreadable(path, error)))
        else:
            if not reports:
                self.report.files.append(FileReport(str(path), error=_empty_archive(path)))
            else:
                self.finished.append((sha256, reports))

    def _take_member(self, report: FileReport, sha256: str, records: Iterator[Parsed | Rejected]) -> None:
        connector = str(report.connector)
        for record in records:
            report.read += 1
            self.done += 1
            if isinstance(record, Rejected):
                report.rejected += 1
                self._reject(report.file, sha256, connector, record)
            else:
                document = record.document
                origin = Provenance(
                    report.file,
                    sha256,
                    record.position,
                    connector,
                    self.now,
                    document.source,
                    document.source_id,
                )
                self.waiting.append(_Waiting(Incoming(document, origin), report))
                self.characters += len(document.title) + len(document.abstract or "")
            if self.done % 500 == 0:
                self.progress("reading", self.done, None)
            if len(self.waiting) + len(self.rejected) >= self.batch or self.characters >= BATCH_CHARACTERS:
                self.flush()

    def _reject(self, file: str, sha256: str, connector: str, row: Rejected) -> None:
        key = hash_key(f"rejected:{sha256}:{file}:{row.position}:{row.reason}:{row.excerpt}")
        self.rejected[key] = {
            "file": file,
            "sha256": sha256,
            "position": row.position,
            "reason": row.reason,
            "excerpt": row.excerpt,
            "connector": connector,
            "ingested_at": self.now,
        }

    def _seen(self, sha256: str) -> bool:
        """Report a file that was read to its end before in the same way, without reading it again."""
        rows = self.read_before.get(sha256, [])
        for row in rows:
            again = FileReport(row["file"], row["connector"], read=row["read"], rejected=row["rejected"])
            again.merged, again.seen_before = row["read"] - row["rejected"], True
            self.report.files.append(again)
        return bool(rows)

    def flush(self) -> None:
        """Join and commit what is waiting, together with the files that are finished by it."""
        joined = self.joiner.join([w.record for w in self.waiting])
        for waiting, outcome in zip(self.waiting, joined.outcomes, strict=True):
            report = waiting.report
            report.kept += outcome.kept
            report.merged += not outcome.kept
            report.revised += outcome.revised
            report.retracted += outcome.retracted
            if outcome.note:
                report.apart += 1
                if len(report.notes) < NOTES_SHOWN:
                    report.notes.append(f"{waiting.record.origin.position}: {outcome.note}")
        new = self.joiner.unknown(list(self.rejected))
        marks = np.array(sorted(new), np.uint64)
        targets = np.full(len(marks), NO_DOCUMENT, np.uint64)
        keys = (np.concatenate([joined.keys[0], marks]), np.concatenate([joined.keys[1], targets]))
        changes = Changes(
            documents=joined.documents,
            superseded=joined.superseded,
            keys=keys,
            rejected=[row for key, row in self.rejected.items() if key in new],
            files=[self._file_row(sha256, r, reports) for sha256, reports in self.finished for r in reports],
        )
        self.writer.commit(changes)
        self.joiner.committed(joined, keys)
        self.waiting, self.rejected, self.finished, self.characters = [], {}, [], 0
        del joined, changes
        gc.collect()

    def _file_row(self, sha256: str, report: FileReport, reports: list[FileReport]) -> dict[str, object]:
        row = {
            "file": report.file,
            "sha256": sha256,
            "reading": self.reading if all(r.error is None for r in reports) else UNFINISHED,
            "connector": str(report.connector),
        }
        return row | {name: getattr(report, name) for name in COUNTS} | {"ingested_at": self.now}


def _unreadable(path: Path, error: OSError) -> ForetrackError:
    return SourceError(
        f"{path} cannot be read: {error.strerror or error}",
        expected="a file that this user may read",
        do="check the file and its permissions",
    )


def _empty_archive(path: Path) -> ForetrackError:
    return SourceError(
        f"{path} holds no file that could be data",
        expected="an export of papers, patents, standards or projects",
        do="check the archive",
    )
