"""Commands that ask for technologies: `technologies`, `technology`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.doors.commands.looking import AsOf, ScanName, scan_for
from foretrack.domains.foresight.doors.technology_pages import COLUMNS, list_table, row_of, technology_page
from foretrack.foundation.errors import InputError
from foretrack.terminal.delivery import check_format, delivered
from foretrack.terminal.session import Session, plain

LINES_SHOWN = 30
"""Technologies that the terminal shows unless --limit says otherwise."""


def technologies(
    session: Session,
    as_of: AsOf = None,
    track: Annotated[
        str | None, typer.Option("--track", help="Only technologies of this track or direction of a pack.")
    ] = None,
    stage: Annotated[
        str | None, typer.Option("--stage", help="Only technologies in this life-cycle stage.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", help="So many technologies; 0 for all.")
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="table, csv, json, parquet or xlsx.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a file; its ending can say the format.")
    ] = None,
    scan: ScanName = None,
) -> None:
    """List the technologies as of a year, the likeliest to grow first, with stage, tracks and what happened to them."""
    from foretrack.domains.foresight.actions.technologies import technologies as list_technologies

    check_format(format, output)
    as_json = session.json or (format == "json" and output is None)
    as_file = as_json or output is not None or format == "csv"
    # A person reads the first screen; a file or a program gets everything.
    shown = limit if limit is not None else (0 if as_file else LINES_SHOWN)
    if shown < 0:
        raise InputError(f"a limit of {shown}", expected="0 or more", do="correct --limit")
    found = scan_for(session, as_of, scan)
    listing = list_technologies(found, track=track, stage=stage, limit=shown or None)
    say = session.say
    if not delivered(
        session, COLUMNS, [row_of(item) for item in listing.items], to_json(listing), format, output,
        lambda n: say("{n} technologies are in {file}", n=n, file=output),
    ):  # fmt: skip
        told = [say("Technologies as of {year}", year=listing.as_of), f"{say('Snapshot')} {listing.snapshot}"]
        if listing.track:
            told.append(f"{say('Track')} {listing.track}")
        session.answer(plain(" · ".join(told)), list_table(listing.items, say))
        session.answer(
            say(
                "{shown} of {all} technologies; {n} of them have not enough evidence for a stage.",
                shown=len(listing.items),
                all=f"{listing.n_technologies:,}",
                n=f"{listing.n_not_enough_evidence:,}",
            )
        )
        if not listing.n_technologies:
            session.warn(
                say(
                    "not enough evidence for technologies: needs three concepts or more that are studied together "
                    "oftener than chance would have it"
                )
            )
        if listing.items:
            session.note(say("Next: foretrack technology {name}", name=listing.items[0].technology))


def technology(
    session: Session,
    name: Annotated[
        str,
        typer.Argument(help="A technology's identifier or label, or a concept of it.", metavar="NAME"),
    ],
    as_of: AsOf = None,
    evidence: Annotated[int, typer.Option("--evidence", help="How many documents to list.")] = 20,
    scan: ScanName = None,
) -> None:
    """Show one technology: its concepts, series, neighbours, life-cycle stage, events since birth and evidence."""
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.technologies import technology as find_page

    found = scan_for(session, as_of, scan)
    page = find_page(Workspace.open(session.workspace), found, name, evidence=evidence)
    session.data(to_json(page))
    session.answer(*technology_page(page, session.say))
    if page.concepts:
        session.note(session.say("Next: foretrack show {concept}", concept=page.concepts[0].concept))
