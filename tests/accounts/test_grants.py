"""Roles are given by those who may, within what the role takes, and the last administrator stays."""

from __future__ import annotations

import pytest
from tests.accounts.conftest import MakeAccount

from foretrack.accounts.actions.grants import end_grant, grant
from foretrack.accounts.actors import OPERATOR, actor_of
from foretrack.accounts.models import Account, RoleGrant
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.records import create
from foretrack.registry.models import AuditEntry
from foretrack.registry.registry import Registry


def test_an_administrator_gives_and_ends_every_role(
    registry: Registry, administrator: Actor, account: MakeAccount, firm: str
) -> None:
    bo = account("bo@example.org")
    everything = (
        Grant("member", firm), Grant("manager", firm), Grant("reviewer"), Grant("auditor"),
        Grant("officer", regions=("CN-33", "DE-BY")), Grant("officer", bodies=(firm,)), Grant("administrator"),
    )  # fmt: skip

    given = [grant(registry, administrator, bo.email, one) for one in everything]
    assert actor_of(bo).grants == everything
    bo.refresh_from_db()
    assert bo.is_staff
    for line in given:
        assert end_grant(registry, administrator, line.grant).ended_at is not None
    bo.refresh_from_db()
    assert (actor_of(bo).grants, bo.is_staff) == ((), False)
    log = AuditEntry.objects.filter(subject=f"account:{bo.key}").order_by("number")
    assert [e.act for e in log] == ["give role"] * 7 + ["end role"] * 7
    assert log[4].details["regions"] == ["CN-33", "DE-BY"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Grant("visitor"), "no role"),
        (Grant("king"), "no role"),  # type: ignore[arg-type]
        (Grant("member"), "without an organisation"),
        (Grant("manager"), "without an organisation"),
        (Grant("member", "0" * 26), "no organisation"),
        (Grant("member", "' OR 1=1 --"), "no organisation"),
        (Grant("auditor", "FIRM"), "belongs to no organisation"),
        (Grant("officer"), "without a scope"),
        (Grant("officer", regions=("C",)), "no code"),
        (Grant("officer", regions=("",)), "no code"),
        (Grant("officer", regions=("cn-33",)), "no code"),
        (Grant("officer", regions=("CN-33%",)), "no code"),
        (Grant("officer", bodies=("0" * 26,)), "no organisation"),
        (Grant("auditor", regions=("CN-33",)), "takes no regions"),
        (Grant("reviewer", bodies=("*",)), "takes no regions"),
    ],
)
def test_a_scope_that_a_role_does_not_take_is_refused(
    registry: Registry, administrator: Actor, account: MakeAccount, firm: str, given: Grant, said: str
) -> None:
    account("bo@example.org")

    with pytest.raises(InputError, match=said):
        grant(registry, administrator, "bo@example.org", given)
    assert RoleGrant.objects.filter(account__email="bo@example.org").count() == 0


def test_a_role_is_given_once(registry: Registry, administrator: Actor, account: MakeAccount) -> None:
    account("bo@example.org")
    grant(registry, administrator, "bo@example.org", Grant("officer", regions=("CN-33",)))

    with pytest.raises(InputError, match="already"):
        grant(registry, administrator, "bo@example.org", Grant("officer", regions=("CN-33",)))
    grant(registry, administrator, "bo@example.org", Grant("officer", regions=("CN-44",)))


def test_a_manager_makes_members_and_managers_of_the_own_organisation_and_nothing_else(
    registry: Registry, manager: Actor, account: MakeAccount, firm: str, national: Actor
) -> None:
    other = create(
        registry, national, "organisation", {"name": {"en": "Invented Rival"}, "sort_of": "company"}
    ).key
    bo = account("bo@example.org", Grant("member", firm))

    grant(registry, manager, bo.email, Grant("manager", firm))
    for given in (
        Grant("member", other), Grant("auditor"), Grant("administrator"), Grant("officer", regions=("*",)),
        Grant("reviewer"), Grant("member"),
    ):  # fmt: skip
        with pytest.raises(AccessError):
            grant(registry, manager, bo.email, given)
    auditing = bo.grants.create(role="auditor", given_by="OPERATOR", given_at=registry.now())
    with pytest.raises(InputError, match="may end"):
        end_grant(registry, manager, auditing.pk)
    end_grant(registry, manager, bo.grants.get(role="member").pk)


def test_nobody_else_gives_or_ends_roles(
    registry: Registry, officer: Actor, account: MakeAccount, firm: str
) -> None:
    bo = account("bo@example.org", Grant("member", firm))
    number = bo.grants.get().pk
    others = [
        actor_of(account("m@example.org", Grant("member", firm))), officer, VISITOR, Actor("X"),
        actor_of(account("a@example.org", Grant("auditor"))), actor_of(account("r@example.org", Grant("reviewer"))),
    ]  # fmt: skip

    for actor in others:
        with pytest.raises(AccessError):
            grant(registry, actor, bo.email, Grant("manager", firm))
        with pytest.raises(AccessError):
            end_grant(registry, actor, number)
    assert bo.grants.get().ended_at is None


def test_somebody_may_give_up_an_own_role(registry: Registry, account: MakeAccount) -> None:
    bo = account("bo@example.org", Grant("auditor"))

    end_grant(registry, actor_of(bo), bo.grants.get().pk)

    assert actor_of(bo).grants == ()


def test_the_last_administrator_stays(registry: Registry, administrator: Actor, account: MakeAccount) -> None:
    number = RoleGrant.objects.get(role="administrator").pk
    account("closed@example.org", Grant("administrator"))
    Account.objects.filter(email="closed@example.org").update(is_active=False)

    for actor in (administrator, OPERATOR):
        with pytest.raises(InputError, match="last administrator"):
            end_grant(registry, actor, number)


def test_a_closed_account_is_given_nothing(
    registry: Registry, administrator: Actor, account: MakeAccount
) -> None:
    bo = account("bo@example.org")
    bo.is_active = False
    bo.save()

    with pytest.raises(InputError, match="closed"):
        grant(registry, administrator, bo.email, Grant("auditor"))


def test_a_grant_ends_once(registry: Registry, administrator: Actor, account: MakeAccount) -> None:
    bo = account("bo@example.org", Grant("auditor"))
    end_grant(registry, administrator, bo.grants.get().pk)

    with pytest.raises(InputError, match="ended already"):
        end_grant(registry, administrator, bo.grants.get().pk)
    with pytest.raises(InputError, match="no grant"):
        end_grant(registry, administrator, 987654)
