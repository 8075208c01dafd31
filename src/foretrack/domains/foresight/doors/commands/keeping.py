"""Commands that look after a workspace: `corpus` and `doctor`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from foretrack.domains.foresight.doors.speech import BREAKS, FIELDS, HEALTH, KINDS
from foretrack.foundation.messages import Messages
from foretrack.terminal.health import Looked
from foretrack.terminal.session import Session
from foretrack.terminal.tables import Column, percent, sparkline, table

if TYPE_CHECKING:
    from foretrack.corpus.coverage import Break
    from foretrack.domains.foresight.actions.describe import CorpusReport, Row
    from foretrack.domains.foresight.actions.doctor import Finding

BREAKS_SHOWN = 20
"""Coverage breaks printed; `--json` has all of them."""


def corpus(
    session: Session,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="List every rejected row with its reason.")
    ] = False,
) -> None:
    """Show what is in the corpus: sources, years, abstracts, merged and rejected rows, breaks."""
    from foretrack.corpus.store import Corpus
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.describe import describe

    workspace = Workspace.open(session.workspace)
    say = session.say
    if rejected:
        rows = Corpus(workspace.corpus_dir).table("rejected").to_pylist()
        session.data({"rejected": rows})
        columns = [Column(say("File")), Column(say("Place")), Column(say("Reason")), Column(say("Excerpt"))]
        keys = ("file", "position", "reason", "excerpt")
        session.answer(table(columns, [[row[key] for key in keys] for row in rows]))
        return
    report = describe(workspace)
    session.data(report.to_json())
    _show_corpus(session, report)


def _show_corpus(session: Session, report: CorpusReport) -> None:
    say = session.say
    session.answer(
        say(
            "{documents} documents from {files} files, snapshot {snapshot}",
            documents=f"{report.documents:,}",
            files=f"{report.files:,}",
            snapshot=report.snapshot,
        )
    )
    accounted = say(
        "Rows read {read} = kept {kept} + merged {merged} + rejected {rejected}",
        read=f"{report.read:,}",
        kept=f"{report.documents + report.retracted:,}",
        merged=f"{report.merged:,}",
        rejected=f"{report.rejected:,}",
    )
    session.answer(accounted)
    if report.retracted:
        session.answer(say("{n} retracted, which are marked and not counted", n=f"{report.retracted:,}"))
    if not report.documents:
        session.note(
            say("Next: foretrack ingest FILE_OR_FOLDER --workspace {folder}", folder=session.workspace)
        )
        return
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in report.rows:
        groups.setdefault((row.source, row.kind), []).append(row)
    columns = [
        Column(say("Source")),
        Column(say("Kind")),
        Column(say("Documents"), "right", wrap=False),
        Column(say("With abstract"), "right", wrap=False),
        Column(say("Years"), wrap=False),
        Column(say("Documents per year"), wrap=False),
    ]
    session.answer(table(columns, [_group(key, rows, say) for key, rows in groups.items()]))
    years = [[str(year), f"{n:,}"] for year, n in report.years.items()]
    session.answer(table([Column(say("Year")), Column(say("Documents"), "right")], years))
    languages = ", ".join(f"{tag} {n:,}" for tag, n in report.languages.items())
    session.answer(say("Languages") + ": " + languages)
    session.answer(say("Coverage breaks") + (":" if report.breaks else ": " + say("None found.")))
    for found in report.breaks[:BREAKS_SHOWN]:
        session.answer("  " + break_in_words(found, say))
    if len(report.breaks) > BREAKS_SHOWN:
        session.answer("  " + say("… and {n} more: --json has all", n=len(report.breaks) - BREAKS_SHOWN))


def _group(key: tuple[str, str], rows: list[Row], say: Messages) -> list[str]:
    by_year = {row.year: row.documents for row in rows}
    first, last = min(by_year), max(by_year)
    total = sum(by_year.values())
    line = sparkline([by_year.get(year, 0) for year in range(first, last + 1)])
    share = sum(row.with_abstract for row in rows) / total
    return [key[0], say(KINDS[key[1]]), f"{total:,}", percent(share), f"{first}–{last}", line]


def break_in_words(found: Break, say: Messages) -> str:
    """One coverage break as a sentence."""
    return say(
        BREAKS[found.kind],
        field=say(FIELDS[found.field]),
        group=found.group,
        year=found.year,
        count=found.count,
        before=f"{found.before:,.0f}",
        after=f"{found.after:,.0f}",
    )


def doctor(session: Session) -> None:
    """Look at the installation and the workspace; say what is wrong and what mends it."""
    from foretrack.domains.foresight.actions.doctor import examine

    say = session.say
    findings: list[Finding | Looked] = list(examine(session.workspace))
    findings += [looked for check in session.opener.checks for looked in check(session)]
    session.data({"findings": [asdict(finding) for finding in findings]})
    columns = [Column(say("Looked at"), wrap=False), Column(""), Column(say("Found")), Column(say("To do"))]
    session.answer(table(columns, [[f.subject, say(HEALTH[f.health]), f.said, f.do] for f in findings]))
    if any(finding.health == "broken" for finding in findings):
        raise typer.Exit(3)
