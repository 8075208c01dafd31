"""The one table of who may do what. Every action asks `require` before it does anything; no page decides.

A cell of the table is a condition:

    any         whoever holds the role
    own         the record belongs to an organisation of the actor (or the actor made it, where it belongs to none)
    shared      own, or the record is addressed to an organisation of the actor
    scope       the record's region, or its organisation, lies in the officer's scope
    assigned    the actor is among those assigned to the record
    (absent)    never
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from foretrack.foundation.errors import ForetrackError
from foretrack.foundation.sentences import Sentence
from foretrack.packs.ladders import LEVELS, Level
from foretrack.registry.access.actor import EVERYWHERE, Actor, Grant, covers, level_of
from foretrack.registry.declaring.fields import VISIBILITIES, Visibility
from foretrack.registry.declaring.kind import ROLES, Kind, Role, Transition

Condition: TypeAlias = Literal["any", "own", "shared", "scope", "assigned"]

Act: TypeAlias = Literal[
    "read public", "read partner", "read private", "read personal",
    "create", "edit", "decide", "assign", "attach", "import", "export",
    "judge duplicate", "merge", "erase", "read audit",
    "declare series", "issue list", "remove entry", "rate target",
    "watch", "publish alert", "acknowledge alert", "manage accounts", "manage tokens", "operate",
]  # fmt: skip
ACTS: tuple[Act, ...] = get_args(Act)

_EVERYBODY: dict[Role, Condition] = dict.fromkeys(ROLES, "any")

PERMISSIONS: Mapping[Act, Mapping[Role, Condition]] = {
    "read public": _EVERYBODY,
    "read partner": {role: "any" for role in ROLES if role != "visitor"},
    "read private": {
        "member": "shared", "manager": "shared", "reviewer": "assigned", "officer": "scope", "auditor": "any",
    },
    "read personal": {"member": "own", "manager": "own", "officer": "scope"},
    "create": {"member": "own", "manager": "own", "officer": "scope", "administrator": "any"},
    "edit": {"member": "own", "manager": "own", "officer": "scope"},
    "decide": {"member": "own", "manager": "own", "reviewer": "assigned", "officer": "scope"},
    "assign": {"officer": "scope"},
    "attach": {"member": "own", "manager": "own", "officer": "scope"},
    "import": {"manager": "own", "officer": "scope", "administrator": "any"},
    "export": _EVERYBODY,
    "judge duplicate": {"officer": "scope", "administrator": "any"},
    "merge": {"officer": "scope", "administrator": "any"},
    "erase": {"administrator": "any"},
    "read audit": {"auditor": "any", "administrator": "any"},
    "declare series": {"officer": "any", "administrator": "any"},
    "issue list": {"officer": "any"},
    "remove entry": {"officer": "any"},
    "rate target": {"officer": "any"},
    "watch": {role: "any" for role in ROLES if role != "visitor"},
    "publish alert": {"officer": "any"},
    "acknowledge alert": {role: "any" for role in ROLES if role != "visitor"},
    "manage accounts": {"manager": "own", "administrator": "any"},
    "manage tokens": {role: "any" for role in ROLES if role != "visitor"},
    "operate": {"administrator": "any"},
}  # fmt: skip
"""Administrators run the installation; they see and decide nothing about records that is not public or partner."""

SCOPES: Mapping[Act, str] = {
    **dict.fromkeys(
        ("read public", "read partner", "read private", "read personal", "export", "read audit"), "read"
    ),
    **dict.fromkeys(
        ("create", "edit", "attach", "import", "watch", "acknowledge alert", "judge duplicate"), "write"
    ),
    **dict.fromkeys(("decide", "assign", "merge", "rate target"), "decide"),
    **dict.fromkeys(("declare series", "issue list", "remove entry", "publish alert"), "publish"),
    **dict.fromkeys(("erase", "manage accounts", "manage tokens", "operate"), "manage"),
}
"""The scope that a token needs for an act."""

TOKEN_SCOPES = ("read", "write", "decide", "publish", "manage")


class AccessError(ForetrackError):
    """The actor may not do that; `known` says whether the actor is anybody at all (log in, or ask somebody else)."""

    exit_code = 2

    def __init__(self, what: str, *, expected: str = "", do: str = "", known: bool = True) -> None:
        super().__init__(what, expected=expected, do=do)
        self.known = known


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act is about, as far as permission needs to know it."""

    kind: str = ""
    organisation: str | None = None
    region: str | None = None
    created_by: str = ""
    assigned: frozenset[str] = frozenset()
    """Keys of the actors assigned to the record."""
    addressed: frozenset[str] = frozenset()
    """Keys of the organisations that the record is addressed to."""
    visibility: Visibility = "private"
    public: bool = False
    """The record stands in a public state."""


ANYTHING = Subject()
"""An act that is about no record."""


def may(actor: Actor, act: Act, on: Subject = ANYTHING) -> bool:
    """Whether the actor may do `act`; `on` is the record that it is about.

    >>> officer = Actor("u1", grants=(Grant("officer", regions=("CN-33",)),))
    >>> may(officer, "edit", Subject(region="CN-3301")), may(officer, "edit", Subject(region="CN-44"))
    (True, False)
    """
    return any(allowed(actor, role, act, on) for role in ROLES)


def allowed(actor: Actor, role: Role, act: Act, on: Subject) -> bool:
    """Whether the actor may do `act` by virtue of one role."""
    if actor.scopes is not None and SCOPES[act] not in actor.scopes:
        return False
    condition = PERMISSIONS[act].get(role)
    if condition is None:
        return False
    if role == "visitor":
        return True
    return any(grant.role == role and _meets(actor, grant, condition, on) for grant in actor.grants)


def _meets(actor: Actor, grant: Grant, condition: Condition, on: Subject) -> bool:
    if condition == "any":
        return True
    if condition == "shared" and grant.organisation in on.addressed:
        return True
    if condition in ("own", "shared"):
        if on.organisation is None:
            return on is ANYTHING or (bool(actor.key) and on.created_by == actor.key)
        return on.organisation == grant.organisation
    if condition == "assigned":
        return on is ANYTHING or actor.key in on.assigned
    return (
        on is ANYTHING
        or covers(grant.regions, on.region)
        or EVERYWHERE in grant.bodies
        or (on.organisation is not None and on.organisation in grant.bodies)
    )


def require(actor: Actor, act: Act, on: Subject = ANYTHING) -> None:
    """Raises AccessError unless the actor may do `act`."""
    if not may(actor, act, on):
        raise refusal(actor, act)


def require_scope(actor: Actor, scope: str, act: str) -> None:
    """Raises AccessError for a token without a scope: for acts that no cell of the table is about, such as what people
    say of themselves."""
    if actor.scopes is not None and scope not in actor.scopes:
        raise refusal(actor, act)


def refusal(actor: Actor, act: str | Sentence) -> AccessError:
    """The error to raise when an actor may not do something; `act` is told in the reader's language too."""
    asked = Sentence(act) if isinstance(act, str) else act
    if not actor.key:
        error = AccessError.of(
            "a visitor may not {act}",
            expected="somebody who has logged in",
            do="log in and try again",
            act=asked,
        )
        error.known = False
        return error
    return AccessError.of(
        "you may not {act} here", expected="a role that may; yours: {roles}",
        do="ask an officer in charge, or an administrator about your roles",
        act=asked, roles=", ".join(sorted({g.role for g in actor.grants})) or "-",
    )  # fmt: skip


def may_move(actor: Actor, move: Transition, on: Subject, submitted_by: str = "") -> bool:
    """Whether the actor may make a transition: a role that it names, in its reach, and four eyes where asked."""
    if move.by_another and actor.key in (on.created_by, submitted_by):
        return False
    if move.by_addressee or move.by_either:
        # For the addressee the record is its own in this one respect; whoever sent it may not judge it.
        for_addressee = any(
            role in move.who and _reaches(actor, role, replace(on, organisation=key, created_by=""))
            for role in ROLES
            for key in on.addressed
        )
        if for_addressee or move.by_addressee:
            return for_addressee
    return any(role in move.who and _reaches(_at_level(actor, move.level), role, on) for role in ROLES)


def _at_level(actor: Actor, level: Level | None) -> Actor:
    """The actor without the officers' grants below a level."""
    if level is None:
        return actor
    least = LEVELS.index(level)
    kept = (g for g in actor.grants if g.role != "officer" or LEVELS.index(level_of(g)) >= least)
    return replace(actor, grants=tuple(kept))


def _reaches(actor: Actor, role: Role, on: Subject) -> bool:
    if role == "administrator":  # only where a declaration names administrators
        return actor.holds(role) and (actor.scopes is None or "decide" in actor.scopes)
    return allowed(actor, role, "decide", on)


def may_create(actor: Actor, kind: Kind, on: Subject) -> bool:
    """Whether the actor may make a record of a kind."""
    return any(role in kind.creators and allowed(actor, role, "create", on) for role in ROLES)


def reach(actor: Actor, on: Subject) -> Visibility | None:
    """The narrowest circle whose fields the actor may see in a record; None when the record is hidden altogether.

    A record that does not stand in a public state is hidden from whoever may not read its private part, whatever its
    visibility says. Partners are all who have logged in and hold a role.
    """
    if may(actor, "read private", on):
        return "private"
    if not on.public or on.visibility == "private":
        return None
    if may(actor, "read partner", on):
        return "partner"
    return "public" if on.visibility == "public" and may(actor, "read public", on) else None


def visible(field_visibility: Visibility, circle: Visibility) -> bool:
    """Whether a field is inside a circle.

    >>> visible("partner", "private"), visible("private", "partner")
    (True, False)
    """
    return VISIBILITIES.index(field_visibility) <= VISIBILITIES.index(circle)
