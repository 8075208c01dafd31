"""`foretrack mcp` as a program of its own, spoken to with the SDK's client over stdin and stdout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, Tool
from tests.once import once_in_a_run
from tests.site import serving
from tests.site.serving import environment

PROGRAM = serving.PROGRAM[2]


@dataclass(frozen=True)
class Filled:
    """A filled workspace, and the keys and tokens in it."""

    folder: Path
    told: dict[str, str]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    def make(folder: Path) -> None:
        done = subprocess.run(
            [sys.executable, Path(__file__).with_name("filling.py"), folder / "workspace"],
            check=True, stdout=subprocess.PIPE, text=True, env=environment(),
        )  # fmt: skip
        (folder / "told.json").write_text(done.stdout, encoding="utf-8")

    made = once_in_a_run(tmp_path_factory, "assistants", make)
    return Filled(made / "workspace", json.loads((made / "told.json").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Assistant:
    """A client and the server that it started."""

    client: Client
    portal: BlockingPortal

    def tools(self) -> dict[str, Tool]:
        return {tool.name: tool for tool in self.portal.call(self.client.list_tools).tools}

    def call(self, tool: str, /, **arguments: Any) -> CallToolResult:
        result: CallToolResult = self.portal.call(self.client.call_tool, tool, arguments)
        return result

    def ask(self, tool: str, /, **arguments: Any) -> Any:
        """The answer of a tool that must succeed."""
        result = self.call(tool, **arguments)
        assert not result.is_error, result.structured_content
        return result.structured_content["answer"]

    def fail(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """The error of a tool that must not succeed."""
        result = self.call(tool, **arguments)
        assert result.is_error, result.structured_content
        error: dict[str, Any] = result.structured_content["error"]
        return error


Meet: TypeAlias = Callable[..., Assistant]


@pytest.fixture(scope="session")
def meet(filled: Filled) -> Iterator[Meet]:
    """Starts a server: `meet("--write", token="writing")`."""
    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal())

        def start(*options: str, token: str = "", workspace: Path | None = None) -> Assistant:
            given = {**environment(), "PYTHONPATH": os.pathsep.join(sys.path)}
            if token:
                given["INVENTED_TOKEN"] = filled.told[token]
                options = (*options, "--token-env", "INVENTED_TOKEN")
            server = StdioServerParameters(
                command=sys.executable,
                args=["-c", PROGRAM, "mcp", "-w", str(workspace or filled.folder), *options],
                env=given,
            )
            client = stack.enter_context(portal.wrap_async_context_manager(Client(server)))
            return Assistant(client, portal)

        yield start


@pytest.fixture(scope="session")
def visitor(meet: Meet) -> Assistant:
    return meet()
