"""The command `report`: one file to hand on."""

from __future__ import annotations

import dataclasses
import shlex
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foretrack.domains.foresight.doors.commands.looking import AsOf, ScanName, scan_for
from foretrack.foundation.errors import InputError
from foretrack.foundation.messages import Messages
from foretrack.foundation.progress import Progress, silent
from foretrack.terminal.export import write_text
from foretrack.terminal.session import Session

if TYPE_CHECKING:
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.describe import CorpusReport
    from foretrack.domains.foresight.actions.results import Scan
    from foretrack.domains.foresight.answers import SeriesPoint
    from foretrack.domains.foresight.doors.report.page import CorpusPart
    from foretrack.domains.foresight.technologies.answers import TechnologyList


def report(
    session: Session,
    output: Annotated[Path, typer.Argument(help="The HTML file to write.")],
    as_of: AsOf = None,
    track: Annotated[
        str | None, typer.Option("--track", help="Only concepts of this track or direction of a pack.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", help="How many concepts the list holds.")] = 100,
    cards: Annotated[
        int, typer.Option("--cards", help="How many of them get a page with chart and evidence.")
    ] = 30,
    scan: ScanName = None,
) -> None:
    """Write a self-contained report: list, charts, evidence, methods and limits; works offline and prints."""
    from foretrack.corpus.workspace import Workspace

    if limit < 1 or cards < 0:
        raise InputError(
            f"--limit {limit} --cards {cards}", expected="1 or more, 0 or more", do="correct them"
        )
    found = scan_for(session, as_of, scan)
    with session.progress() as progress:
        page = report_page(
            Workspace.open(session.workspace),
            found,
            session.say,
            track=track,
            limit=limit,
            cards=cards,
            command=_again(session, output, found, track),
            progress=progress,
        )
    write_text(output, page)
    session.data({"written": str(output), "bytes": len(page.encode())})
    session.answer(session.say("The report is in {file}", file=output))


def report_page(
    workspace: Workspace,
    scan: Scan,
    say: Messages,
    *,
    track: str | None = None,
    limit: int = 100,
    cards: int = 30,
    command: str = "",
    progress: Progress = silent,
) -> str:
    """The report of a stored scan as HTML text, in the language of `say`."""
    from foretrack.domains.foresight.actions.describe import describe
    from foretrack.domains.foresight.actions.emerging import emerging
    from foretrack.domains.foresight.actions.scoreboard import scoreboard, stored_backtests
    from foretrack.domains.foresight.actions.show import show
    from foretrack.domains.foresight.doors.report.page import Report, render

    listing = emerging(scan, track=track, limit=limit)
    pages = []
    for done, item in enumerate(listing.items[:cards]):
        progress("collecting evidence", done, min(cards, len(listing.items)))
        pages.append(show(workspace, scan, item.concept))
    series = {page.item.concept: page.series for page in pages}
    for item in listing.items[cards:]:
        series[item.concept] = scan.series(scan.row_of(item.concept))
    found = _technologies(scan, track)
    return render(
        Report(
            summary=scan.summary(),
            listing=listing,
            pages=tuple(pages),
            series=series,
            corpus=corpus_part(workspace, describe(workspace), scan.as_of, say),
            version=metadata.version("foretrack"),
            command=command,
            names=track_names(workspace, say.language),
            scoreboard=scoreboard(workspace) if stored_backtests(workspace) else None,
            technologies=found[0] if found else None,
            technology_series=found[1] if found else {},
        ),
        say,
    )


def _technologies(
    scan: Scan, track: str | None
) -> tuple[TechnologyList, dict[str, tuple[SeriesPoint, ...]]] | None:
    """The first technologies with their series; None when the scan was stored without any."""
    from foretrack.domains.foresight.actions.technologies import StoredTechnologies, technologies
    from foretrack.domains.foresight.doors.report.page import TECHNOLOGIES_SHOWN

    if "technologies" not in scan.stored.manifest["tables"]:
        return None
    stored = StoredTechnologies(scan)
    labelled = {
        name
        for row in stored.rows
        for label in row["tracks"]
        for name in (label["track"], label["direction"])
    }
    if track is not None and track.rsplit("/", 1)[-1] not in labelled:
        # Concepts carry the track, or the list would not stand, but no technology does.
        listing = dataclasses.replace(technologies(scan, limit=1), track=track, items=())
    else:
        listing = technologies(scan, track=track, limit=TECHNOLOGIES_SHOWN)
    return listing, {
        item.technology: stored.series(stored.number_of(item.technology)) for item in listing.items
    }


def track_names(workspace: Workspace, language: str) -> dict[str, str]:
    """Identifier -> name of every track and direction of the packs that this workspace knows."""
    from foretrack.packs.loading import load_packs

    entries = [e for pack in load_packs([workspace.root / "packs"]) for e in (*pack.directions, *pack.tracks)]
    return {e.id: (e.label.zh if language == "zh" else e.label.en) or e.id for e in entries}


def corpus_part(workspace: Workspace, described: CorpusReport, as_of: int, say: Messages) -> CorpusPart:
    """What a report says about the corpus: documents and breaks of the as-of year and before."""
    from foretrack.domains.foresight.doors.commands.keeping import break_in_words
    from foretrack.domains.foresight.doors.report.page import CorpusPart, SourceLine

    rows = [row for row in described.rows if row.year <= as_of]
    years: dict[int, dict[str, int]] = {}
    for row in rows:
        kinds = years.setdefault(row.year, {})
        kinds[row.kind] = kinds.get(row.kind, 0) + row.documents
    lines = []
    for key in sorted({(row.source, row.kind) for row in rows}):
        mine = [row for row in rows if (row.source, row.kind) == key]
        n = sum(row.documents for row in mine)
        with_abstract = sum(row.with_abstract for row in mine)
        first, last = min(row.year for row in mine), max(row.year for row in mine)
        lines.append(SourceLine(*key, n, first, last, with_abstract / n))
    return CorpusPart(
        name=workspace.root.resolve().name,
        sources=tuple(lines),
        years=years,
        breaks=tuple(break_in_words(found, say) for found in described.breaks if found.year <= as_of),
        read=described.read,
        kept=described.documents + described.retracted,
        merged=described.merged,
        rejected=described.rejected,
    )


def _again(session: Session, output: Path, scan: Scan, track: str | None) -> str:
    words = ["foretrack", "report", output.name, "--scan", scan.name]
    if track:
        words += ["--track", track]
    if session.language != "en":
        words += ["--lang", session.language]
    return shlex.join(words)
