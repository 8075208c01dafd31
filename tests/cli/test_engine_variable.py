"""FORETRACK_ENGINE is read at the door, and never exchanged for another engine."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from foretrack.cli.main import run


def test_an_address_that_is_none_stops_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORETRACK_ENGINE", "spark://host:7077")
    assert run(["corpus", "--workspace", str(tmp_path)]) == 2
    assert "'spark://host:7077'" in capsys.readouterr().err


def test_a_scan_does_not_fall_back_when_the_server_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"sc://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("FORETRACK_ENGINE", nobody)
    assert run(["init", str(tmp_path / "w"), "--quiet"]) == 0
    assert run(["scan", "--workspace", str(tmp_path / "w")]) == 4
    assert nobody in capsys.readouterr().err
    # The option wins over the variable.
    assert run(["--engine", "sc://nowhere", "scan", "--workspace", str(tmp_path / "w")]) == 2
