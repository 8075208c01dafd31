"""How the program behaves at a prompt: options anywhere, quiet pipes, interruptions, languages."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from foretrack.cli import main as door
from foretrack.cli.main import run

PROGRAM = Path(sys.executable).with_name("foretrack")
Capture = pytest.CaptureFixture[str]


def test_shared_options_work_before_and_after_the_command(tmp_path: Path, capfd: Capture) -> None:
    before = run(["--workspace", str(tmp_path / "a"), "--json", "init"])
    said_before = json.loads(capfd.readouterr().out)
    after = run(["init", "--json", "--workspace", str(tmp_path / "a")])
    said_after = json.loads(capfd.readouterr().out)

    assert (before, after) == (0, 0)
    assert said_before == said_after == {"workspace": str(tmp_path / "a")}


def test_an_option_after_the_command_wins(tmp_path: Path, capfd: Capture) -> None:
    run(["-w", str(tmp_path / "a"), "init", "-w", str(tmp_path / "b")])
    capfd.readouterr()

    assert not (tmp_path / "a").exists()
    assert (tmp_path / "b" / "foretrack.toml").is_file()


def test_the_environment_names_the_workspace(
    tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORETRACK_WORKSPACE", str(tmp_path / "from-environment"))

    run(["init"])
    capfd.readouterr()

    assert (tmp_path / "from-environment" / "foretrack.toml").is_file()


def test_quiet_prints_the_answer_only(tmp_path: Path, capfd: Capture) -> None:
    run(["init", "-w", str(tmp_path / "a"), "--quiet"])

    printed = capfd.readouterr()
    assert "ready" in printed.out
    assert printed.err == ""


def test_verbose_says_how_long_it_took(tmp_path: Path, capfd: Capture) -> None:
    run(["init", "-w", str(tmp_path / "a"), "--verbose"])

    assert "Took" in capfd.readouterr().err


def test_the_reader_chooses_the_language(tmp_path: Path, capfd: Capture) -> None:
    run(["--lang", "zh", "init", "-w", str(tmp_path / "a")])

    assert "工作区" in capfd.readouterr().out


def test_an_unknown_language_is_a_clear_error(tmp_path: Path, capfd: Capture) -> None:
    code = run(["init", "-w", str(tmp_path / "a"), "--lang", "tlh"])

    assert code == 2
    assert "en, zh" in capfd.readouterr().err


@pytest.mark.parametrize("words", [[], ["--help"], ["ingest", "--help"], ["--version"]])
def test_help_and_version_are_no_errors(words: list[str], capfd: Capture) -> None:
    code = run(words)

    assert code == 0
    assert capfd.readouterr().out


@pytest.mark.parametrize(
    "words", [["nonsense"], ["init", "--nonsense"], ["ingest"], ["init", "a", "b"], ["--workspace"]]
)
def test_a_slip_of_the_fingers_is_a_sentence(words: list[str], capfd: Capture) -> None:
    code = run(words)

    said = capfd.readouterr().err
    assert code == 2
    assert "foretrack --help" in said


def test_a_slip_is_json_when_json_was_asked_for(capfd: Capture) -> None:
    code = run(["nonsense", "--json"])

    said = json.loads(capfd.readouterr().out)["error"]
    assert (code, said["kind"], said["exit_code"]) == (2, "InputError", 2)


def test_a_full_disk_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capfd: Capture) -> None:
    def fail(arguments: list[str]) -> int:
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr(door, "_invoke", fail)

    code = run(["scan", "--json"])

    printed = capfd.readouterr()
    assert code == 4
    assert "No space left" in printed.err
    assert json.loads(printed.out)["error"]["retryable"] is True


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals; on Windows the console handles Ctrl-C")
def test_ctrl_c_ends_in_one_line(tmp_path: Path) -> None:
    pipe = tmp_path / "never-written.csv"
    os.mkfifo(pipe)
    started = subprocess.Popen(
        [PROGRAM, "ingest", pipe, "-w", tmp_path / "w"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # A shell that runs this in the background has its children ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 30
    while not (tmp_path / "w" / "foretrack.toml").is_file() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=30)

    assert started.returncode == 130
    assert "Interrupted" in said
    assert "Traceback" not in said


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
def test_a_reader_that_stops_reading_is_no_error_message() -> None:
    started = subprocess.Popen([PROGRAM, "sources"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert started.stdout is not None
    assert started.stderr is not None
    started.stdout.close()
    said = started.stderr.read().decode()
    started.stderr.close()

    assert started.wait(timeout=60) == 141
    assert said == ""


def test_data_cannot_steer_the_terminal(tmp_path: Path, capfd: Capture) -> None:
    name = tmp_path / "evil\x1b[2Jname.csv"
    name.write_text("title,year\nAn invented title,2020\n")

    run(["ingest", str(name), "-w", str(tmp_path / "w")])

    printed = capfd.readouterr()
    assert "\x1b" not in printed.out + printed.err


def test_a_terminal_that_knows_ascii_only_still_gets_its_answer(tmp_path: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "init", tmp_path / "w", "--lang", "zh"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert b"\\u5de5\\u4f5c" in done.stdout
