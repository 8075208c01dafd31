"""The commands `demo` and `sample`: the whole way from files to targets, on what comes with Foretrack."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foretrack.domains.foresight.doors.commands import demonstrating as lookout
from foretrack.foundation.clock import system_clock
from foretrack.foundation.errors import EvidenceError, InputError, OutsideError
from foretrack.terminal.session import Session, plain
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.installation.samples import Loaded
    from foretrack.registry.registry import Registry

COUNTED_SHOWN = 8
"""Targets that the demo shows: those that are counted."""


HOST, PORT = "127.0.0.1", 8000
"""Where the demo is served: to this machine only."""


def demo(
    session: Session,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="End after the lists, as without a terminal.")
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            "-p",
            help="Port of the site; else 8000, or a free one where that is taken.",
            min=1,
            max=65535,
        ),
    ] = None,
) -> None:
    """Run the whole way on what comes with Foretrack, and on a terminal serve it: lookout, registry, targets."""
    say = session.say
    started = system_clock()
    serves = _serves(session, no_serve, port)
    chosen = _port(port) if serves else PORT
    shown = lookout.look_out(session)
    session.answer(
        "", say("6. The registry: invented records, decided on, published in lists, counted for targets")
    )
    registry, loaded = _filled(session, shown.root)
    told: dict[str, Any] = dict(shown.told)
    if loaded is None:
        session.answer(say("The registry of this workspace holds records already; it stays as it is."))
    else:
        _tell(session, loaded)
        told |= {"records": loaded.records, "issues": loaded.issues}
        _findable(session, shown.root)
        _alerted(session, registry)
    _targets(session, registry)
    seconds = (system_clock() - started).total_seconds()
    session.data({**told, "seconds": round(seconds, 1)})
    session.answer("", say("That took {seconds} seconds. What to type next:", seconds=f"{seconds:.0f}"))
    program = lookout.program_name()
    served = () if serves else (f"serve -w {shown.root}",)
    for words in (*shown.next, f"target behind products-2025 -w {shown.root}", *served):
        session.answer(f"  {program} {words}")
    if loaded is not None:
        _accounts(session, loaded)
    else:
        session.answer(
            "",
            say("The passwords of the sample accounts were shown when they were made. To set a new one:"),
            f"  {program} user password officer@example.org -w {shown.root}",
        )
    if serves:
        _serve(session, shown.root, chosen, asked=port is not None)


def _serves(session: Session, no_serve: bool, port: int | None) -> bool:
    """Whether somebody sits at a terminal, wants no JSON, and this system can run the server."""
    if no_serve and port is not None:
        raise InputError.of("--port together with --no-serve", expected="one of them", do="leave one out")
    if no_serve:
        return False
    watched = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
    serves = watched and not session.json and os.name == "posix"
    if not serves and port is not None:
        session.warn(session.say("The demo is served on a terminal only: foretrack serve does it anywhere."))
    return serves


def _port(asked: int | None) -> int:
    """The port that was asked for, before a minute of work; without one the usual, or a free one where it is taken."""
    from foretrack.installation.serving import free_port

    if asked is not None:
        return free_port(HOST, asked)
    try:
        return free_port(HOST, PORT)
    except OutsideError:
        return free_port(HOST, 0)


def _serve(session: Session, root: Path, port: int, *, asked: bool) -> None:
    """Becomes `foretrack serve`: a process that holds nothing of the scans may part into several."""
    from foretrack.installation.serving import PROGRAM

    if port != PORT and not asked:
        session.note(session.say("Port {taken} is taken; the site is at {port}.", taken=PORT, port=port))
    session.answer("", session.say("Now the site; Ctrl-C ends it, and pages under way are finished first."))
    sys.stdout.flush()
    sys.stderr.flush()
    words = [
        "serve", "--workspace", str(root.absolute()), "--host", HOST, "--port", str(port), "--lang", session.language,
        "--quiet",
    ]  # fmt: skip
    os.execv(sys.executable, [sys.executable, "-c", PROGRAM, *words])


def sample(session: Session) -> None:
    """Load the invented sample registry into a workspace whose registry holds no records yet."""
    from foretrack.installation.samples import load_sample

    registry = _registry(session, session.workspace)
    with session.progress() as progress:
        loaded = load_sample(registry, concepts=_concepts(session.workspace), progress=progress)
    session.data(
        {
            "records": loaded.records, "issues": loaded.issues,
            "accounts": [
                {"email": email, "role": role, "password": password} for email, role, password in loaded.accounts
            ],
        }
    )  # fmt: skip
    _tell(session, loaded)
    _accounts(session, loaded)


def _filled(session: Session, root: Any) -> tuple[Registry, Loaded | None]:
    registry = _registry(session, root)
    from foretrack.installation.samples import load_sample
    from foretrack.registry.actions.reading import holds_records

    if holds_records():
        return registry, None
    with session.progress() as progress:
        return registry, load_sample(registry, concepts=_concepts(root), progress=progress)


def _concepts(root: Path) -> Collection[str]:
    """The ranked concepts of the newest scan; none where nothing was scanned."""
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.results import find_scan

    try:
        found = find_scan(Workspace.open(root))
    except EvidenceError:
        return ()
    return {item.concept for item in found.items(found.ranking)}


def _alerted(session: Session, registry: Registry) -> None:
    """Works off the queue, so that what the watch rules found is there when somebody looks."""
    from django.conf import settings

    from foretrack.jobs.worker import Worker

    # The people of the sample are invented: what they would be told by mail is no part of what the demo shows.
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    session.detail(session.say("{n} jobs were begun.", n=Worker(registry).run(once=True)))


def _findable(session: Session, root: Path) -> None:
    """Puts the lookout's concepts and technologies into the index beside the records."""
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.results import find_scan
    from foretrack.domains.foresight.doors.indexing import make_findable

    workspace = Workspace.open(root)
    with session.progress() as progress:
        make_findable(workspace, find_scan(workspace), report=progress)


def _registry(session: Session, root: Any) -> Registry:
    from foretrack.foundation.errors import HouseError
    from foretrack.registry.registry import Registry

    registry = session.opener.registry(root)
    if not isinstance(registry, Registry):
        raise HouseError(f"the opener gave {type(registry).__name__}")
    return registry


def _tell(session: Session, loaded: Loaded) -> None:
    session.answer(
        session.say(
            "{records} invented records and {issues} issues of {series} lists were loaded.", records=loaded.records,
            issues=loaded.issues, series=loaded.series,
        )
    )  # fmt: skip


def _targets(session: Session, registry: Registry) -> None:
    from foretrack.targets.actions.counting import all_targets
    from foretrack.targets.doors.commands.targets import targets_table

    pages = [page for page in all_targets(registry) if page.operator != "outcome"][:COUNTED_SHOWN]
    session.answer(targets_table(pages, session.say))


def _accounts(session: Session, loaded: Loaded) -> None:
    say = session.say
    session.answer("", say("Sample accounts, invented, with passwords made just now:"))
    columns = [Column(say("E-mail"), wrap=False), Column(say("Role")), Column(say("Password"), wrap=False)]
    session.answer(table(columns, [tuple(map(plain, line)) for line in loaded.accounts]))
