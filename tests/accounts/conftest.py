"""The registry's fixtures, and accounts with the roles that tests ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.registry.conftest import firm, kinds, member, national, officer, registry

from foretrack.accounts.actors import actor_of
from foretrack.accounts.models import Account
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.registry import Registry

__all__ = ("firm", "kinds", "member", "national", "officer", "registry")

PASSWORD = "invented mossy concrete sings"

MakeAccount = Callable[..., Account]


@pytest.fixture
def account(registry: Registry) -> MakeAccount:
    """Makes an account with a password and the grants that are named."""

    def make(email: str, *grants: Grant, language: str = "en", password: str | None = PASSWORD) -> Account:
        from allauth.account.models import EmailAddress

        made = Account.objects.create_user(email, password, name=f"Invented {email}", language=language)
        EmailAddress.objects.create(user_id=made.pk, email=made.email, primary=True, verified=True)
        for grant in grants:
            made.grants.create(
                role=grant.role, organisation=grant.organisation, regions=list(grant.regions),
                bodies=list(grant.bodies), given_by="OPERATOR", given_at=registry.now(),
            )  # fmt: skip
        if any(grant.role == "administrator" for grant in grants):
            made.is_staff = True
            made.save()
        return made

    return make


@pytest.fixture
def administrator(account: MakeAccount) -> Actor:
    return actor_of(account("admin@example.org", Grant("administrator")))


@pytest.fixture
def manager(account: MakeAccount, firm: str) -> Actor:
    return actor_of(account("manager@example.org", Grant("manager", firm)))
