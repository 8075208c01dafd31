"""From an account to the actor that actions are asked with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from django.db.models import Q

from foretrack.accounts.models import Account, RoleGrant
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.declaring.kind import Role


def actor_of(account: Account | None, *, via: str = "person") -> Actor:
    """The actor behind an account; a visitor where there is none, or where it is closed."""
    if account is None or not account.is_active:
        return VISITOR
    held = RoleGrant.objects.filter(account=account, ended_at=None).order_by("id")
    return _actor(account, held, via)


def _actor(account: Account, held: Iterable[RoleGrant], via: str) -> Actor:
    return Actor(
        key=account.key,
        name=account.name,
        language=account.language,
        grants=tuple(
            Grant(cast(Role, g.role), g.organisation, tuple(g.regions), tuple(g.bodies)) for g in held
        ),
        via=via,
    )


def actors_of(which: Q) -> Iterator[tuple[Account, Actor]]:
    """The open accounts that a condition selects, with their actors; two questions to the database for all of them."""
    held: dict[int, list[RoleGrant]] = {}
    found = list(Account.objects.filter(which, is_active=True).order_by("pk"))
    for grant in RoleGrant.objects.filter(account__in=found, ended_at=None).order_by("id"):
        held.setdefault(grant.account_id, []).append(grant)
    for account in found:
        yield account, _actor(account, held.get(account.pk, ()), "person")


def people_with(roles: Iterable[Role], organisation: str | None = None) -> Iterator[tuple[Account, Actor]]:
    """The open accounts that hold one of the roles now, with their actors; of an organisation where one is named."""
    held = RoleGrant.objects.filter(role__in=tuple(roles), ended_at=None)
    if organisation is not None:
        held = held.filter(organisation=organisation)
    return actors_of(Q(pk__in=held.values("account_id")))


def actor_with(email: str) -> Actor:
    """The actor with an e-mail address; InputError where there is no such account, or it is closed."""
    account = Account.objects.filter(email__iexact=clean_text(email)).first()
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
