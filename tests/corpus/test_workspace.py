"""A workspace is made once and recognised after."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretrack.corpus.workspace import Workspace
from foretrack.foundation.errors import InputError


def test_made_twice_it_is_the_same(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "deep" / "w")
    (workspace.root / "foretrack.toml").write_text("[workspace]\nformat = 1\n[scan]\nthreads = 2\n")
    assert Workspace.create(workspace.root) == Workspace.open(workspace.root) == workspace
    assert workspace.settings["scan"] == {"threads": 2}
    assert all(d.is_dir() for d in (workspace.corpus_dir, workspace.results_dir, workspace.vectors_dir))


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(InputError, match=r"not empty \(thesis.tex"):
        Workspace.create(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("x")
    with pytest.raises(InputError, match="is a file"):
        Workspace.create(tmp_path / "f")


def test_what_is_no_workspace_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="foretrack init"):
        Workspace.open(tmp_path)


def test_broken_settings_are_told(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    (workspace.root / "foretrack.toml").write_text("[workspace")
    with pytest.raises(InputError, match="cannot be read"):
        _ = workspace.settings
