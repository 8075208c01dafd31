"""The lookout's part of the command `demo`: from files to a report, on files that come with Foretrack."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foretrack.domains.foresight.doors.commands.collecting import files_table, show_rejected
from foretrack.domains.foresight.doors.listing import list_table
from foretrack.foundation.clock import system_clock
from foretrack.terminal.export import write_text
from foretrack.terminal.session import Session

if TYPE_CHECKING:
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.results import Scan

INVENTED_SHOWN = 5
STARTER_SHOWN = 15
EARLIER = (9, 6, 3)
"""Years before the newest one that the starter is scanned as of too, so that dates can be compared."""
FIRST_SHOWN = 5
"""Concepts of an earlier year that are named."""
DEFAULT_FOLDER = Path("foretrack-demo")
"""Where the demo goes when no workspace is named: it must not fill the folder in which it was started."""

STARTER_COLUMNS = {
    "title": "n",
    "source_id": "n",
    "year": "year",
    "abstract": "concepts",
    "venue": "venue",
    "doi": "doi",
}
"""The starter has no titles, only serial numbers; the labels of a document's concepts stand for its text."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the lookout showed, for whatever comes after it."""

    root: Path
    """The demo's workspace."""
    told: Mapping[str, object]
    """Its part of the demo's JSON."""
    next: tuple[str, ...]
    """Command lines to type next, without the program's name."""


def look_out(session: Session) -> Shown:
    """The whole chain of the lookout on files that come with Foretrack: ingest, scans, list, report."""
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.ingest import ingest
    from foretrack.domains.foresight.doors.commands.publishing import report_page
    from foretrack.sources.kit.connector import ParseOptions

    say = session.say
    root = session.workspace if session.workspace != Path() else DEFAULT_FOLDER
    workspace = Workspace.create(root)
    invented = Workspace.create(root / "invented")
    samples = resources.files("foretrack.samples")

    _step(session, say("1. Six exports of invented records, in English and Chinese, go through ingest"))
    with resources.as_file(samples / "mini") as folder, session.progress() as progress:
        read = ingest(invented, [folder], clock=system_clock, progress=progress)
    session.answer(files_table(session, read))
    show_rejected(session, invented, {file.file for file in read.files})
    _step(session, say("2. The same files, scanned: concepts mined, merged, measured and ranked"))
    small = _scan_and_list(session, invented, INVENTED_SHOWN)

    _step(
        session,
        say("3. The starter: facts about real publications on machine learning, without a sentence of them"),
    )
    options = ParseOptions(mapping=STARTER_COLUMNS, kind="paper", source="starter", language="en")
    with resources.as_file(samples / "starter" / "starter.jsonl.zst") as file, session.progress() as progress:
        facts = ingest(
            workspace, [file], clock=system_clock, format="tables-json", options=options, progress=progress
        )
    session.answer(files_table(session, facts))
    _step(
        session,
        say(
            "4. The starter, scanned: as of earlier years with what was on record then, and as of the newest"
        ),
    )
    years = _scan_earlier(session, workspace)
    found = _scan_and_list(session, workspace, STARTER_SHOWN)

    _step(session, say("5. Report"))
    output = root / "report.html"
    with session.progress() as progress:
        page = report_page(
            workspace, found, say, command=f"foretrack demo --workspace {root}", progress=progress
        )
    write_text(output, page)
    session.answer(say("The report is in {file}", file=output))
    first = {scan.name: scan.items(scan.ranking[:1]) for scan in (small, found)}
    return Shown(
        root,
        {
            "workspace": str(root), "ingest": read.total, "scan": found.name, "ranked": len(found.ranking),
            "earlier": years,
            "report": str(output),
        },
        (
            f"show {_name(first[found.name])} -w {root}",
            f"explain {_name(first[small.name])} -w {root / 'invented'}",
            f"compare --as-of {years[-1]} --as-of {found.as_of} -w {root}",
        ),
    )  # fmt: skip


def _scan_and_list(session: Session, workspace: Workspace, shown: int) -> Scan:
    from foretrack.domains.foresight.actions.emerging import emerging
    from foretrack.domains.foresight.actions.scan import scan

    say = session.say
    with session.progress() as progress:
        found = scan(workspace, progress=progress)
    listing = emerging(found, limit=shown)
    session.answer(list_table(listing.items, say))
    session.answer(
        say(
            "{shown} of {ranked} ranked concepts; {n} more have not enough evidence.",
            shown=len(listing.items),
            ranked=f"{listing.n_ranked:,}",
            n=f"{listing.n_not_enough_evidence:,}",
        )
    )
    return found


def _scan_earlier(session: Session, workspace: Workspace) -> list[int]:
    """The earlier as-of years, scanned before the newest: the scan made last is the one that is shown by itself."""
    from foretrack.corpus.store import Corpus
    from foretrack.domains.foresight.actions.scan import ScanRequest, scan

    newest = Corpus(workspace.corpus_dir).as_of(None).as_of
    years = [newest - back for back in EARLIER]
    for year in years:
        with session.progress() as progress:
            found = scan(workspace, ScanRequest(as_of=year), progress=progress)
        names = [item.label for item in found.items(found.ranking[:FIRST_SHOWN])]
        session.answer(
            session.say(
                "As of {year}: {ranked} ranked concepts, the first {names}", year=year, ranked=f"{len(found.ranking):,}",
                names=", ".join(names),
            )
        )  # fmt: skip
    return years


def _step(session: Session, text: str) -> None:
    session.answer("", text)


def _name(items: list[Any]) -> str:
    return str(items[0].concept) if items else "CONCEPT"


def program_name() -> str:
    """How this program is called from where the reader stands: by name if that is on the path."""
    if shutil.which("foretrack"):
        return "foretrack"
    here = Path(sys.executable).with_name("foretrack")
    return str(here.relative_to(Path.cwd())) if here.is_relative_to(Path.cwd()) else str(here)
