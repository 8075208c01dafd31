"""The command `serve`: the site on this machine."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from foretrack.terminal.session import Session


def serve(
    session: Session,
    host: Annotated[
        str,
        typer.Option(
            "--host", help="Address to listen on; others than this machine need production settings."
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", "-p", help="Port; 0 takes a free one.", min=0, max=65535)
    ] = 8000,
    workers: Annotated[int, typer.Option("--workers", help="Processes that answer.", min=1, max=64)] = 2,
    threads: Annotated[int, typer.Option("--threads", help="Threads of each process.", min=1, max=64)] = 8,
    no_worker: Annotated[
        bool,
        typer.Option("--no-worker", help="Do not work off the queue; `foretrack worker` does it elsewhere."),
    ] = False,
) -> None:
    """Serve the site in a browser, until Ctrl-C, and work off the queue beside it."""
    from dataclasses import replace

    from foretrack.installation.opening import installation_of
    from foretrack.installation.serving import free_port
    from foretrack.site.server import Serving, address_of, check_serving
    from foretrack.site.server import serve as run

    installation = installation_of(session.workspace.absolute(), os.environ)
    serving = Serving(host, port, workers, threads, queue=not no_worker, access=not session.quiet)
    check_serving(installation, serving)
    serving = replace(serving, port=free_port(host, port))
    address = address_of(serving)

    def ready() -> None:
        session.data({"address": address})
        session.answer(session.say("Foretrack is at {address}", address=address))
        session.note(session.say("Ctrl-C ends it; pages under way are finished first."))

    run(installation, serving, ready)
