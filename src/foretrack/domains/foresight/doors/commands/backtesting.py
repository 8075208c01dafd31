"""Commands that judge past forecasts: `backtest` and `scoreboard`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foretrack.domains.foresight.answers import to_json
from foretrack.foundation.errors import InputError
from foretrack.terminal.session import Session


def backtest(
    session: Session,
    origins: Annotated[
        str | None,
        typer.Option(
            "--origins",
            help="Years to forecast from, 2010:2019; else the ten newest ones that can be judged.",
        ),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also",
            help="Slow methods of other packages: auto-ets,auto-theta,dynamic-topics. May be repeated.",
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option("--threads", help="Processors to use; the result is the same with any number."),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the JSON to a file.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Compute even if this backtest is stored already.")
    ] = False,
) -> None:
    """Forecast past years from what was known then, and score the forecasts beside every baseline."""
    import json

    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.backtest import BacktestRequest, parse_origins
    from foretrack.domains.foresight.actions.backtest import backtest as judge
    from foretrack.domains.foresight.doors.scores import backtest_pages
    from foretrack.terminal.export import write_text

    if threads is not None and threads < 1:
        raise InputError(f"{threads} threads", expected="1 or more", do="correct --threads")
    wanted = tuple(name.strip() for given in also or () for name in given.split(",") if name.strip())
    years = None if origins is None else parse_origins(origins)
    workspace = Workspace.open(session.workspace)
    with session.progress() as progress:
        found = judge(workspace, BacktestRequest(years, wanted, threads, again), progress=progress)
    answer = to_json(found.answer)
    if output is not None:
        write_text(output, json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
    session.data(answer)
    session.answer(*backtest_pages(answer, session.say))
    if output is not None:
        session.note(session.say("The figures are in {file}", file=output))
    session.note(session.say("Next: foretrack scoreboard, or foretrack report OUT.html"))


def scoreboard(session: Session) -> None:
    """Show what past forecasts were worth: the stored backtests side by side, misses and false alarms included."""
    from foretrack.corpus.workspace import Workspace
    from foretrack.domains.foresight.actions.scoreboard import scoreboard as read
    from foretrack.domains.foresight.doors.scores import scoreboard_pages

    found = read(Workspace.open(session.workspace))
    session.data(to_json(found))
    session.answer(*scoreboard_pages(found, session.say))
    session.note(session.say("Next: foretrack backtest judges this corpus and method anew"))
