"""What `foretrack doctor` collects: each room hands over checks, and the doctor asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from foretrack.terminal.session import Session

Health: TypeAlias = Literal["well", "notice", "broken"]


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing that a room has looked at, told in the language of the session."""

    subject: str
    health: Health
    """`notice` does no harm yet; `broken` makes answers wrong or impossible."""
    said: str
    do: str = ""
    """What mends it; empty when nothing has to be done."""


Check: TypeAlias = "Callable[[Session], Iterator[Looked]]"
"""Looks at a part of the workspace; yields nothing where there is none. A door package names its own in `CHECKS`."""
