"""Who acts: a person with grants, a program with a token, a visitor, or the system itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from foretrack.packs.ladders import LEVELS, Level
from foretrack.registry.declaring.kind import Role

EVERYWHERE = "*"
"""A scope that covers every region or body."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role that somebody holds, and where."""

    role: Role
    organisation: str | None = None
    """Key of the organisation's record: member and manager."""
    regions: tuple[str, ...] = ()
    """Officer and reviewer: codes such as `CN-33`; a code covers the longer ones that begin with it; `*` covers all."""
    bodies: tuple[str, ...] = ()
    """Officer: keys of the bodies (organisations) for which the officer acts; `*` covers all."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for an action."""

    key: str = ""
    """Pseudonym that stands in revisions and the audit log; empty for a visitor. Names live with the accounts."""
    name: str = ""
    """For greeting only; never written into a record or the log."""
    language: str = "en"
    grants: tuple[Grant, ...] = ()
    scopes: frozenset[str] | None = None
    """What a token may do at most (`read`, `write`, `decide`, `publish`, `manage`); None: everything the grants allow."""
    via: str = "person"
    """`person`, `token`, `command` or `system`, for the log."""

    def holds(self, role: Role) -> bool:
        """Whether any grant gives the role."""
        return any(grant.role == role for grant in self.grants)

    @property
    def organisations(self) -> frozenset[str]:
        """Keys of the organisations that the actor belongs to."""
        return frozenset(
            g.organisation for g in self.grants if g.organisation and g.role in ("member", "manager")
        )

    @property
    def main_role(self) -> Role:
        """The widest role held, for the log.

        >>> Actor(grants=(Grant("member", "X"), Grant("auditor"))).main_role
        'auditor'
        """
        order: tuple[Role, ...] = ("administrator", "officer", "auditor", "reviewer", "manager", "member")
        return next((role for role in order if self.holds(role)), "visitor")

    def limited(self, scopes: Iterable[str]) -> Actor:
        """The same actor behind a token with these scopes."""
        return replace(self, scopes=frozenset(scopes), via="token")


VISITOR = Actor()
"""Somebody who has not logged in."""


def covers(regions: Iterable[str], region: str | None) -> bool:
    """Whether a scope of regions covers one.

    >>> covers(("CN-33",), "CN-3301"), covers(("CN-33",), "CN-34"), covers(("*",), None), covers(("CN-33",), None)
    (True, False, True, False)
    """
    codes = tuple(regions)
    return EVERYWHERE in codes or (
        region is not None and any(region.startswith(code) for code in codes if code)
    )


def level_of(grant: Grant) -> Level:
    """The level of an officer with a grant, by the widest region that it covers.

    A code of ISO 3166-1 is the whole country; one of ISO 3166-2 a province or its like; a longer one a city.
    Who acts for bodies alone stands beside the ladder of regions, at its foot.

    >>> [level_of(Grant("officer", regions=r)) for r in (("*",), ("CN",), ("CN-33",), ("CN-3301", "CN-3302"), ())]
    ['ministry', 'ministry', 'province', 'city', 'city']
    """
    found: set[Level] = {"city"}
    for code in grant.regions:
        _, _, part = code.partition("-")
        if code == EVERYWHERE or not part:
            found.add("ministry")
        elif len(part) <= 3:
            found.add("province")
    return max(found, key=LEVELS.index)
