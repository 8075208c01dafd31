"""Commands that ask what is emerging: `scan`, `emerging`, `show`, `explain`, `compare`."""

from __future__ import annotations

from typing import Annotated

import typer

from foretrack.domains.foresight.answers import ScanSummary, to_json
from foretrack.domains.foresight.doors.speech import STATES, note_in_words
from foretrack.foundation.errors import InputError
from foretrack.terminal.session import Session
from foretrack.terminal.tables import Column, table

AsOf = Annotated[
    int | None, typer.Option("--as-of", help="The last year that may be known; else the newest.")
]
ScanName = Annotated[str | None, typer.Option("--scan", help="A stored scan by name; else the newest one.")]


def scan(
    session: Session,
    as_of: AsOf = None,
    query: Annotated[
        str | None, typer.Option("--query", help='Only documents with these words: "solid state" OR 固态.')
    ] = None,
    country: Annotated[
        list[str] | None,
        typer.Option("--country", help="Only documents of this country (CN). May be repeated."),
    ] = None,
    organisation: Annotated[
        list[str] | None,
        typer.Option("--organisation", help="Only documents of an organisation so named. May be repeated."),
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Only documents of this source. May be repeated.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only documents of this kind. May be repeated.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="Only documents in this language. May be repeated.")
    ] = None,
    pack: Annotated[
        list[str] | None,
        typer.Option("--pack", help="Label concepts with the tracks of this pack. May be repeated."),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option("--threads", help="Processors to use; the result is the same with any number."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Compute even if this scan is stored already.")
    ] = False,
) -> None:
    """Find what is emerging as of a year, and store the result; the same question is answered at once."""
    from foretrack.corpus.views import Filters
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.scan import ScanRequest
    from foretrack.domains.foresight.actions.scan import scan as scan_corpus

    if threads is not None and threads < 1:
        raise InputError(f"{threads} threads", expected="1 or more", do="correct --threads")
    filters = Filters(
        query=query,
        countries=tuple(country or ()),
        organisations=tuple(organisation or ()),
        sources=tuple(source or ()),
        kinds=tuple(kind or ()),
        languages=tuple(language or ()),
    )
    request = ScanRequest(as_of=as_of, filters=filters, threads=threads, again=again)
    if pack:
        request = ScanRequest(as_of=as_of, filters=filters, packs=tuple(pack), threads=threads, again=again)
    workspace = Workspace.open(session.workspace)
    with session.progress() as progress:
        found = scan_corpus(workspace, request, progress=progress)
    summary = found.summary()
    session.data(to_json(summary))
    _show_summary(session, summary)


def _show_summary(session: Session, summary: ScanSummary) -> None:
    say = session.say
    session.answer(
        say(
            "{n} documents of {first} to {as_of}, {concepts} concepts. Scan {scan}, snapshot {snapshot}.",
            n=f"{summary.n_documents:,}",
            first=summary.first_year,
            as_of=summary.as_of,
            concepts=f"{summary.n_concepts:,}",
            scan=summary.scan,
            snapshot=summary.snapshot,
        )
    )
    rows = [[say(words), f"{summary.states.get(state, 0):,}"] for state, words in STATES.items()]
    session.answer(table([Column(say("State")), Column(say("Concepts"), "right")], rows))
    for note in summary.notes:
        session.warn(note_in_words(note, say))
    session.note(say("Next: foretrack emerging --as-of {year}", year=summary.as_of))
