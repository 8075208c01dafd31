"""How a command is declared, and the options that every command takes, before or after its name."""

from __future__ import annotations

import copy
import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from foretrack.foundation.errors import InputError
from foretrack.foundation.messages import LANGUAGES, Messages
from foretrack.terminal.session import Opener, Session

Speak = Callable[[str], Messages]
"""Gives the messages of a language."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command that a domain hands to the terminal's door.

    `run` takes a `Session` first; its other parameters are Typer options and arguments. The first line of
    its docstring is the help.
    """

    name: str
    run: Callable[..., None]

    @property
    def help(self) -> str:
        """What the command does, in one sentence."""
        return (inspect.getdoc(self.run) or "").split("\n\n")[0].replace("\n", " ")


@dataclass(slots=True)
class Shared:
    """The shared options as given so far; None where not given."""

    workspace: Path | None = None
    json: bool | None = None
    quiet: bool | None = None
    verbose: bool | None = None
    language: str | None = None
    engine: str | None = None

    def session(self, speak: Speak, opener: Opener) -> Session:
        """The session with defaults for what was not given. Raises InputError for an unknown language."""
        language = self.language or "en"
        if language not in LANGUAGES:
            raise InputError(
                f"the language {language!r} is not spoken here",
                expected=f"one of {', '.join(LANGUAGES)}",
                do="give --lang en or --lang zh",
            )
        return Session(
            workspace=self.workspace or Path(),
            json=bool(self.json),
            quiet=bool(self.quiet),
            verbose=bool(self.verbose),
            engine=self.engine,
            language=language,
            say=speak(language),
            opener=opener,
        )


PANEL = "Options of every command"

WORKSPACE_VARIABLE = "FORETRACK_WORKSPACE"
LANGUAGE_VARIABLE = "FORETRACK_LANG"
ENGINE_VARIABLE = "FORETRACK_ENGINE"

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", help="Folder of corpus and results.", rich_help_panel=PANEL),
]
JsonOption = Annotated[
    bool | None,
    typer.Option("--json", help="Print JSON of a documented, stable shape.", rich_help_panel=PANEL),
]
QuietOption = Annotated[
    bool | None,
    typer.Option("--quiet", "-q", help="No progress, no notes.", rich_help_panel=PANEL),
]
VerboseOption = Annotated[
    bool | None,
    typer.Option(
        "--verbose", "-v", help="Details, and a traceback if something breaks.", rich_help_panel=PANEL
    ),
]
LanguageOption = Annotated[
    str | None,
    typer.Option("--lang", help="Language of headings and messages: en or zh.", rich_help_panel=PANEL),
]

# The first two again before the command's name, where the environment may give them: it is read only there.
FirstWorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", envvar=WORKSPACE_VARIABLE, help="Folder of corpus and results."),
]
FirstLanguageOption = Annotated[
    str | None,
    typer.Option("--lang", envvar=LANGUAGE_VARIABLE, help="Language of headings and messages: en or zh."),
]

FirstEngineOption = Annotated[
    str | None,
    typer.Option(
        "--engine",
        envvar=ENGINE_VARIABLE,
        help="Spark Connect server that counts (sc://host:port); else this machine.",
    ),
]

SHARED_OPTIONS: dict[str, Any] = {
    "workspace_": WorkspaceOption,
    "json_": JsonOption,
    "quiet_": QuietOption,
    "verbose_": VerboseOption,
    "language_": LanguageOption,
}


def with_shared_options(
    run: Callable[..., None], speak: Speak, say: Messages, opener: Opener
) -> Callable[..., None]:
    """The command as Typer wants it: its own parameters plus the shared options, which build its session.

    An option after the command's name wins over the same before it. `say` translates the help texts.
    """
    own = list(inspect.signature(run, eval_str=True).parameters.values())[1:]
    keyword = inspect.Parameter.KEYWORD_ONLY
    shared = [
        inspect.Parameter(name, keyword, default=None, annotation=annotation)
        for name, annotation in SHARED_OPTIONS.items()
    ]
    context = inspect.Parameter("context_", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)

    @functools.wraps(run)
    def typed(**given: Any) -> None:
        before = given.pop("context_").obj or Shared()
        after = {name: given.pop(name) for name in SHARED_OPTIONS}
        merged = Shared(engine=before.engine)
        for name, value in after.items():
            field = name.rstrip("_")
            setattr(merged, field, getattr(before, field) if value is None else value)
        session = merged.session(speak, opener)
        started = perf_counter()
        run(session, **given)
        session.detail(session.say("Took {seconds} seconds", seconds=f"{perf_counter() - started:.1f}"))

    told = (p.replace(annotation=translated(p.annotation, say)) for p in [*own, *shared])
    parameters = [context, *(p.replace(kind=keyword) for p in told)]
    typed.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    typed.__annotations__ = {p.name: p.annotation for p in parameters}
    return typed


def translated(annotation: Any, say: Messages) -> Any:
    """An annotated Typer parameter with its help in another language."""
    metadata = getattr(annotation, "__metadata__", None)
    if not metadata:
        return annotation
    info = copy.copy(metadata[0])
    if info.help:
        info.help = say(info.help)
    if getattr(info, "rich_help_panel", None):
        info.rich_help_panel = say(info.rich_help_panel)
    return Annotated[annotation.__origin__, info]
