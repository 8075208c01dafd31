"""What a tool answers from: the registry, and whoever the assistant acts for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from foretrack.foundation.messages import Messages
from foretrack.registry.access.actor import VISITOR, Actor
from foretrack.registry.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Desk:
    """One running server."""

    registry: Registry
    workspace: Path
    say: Messages = field(default_factory=Messages)
    """How errors are told, and in which language titles and labels come."""
    token: str = field(default="", repr=False)
    """The token of an account; empty for a visitor."""
    writes: bool = False
    """Whether tools that change something are offered at all."""

    @property
    def language(self) -> str:
        return self.say.language

    def actor(self) -> Actor:
        """Whoever acts now: a token that was revoked, or an account whose roles changed, counts from the next call on.

        AccessError for a token that is not valid (any longer).
        """
        if not self.token:
            return replace(VISITOR, language=self.language)
        from foretrack.accounts.actions.tokens import actor_of_token

        return replace(actor_of_token(self.registry, self.token), language=self.language)
