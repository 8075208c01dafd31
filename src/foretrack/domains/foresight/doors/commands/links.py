"""The command that asks which concepts will be studied together: `links`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.doors.commands.looking import AsOf, scan_for
from foretrack.domains.foresight.doors.link_pages import COLUMNS, list_table, row_of
from foretrack.foundation.errors import InputError
from foretrack.terminal.delivery import check_format, delivered
from foretrack.terminal.session import Session, plain

LINES_SHOWN = 30
"""Pairs that the terminal shows unless --limit says otherwise."""


def links(
    session: Session,
    as_of: AsOf = None,
    concept: Annotated[
        str | None, typer.Option("--concept", help="Only pairs of this concept, an identifier or a spelling.")
    ] = None,
    track: Annotated[
        str | None,
        typer.Option("--track", help="Only pairs with a concept of this track or direction of a pack."),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", "-n", help="So many pairs.")] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="table, csv, json, parquet or xlsx.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a file; its ending can say the format.")
    ] = None,
) -> None:
    """List pairs of concepts that no document joins yet, those most likely to be studied together first."""
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.links import links as list_links

    check_format(format, output)
    if concept is not None and track is not None:
        raise InputError(
            "--concept and --track were both given", expected="one of them", do="leave one of them out"
        )
    if limit is not None and limit < 1:
        raise InputError(f"a limit of {limit}", expected="1 or more", do="correct --limit")
    as_json = session.json or (format == "json" and output is None)
    as_file = as_json or output is not None or format == "csv"
    shown = limit if limit is not None else (None if as_file else LINES_SHOWN)
    scan = scan_for(session, as_of, None)
    with session.progress() as progress:
        found = list_links(
            Workspace.open(session.workspace),
            scan,
            concept=concept,
            track=track,
            limit=shown,
            progress=progress,
        )
    say = session.say
    if not delivered(
        session, COLUMNS, [row_of(item) for item in found.items], to_json(found), format, output,
        lambda n: say("{n} pairs are in {file}", n=n, file=output),
    ):  # fmt: skip
        told = [
            say(
                "Concepts that will be studied together in {first} to {last}",
                first=found.as_of + 1,
                last=found.as_of + found.horizon,
            ),
            found.method,
            f"{say('Snapshot')} {found.snapshot}",
        ]
        session.answer(plain(" · ".join(told)), list_table(found.items, say))
        session.answer(
            say(
                "{shown} of {all} pairs that no document joins yet; learnt from what became of {years}.",
                shown=len(found.items),
                all=f"{found.n_open:,}",
                years=", ".join(map(str, found.learnt_from)),
            )
        )
        session.note(say("In brackets: documents of the last three years, and growth of the share a year."))
