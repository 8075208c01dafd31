"""What nearly every command of the registry begins with: the opened registry, and who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from foretrack.foundation.errors import HouseError
from foretrack.terminal.session import Session

if TYPE_CHECKING:
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.registry import Registry

As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="EMAIL",
        help="Act as this account, with its roles; else as the operator of this machine.",
    ),
]
"""The option by which a command acts for an account: `as_: As = None`, handed on as `acting(session, as_)`."""


def acting(session: Session, email: str | None = None) -> tuple[Registry, Actor]:
    """The registry of the session's workspace, opened, and whoever acts: the operator of the machine without an address.

    Import models and actions after the call: Django is configured by it. InputError for a workspace that is none, and for
    an account that does not exist or is closed.
    """
    from foretrack.registry.access.actor import Actor
    from foretrack.registry.registry import Registry

    registry = session.opener.registry(session.workspace)
    actor = session.opener.actor(email)
    if not isinstance(registry, Registry) or not isinstance(actor, Actor):
        raise HouseError(f"the opener gave {type(registry).__name__} and {type(actor).__name__}")
    return registry, actor
