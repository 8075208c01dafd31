"""The decisions file of a workspace: read by anybody at any time, added to by one writer at a time.

`decisions/decisions.jsonl` holds the lines, `decisions/head.json` how many there are, `decisions/issues/` the frozen
issues of the list. Nothing in these files is ever changed; a line goes to the end, is flushed to the disk, and then
the head follows.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from foretrack.corpus.atomic import Checkpoint, disk_errors, fsync_folder, no_checkpoint, write_file
from foretrack.corpus.lock import writer_lock
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.actions.signing import Signer, verify
from foretrack.domains.foresight.candidates.journal import (
    Decision,
    Entry,
    Issued,
    Journal,
    check_words,
    completes,
    hash_line,
    issued,
    read_journal,
    write_head,
    write_line,
)
from foretrack.foundation.clock import Clock, timestamp
from foretrack.foundation.errors import SourceError

_SHARED = 0o640
"""Names of people are in the file, so it is not for everybody."""
_LOOKS = 3
"""How often a file that does not fit together is read: somebody may be writing just now."""
_ISSUE = re.compile(r"(\d{4,})\.json")


@dataclass(frozen=True, slots=True)
class DecisionsFile:
    """The decisions of one workspace."""

    folder: Path

    @staticmethod
    def of(workspace: Workspace) -> DecisionsFile:
        """That of a workspace; nothing is made before the first decision."""
        return DecisionsFile(workspace.root / "decisions")

    @property
    def path(self) -> Path:
        return self.folder / "decisions.jsonl"

    @property
    def head_path(self) -> Path:
        return self.folder / "head.json"

    @property
    def issues_folder(self) -> Path:
        return self.folder / "issues"

    def read(self) -> Journal:
        """Everything that was decided, and what is wrong with the file; empty when nothing was decided yet."""
        for _ in range(_LOOKS):
            # The head first: a line that is added between the two reads is then one more, not one too few.
            head = self.head_path.read_bytes() if self.head_path.is_file() else None
            content = self.path.read_bytes() if self.path.is_file() else b""
            journal = read_journal(content, head, verify)
            if not journal.problems:
                break
        return journal

    def trusted(self) -> Journal:
        """As `read`; SourceError naming the line when somebody has meddled with the file.

        What a stopped writer left behind is no reason to refuse: the whole lines count.
        """
        journal = self.read()
        if journal.broken:
            first = journal.broken[0]
            more = len(journal.broken) - 1
            raise SourceError(
                f"{self.path.name}: {first.said}" + (f", and {more} more" if more else ""),
                expected="the lines as they were written and signed",
                do="look at `foretrack doctor`, and put back a copy of the folder from before",
            )
        return journal

    @contextmanager
    def writing(self) -> Iterator[Journal]:
        """Holds the lock and gives the file as it is; OutsideError when another process writes.

        SourceError when the file was meddled with, or ends in a torn line: `mend` sets that aside.
        """
        with writer_lock(self.folder / "lock"):
            journal = self.trusted()
            if journal.torn:
                raise SourceError(
                    f"{self.path.name}: line {len(journal.entries) + 1} is not whole, its writer was stopped",
                    expected="whole lines",
                    do="run `foretrack candidates mend`, which sets the torn end aside",
                )
            yield journal

    def append(
        self,
        journal: Journal,
        body: Decision | Issued,
        *,
        who: str,
        signer: Signer,
        clock: Clock,
        checkpoint: Checkpoint = no_checkpoint,
    ) -> Entry:
        """Adds one signed line; to be called while `writing`. OutsideError when the disk is full: nothing is added."""
        check_words(who, body.why)
        entry, line = write_line(
            body, n=len(journal.entries) + 1, at=timestamp(clock()), who=who, public_key=signer.public_key,
            previous=journal.last, sign=signer.sign,
        )  # fmt: skip
        with disk_errors(self.path):
            fresh = not self.path.exists()
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _SHARED)
            try:
                try:
                    checkpoint("write line")
                    half = len(line) // 2
                    _write_all(descriptor, line[:half])
                    checkpoint("half a line")
                    _write_all(descriptor, line[half:])
                    os.fsync(descriptor)
                except OSError:
                    # Back to the last whole line; if even that fails, `mend` does it later.
                    os.ftruncate(descriptor, journal.whole_bytes)
                    raise
            finally:
                os.close(descriptor)
            if fresh:
                fsync_folder(self.folder)
        checkpoint("write head")
        self._write_head(entry.n, hash_line(line), signer)
        checkpoint("written")
        return entry

    def catch_up(self, journal: Journal, signer: Signer) -> None:
        """Writes the head that a stopped writer left behind; to be called while `writing`."""
        if journal.head_lags:
            self._write_head(len(journal.entries), journal.last, signer)

    def mend(self, clock: Clock) -> Path | None:
        """Sets a torn end aside, or completes it where only its newline is missing.

        Gives the file that holds what was set aside; None when nothing had to be. Nothing is thrown away.
        """
        with writer_lock(self.folder / "lock"):
            journal = self.trusted()
            if not journal.torn:
                return None
            if completes(journal, verify):
                with disk_errors(self.path):
                    descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND)
                    try:
                        _write_all(descriptor, b"\n")
                        os.fsync(descriptor)
                    finally:
                        os.close(descriptor)
                return None
            name = f"torn-line-{len(journal.entries) + 1}-{timestamp(clock()).replace(':', '')}.part"
            aside = self.folder / name
            write_file(aside, lambda path: _keep(path, journal.torn))
            with disk_errors(self.path):
                descriptor = os.open(self.path, os.O_WRONLY)
                try:
                    os.ftruncate(descriptor, journal.whole_bytes)
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
            return aside

    def write_issue(self, number: int, content: bytes) -> str:
        """Writes a numbered issue for everybody to read and nobody to change; gives its SHA-256.

        A file of that number that no decision speaks of was left by a stopped writer and is replaced.
        """
        with disk_errors(self.issues_folder):
            self.issues_folder.mkdir(parents=True, exist_ok=True)
        path = self.issue_path(number)
        write_file(path, lambda temporary: _keep(temporary, content))
        if os.name != "nt":
            path.chmod(0o444)
        return hashlib.sha256(content).hexdigest()

    def issue_path(self, number: int) -> Path:
        """Where a numbered issue lies."""
        return self.issues_folder / f"{number:04d}.json"

    def read_issue(self, number: int, digest: str) -> bytes:
        """A numbered issue as it was frozen; SourceError when it was changed or is gone."""
        path = self.issue_path(number)
        if not path.is_file():
            raise SourceError(
                f"issue {number} is missing",
                expected=str(path),
                do="put it back from a copy of the workspace",
            )
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise SourceError(
                f"issue {number} was changed after it was frozen",
                expected=f"a file with SHA-256 {digest}",
                do="put it back from a copy of the workspace",
            )
        return content

    def unrecorded_issues(self, journal: Journal) -> list[Path]:
        """Files of issues that no line speaks of, sorted."""
        if not self.issues_folder.is_dir():
            return []
        known = set(issued(journal.entries))
        named = ((p, _ISSUE.fullmatch(p.name)) for p in self.issues_folder.iterdir())
        return sorted(p for p, match in named if match and int(match[1]) not in known)

    def _write_head(self, n: int, last: str, signer: Signer) -> None:
        content = write_head(n, last, signer.public_key, signer.sign)
        write_file(self.head_path, lambda path: _keep(path, content))
        self.head_path.chmod(_SHARED)


def _keep(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
