"""Commands that ask what is emerging: `scan`, `emerging`, `show`, `explain`, `compare`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foretrack.domains.foresight.answers import EmergingList, ScanSummary, to_json
from foretrack.domains.foresight.doors.listing import COLUMNS, list_table, row_of
from foretrack.domains.foresight.doors.pages import comparison, concept_page, explanation
from foretrack.domains.foresight.doors.speech import NOTES, STATES, note_in_words
from foretrack.foundation.errors import EvidenceError, InputError
from foretrack.terminal.delivery import delivered
from foretrack.terminal.session import Session, plain
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.domains.foresight.actions.results import Scan

LINES_SHOWN = 30
"""Concepts that the terminal shows unless --limit says otherwise."""

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
    track: Annotated[
        list[str] | None,
        typer.Option("--track", help="Only documents on this track or direction of a pack. May be repeated."),
    ] = None,
    pack: Annotated[
        list[str] | None,
        typer.Option("--pack", help="Label concepts with the tracks of this pack. May be repeated."),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option("--threads", help="Processors to use; the result is the same with any number."),
    ] = None,
    history: Annotated[
        bool,
        typer.Option(
            "--history/--no-history",
            help="Look back at earlier years for technologies and forecasts; without, a large corpus is much faster.",
        ),
    ] = True,
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
    request = ScanRequest(
        as_of=as_of, filters=filters, tracks=tuple(track or ()), threads=threads, history=history, again=again,
        engine=session.engine,
    )  # fmt: skip
    if pack:
        request = replace(request, packs=tuple(pack))
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


def emerging(
    session: Session,
    as_of: AsOf = None,
    track: Annotated[
        str | None, typer.Option("--track", help="Only concepts of this track or direction of a pack.")
    ] = None,
    state: Annotated[str | None, typer.Option("--state", help="Only concepts in this state.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", "-n", help="So many concepts; 0 for all.")] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="table, csv, json, parquet or xlsx.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a file; its ending can say the format.")
    ] = None,
    scan: ScanName = None,
) -> None:
    """List the concepts most likely to grow, the first rank first, with evidence and doubt."""
    from foretrack.domains.foresight.actions.emerging import emerging as list_concepts

    as_json = session.json or (format == "json" and output is None)
    as_file = as_json or output is not None or format in {"csv", "parquet", "xlsx"}
    # A person reads the first screen; a file or a program gets everything.
    shown = limit if limit is not None else (0 if as_file else LINES_SHOWN)
    if shown < 0:
        raise InputError(f"a limit of {shown}", expected="0 or more", do="correct --limit")
    found = scan_for(session, as_of, scan)
    listing = list_concepts(found, track=track, state=state, limit=shown or None)
    if not delivered(
        session, COLUMNS, [row_of(item) for item in listing.items], to_json(listing), format, output,
        lambda n: session.say("{n} concepts are in {file}", n=n, file=output),
    ):  # fmt: skip
        _show_list(session, listing, found.summary().filters)


def _show_list(session: Session, listing: EmergingList, filters: dict[str, object]) -> None:
    say = session.say
    head = say("Emerging technologies as of {year}", year=listing.as_of)
    told = [listing.method, f"{say('Snapshot')} {listing.snapshot}"]
    told += [f"{key} = {value}" for key, value in filters.items()]
    if listing.track:
        told.append(f"{say('Track')} {listing.track}")
    session.answer(plain(f"{head} · {' · '.join(told)}"))
    session.answer(list_table(listing.items, say))
    session.answer(
        say(
            "{shown} of {ranked} ranked concepts; {n} more have not enough evidence.",
            shown=len(listing.items),
            ranked=f"{listing.n_ranked:,}",
            n=f"{listing.n_not_enough_evidence:,}",
        )
    )
    if not listing.n_ranked:
        session.warn(say(NOTES["not_enough_evidence"]))
    if listing.items:
        first = listing.items[0].concept
        session.note(say("Next: foretrack show {concept}, or foretrack report OUT.html", concept=first))


def show(
    session: Session,
    concept: Annotated[str, typer.Argument(help="A concept's identifier or any of its spellings.")],
    as_of: AsOf = None,
    evidence: Annotated[int, typer.Option("--evidence", help="How many documents to list.")] = 20,
    scan: ScanName = None,
) -> None:
    """Show one concept: its series, spellings, measures, neighbours and evidence."""
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.show import show as find_page

    found = scan_for(session, as_of, scan)
    page = find_page(Workspace.open(session.workspace), found, concept, evidence=evidence)
    session.data(to_json(page))
    session.answer(*concept_page(page, session.say))
    session.note(session.say("Next: foretrack explain {concept}", concept=page.item.concept))


def explain(
    session: Session,
    concept: Annotated[str, typer.Argument(help="A concept's identifier or any of its spellings.")],
    as_of: AsOf = None,
    scan: ScanName = None,
) -> None:
    """Explain a concept's score and state, down to the identifiers of the documents that were counted."""
    from foretrack.domains.foresight.actions.show import explain as find_reasons

    answer = find_reasons(scan_for(session, as_of, scan), concept)
    session.data(to_json(answer))
    session.answer(*explanation(answer, session.say))


def compare(
    session: Session,
    as_of: Annotated[
        list[int] | None,
        typer.Option("--as-of", help="A year; give the option twice, the earlier year first."),
    ] = None,
    scan: Annotated[
        list[str] | None,
        typer.Option("--scan", help="A stored scan by name; give it twice instead of years."),
    ] = None,
    top: Annotated[int, typer.Option("--top", help="How many ranks are compared.")] = 50,
) -> None:
    """Compare two dates: what entered, rose, fell and left the top of the list, with reasons."""
    from foretrack.domains.foresight.actions.compare import compare as find_changes

    years, names = as_of or [], scan or []
    if (len(years), len(names)) not in {(2, 0), (0, 2)}:
        raise InputError(
            f"{len(years) or len(names)} dates or scans",
            expected="two",
            do="write --as-of 2019 --as-of 2022, or --scan NAME --scan NAME",
        )
    scans = [scan_for(session, y, None) for y in years] or [scan_for(session, None, n) for n in names]
    answer = find_changes(scans[0], scans[1], top=top)
    session.data(to_json(answer))
    session.answer(*comparison(answer, session.say))


def scan_for(session: Session, as_of: int | None, name: str | None) -> Scan:
    """The stored scan that a question is about; a year that was not scanned yet is scanned now."""
    from foretrack.corpus.store import Corpus
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.results import find_scan

    workspace = Workspace.open(session.workspace)
    try:
        found = find_scan(workspace, as_of=as_of, name=name)
    except EvidenceError:
        from foretrack.domains.foresight.actions.scan import ScanRequest
        from foretrack.domains.foresight.actions.scan import scan as scan_corpus

        session.note(session.say("Not scanned yet: scanning now"))
        with session.progress() as progress:
            return scan_corpus(workspace, ScanRequest(as_of=as_of, engine=session.engine), progress=progress)
    if found.snapshot != Corpus(workspace.corpus_dir).snapshot():
        session.warn(session.say("The corpus has changed since this scan; foretrack scan looks at it again"))
    return found
