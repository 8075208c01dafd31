"""Progress bars on stderr: one line per stage, with what is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from foretrack.foundation.messages import Messages
from foretrack.foundation.progress import Progress


@contextmanager
def bars(console: Console, say: Messages) -> Iterator[Progress]:
    """Draws what an action reports until the block ends; the lines vanish afterwards."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with RichProgress(*columns, console=console, transient=True) as shown:
        stages: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int | None) -> None:
            if stage not in stages:
                stages[stage] = shown.add_task(say(stage), total=total)
            shown.update(stages[stage], completed=done, total=total)

        yield report
