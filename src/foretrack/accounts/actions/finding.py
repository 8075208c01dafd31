"""Accounts as an actor may see them: administrators all, a manager those that belong to the own organisation."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from foretrack.accounts.answers import AccountLine, GrantLine, Person
from foretrack.accounts.models import Account, RoleGrant
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import Subject, may, refusal, require
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.registry import Registry, moment

ANY_ACCOUNT = Subject(kind="account", created_by="-")
"""An act about an account that belongs to no organisation alone: only administrators may."""


def manages_all(actor: Actor) -> bool:
    """Whether the actor manages the accounts of everybody."""
    return may(actor, "manage accounts", ANY_ACCOUNT)


def managed(actor: Actor) -> frozenset[str]:
    """Keys of the organisations whose accounts the actor manages."""
    own = (grant.organisation for grant in actor.grants if grant.organisation)
    return frozenset(key for key in own if may(actor, "manage accounts", Subject(organisation=key)))


def seen(actor: Actor) -> QuerySet[Account]:
    """The accounts that the actor may see. AccessError for an actor who manages none and is nobody."""
    if manages_all(actor):
        return Account.objects.all()
    if not actor.key:
        raise refusal(actor, "look at accounts")
    ours = RoleGrant.objects.filter(organisation__in=managed(actor), ended_at=None).values("account_id")
    own = Q(key=actor.key) if actor.scopes is None or "manage" in actor.scopes else Q(pk__in=())
    return Account.objects.filter(Q(pk__in=ours) | own)


def find_account(actor: Actor, name: str) -> Account:
    """The account with a key or an e-mail address. InputError where there is none that the actor may see."""
    wanted = clean_text(name)  # a NUL would be an error of the database
    found = seen(actor).filter(Q(key=wanted.upper()) | Q(email__iexact=wanted)).first()
    if found is None:
        raise InputError.of(
            "there is no account {name!r} that you may see", expected="the e-mail address or key of an account",
            do="look at `foretrack user list`", name=wanted[:60],
        )  # fmt: skip
    return found


def list_accounts(registry: Registry, actor: Actor, *, everyone: bool = False) -> tuple[AccountLine, ...]:
    """The accounts that the actor may see, by e-mail address.

    Args:
        everyone: closed and erased ones too.
    """
    from allauth.mfa.models import Authenticator

    found = seen(actor) if everyone else seen(actor).filter(is_active=True)
    careful = set(Authenticator.objects.filter(user__in=found).values_list("user_id", flat=True))
    return tuple(
        line_of(actor, account, second_factor=account.pk in careful)
        for account in found.order_by("email").prefetch_related("grants")
    )


def show_account(registry: Registry, actor: Actor, name: str) -> AccountLine:
    """One account by its key or e-mail address, with its ended grants."""
    return line_of(actor, find_account(actor, name), ended=True)


def find_reviewers(actor: Actor) -> tuple[Person, ...]:
    """Open accounts with the role of a reviewer, for whoever may ask somebody to review."""
    require(actor, "assign")
    held = RoleGrant.objects.filter(role="reviewer", ended_at=None).values("account_id")
    found = Account.objects.filter(pk__in=held, is_active=True).order_by("name", "email")
    return tuple(Person(account.key, account.get_full_name()) for account in found)


def line_of(
    actor: Actor, account: Account, *, ended: bool = False, second_factor: bool | None = None
) -> AccountLine:
    """An account as the actor may see it: a manager learns nothing about roles elsewhere."""
    whole = manages_all(actor) or account.key == actor.key
    ours = managed(actor)
    grants = tuple(
        grant_line(grant)
        for grant in sorted(account.grants.all(), key=lambda grant: grant.pk)
        if (ended or grant.ended_at is None) and (whole or grant.organisation in ours)
    )
    state = "erased" if account.erased_at else "open" if account.is_active else "closed"
    return AccountLine(
        account=account.key, email=account.email, name=account.name, language=account.language, state=state,
        second_factor=has_second_factor(account) if second_factor is None else second_factor,
        created_at=moment(account.created_at), last_login=told(account.last_login), grants=grants,
    )  # fmt: skip


def has_second_factor(account: Account) -> bool:
    """Whether log-in asks the account for more than its password."""
    from allauth.mfa.models import Authenticator

    return bool(Authenticator.objects.filter(user_id=account.pk).exists())


def grant_line(grant: RoleGrant) -> GrantLine:
    """A grant as an answer."""
    return GrantLine(
        grant=grant.pk, role=grant.role, organisation=grant.organisation, regions=tuple(grant.regions),
        bodies=tuple(grant.bodies), given_by=grant.given_by, given_at=moment(grant.given_at),
        ended_at=told(grant.ended_at),
    )  # fmt: skip


def told(at: datetime | None) -> str | None:
    """A moment as answers have it."""
    return None if at is None else moment(at)
