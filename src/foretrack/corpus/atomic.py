"""Writing a file or a folder so that it is there whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from foretrack.foundation.errors import OutsideError

Checkpoint: TypeAlias = Callable[[str], None]
"""Called with the name of a step just before it happens. Nothing by default; the fault tests kill there."""

TEMPORARY_SUFFIX = ".tmp"


def no_checkpoint(step: str) -> None:
    """Do nothing: the checkpoint of every ordinary run."""


@contextmanager
def disk_errors(target: Path) -> Iterator[None]:
    """Turn a full or failing disk under `target` into an OutsideError that says what to do."""
    try:
        yield
    except OSError as error:
        if _is_full(error):
            raise OutsideError(
                f"the disk is full: {target} could not be written",
                expected="free space for the new part; what was stored before is intact",
                do="free some space and run the same command again",
                retryable=True,
            ) from error
        raise OutsideError(
            f"{target} could not be written: {error.strerror or error}",
            expected="a folder that this user may write to",
            do="check the permissions of the workspace folder",
        ) from error


def _is_full(error: OSError) -> bool:
    # Arrow sometimes loses the number and keeps only the text of the system's message.
    return error.errno in {errno.ENOSPC, errno.EDQUOT} or "No space left on device" in str(error)


def fsync_folder(folder: Path) -> None:
    """Make renames inside `folder` durable. Windows cannot open a folder and needs no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_file(path: Path) -> None:
    """Make the bytes of `path` durable."""
    with path.open("rb+") as handle:
        os.fsync(handle.fileno())


def write_file(path: Path, write: Callable[[Path], None], checkpoint: Checkpoint = no_checkpoint) -> int:
    """Number of bytes written: `write` fills a temporary file, which is fsynced and renamed to `path`.

    A reader sees the old file or the new one, never a half. OutsideError when the disk is full or failing.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
    with disk_errors(path):
        try:
            checkpoint(f"write {path.name}")
            write(temporary)
            fsync_file(temporary)
            size = temporary.stat().st_size
            checkpoint(f"rename {path.name}")
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        checkpoint(f"renamed {path.name}")
        fsync_folder(path.parent)
    return size


def write_text(path: Path, text: str, checkpoint: Checkpoint = no_checkpoint) -> int:
    """Number of bytes written: `text` as UTF-8, atomically."""
    return write_file(path, lambda temporary: _write_bytes(temporary, text.encode()), checkpoint)


def write_bytes(path: Path, content: bytes, checkpoint: Checkpoint = no_checkpoint) -> int:
    """Writes a file of bytes, whole or not at all, and returns its size; errors as `write_file`."""
    return write_file(path, lambda passing: _write_bytes(passing, content), checkpoint)


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def stale_temporaries(folder: Path) -> list[Path]:
    """Temporary files and folders that a killed writer left in `folder`, sorted."""
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.name.startswith(".") and p.name.endswith(TEMPORARY_SUFFIX))


def remove(paths: list[Path]) -> None:
    """Delete files and whole folders; what is gone already is no error."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
