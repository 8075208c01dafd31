"""One writer at a time: an exclusive lock that dies with its process."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from foretrack.corpus.atomic import disk_errors
from foretrack.foundation.errors import OutsideError


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Hold the lock at `path` for the duration; OutsideError (retryable) naming the holder when it is taken.

    The operating system drops the lock when the process ends, however it ends. Readers never take it.
    """
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("ab+")
    with handle:
        if not _try_lock(handle):
            raise OutsideError(
                f"another process is writing to this workspace: {_holder(path)}",
                expected="one writer at a time (reading is always possible)",
                do="wait until it has finished, then run the same command again",
                retryable=True,
            )
        with disk_errors(path):
            handle.truncate(0)
            handle.write(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}).encode())
            handle.flush()
        try:
            yield
        finally:
            handle.truncate(0)
            _unlock(handle)


def _holder(path: Path) -> str:
    try:
        said = json.loads(path.read_bytes())
        return f"process {said['pid']} on {said['host']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has only just begun and has not left its name yet"


if os.name == "nt":  # pragma: no cover
    import msvcrt

    def _try_lock(handle: BinaryIO) -> bool:
        # Far behind the text, since Windows also forbids others to read a locked byte.
        handle.seek(1 << 20)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def _unlock(handle: BinaryIO) -> None:
        handle.seek(1 << 20)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _try_lock(handle: BinaryIO) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: BinaryIO) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
