"""A workspace: the folder that holds one corpus, its results and its settings."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foretrack.corpus.atomic import disk_errors, write_text
from foretrack.foundation.errors import InputError

SETTINGS_FILE = "foretrack.toml"
FIRST_SETTINGS = """\
# Settings of this Foretrack workspace. docs/guide/corpus.md lists them all.
[workspace]
format = 1
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with `corpus/`, `results/`, `years/`, `vectors/`, `fetched/` and `foretrack.toml`."""

    root: Path

    @staticmethod
    def create(root: Path) -> Workspace:
        """The workspace at `root`, made if it is not there yet; an existing one is left as it is.

        InputError if `root` is a file, or a folder that holds other things.
        """
        if root.exists() and not root.is_dir():
            raise InputError(f"{root} is a file", expected="a folder", do="choose another workspace folder")
        if not (root / SETTINGS_FILE).is_file():
            found = sorted(p.name for p in root.iterdir())[:3] if root.is_dir() else []
            if found:
                raise InputError(
                    f"{root} is not empty ({', '.join(found)} …) and is no workspace",
                    expected="an empty or new folder, or a Foretrack workspace",
                    do="choose another folder with --workspace",
                )
            with disk_errors(root):
                root.mkdir(parents=True, exist_ok=True)
            write_text(root / SETTINGS_FILE, FIRST_SETTINGS)
        workspace = Workspace(root)
        workspace._make_folders()
        return workspace

    @staticmethod
    def open(root: Path) -> Workspace:
        """The workspace at `root`; InputError with what to do when there is none."""
        if not (root / SETTINGS_FILE).is_file():
            raise InputError(
                f"{root} is no Foretrack workspace (it has no {SETTINGS_FILE})",
                expected="a folder made by `foretrack init`",
                do=f"run `foretrack init --workspace {root}`, or name another folder with --workspace",
            )
        workspace = Workspace(root)
        workspace._make_folders()
        return workspace

    def _make_folders(self) -> None:
        missing = [d for d in self._folders() if not d.is_dir()]
        for folder in missing:
            with disk_errors(folder):
                folder.mkdir(parents=True, exist_ok=True)

    def _folders(self) -> tuple[Path, ...]:
        return (self.corpus_dir, self.results_dir, self.vectors_dir, self.fetched_dir)

    @property
    def corpus_dir(self) -> Path:
        """Where the documents are."""
        return self.root / "corpus"

    @property
    def results_dir(self) -> Path:
        """One immutable folder per scan."""
        return self.root / "results"

    @property
    def years_dir(self) -> Path:
        """Past years as they were looked at again: made anew when missing, so it may be deleted."""
        return self.root / "years"

    @property
    def vectors_dir(self) -> Path:
        """Embeddings, by model."""
        return self.root / "vectors"

    @property
    def fetched_dir(self) -> Path:
        """What `foretrack fetch` downloaded, as it came."""
        return self.root / "fetched"

    @property
    def settings(self) -> dict[str, Any]:
        """The content of `foretrack.toml`, read now; InputError with the line when it is not valid TOML."""
        path = self.root / SETTINGS_FILE
        try:
            return tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(
                f"{path} cannot be read: {error}", expected="TOML", do="correct that line"
            ) from error
