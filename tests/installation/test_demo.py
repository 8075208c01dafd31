"""`foretrack demo` beside its scans: on a terminal it serves until Ctrl-C, without one it ends after the lists."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from select import select
from time import monotonic
from urllib.request import urlopen

import pytest

from foretrack.foundation.errors import OutsideError
from foretrack.installation.doors.commands import demonstrating
from foretrack.installation.serving import free_port

QUICK = """
import foretrack.domains.foresight.doors.commands.demonstrating as lookout
lookout.look_out = lambda session: lookout.Shown(session.workspace, {}, ())
from foretrack.cli.main import main; main()
"""
"""The program, but for the scans of the starter: a minute of work that `make demo` does in CI."""
PATIENCE = 240.0


@dataclass(frozen=True)
class Demonstrated:
    """A workspace that the demo filled, without a terminal, and what it said."""

    workspace: Path
    done: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def demonstrated(scanned_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Demonstrated:
    folder = shutil.copytree(scanned_sample, tmp_path_factory.mktemp("demo") / "workspace")
    return Demonstrated(folder, piped("-w", str(folder)))


@pytest.fixture
def workspace(scanned_sample: Path, tables: Path, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(scanned_sample, tmp_path / "workspace"))
    shutil.copy(tables, folder)
    return folder


def environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FORETRACK_", "DJANGO_"))}
    return kept | {"PYTHONPATH": os.pathsep.join(sys.path)}


@dataclass
class Terminal:
    """A program on a terminal of its own."""

    number: int
    end: int
    said: str = ""

    def until(self, wanted: str) -> re.Match[str]:
        """Reads until a pattern was printed."""
        began = monotonic()
        while (found := re.search(wanted, self.said)) is None:
            assert monotonic() - began < PATIENCE, self.said
            assert self._read(), self.said
        return found

    def code(self) -> int:
        """How it ended, with all that it printed read."""
        while self._read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.number, 0)[1])

    def types(self, keys: bytes) -> None:
        os.write(self.end, keys)

    def _read(self) -> bool:
        if not select([self.end], [], [], PATIENCE)[0]:
            return False
        try:
            part = os.read(self.end, 65536)
        except OSError:  # Linux says so when the program has closed the terminal
            return False
        self.said += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", part.decode(errors="replace"))
        return bool(part)


@contextmanager
def terminal(*words: str) -> Iterator[Terminal]:
    number, end = pty.fork()
    if number == 0:
        os.execve(sys.executable, [sys.executable, "-c", QUICK, "demo", *words], environment())
    one = Terminal(number, end)
    try:
        yield one
    finally:
        os.close(end)
        try:
            if os.waitpid(number, os.WNOHANG) == (0, 0):
                os.kill(number, signal.SIGKILL)
                os.waitpid(number, 0)
        except ChildProcessError:
            pass


def piped(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", QUICK, "demo", *words], env=environment(), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


def taken_port() -> socket.socket:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken


@pytest.mark.slow
def test_on_a_terminal_it_serves_until_ctrl_c_and_a_second_run_keeps_what_is_there(workspace: Path) -> None:
    port = free_port("127.0.0.1", 0)
    with terminal("-w", str(workspace), "--port", str(port)) as first:
        address = first.until(r"Foretrack is at (http://127\.0\.0\.1:\d+/)")[1]
        with urlopen(f"{address}healthz", timeout=60) as answer:
            assert answer.status == 200
        first.types(b"\x03")

        assert first.code() == 0
    assert address == f"http://127.0.0.1:{port}/"
    assert "officer@example.org" in first.said
    assert first.said.index("officer@example.org") < first.said.index("Foretrack is at")
    assert "Traceback" not in first.said

    with terminal("-w", str(workspace), "--no-serve") as second:
        assert second.code() == 0
    assert "holds records already; it stays as it is" in second.said
    assert "user password officer@example.org" in second.said
    assert "Foretrack is at" not in second.said


def test_without_a_terminal_it_ends_after_the_lists(demonstrated: Demonstrated) -> None:
    done = demonstrated.done

    assert done.returncode == 0, done.stderr
    assert "officer@example.org" in done.stdout
    assert "Foretrack is at" not in done.stdout
    assert "Subject:" not in done.stdout, "the mails to invented people are no part of the demo"
    assert f"serve -w {demonstrated.workspace}" in done.stdout


def test_the_sample_has_an_alert_and_a_rule_on_the_lookout(demonstrated: Demonstrated) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from foretrack.cli.main import main; main()", "watch", "alerts", "--json",
         "--as", "officer@example.org", "-w", str(demonstrated.workspace)],
        env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert "Sample walker A2" in done.stdout


def test_a_port_that_is_taken_is_told_before_a_minute_of_work(tmp_path: Path) -> None:
    with closing(taken_port()) as taken:
        port = taken.getsockname()[1]
        with terminal("-w", str(tmp_path / "new"), "--port", str(port)) as one:
            assert one.code() == 4

    assert f"port {port} of 127.0.0.1 cannot be used" in one.said
    assert not (tmp_path / "new").exists()


def test_where_the_usual_port_is_taken_another_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(taken_port()) as taken:
        usual = taken.getsockname()[1]
        monkeypatch.setattr(demonstrating, "PORT", usual)

        found = demonstrating._port(None)

        assert found not in (0, usual)
        with pytest.raises(OutsideError):
            demonstrating._port(usual)


def test_a_port_and_no_server_do_not_go_together(tmp_path: Path) -> None:
    done = piped("-w", str(tmp_path / "new"), "--no-serve", "--port", "9000")

    assert (done.returncode, done.stdout) == (2, "")
    assert "--port together with --no-serve" in done.stderr


def test_with_stdin_closed_it_ends_after_the_lists(demonstrated: Demonstrated, tmp_path: Path) -> None:
    workspace = shutil.copytree(demonstrated.workspace, tmp_path / "workspace")
    line = f'exec "{sys.executable}" -c "$PROGRAM" demo --quiet -w "{workspace}" <&-'
    done = subprocess.run(
        ["sh", "-c", line], env=environment() | {"PROGRAM": QUICK}, capture_output=True, text=True, check=False,
        timeout=PATIENCE,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "officer@example.org" in done.stdout
