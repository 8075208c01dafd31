"""The command `candidates`: what the scan proposes, what people decide, numbered issues and what changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foretrack.domains.foresight.answers import to_json
from foretrack.domains.foresight.doors.commands.looking import AsOf, ScanName, scan_for
from foretrack.foundation.errors import InputError
from foretrack.foundation.sentences import Sentence
from foretrack.terminal.delivery import delivered, known_format
from foretrack.terminal.session import Session, plain
from foretrack.terminal.steps import Steps

if TYPE_CHECKING:
    from foretrack.domains.foresight.actions.candidates import Person
    from foretrack.domains.foresight.candidates.candidate import CandidateList

SHOWN = 30
"""Lines that the terminal shows unless --limit says otherwise."""


def candidates(
    session: Session,
    step: Annotated[
        str, typer.Argument(help="list, show, decide, diff, issue or mend.", metavar="[STEP]")
    ] = "list",
    name: Annotated[
        str | None, typer.Argument(help="show, decide: an identifier or spelling.", metavar="[NAME]")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="decide: the stage that it gets.")] = None,
    unsure: Annotated[
        bool, typer.Option("--unsure", help="decide: somebody has looked and is unsure.")
    ] = False,
    by: Annotated[str, typer.Option("--by", help="decide, issue: the name of whoever decides.")] = "",
    why: Annotated[str, typer.Option("--why", help="decide, issue: the reason.")] = "",
    key: Annotated[
        Path | None, typer.Option("--key", help="decide, issue: private key; else one kept in the workspace.")
    ] = None,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Ask for the passphrase of the key.")
    ] = False,
    stage: Annotated[str | None, typer.Option("--stage", help="list: only this stage.")] = None,
    top: Annotated[
        int | None, typer.Option("--top", help="Ranks among which signals are looked for.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", help="list: so many lines; 0 for all.")
    ] = None,
    issue: Annotated[
        list[int] | None,
        typer.Option("--issue", help="list, diff: a numbered issue. diff takes two, the earlier first."),
    ] = None,
    format: Annotated[
        str | None, typer.Option("--format", "-f", help="table, csv, json, parquet or xlsx.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a file; its ending can say the format.")
    ] = None,
    as_of: AsOf = None,
    scan: ScanName = None,
) -> None:
    """Propose candidates with evidence and reasons, record who decides what and why, and show what changed."""
    given = {
        "--to": to, "--unsure": unsure, "--by": by, "--why": why, "--key": key, "--passphrase": passphrase,
        "--stage": stage, "--top": top, "--limit": limit, "--issue": issue, "--format": format, "--output": output,
    }  # fmt: skip
    STEPS.check(step, name, {option for option, value in given.items() if value not in (None, False, "", [])})
    if step == "mend":
        _mend(session)
    elif step == "show":
        _show(session, name or "", as_of, scan)
    elif step == "decide":
        if unsure == (to is not None):
            raise InputError(
                "both --to and --unsure" if unsure else "neither --to nor --unsure",
                expected="the stage it gets, or that whoever looked is unsure",
                do="give one of the two",
            )
        _decide(session, name or "", to, why, _person(session, by, key, passphrase), as_of, scan)
    elif step == "diff":
        _diff(session, issue or [], top, format, output, as_of, scan)
    elif step == "issue":
        _issue(session, why, _person(session, by, key, passphrase), top, as_of, scan)
    else:
        _list(session, stage, top, limit, issue or [], format, output, as_of, scan)


_TAKES: dict[str, frozenset[str]] = {
    "list": frozenset(("--stage", "--top", "--limit", "--issue", "--format", "--output")),
    "show": frozenset(),
    "decide": frozenset(("--to", "--unsure", "--by", "--why", "--key", "--passphrase")),
    "diff": frozenset(("--issue", "--top", "--format", "--output")),
    "issue": frozenset(("--by", "--why", "--key", "--passphrase", "--top")),
    "mend": frozenset(),
}
"""Steps, and the options that each takes beside --as-of and --scan."""
STEPS = Steps(
    "candidates",
    _TAKES,
    frozenset(("show", "decide")),
    name=Sentence("the identifier or a spelling of a candidate"),
)


def _person(session: Session, by: str, key: Path | None, passphrase: bool) -> Person:
    from foretrack.domains.foresight.actions.candidates import Person

    said = typer.prompt(session.say("Passphrase"), hide_input=True, err=True) if passphrase else None
    return Person(by, key, said)


def _list(
    session: Session,
    stage: str | None,
    top: int | None,
    limit: int | None,
    issue: list[int],
    format: str | None,
    output: Path | None,
    as_of: int | None,
    scan: str | None,
) -> None:
    from dataclasses import replace

    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.candidates import candidates as find
    from foretrack.domains.foresight.actions.candidates import open_issue
    from foretrack.domains.foresight.candidates.candidate import STAGES
    from foretrack.domains.foresight.candidates.proposing import TOP
    from foretrack.domains.foresight.doors.candidate_pages import COLUMNS, list_parts, row_of

    if limit is not None and limit < 0:
        raise InputError(f"a limit of {limit}", expected="0 or more", do="correct --limit")
    if stage is not None and stage not in STAGES:
        raise InputError(f"no stage {stage!r}", expected=" or ".join(STAGES), do="correct --stage")
    workspace = Workspace.open(session.workspace)
    if len(issue) > 1:
        raise InputError(
            f"{len(issue)} issues", expected="one", do="compare them with `foretrack candidates diff`"
        )
    if issue and (top is not None or as_of is not None or scan is not None):
        raise InputError(
            "an issue together with --top, --as-of or --scan",
            expected="an issue as it was frozen",
            do="leave out one of them",
        )
    whole = (
        open_issue(workspace, issue[0])
        if issue
        else find(workspace, scan_for(session, as_of, scan), top=TOP if top is None else top)
    )
    items = tuple(item for item in whole.items if stage is None or item.stage == stage)
    as_file = session.json or output is not None or format in {"csv", "json", "parquet", "xlsx"}
    shown = limit if limit is not None else (0 if as_file else SHOWN)
    chosen = replace(whole, items=items[:shown] if shown else items)
    if _written(session, COLUMNS, [row_of(item) for item in chosen.items], to_json(chosen), format, output):
        return
    session.answer(*list_parts(chosen, len(items), session.say))
    _next(session, chosen)


def _next(session: Session, found: CandidateList) -> None:
    unseen = next((item for item in found.items if item.looked == "nobody looked"), None)
    if unseen is not None:
        session.note(
            session.say(
                "Next: foretrack candidates decide {candidate} --to candidate --by NAME --why TEXT",
                candidate=unseen.candidate,
            )
        )


def _written(
    session: Session,
    columns: tuple[str, ...],
    rows: list[dict[str, str | float | int | None]],
    whole: object,
    format: str | None,
    output: Path | None,
) -> bool:
    """Whether the answer was given as data: to a file, as JSON, as CSV."""
    known_format(format)
    return delivered(
        session, columns, rows, whole, format, output,
        lambda n: session.say("{n} lines are in {file}", n=n, file=plain(str(output))),
    )  # fmt: skip


def _show(session: Session, name: str, as_of: int | None, scan: str | None) -> None:
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.candidates import history
    from foretrack.domains.foresight.doors.candidate_pages import page_parts

    page = history(Workspace.open(session.workspace), scan_for(session, as_of, scan), name)
    session.data(to_json(page))
    session.answer(*page_parts(page, session.say))


def _decide(
    session: Session, name: str, to: str | None, why: str, by: Person, as_of: int | None, scan: str | None
) -> None:
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.candidates import decide
    from foretrack.domains.foresight.doors.candidate_pages import label_of
    from foretrack.domains.foresight.doors.speech import LOOKED, STAGES_OF_CANDIDATES

    workspace = Workspace.open(session.workspace)
    line = decide(workspace, scan_for(session, as_of, scan), name, to=to, why=why, by=by)
    say = session.say
    session.data(to_json(line))
    session.answer(
        say(
            "{label}: {stage} ({looked}). Line {n} of the decisions, signed by {who}.",
            label=plain(label_of(line, say.language)),
            stage=say(STAGES_OF_CANDIDATES[line.stage]),
            looked=say(LOOKED[line.looked]),
            n=line.decision,
            who=plain(line.decided_by or ""),
        )
    )


def _issue(
    session: Session, why: str, by: Person, top: int | None, as_of: int | None, scan: str | None
) -> None:
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.candidates import issue
    from foretrack.domains.foresight.candidates.proposing import TOP

    workspace = Workspace.open(session.workspace)
    if top is not None and top < 1:
        raise InputError(f"the first {top} ranks", expected="1 or more", do="correct --top")
    frozen = issue(workspace, scan_for(session, as_of, scan), why=why, by=by, top=TOP if top is None else top)
    session.data(to_json(frozen))
    session.answer(
        session.say(
            "Issue {n} is frozen with {lines} lines: {file}, SHA-256 {digest}",
            n=frozen.issue.number,
            lines=len(frozen.issue.list.items),
            file=frozen.file,
            digest=frozen.digest,
        )
    )


def _diff(
    session: Session,
    issues: list[int],
    top: int | None,
    format: str | None,
    output: Path | None,
    as_of: int | None,
    scan: str | None,
) -> None:
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.candidates import changes
    from foretrack.domains.foresight.doors.candidate_pages import CHANGE_COLUMNS, change_rows, diff_parts

    if top is not None and top < 1:
        raise InputError(f"the first {top} ranks", expected="1 or more", do="correct --top")
    found = changes(
        Workspace.open(session.workspace), scan_for(session, as_of, scan), issues=tuple(issues), top=top
    )
    if not _written(session, CHANGE_COLUMNS, change_rows(found), to_json(found), format, output):
        session.answer(*diff_parts(found, session.say))


def _mend(session: Session) -> None:
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.candidates import mend

    aside = mend(Workspace.open(session.workspace))
    session.data({"set_aside": str(aside) if aside else None})
    if aside is None:
        session.answer(session.say("Every line of the decisions is whole"))
    else:
        session.answer(session.say("The torn end was set aside in {file}", file=aside))
