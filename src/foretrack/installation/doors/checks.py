"""What the doctor hears about the registry: its history recomputed, its files read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foretrack.foundation.errors import ForetrackError
from foretrack.terminal.health import Looked
from foretrack.terminal.session import Session

if TYPE_CHECKING:
    from foretrack.foundation.messages import Messages
    from foretrack.registry.history.chain import Finding
    from foretrack.review.actions.checking import Reviewed

SHOWN = 50
"""Findings that the doctor names; `foretrack audit check` has all."""


def _broken(subject: str, findings: Sequence[Finding], say: Messages) -> Iterator[Looked]:
    for finding in findings:
        said = f"{finding.where}: {finding.what.told(say)}"
        yield Looked(subject, "broken", said, say("restore a backup beside it and compare: docs/deploy.md"))


def _reviews(found: Reviewed, say: Messages) -> str:
    return say(
        "{draws} draws, {runs} assignments, {sheets} sheets and {decisions} decisions stand as they were logged",
        draws=f"{found.draws:,}", runs=f"{found.runs:,}", sheets=f"{found.sheets:,}", decisions=f"{found.decisions:,}",
    )  # fmt: skip


def registry(session: Session) -> Iterator[Looked]:
    """The registry of the workspace; nothing where it has none yet, and none is made."""
    from foretrack.installation.opening import has_registry, open_registry

    say = session.say
    try:
        if not has_registry(session.workspace, os.environ):
            return
        opened = open_registry(session.workspace, os.environ)
    except ForetrackError as error:
        what, expected, do = error.parts(say)
        yield Looked("registry", "broken", what, do or expected)
        return
    from foretrack.lists.actions.reading import check_lists
    from foretrack.registry.actions.attachments import strays
    from foretrack.registry.actions.checking import check_history
    from foretrack.review.actions.checking import check_calls

    with session.progress() as progress:
        checked = check_history(opened, progress=progress)
    yield from _broken("registry", checked.findings[:SHOWN], say)
    if (more := len(checked.findings) - SHOWN) > 0:
        yield Looked("registry", "broken", say("{n} more findings", n=more), "foretrack audit check")
    if not checked.findings:
        yield Looked(
            "registry",
            "well",
            say(
                "{records} records, {revisions} revisions, {entries} entries of the log and {files} files check",
                records=f"{checked.records:,}",
                revisions=f"{checked.revisions:,}",
                entries=f"{checked.entries:,}",
                files=f"{checked.files:,}",
            ),
        )
    yield from _broken("lists", check_lists()[:SHOWN], say)
    reviewed = check_calls()
    yield from _broken("calls", reviewed.findings[:SHOWN], say)
    if reviewed.all and not reviewed.findings:
        yield Looked("calls", "well", _reviews(reviewed, say))
    if left := strays(opened):
        yield Looked(
            "attachments",
            "notice",
            say("{n} files that no record names, left by a process that was stopped", n=f"{len(left):,}"),
            say("nothing: `foretrack audit sweep` removes them"),
        )
