"""From an account to the actor that actions are asked with."""

from __future__ import annotations

from typing import cast

from foretrack.accounts.models import Account, RoleGrant
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.declaring.kind import Role


def actor_of(account: Account | None, *, via: str = "person") -> Actor:
    """The actor behind an account; a visitor where there is none, or where it is closed."""
    if account is None or not account.is_active:
        return VISITOR
    held = RoleGrant.objects.filter(account=account, ended_at=None).order_by("id")
    return Actor(
        key=account.key,
        name=account.name,
        language=account.language,
        grants=tuple(
            Grant(cast(Role, g.role), g.organisation, tuple(g.regions), tuple(g.bodies)) for g in held
        ),
        via=via,
    )


def actor_with(email: str) -> Actor:
    """The actor with an e-mail address; InputError where there is no such account, or it is closed."""
    account = Account.objects.filter(email__iexact=email.strip()).first()
    if account is None:
        raise InputError.of(
            "there is no account {email!r}", expected="the e-mail address of an account",
            do="look at `foretrack user list`", email=email,
        )  # fmt: skip
    if not account.is_active:
        raise InputError.of(
            "the account {email!r} is closed", expected="an account that may act",
            do="reopen it with `foretrack user reopen`, or name another one", email=email,
        )  # fmt: skip
    return actor_of(account, via="command")


OPERATOR = Actor(
    key="OPERATOR",
    name="operator",
    grants=(Grant("administrator"), Grant("officer", regions=("*",), bodies=("*",)), Grant("auditor")),
    via="command",
)
"""Whoever runs commands on the machine itself and has not named an account: that person can read the database anyway."""
