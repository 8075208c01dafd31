"""The command `audit`: the log of who did what, and whether the whole history still checks."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from foretrack.foundation.errors import InputError
from foretrack.registry.answers import to_json
from foretrack.registry.doors.acting import As, acting
from foretrack.terminal.session import Session, plain
from foretrack.terminal.tables import Column, table

STEPS = ("list", "show", "check", "sweep")


def audit(
    session: Session,
    step: Annotated[str, typer.Argument(help="list, show, check or sweep.", metavar="[STEP]")] = "list",
    number: Annotated[
        int | None, typer.Argument(help="show: number of the entry.", metavar="[NUMBER]")
    ] = None,
    subject: Annotated[
        str,
        typer.Option(
            "--subject", help="list: key of a record, or what stands in the log, such as series:NAME."
        ),
    ] = "",
    by: Annotated[str, typer.Option("--by", help="list: key of whoever did it.")] = "",
    act: Annotated[
        str, typer.Option("--act", help="list: what was done, such as merge, or move for every move.")
    ] = "",
    since: Annotated[str, typer.Option("--since", help="list: from this day or moment on, in UTC.")] = "",
    until: Annotated[str, typer.Option("--until", help="list: before this day or moment.")] = "",
    before: Annotated[
        int | None, typer.Option("--before", help="list: only entries with a smaller number.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="list: at most so many, up to 1000.")] = 50,
    no_files: Annotated[
        bool, typer.Option("--no-files", help="check: do not read the attached files.")
    ] = False,
    as_: As = None,
) -> None:
    """Read the audit log, or recompute the whole history and say what does not check.

    Exit code 3 when something does not check.
    """
    if step not in STEPS:
        raise InputError.of(
            "{step!r} is no step of this command", expected="one of {known}", do="see `foretrack audit --help`",
            step=step, known=", ".join(STEPS),
        )  # fmt: skip
    if (step == "show") != (number is not None):
        raise InputError.of(
            "a number belongs to the step show, and to no other",
            expected="show NUMBER",
            do="correct the command",
        )
    if step == "check":
        _check(session, as_, files=not no_files)
    elif step == "sweep":
        _sweep(session, as_)
    elif number is not None:
        _show(session, as_, number)
    else:
        registry, actor = acting(session, as_)
        from foretrack.registry.actions.auditing import entries

        say = session.say
        page = entries(
            registry,
            actor,
            subject=subject,
            who=by,
            act=act,
            since=since,
            until=until,
            before=before,
            limit=limit,
        )
        session.data(to_json(page))
        columns = [
            Column(say("Entry"), "right", wrap=False), Column(say("When"), wrap=False), Column(say("By"), wrap=False),
            Column(say("What happened")), Column(say("About"), wrap=False), Column(say("Why")),
        ]  # fmt: skip
        erased = say("erased on request")
        rows = [
            [
                str(line.number), line.at[:16].replace("T", " "), line.actor, line.act, plain(line.subject),
                erased if line.reason_erased else plain(line.reason or ""),
            ]
            for line in page.lines
        ]  # fmt: skip
        session.answer(table(columns, rows))
        if page.older is not None:
            session.note(say("Older ones: --before {number}", number=page.older))


def _show(session: Session, as_: str | None, number: int) -> None:
    registry, actor = acting(session, as_)
    from foretrack.registry.actions.auditing import entry

    line = entry(registry, actor, number)
    session.data(to_json(line))
    rows = [[name, shown] for name, value in to_json(line).items() if (shown := _shown(value))]
    session.answer(table([Column(""), Column("")], rows))


def _shown(value: object) -> str:
    if value in (None, False, {}):
        return ""
    return plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _check(session: Session, as_: str | None, *, files: bool) -> None:
    registry, actor = acting(session, as_)
    from foretrack.registry.access.permission import require
    from foretrack.registry.actions.checking import check_history

    require(actor, "read audit")
    say = session.say
    with session.progress() as progress:
        checked = check_history(registry, files=files, progress=progress)
    findings = [{"where": f.where, "what": f.what.told(say)} for f in checked.findings]
    session.data(
        {
            "records": checked.records, "revisions": checked.revisions, "entries": checked.entries,
            "files": checked.files, "findings": findings,
        }
    )  # fmt: skip
    session.answer(
        say(
            "{records} records, {revisions} revisions, {entries} entries of the log and {files} files looked at",
            records=f"{checked.records:,}", revisions=f"{checked.revisions:,}", entries=f"{checked.entries:,}",
            files=f"{checked.files:,}",
        )
    )  # fmt: skip
    if not findings:
        session.answer(say("The whole history checks"))
        return
    session.answer(
        table([Column(say("Where"), wrap=False), Column(say("Found"))], [[*f.values()] for f in findings])
    )
    raise typer.Exit(3)


def _sweep(session: Session, as_: str | None) -> None:
    registry, actor = acting(session, as_)
    from foretrack.registry.access.permission import require
    from foretrack.registry.actions.attachments import sweep

    require(actor, "operate")
    removed = sweep(registry)
    session.data({"removed": list(removed)})
    session.answer(session.say("{n} files that no record names are removed", n=len(removed)))
