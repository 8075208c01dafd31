"""The command `index`: what can be found, and to make it so."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from foretrack.foundation.errors import InputError
from foretrack.registry.doors.acting import As, acting
from foretrack.terminal.session import Session

STEPS = ("state", "records", "meanings")


def index(
    session: Session,
    step: Annotated[str, typer.Argument(help="state, records or meanings.", metavar="[STEP]")] = "state",
    as_: As = None,
) -> None:
    """Show what can be found, index all records anew, or index the meanings that are still missing."""
    if step not in STEPS:
        raise InputError.of(
            "{step!r} is no step of this command", expected="one of {known}",
            do="see `foretrack {command} --help`", step=step, known=", ".join(STEPS), command="index",
        )  # fmt: skip
    registry, actor = acting(session, as_)
    from foretrack.registry.access.permission import require
    from foretrack.search.actions.embedding import index_pending
    from foretrack.search.actions.indexing import reindex
    from foretrack.search.actions.records import UNIT, all_records
    from foretrack.search.actions.stating import state

    require(actor, "operate")
    say = session.say
    with session.progress() as report:
        if step == "records":
            done = reindex(all_records(registry), units=[UNIT], report=report)
            session.data(asdict(done))
            session.answer(
                say(
                    "{added} parts of records were added, {changed} changed, {removed} removed; {unchanged} as before",
                    **asdict(done),
                )
            )
            return
        if step == "meanings":
            made = index_pending(report=report)
            session.data({"made": made})
            session.answer(say("{n} meanings were indexed", n=made))
            return
    now = state()
    session.data(asdict(now))
    session.answer(
        say(
            "{n} parts of things are indexed ({engine}), change {change}",
            n=now.n_things,
            engine=now.engine,
            change=now.change,
        ),
        *(f"  {unit.value}: {unit.n}" for unit in now.units),
        say(
            "{n} meanings of the model {model}; {m} are missing",
            n=now.n_vectors,
            model=now.model or "-",
            m=now.n_pending,
        ),
        say("{n} records of an import are not indexed yet", n=now.n_waiting),
    )
