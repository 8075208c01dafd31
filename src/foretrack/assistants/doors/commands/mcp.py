"""The command `mcp`: the server that an assistant starts and speaks to over stdin and stdout."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from foretrack.foundation.errors import InputError
from foretrack.registry.doors.acting import acting
from foretrack.terminal.session import Session


def mcp(
    session: Session,
    token_env: Annotated[
        str | None,
        typer.Option(
            "--token-env",
            metavar="NAME",
            help="Act as the account whose token stands in this environment variable; else as a visitor.",
        ),
    ] = None,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Also offer tools that change something, within the scopes of the token."
        ),
    ] = False,
) -> None:
    """Serve assistants over stdin and stdout (MCP), read-only unless told otherwise."""
    token = _token(token_env)
    if write and not token:
        raise InputError.of(
            "--write without a token", expected="an account that acts", do="add --token-env NAME"
        )
    registry, _ = acting(session)
    from foretrack.assistants.desk import Desk
    from foretrack.assistants.server import serve
    from foretrack.web.speech import speak

    if sys.stdin.isatty():
        session.note(
            session.say(
                "An assistant starts this program and speaks to it over stdin and stdout; Ctrl-C ends it."
            )
        )
    serve(Desk(registry, session.workspace.absolute(), speak(session.language), token, write))


def _token(name: str | None) -> str:
    if name is None:
        return ""
    token = os.environ.get(name, "").strip()
    if not token:
        raise InputError.of(
            "the environment variable {name} is empty or not set", expected="the token of an account in it",
            do="make one with `foretrack user token`, and hand it over in the assistant's settings", name=name[:80],
        )  # fmt: skip
    return token
