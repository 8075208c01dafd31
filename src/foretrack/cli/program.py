"""All commands of all domains as one Typer program."""

from __future__ import annotations

import inspect
import os
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from foretrack.accounts.doors import commands as accounts
from foretrack.assistants.doors import commands as assistants
from foretrack.domains.enterprises.doors import commands as enterprises
from foretrack.domains.exchange.doors import commands as exchange
from foretrack.domains.foresight.doors import commands as foresight
from foretrack.foundation.messages import LANGUAGES, Messages
from foretrack.installation.doors import commands as installation
from foretrack.jobs.doors import commands as jobs
from foretrack.lists.doors import commands as lists
from foretrack.matching.doors import commands as matching
from foretrack.registry.doors import commands as registry
from foretrack.review.doors import commands as review
from foretrack.rules.doors import commands as rules
from foretrack.search.doors import commands as search
from foretrack.site.doors import commands as site
from foretrack.targets.doors import commands as targets
from foretrack.terminal import options
from foretrack.terminal.session import Opener
from foretrack.terminal.speech import messages
from foretrack.watch.doors import commands as watch

ABOUT = "From a folder of papers, patents and standards to a ranked, evidenced list of emerging technologies."

ROOMS = (
    installation,
    foresight,
    rules,
    enterprises,
    exchange,
    registry,
    accounts,
    search,
    jobs,
    lists,
    targets,
    watch,
    matching,
    review,
    site,
    assistants,
)
"""Packages with `COMMANDS`, and `CHECKS` for the doctor, in the order of the help.

Their sentences lie in the `locale/` of the package above each.
"""
SPEAKING = (
    "foretrack.site",
    "foretrack.packs",
    "foretrack.records",
    "foretrack.registry",
    "foretrack.accounts",
    "foretrack.watch",
    "foretrack.lists",
    "foretrack.search",
    "foretrack.review",
    "foretrack.matching",
    "foretrack.domains.exchange",
    "foretrack.domains.missions",
)
"""Packages with a `locale/` but no commands."""


def program(language: str | None = None) -> typer.Typer:
    """The whole program; its help texts are in `language` if that is spoken here, else in English."""
    say = speak(language if language in LANGUAGES else "en")
    app = typer.Typer(
        name="foretrack",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    signature = inspect.signature(_shared, eval_str=True)
    own = signature.parameters.values()
    told = [p.replace(annotation=options.translated(p.annotation, say)) for p in own]

    def shared(**given: object) -> None:
        _shared(**given)  # type: ignore[arg-type]

    shared.__signature__ = signature.replace(parameters=told)  # type: ignore[attr-defined]
    shared.__annotations__ = {p.name: p.annotation for p in told}
    app.callback(help=say(ABOUT))(shared)
    checks = tuple(check for room in ROOMS for check in getattr(room, "CHECKS", ()))
    opener = Opener(_open_registry, _actor, checks)
    for room in ROOMS:
        spoken = partial(speak, first=room.__name__.rpartition(".")[0])
        for command in room.COMMANDS:
            run = options.with_shared_options(command.run, spoken, spoken(say.language), opener)
            app.command(command.name, help=spoken(say.language)(command.help))(run)
    return app


def speak(language: str, first: str = "") -> Messages:
    """The messages of every door in one language.

    Args:
        first: the door that speaks: a short word such as "By" means what that door, or its room, means by it.
    """
    doors = (room.__name__.rpartition(".")[0] for room in ROOMS)
    own = (first, first.rpartition(".")[0]) if first else ()
    return messages(language, *own, "foretrack.cli", *doors, *SPEAKING)


def _open_registry(workspace: Path) -> object:
    from foretrack.installation.opening import open_registry

    return open_registry(workspace, os.environ)


def _actor(email: str | None) -> object:
    from foretrack.accounts.actors import OPERATOR, actor_with

    return OPERATOR if email is None else actor_with(email)


def version() -> str:
    """The version of the installed package."""
    return metadata.version("foretrack")


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"foretrack {version()}")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
]


def _shared(
    context: typer.Context,
    workspace: options.FirstWorkspaceOption = None,
    json: options.JsonOption = None,
    quiet: options.QuietOption = None,
    verbose: options.VerboseOption = None,
    lang: options.FirstLanguageOption = None,
    engine: options.FirstEngineOption = None,
    show_version: VersionOption = False,
) -> None:
    context.obj = options.Shared(workspace, json, quiet, verbose, lang, _checked(engine))


def _checked(engine: str | None) -> str | None:
    """The address as given, refused here for every command: nobody shall believe that a cluster counts."""
    if not engine:
        return None
    from foretrack.corpus.engine import check_address

    return check_address(engine)
