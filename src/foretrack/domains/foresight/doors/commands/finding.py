"""The command `searchable`: a scan's concepts, technologies and documents into the index of search."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from foretrack.domains.foresight.doors.commands.looking import AsOf, ScanName, scan_for
from foretrack.registry.doors.acting import As, acting
from foretrack.terminal.session import Session


def searchable(
    session: Session,
    as_of: AsOf = None,
    scan: ScanName = None,
    documents: Annotated[
        bool, typer.Option("--documents/--no-documents", help="The documents behind the concepts, too.")
    ] = True,
    as_: As = None,
) -> None:
    """Make the concepts, technologies and documents of a scan findable with `foretrack search`."""
    _, actor = acting(session, as_)
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.searchable import UNITS
    from foretrack.domains.foresight.actions.searchable import searchable as things
    from foretrack.registry.access.permission import require
    from foretrack.search.actions.indexing import reindex

    require(actor, "operate")
    workspace = Workspace.open(session.workspace)
    stored = scan_for(session, as_of, scan)
    with session.progress() as report:
        done = reindex(things(workspace, stored, documents=documents), units=UNITS, report=report)
    session.data({"scan": stored.name, **asdict(done)})
    session.answer(
        session.say(
            "{added} added, {changed} changed, {removed} removed, {unchanged} as before", **asdict(done)
        )
    )
