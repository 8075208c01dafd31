"""The command `demo`: the whole way from files to a report, on invented files."""

from __future__ import annotations

import sys
from pathlib import Path

from foretrack.domains.foresight.doors.commands.collecting import files_table
from foretrack.domains.foresight.doors.listing import list_table
from foretrack.foundation.clock import system_clock
from foretrack.terminal.export import write_text
from foretrack.terminal.session import Session

LINES_SHOWN = 10
DEFAULT_FOLDER = Path("foretrack-demo")
"""Where the demo goes when no workspace is named: it must not fill the folder in which it was started."""


def demo(session: Session) -> None:
    """Run the whole chain on files that come with Foretrack: ingest, scan, list, report; about a minute."""
    from importlib import resources

    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.emerging import emerging
    from foretrack.domains.foresight.actions.ingest import ingest
    from foretrack.domains.foresight.actions.scan import scan
    from foretrack.domains.foresight.doors.commands.publishing import report_page

    say = session.say
    started = system_clock()
    root = session.workspace if session.workspace != Path() else DEFAULT_FOLDER
    workspace = Workspace.create(root)

    _step(session, say("1. Six exports of invented records, in English and Chinese, go through ingest"))
    with (
        resources.as_file(resources.files("foretrack.samples") / "mini") as folder,
        session.progress() as progress,
    ):
        read = ingest(workspace, [folder], clock=system_clock, progress=progress)
    session.answer(files_table(session, read))

    _step(session, say("2. Scan: concepts are mined, merged, measured and ranked"))
    with session.progress() as progress:
        found = scan(workspace, progress=progress)
    listing = emerging(found, limit=LINES_SHOWN)
    session.answer(list_table(listing.items, say))

    _step(session, say("3. Report"))
    output = root / "report.html"
    with session.progress() as progress:
        page = report_page(
            workspace, found, say, command=f"foretrack demo --workspace {root}", progress=progress
        )
    write_text(output, page)
    seconds = (system_clock() - started).total_seconds()
    session.answer(say("The report is in {file}", file=output))
    session.data(
        {
            "workspace": str(root),
            "ingest": read.total,
            "scan": found.name,
            "ranked": len(found.ranking),
            "report": str(output),
            "seconds": round(seconds, 1),
        }
    )
    _step(session, say("That took {seconds} seconds. What to type next:", seconds=f"{seconds:.0f}"))
    program = "foretrack" if sys.prefix == sys.base_prefix else str(Path(sys.prefix) / "bin" / "foretrack")
    first = listing.items[0].concept if listing.items else "CONCEPT"
    for words in (
        f"show {first} -w {root}",
        f"explain {first} -w {root}",
        f"compare --as-of 2019 --as-of 2022 -w {root}",
        "ingest YOUR_FILES -w MY_WORKSPACE",
        "scan -w MY_WORKSPACE",
    ):
        session.answer(f"  {_short(program)} {words}")


def _step(session: Session, text: str) -> None:
    session.answer("", text)


def _short(program: str) -> str:
    here = Path(program)
    return str(here.relative_to(Path.cwd())) if here.is_relative_to(Path.cwd()) else program
