"""Which files a user means by the paths on the command line."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from foretrack.corpus.workspace import SETTINGS_FILE
from foretrack.foundation.errors import InputError

NO_DATA = frozenset(
    f".{ending}"
    for line in (
        "7z rar dll exe class so pyc bat sh ps1 c go h java js py ts ipynb aux tex",
        "avi bmp gif ico jpeg jpg mov mp3 mp4 png svg tif tiff wav webp",
        "css doc docx html ini lock log md pdf ppt pptx rst tmp toml db duckdb sqlite sqlite3",
    )
    for ending in line.split()
)
"""Endings that are skipped in a folder. A file named on the command line is read whatever it is called."""
NO_DATA_NAMES = frozenset({"readme", "license", "licence", "copying", "makefile", "changelog", "thumbs"})


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was found under the given paths."""

    files: tuple[Path, ...]
    """Each once, in the order given, folders in the order of names."""
    skipped: dict[str, int] = field(default_factory=dict)
    """How many files of a folder were not looked at, by the reason."""
    wrong: tuple[tuple[str, InputError], ...] = ()
    """Paths that cannot be read at all."""


def gather(paths: Iterable[Path]) -> Inputs:
    """The files under `paths`: files as they are, folders walked without hidden files and what is no data."""
    files: dict[Path, None] = {}
    skipped: Counter[str] = Counter()
    wrong: list[tuple[str, InputError]] = []
    for path in paths:
        if path.is_dir():
            found = _walk(path, skipped)
            if not found:
                wrong.append((str(path), _nothing_in(path)))
            files.update(dict.fromkeys(found))
        elif path.exists():
            files[path] = None
        else:
            said = InputError(f"there is no file {path}", expected="a file or a folder", do="check the path")
            wrong.append((str(path), said))
    return Inputs(tuple(files), dict(sorted(skipped.items())), tuple(wrong))


def _nothing_in(path: Path) -> InputError:
    return InputError(
        f"the folder {path} holds no file that could be data",
        expected="exports of papers, patents, standards or projects",
        do="name the files one by one if their endings are unusual",
    )


def _walk(folder: Path, skipped: Counter[str]) -> list[Path]:
    found = []
    for at, folders, names in os.walk(folder):
        here = Path(at)
        if SETTINGS_FILE in names:
            skipped["files of a workspace"] += sum(len(n) for _, _, n in os.walk(here))
            folders.clear()
            continue
        for name in sorted(names):
            reason = _reason_to_skip(here / name)
            if reason:
                skipped[reason] += 1
            else:
                found.append(here / name)
        hidden = [f for f in folders if f.startswith(".")]
        skipped["hidden folders"] += len(hidden)
        folders[:] = sorted(f for f in folders if f not in hidden)
    for reason in [r for r, n in skipped.items() if not n]:
        del skipped[reason]
    return found


def _reason_to_skip(path: Path) -> str | None:
    if path.name.startswith((".", "~$")):
        return "hidden files"
    if path.suffix.lower() in NO_DATA:
        return f"{path.suffix.lower()} files"
    if path.stem.lower() in NO_DATA_NAMES:
        return "notes about the data"
    return None


def sha256_of(path: Path) -> str:
    """Hash of the file's bytes, 64 hexadecimal characters."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
