"""Whom a pseudonym stands for, told to those who may know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from foretrack.accounts.models import Account
from foretrack.registry.access.actor import Actor


def names_of(actor: Actor, keys: Iterable[str]) -> Mapping[str, str]:
    """Key of an account to the name that the actor may know it by; those that stay pseudonyms are left out.

    Officers, auditors and administrators work together by name. Everybody else knows oneself and the people of the own
    organisations.
    """
    wanted = {key for key in keys if key}
    if not wanted or not actor.key:
        return {}
    accounts = Account.objects.filter(key__in=wanted, erased_at=None)
    if not any(actor.holds(role) for role in ("officer", "auditor", "administrator")):
        own = Account.objects.filter(
            grants__organisation__in=actor.organisations, grants__ended_at=None
        ).values("pk")
        accounts = accounts.filter(key=actor.key) | accounts.filter(pk__in=own)
    return {account.key: account.get_full_name() for account in accounts.distinct()}
