"""What one run of a command was told, and how it speaks: answers to stdout, everything else to stderr."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console, RenderableType

from foretrack.foundation.errors import HouseError
from foretrack.foundation.made import Made
from foretrack.foundation.messages import Messages
from foretrack.foundation.progress import Progress, silent
from foretrack.terminal.health import Check

# Wide enough that no table is cut when the output goes to a file or another program.
PIPE_WIDTH = 2000


def _not_here(_: object) -> object:
    raise HouseError("this program was started without a way to open a registry")


@dataclass(frozen=True, slots=True)
class Opener:
    """How a command gets what lies in rooms above its own; `cli/` fills it, and nothing is opened before it is called."""

    registry: Callable[[Path], object] = _not_here
    """The opened `Registry` of a workspace."""
    actor: Callable[[str | None], object] = _not_here
    """Once a registry is open: the `Actor` with an e-mail address, or the operator of the machine for None."""
    checks: tuple[Check, ...] = ()
    """What the rooms have to say when the doctor asks."""


@dataclass(frozen=True, slots=True)
class Session:
    """The shared options of one run."""

    workspace: Path = Path()
    json: bool = False
    """Print the documented JSON and nothing else on stdout."""
    quiet: bool = False
    """No progress and no notes; errors and the answer only."""
    verbose: bool = False
    """Details on stderr, and a traceback if something breaks."""
    engine: str | None = None
    """Spark Connect server that counts; None counts on this machine."""
    language: str = "en"
    say: Messages = field(default_factory=Messages)
    opener: Opener = field(default_factory=Opener)
    """Doors ask it through `registry.doors.acting`, which knows the types."""

    def answer(self, *parts: RenderableType) -> None:
        """Prints the answer for people on stdout; with `--json` nothing, since `data` printed it."""
        if not self.json:
            out = console(sys.stdout)
            for part in parts:
                out.print(part)

    def data(self, answer: Any) -> None:
        """Prints the answer as JSON on stdout when the run was asked for JSON."""
        if self.json:
            write_json(answer, sys.stdout)

    def note(self, text: str) -> None:
        """Prints one line that is not part of the answer on stderr, unless the run is quiet."""
        if not self.quiet:
            console(sys.stderr).print(plain(text), style="dim")

    def warn(self, text: str) -> None:
        """Prints one line that a reader must not miss on stderr, also when the run is quiet."""
        console(sys.stderr).print(plain(text), style="yellow")

    def detail(self, text: str) -> None:
        """Prints one line on stderr when the run is verbose."""
        if self.verbose:
            console(sys.stderr).print(plain(text), style="dim")

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Gives an action its progress bar; silent when nobody watches (no terminal, quiet)."""
        if self.quiet or not sys.stderr.isatty():
            yield silent
            return
        from foretrack.terminal.progress import bars

        with bars(console(sys.stderr), self.say) as report:
            yield report


class _Literal(Console):
    def on_broken_pipe(self) -> None:
        """Lets the program's door answer, where Rich would end the process with code 1."""
        raise BrokenPipeError


def console(stream: TextIO) -> Console:
    """A Rich console that takes data literally: no markup, no emoji codes, no guessing at numbers."""
    width = None if stream.isatty() else PIPE_WIDTH
    return _Literal(file=stream, markup=False, emoji=False, highlight=False, width=width, soft_wrap=False)


def plain(text: str) -> str:
    """Text without control characters, so that a title cannot steer the reader's terminal.

    >>> plain("a\\x1b[31mb\\tc")
    'a [31mb c'
    """
    return "".join(" " if unicodedata.category(c) == "Cc" and c != "\n" else c for c in text)


def write_json(answer: Any, stream: TextIO) -> None:
    """Writes one JSON value and a newline; not-a-number is refused, since it is no JSON.

    A list of an object that is `Made` is written while it is made, each entry on a line of its own.
    """
    ascii_only = (stream.encoding or "ascii").lower().replace("-", "") not in {"utf8", "utf16", "gb18030"}
    dump = partial(json.dumps, ensure_ascii=ascii_only, allow_nan=False)
    if not isinstance(answer, dict) or not any(isinstance(value, Made) for value in answer.values()):
        json.dump(answer, stream, ensure_ascii=ascii_only, indent=2, allow_nan=False)
        stream.write("\n")
        return
    stream.write("{")
    for number, (name, value) in enumerate(answer.items()):
        stream.write(f"{',' if number else ''}\n  {dump(name)}: ")
        if isinstance(value, Made):
            stream.write("[")
            for place, entry in enumerate(value):
                stream.write(f"{',' if place else ''}\n    {dump(entry)}")
            stream.write("\n  ]" if len(value) else "]")
        else:
            stream.write(dump(value, indent=2).replace("\n", "\n  "))
    stream.write("\n}\n")
