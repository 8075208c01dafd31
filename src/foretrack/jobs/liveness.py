"""Whether a process still lives: exact on the machine where it runs, unknown elsewhere."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from functools import cache
from pathlib import Path

_PROC = Path("/proc")


@cache
def own_place() -> str:
    """Names the space in which a process id means something: host, boot, and namespace of processes (containers)."""
    parts = [socket.gethostname()]
    try:
        parts += [
            (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip(),
            os.readlink(_PROC / "self/ns/pid"),
        ]
    except OSError:
        parts.append(sys.platform)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def own_process() -> str:
    """This process's id and beginning, as `lives` wants it."""
    pid = os.getpid()
    return f"{pid}:{_began(pid) or ''}"


def lives(place: str, process: str) -> bool | None:
    """Whether a process runs; None where this machine cannot know.

    >>> lives(own_place(), own_process()), lives("elsewhere", own_process())
    (True, None)
    """
    if place != own_place() or sys.platform == "win32":
        return None
    number, _, began = process.partition(":")
    pid = int(number)
    now = _began(pid)
    if began and now is not None:
        return began == now
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not began or now is not None


def _began(pid: int) -> str | None:
    """When a process began, in ticks since the boot; None when there is none, or it is only waiting to be buried."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else fields[19]
