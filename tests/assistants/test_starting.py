"""How the server starts, keeps stdout for the protocol, and ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from time import sleep
from typing import Any

import pytest
from tests.assistants.conftest import PROGRAM, Filled
from tests.site.serving import environment

NOISY = """
import logging, os, sys, warnings
import foretrack.domains.foresight.actions.results as results
quiet = results.Scan.items
def loud(self, rows):
    print("printed")
    sys.stdout.write("written\\n"); sys.stdout.flush()
    os.write(1, b"to the descriptor\\n")
    os.system("echo from a child")
    logging.getLogger("foretrack.assistants").warning("logged")
    logging.getLogger("somebody else").error("logged too")
    warnings.warn("warned")
    return quiet(self, rows)
results.Scan.items = loud
"""

INITIALISE = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "invented", "version": "1"},
    },
}  # fmt: skip


def run(
    filled: Filled, *options: str, program: str = PROGRAM, lines: list[Any] | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines or [])
    return subprocess.run(
        [sys.executable, "-c", program, "mcp", "-w", str(filled.folder), *options],
        env=environment() | {"PYTHONPATH": os.pathsep.join(sys.path)} | variables,
        input=text, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_nothing_but_the_protocol_goes_to_stdout(filled: Filled) -> None:
    """Whatever an action, a library or a child process prints would break the assistant's reading."""
    asked = {
        "jsonrpc": "2.0",
        "id": 2,
        "method": "tools/call",
        "params": {"name": "emerging", "arguments": {}},
    }
    strange = {"jsonrpc": "2.0", "id": 3, "method": "no/such/method"}
    begun = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    with subprocess.Popen(
        [sys.executable, "-c", NOISY + PROGRAM, "mcp", "-w", str(filled.folder)],
        env=environment() | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stderr is not None
        server.stdin.write("".join(json.dumps(line) + "\n" for line in (INITIALISE, begun, asked, strange)))
        server.stdin.write("this is no JSON\n")
        half = {"name": "show_concept", "arguments": {"concept": "\ud800"}}
        server.stdin.write(
            json.dumps({"jsonrpc": "2.0", "id": 4, "method": "tools/call", "params": half}) + "\n"
        )
        server.stdin.write(json.dumps({"jsonrpc": "2.0", "id": 5, "method": "ping"}) + "\n")
        server.stdin.flush()
        answers = [json.loads(server.stdout.readline()) for _ in range(4)]
        server.stdin.close()
        rest, said = server.stdout.read(), server.stderr.read()
        assert server.wait(60) == 0

    by_id = {answer["id"]: answer for answer in answers}
    assert by_id[1]["result"]["serverInfo"]["name"] == "foretrack"
    assert by_id[2]["result"]["structuredContent"]["answer"]["items"]
    assert "error" in by_id[3]
    assert [json.loads(line)["jsonrpc"] for line in rest.splitlines()] == ["2.0"] * len(rest.splitlines())
    for noise in ("printed", "written", "to the descriptor", "from a child", "logged", "warned"):
        assert noise in said


def test_it_ends_in_order_when_stdin_closes(filled: Filled) -> None:
    done = run(filled)

    assert (done.returncode, done.stdout) == (0, "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_signal_ends_it_although_nobody_writes(filled: Filled, number: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "mcp", "-w", str(filled.folder)],
        env=environment() | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(INITIALISE) + "\n")
        server.stdin.flush()
        assert json.loads(server.stdout.readline())["id"] == 1
        sleep(0.2)
        server.send_signal(number)

        assert server.wait(30) == code


@pytest.mark.parametrize(
    ("options", "variables", "said"),
    [
        (["--write"], {}, "--write without a token"),
        (["--token-env", "NOT_SET"], {}, "NOT_SET is empty or not set"),
        (["--token-env", "T"], {"T": "ft_" + "x" * 43}, "this token is not valid"),
        (["--as", "officer@example.org"], {}, "No such option"),
    ],
)
def test_it_does_not_start_where_nobody_proved_who_they_are(
    filled: Filled, options: list[str], variables: dict[str, str], said: str
) -> None:
    done = run(filled, *options, lines=[INITIALISE], **variables)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_token_that_only_reads_writes_nothing(filled: Filled) -> None:
    done = run(filled, "--write", "--token-env", "T", T=filled.told["reading"])

    assert done.returncode == 2
    assert "the token has none of the scopes decide, write" in done.stderr


def test_the_token_is_told_to_nobody(filled: Filled) -> None:
    done = run(filled, "--token-env", "T", "--verbose", lines=[INITIALISE], T=filled.told["reading"])

    assert filled.told["reading"] not in done.stdout + done.stderr
