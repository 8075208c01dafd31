"""Commands that keep an installation: `backup`, `restore` and `upgrade`."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from foretrack.terminal.session import Session


def backup(
    session: Session,
    file: Annotated[
        Path | None,
        typer.Argument(help="File to write; else backups/TIME.tar.zst in the workspace.", metavar="[FILE]"),
    ] = None,
    with_secret_key: Annotated[
        bool, typer.Option("--with-secret-key", help="Also the key with which sessions and links are signed.")
    ] = False,
) -> None:
    """Write registry, attached files, packs and settings into one file while everybody goes on working."""
    from foretrack.installation.backups import back_up, default_name
    from foretrack.installation.opening import installation_of

    say = session.say
    installation = installation_of(session.workspace, os.environ)
    target = file or default_name(installation)
    with session.progress() as progress:
        made = back_up(installation, target, with_secret_key=with_secret_key, progress=progress)
    session.data(asdict(made))
    session.answer(
        say(
            "{file}: {records} records, {files} files, the log to entry {number}",
            file=made.file, records=f"{made.records:,}", files=f"{made.files:,}", number=f"{made.log_number:,}",
        )
    )  # fmt: skip
    session.answer(say("Head of the log: {hash}", hash=made.log_hash))
    for name in made.missing:
        session.warn(say("The attached file {name} is not on the disk and not in the backup.", name=name))
    if not with_secret_key:
        session.note(say("The secret key is not in it: after a restore elsewhere everybody logs in again."))
    session.note(
        say(
            "It holds personal data, and foretrack.toml with what stands there; corpus/ and results/ are not in it."
        )
    )


def restore(
    session: Session,
    file: Annotated[Path, typer.Argument(help="A file that `foretrack backup` wrote.")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the registry that is there; it is put aside first.")
    ] = False,
) -> None:
    """Put a backup into a workspace and check its whole history."""
    from foretrack.foundation.errors import InputError
    from foretrack.installation.backups import restore as put_back
    from foretrack.installation.opening import open_registry

    say = session.say
    with session.progress() as progress:
        done = put_back(file, session.workspace, os.environ, overwrite=overwrite, progress=progress)
    session.answer(
        say(
            "{records} records and {files} files of {made_at} are back",
            records=f"{done.records:,}", files=f"{done.files:,}", made_at=done.made_at,
        )
    )  # fmt: skip
    if done.put_aside:
        session.answer(say("What was there before lies in {folder}", folder=done.put_aside))
    findings: list[str] = []
    older = ""
    try:
        opened = open_registry(session.workspace, os.environ)
    except InputError as error:
        older = error.told(say)
        session.warn(older)
    else:
        from foretrack.registry.actions.checking import check_history

        with session.progress() as progress:
            checked = check_history(opened, progress=progress)
        findings = [f"{finding.where}: {finding.what.told(say)}" for finding in checked.findings]
        for finding in findings:
            session.warn(finding)
        if not findings:
            session.answer(say("The whole history checks"))
    session.note(say("What was erased after {made_at} is back too: erase it again.", made_at=done.made_at))
    session.data({**asdict(done), "findings": findings, "to_upgrade": bool(older)})
    if findings:
        raise typer.Exit(3)


def upgrade(
    session: Session,
    no_backup: Annotated[bool, typer.Option("--no-backup", help="Do not write a backup first.")] = False,
) -> None:
    """Bring the tables of the registry to this version of Foretrack, after a backup."""
    from foretrack.installation.backups import back_up, default_name
    from foretrack.installation.opening import (
        configure,
        installation_of,
        pending_upgrade,
        registry_of,
        upgrade_database,
    )

    say = session.say
    installation = installation_of(session.workspace, os.environ)
    configure(installation)
    pending = pending_upgrade()
    saved = ""
    if pending and not no_backup:
        with session.progress() as progress:
            saved = back_up(
                installation, default_name(installation, "before-upgrade-"), progress=progress
            ).file
        session.answer(say("Backup: {file}", file=saved))
    steps = upgrade_database() if pending else []
    from foretrack.installation.upgrading import make_anew

    with session.progress() as progress:
        derived = make_anew(registry_of(installation), progress=progress)
    session.data({"steps": steps, "backup": saved, "records": derived})
    for step in steps:
        session.detail(step)
    session.answer(
        say("{n} steps taken", n=len(steps)) if steps else say("The tables are of this version already")
    )
    session.answer(say("Facets, cards and index of {n} records are made anew", n=f"{derived:,}"))
