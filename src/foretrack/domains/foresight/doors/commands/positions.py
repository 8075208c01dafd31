"""Commands on who leads: `positions` and `organisations`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.doors.commands.looking import AsOf, ScanName, scan_for
from foretrack.domains.foresight.doors.position_pages import (
    COLUMNS,
    note_in_words,
    organisation_page,
    position_page,
    row_of,
)
from foretrack.foundation.errors import InputError
from foretrack.terminal.delivery import check_format, delivered
from foretrack.terminal.session import Session


def positions(
    session: Session,
    track: Annotated[
        str | None, typer.Option("--track", help="Only documents of this track or direction of a pack.")
    ] = None,
    technology: Annotated[
        str | None, typer.Option("--technology", help="Only documents of this technology.")
    ] = None,
    concept: Annotated[
        str | None, typer.Option("--concept", help="Only documents that carry this concept.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="country, region or organisation.")] = "country",
    fractional: Annotated[
        bool,
        typer.Option(
            "--fractional/--full", help="Share a document among those it names, or count it for each."
        ),
    ] = True,
    bloc: Annotated[
        list[str] | None, typer.Option("--bloc", help="Count a bloc (EU) as one country. May be repeated.")
    ] = None,
    top: Annotated[int, typer.Option("--top", help="How many are listed.")] = 20,
    years: Annotated[
        int | None,
        typer.Option("--years", help="Years that are pooled and compared with as many before; else five."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out monopoly risk, disruption and convergence.")
    ] = False,
    as_of: AsOf = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="table, csv, json, parquet or xlsx.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a file; its ending can say the format.")
    ] = None,
    scan: ScanName = None,
) -> None:
    """Show who leads: shares, intervals, trend, monopoly risk and its probability, disruption, convergence."""
    from typing import cast

    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.positions import PositionRequest
    from foretrack.domains.foresight.actions.positions import positions as find_positions
    from foretrack.domains.foresight.positions.answers import By, GroupKind

    asked = [(kind, name) for kind, name in _groups(track, technology, concept) if name is not None]
    if len(asked) > 1:
        raise InputError(
            f"{' and '.join('--' + kind for kind, _ in asked)} together",
            expected="one of them",
            do="ask twice",
        )
    kind, name = asked[0] if asked else ("corpus", "")
    request = PositionRequest(
        kind=cast(GroupKind, kind), name=name, by=cast(By, by), counting="fractional" if fractional else "full",
        blocs=tuple(bloc or ()), top=top, years=years, as_of=as_of, thorough=not quick,
        engine=session.engine,
    )  # fmt: skip
    check_format(format, output)
    found = scan_for(session, as_of, scan) if asked else None
    answer = find_positions(Workspace.open(session.workspace), request, found)
    if not delivered(
        session, COLUMNS, [row_of(item) for item in answer.items], to_json(answer), format, output,
        lambda n: session.say("{n} positions are in {file}", n=n, file=output),
    ):  # fmt: skip
        session.answer(*position_page(answer, session.say))
        if by == "organisation" and any(item.n_unsure for item in answer.items):
            session.note(session.say("Next: foretrack organisations lists the pairs that are unsure"))
    for note in answer.notes:
        session.warn(note_in_words(note, session.say))


def _groups(
    track: str | None, technology: str | None, concept: str | None
) -> tuple[tuple[str, str | None], ...]:
    return (("track", track), ("technology", technology), ("concept", concept))


def organisations(
    session: Session,
    names: Annotated[
        list[str] | None, typer.Argument(help="Two names, with --same or --different.", metavar="[A B]")
    ] = None,
    same: Annotated[bool, typer.Option("--same", help="The two names are one organisation.")] = False,
    different: Annotated[
        bool, typer.Option("--different", help="The two names are two organisations.")
    ] = False,
    top: Annotated[int, typer.Option("--top", help="How many pairs are listed; 0 for all.")] = 20,
    as_of: AsOf = None,
) -> None:
    """List organisations that may be one, with the evidence, and settle them: --same A B, --different A B."""
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.organisations import organisations as find_pairs
    from foretrack.domains.foresight.actions.organisations import settle
    from foretrack.foundation.clock import system_clock

    if top < 0:
        raise InputError(f"--top {top}", expected="0 or more", do="correct --top")
    workspace = Workspace.open(session.workspace)
    if names or same or different:
        if same == different or len(names or ()) != 2:
            given = [option for option, yes in (("--same", same), ("--different", different)) if yes]
            raise InputError(
                f"{len(names or ())} names with {' and '.join(given) or 'neither --same nor --different'}",
                expected="two names and one of --same and --different",
                do='write --same "Example Univ" "University of Example"',
            )
        line = settle(workspace, (names or [])[0], (names or [])[1], same=same, clock=system_clock)
        session.data({"written": "organisations.txt", "line": line})
        session.answer(session.say("Written to organisations.txt: {line}", line=line))
        return
    answer = find_pairs(workspace, as_of=as_of, top=top or None, engine=session.engine)
    session.data(to_json(answer))
    session.answer(*organisation_page(answer, session.say))
    if answer.unsure:
        first = answer.unsure[0]
        session.note(
            session.say(
                'Next: foretrack organisations --same "{one}" "{other}", or --different',
                one=first.first.label,
                other=first.second.label,
            )
        )
    if answer.n_persons:
        session.warn(note_in_words(f"persons: {answer.n_persons:,}", session.say))
    if answer.invalid_ids:
        session.warn(note_in_words(f"invalid_identifiers: {', '.join(answer.invalid_ids[:5])}", session.say))
