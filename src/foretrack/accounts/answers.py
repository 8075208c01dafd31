"""What actions about accounts answer with: plain values that hold only what the actor may see."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A role that an account holds or held."""

    grant: int
    """Its number, by which it is ended."""
    role: str
    organisation: str | None
    regions: tuple[str, ...]
    bodies: tuple[str, ...]
    given_by: str
    given_at: str
    ended_at: str | None


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as its owner sees it again: never its text."""

    token: int
    name: str
    prefix: str
    scopes: tuple[str, ...]
    made_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made."""

    text: str
    """Shown this once; only its SHA-256 is kept."""
    line: TokenLine


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account, with the grants that the actor may know of."""

    account: str
    """Its key, the pseudonym under which it stands in revisions and the audit log."""
    email: str
    name: str
    language: str
    state: str
    """`open`, `closed` or `erased`."""
    second_factor: bool
    created_at: str
    last_login: str | None
    grants: tuple[GrantLine, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to choose, by name."""

    key: str
    name: str


def to_json(answer: Any) -> Any:
    """The documented JSON of an answer."""
    return asdict(answer)
