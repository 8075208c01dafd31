"""The commands `demo` and `sample`: the whole way from files to targets, on what comes with Foretrack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from foretrack.domains.foresight.doors.commands import demonstrating as lookout
from foretrack.foundation.clock import system_clock
from foretrack.terminal.session import Session, plain
from foretrack.terminal.tables import Column, table

if TYPE_CHECKING:
    from foretrack.installation.samples import Loaded
    from foretrack.registry.registry import Registry

COUNTED_SHOWN = 8
"""Targets that the demo shows: those that are counted."""


def demo(session: Session) -> None:
    """Run the whole way on what comes with Foretrack: ingest, scan, list, report, registry, targets."""
    say = session.say
    started = system_clock()
    shown = lookout.look_out(session)
    session.answer(
        "", say("5. The registry: invented records, decided on, published in lists, counted for targets")
    )
    registry, loaded = _filled(session, shown.root)
    told: dict[str, Any] = dict(shown.told)
    if loaded is None:
        session.answer(say("The registry of this workspace holds records already; it stays as it is."))
    else:
        _tell(session, loaded)
        told |= {"records": loaded.records, "issues": loaded.issues}
        _findable(session, shown.root)
    _targets(session, registry)
    seconds = (system_clock() - started).total_seconds()
    session.data({**told, "seconds": round(seconds, 1)})
    session.answer("", say("That took {seconds} seconds. What to type next:", seconds=f"{seconds:.0f}"))
    program = lookout.program_name()
    for words in (*shown.next, f"target behind products-2025 -w {shown.root}", f"serve -w {shown.root}"):
        session.answer(f"  {program} {words}")
    if loaded is not None:
        _accounts(session, loaded)


def sample(session: Session) -> None:
    """Load the invented sample registry into a workspace whose registry holds no records yet."""
    from foretrack.installation.samples import load_sample

    registry = _registry(session, session.workspace)
    with session.progress() as progress:
        loaded = load_sample(registry, progress=progress)
    session.data(
        {
            "records": loaded.records, "issues": loaded.issues,
            "accounts": [
                {"email": email, "role": role, "password": password} for email, role, password in loaded.accounts
            ],
        }
    )  # fmt: skip
    _tell(session, loaded)
    _accounts(session, loaded)


def _filled(session: Session, root: Any) -> tuple[Registry, Loaded | None]:
    registry = _registry(session, root)
    from foretrack.installation.samples import load_sample
    from foretrack.registry.actions.reading import holds_records

    if holds_records():
        return registry, None
    with session.progress() as progress:
        return registry, load_sample(registry, progress=progress)


def _findable(session: Session, root: Path) -> None:
    """Puts the lookout's concepts and technologies into the index beside the records."""
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.results import find_scan
    from foretrack.domains.foresight.actions.searchable import UNITS, searchable
    from foretrack.search.actions.indexing import reindex

    workspace = Workspace.open(root)
    with session.progress() as progress:
        reindex(searchable(workspace, find_scan(workspace), documents=False), units=UNITS, report=progress)


def _registry(session: Session, root: Any) -> Registry:
    from foretrack.foundation.errors import HouseError
    from foretrack.registry.registry import Registry

    registry = session.opener.registry(root)
    if not isinstance(registry, Registry):
        raise HouseError(f"the opener gave {type(registry).__name__}")
    return registry


def _tell(session: Session, loaded: Loaded) -> None:
    session.answer(
        session.say(
            "{records} invented records and {issues} issues of {series} lists were loaded.", records=loaded.records,
            issues=loaded.issues, series=loaded.series,
        )
    )  # fmt: skip


def _targets(session: Session, registry: Registry) -> None:
    from foretrack.targets.actions.counting import all_targets
    from foretrack.targets.doors.commands.targets import targets_table

    pages = [page for page in all_targets(registry) if page.operator != "outcome"][:COUNTED_SHOWN]
    session.answer(targets_table(pages, session.say))


def _accounts(session: Session, loaded: Loaded) -> None:
    say = session.say
    session.answer("", say("Sample accounts, invented, with passwords made just now:"))
    columns = [Column(say("E-mail"), wrap=False), Column(say("Role")), Column(say("Password"), wrap=False)]
    session.answer(table(columns, [tuple(map(plain, line)) for line in loaded.accounts]))
