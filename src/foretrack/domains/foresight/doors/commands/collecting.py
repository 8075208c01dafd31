"""Commands that bring documents in: `init`, `ingest`, `corpus`, `sources`, `fetch`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from rich.table import Table

from foretrack.domains.foresight.doors.speech import COUNTS, KINDS
from foretrack.foundation.errors import InputError
from foretrack.terminal.session import Session
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.ingest import FileReport, IngestReport

REJECTED_SHOWN = 5
"""Rejected rows printed per run; `foretrack corpus --rejected` prints all."""


def init(
    session: Session,
    folder: Annotated[
        Path | None, typer.Argument(help="The folder to make; else that of --workspace.")
    ] = None,
) -> None:
    """Make a workspace: a folder for the corpus and the results."""
    from foretrack.corpus.workspace import Workspace

    workspace = Workspace.create(folder or session.workspace)
    session.data({"workspace": str(workspace.root)})
    session.answer(session.say("The workspace is ready: {folder}", folder=workspace.root))
    session.note(
        session.say("Next: foretrack ingest FILE_OR_FOLDER --workspace {folder}", folder=workspace.root)
    )


def ingest(
    session: Session,
    paths: Annotated[list[Path], typer.Argument(help="Files, archives or folders; `-` is not read.")],
    format: Annotated[
        str,
        typer.Option("--format", "-f", help="A name from `foretrack sources`; auto looks at the content."),
    ] = "auto",
    map: Annotated[
        list[str] | None,
        typer.Option("--map", help="Columns of a table of your own: title=Titel,year=PY. May be repeated."),
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Kind of the documents of a table that does not say.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="Name of the source of a table that does not say.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Language of the texts (en, zh) if known.")
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Sheet of an Excel file; else the first.")
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", help="Text encoding (gb18030, latin-1) where the guess is wrong."),
    ] = None,
) -> None:
    """Read files into the corpus; every row is kept, merged or rejected with its reason."""
    from functools import partial

    from foretrack.domains.foresight.actions.ingest import ingest as read_files
    from foretrack.foundation.clock import system_clock
    from foretrack.records.document import KINDS, Kind
    from foretrack.sources.catalogue import read
    from foretrack.sources.kit.connector import ParseOptions

    if kind is not None and kind not in KINDS:
        raise InputError(
            f"no document kind {kind!r}", expected=f"one of {', '.join(KINDS)}", do="correct --kind"
        )
    options = ParseOptions(
        mapping=column_mapping(map or []),
        kind=cast(Kind | None, kind),
        source=source,
        language=language,
        sheet=sheet,
    )
    # Forthcoming documents bear next year's date; anything later is a slip.
    reader = partial(read, encoding=encoding, latest_year=system_clock().year + 1)
    workspace = open_or_make(session)
    with session.progress() as progress:
        report = read_files(
            workspace,
            paths,
            clock=system_clock,
            format=format,
            options=options,
            progress=progress,
            read=reader,
        )
    session.data(report.to_json())
    _show(session, workspace, report)
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def open_or_make(session: Session) -> Workspace:
    """The session's workspace; a folder that is new or empty becomes one."""
    from foretrack.corpus.workspace import Workspace

    folder = session.workspace
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        return Workspace.open(folder)
    workspace = Workspace.create(folder)
    session.note(session.say("The workspace is ready: {folder}", folder=folder))
    return workspace


def column_mapping(given: list[str]) -> dict[str, str]:
    """Field -> column from `title=Titel,year=PY`; later ones win.

    A column's name may hold commas if each `--map` names one field. Raises InputError for anything else.

    >>> column_mapping(["title=Titel,year=PY", "abstract=Was, kurz"])
    {'title': 'Titel', 'year': 'PY', 'abstract': 'Was, kurz'}
    """
    found: dict[str, str] = {}
    for text in given:
        field = ""
        for part in text.split(","):
            name, equals, column = part.partition("=")
            if equals and name.strip().isidentifier():
                field = name.strip()
                found[field] = column.strip()
            elif field:
                found[field] += "," + part
        if not field:
            raise InputError(
                f"--map {text!r} names no column",
                expected="FIELD=COLUMN pairs such as title=Titel,year=PY",
                do="see docs/guide/sources.md for the fields",
            )
    return found


def files_table(session: Session, report: IngestReport) -> Table:
    """What became of the records of each file, and of all."""
    say = session.say
    columns = [
        Column(say("File")),
        Column(say("Format")),
        *(Column(say(name), "right", wrap=False) for name in COUNTS.values()),
        Column(say("Remark")),
    ]
    rows = [_row(session, file) for file in report.files]
    if len(rows) > 1:
        total = report.total
        rows.append([say("Total"), "", *(f"{total[n]:,}" for n in COUNTS), ""])
    return table(columns, rows)


def _show(session: Session, workspace: Workspace, report: IngestReport) -> None:
    say = session.say
    session.answer(files_table(session, report))
    if report.skipped:
        told = ", ".join(f"{n} {reason}" for reason, n in report.skipped.items())
        session.note(say("Not looked at: {what}", what=told))
    if report.total["rejected"]:
        show_rejected(session, workspace, {file.file for file in report.files})
    for file in report.files:
        if file.error is not None:
            session.warn(f"{file.file}: {file.error}")
    if report.total["kept"]:
        session.note(say("Next: foretrack scan"))


def _row(session: Session, file: FileReport) -> list[str]:
    say = session.say
    remarks = []
    if file.error is not None:
        remarks.append(say("stopped: see below") if file.read else say("not read: see below"))
    if file.seen_before:
        remarks.append(say("read before, nothing new"))
    if file.revised:
        remarks.append(say("{n} revised", n=file.revised))
    if file.retracted:
        remarks.append(say("{n} retracted", n=file.retracted))
    if file.apart:
        remarks.append(say("{n} kept apart", n=file.apart))
    counts = [f"{n:,}" for n in (file.read, file.kept, file.merged, file.rejected)]
    return [file.file, file.connector or "–", *counts, "; ".join(remarks)]


def show_rejected(session: Session, workspace: Workspace, files: set[str]) -> None:
    """Says of the first rejected rows of these files where they stand and what is wrong with them."""
    from foretrack.corpus.store import Corpus

    stored: list[dict[str, Any]] = Corpus(workspace.corpus_dir).table("rejected").to_pylist()
    rows = [row for row in stored if row["file"] in files]
    for row in rows[:REJECTED_SHOWN]:
        session.warn(f"{row['file']}, {row['position']}: {row['reason']}")
    if len(rows) > REJECTED_SHOWN:
        more = len(rows) - REJECTED_SHOWN
        session.note(session.say("… and {n} more rejected rows: foretrack corpus --rejected", n=more))


def sources(session: Session) -> None:
    """List every file format that can be read, and every service that can be asked."""
    from foretrack.domains.foresight.actions.fetch import SERVICES
    from foretrack.sources.catalogue import connectors

    say = session.say
    known = connectors()
    session.data(
        {
            "formats": [
                {"format": c.name, "title": c.title, "kinds": list(c.kinds), "licence": c.licence}
                for c in known
            ],
            "services": sorted(SERVICES),
        }
    )
    rows = [[c.name, c.title, ", ".join(say(KINDS[kind]) for kind in c.kinds), c.licence] for c in known]
    columns = [
        Column(say("Format"), wrap=False),
        Column(say("Title")),
        Column(say("Kinds")),
        Column(say("Terms")),
    ]
    session.answer(table(columns, rows))
    session.answer(say("Services for `foretrack fetch`: {names}", names=", ".join(sorted(SERVICES))))


def fetch(
    session: Session,
    service: Annotated[str, typer.Argument(help="openalex, crossref, arxiv or epo.")],
    search: Annotated[str, typer.Option("--search", help="Words to search for.")],
    from_year: Annotated[int | None, typer.Option("--from", help="First year of publication.")] = None,
    to_year: Annotated[int | None, typer.Option("--to", help="Last year of publication.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", help="Stop after this many records.")] = None,
    mail: Annotated[
        str | None, typer.Option("--mail", help="Your address, which services ask of polite users.")
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", help="Your API key, where the service has keys.")
    ] = None,
    base_url: Annotated[
        str | None, typer.Option("--base-url", help="Another address of the same service (a mirror).")
    ] = None,
) -> None:
    """Fetch a search from a service into the workspace; the same call continues one that was stopped."""
    from foretrack.domains.foresight.actions.fetch import fetch as fetch_records

    workspace = open_or_make(session)
    with session.progress() as progress:
        report = fetch_records(
            workspace.root,
            service,
            search=search,
            from_year=from_year,
            to_year=to_year,
            limit=limit,
            mail=mail,
            key=key,
            base_url=base_url,
            progress=lambda done, total: progress("fetching", done, total),
        )
    session.data(report.to_json())
    session.answer(session.say("{n} records are in {folder}", n=f"{report.records:,}", folder=report.folder))
    session.note(session.say("Next: foretrack ingest {folder}", folder=report.folder))
