"""Accounts are invited, closed, changed and erased by those who may; every step is in the log."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult
from tests.accounts.conftest import MakeAccount

from foretrack.accounts.actions.accounts import (
    change,
    close,
    erase_account,
    invite,
    password_link,
    reopen,
    set_password,
)
from foretrack.accounts.actions.finding import find_account, list_accounts, show_account
from foretrack.accounts.actions.tokens import actor_of_token, make_token
from foretrack.accounts.actors import OPERATOR, actor_of
from foretrack.accounts.mailing import send_invitation
from foretrack.accounts.models import Account
from foretrack.foundation.errors import InputError
from foretrack.jobs.declaring import Run
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.access.permission import AccessError
from foretrack.registry.actions.log import hash_of
from foretrack.registry.actions.records import create, show
from foretrack.registry.models import AuditEntry
from foretrack.registry.registry import Registry


def acts() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("number").values_list("act", "actor"))


def test_an_administrator_invites_anybody_into_any_role(registry: Registry, administrator: Actor) -> None:
    line = invite(
        registry, administrator, " Bo@Example.ORG ", name="Invented Bo", language="zh",
        given=Grant("officer", regions=("CN-33",)),
    )  # fmt: skip

    bo = Account.objects.get(key=line.account)
    assert (bo.email, bo.language, bo.has_usable_password()) == ("bo@example.org", "zh", False)
    assert actor_of(bo).grants == (Grant("officer", regions=("CN-33",)),)
    assert acts()[-2:] == [("invite account", administrator.key), ("give role", administrator.key)]


def test_the_invitation_waits_in_the_queue_and_holds_no_secret(
    registry: Registry, administrator: Actor
) -> None:
    line = invite(registry, administrator, "bo@example.org", language="zh")

    [job] = DBTaskResult.objects.all()
    assert job.args_kwargs == {"args": [line.account], "kwargs": {}}
    assert mail.outbox == []

    send_invitation.func(Run(registry, job.pk, 1, False), line.account)

    [message] = mail.outbox
    assert message.to == ["bo@example.org"]
    assert "账号" in message.subject
    assert "http://localhost:8000/zh-hans/account/password/reset/key/" in message.body


def test_a_manager_invites_into_the_own_organisation_only(
    registry: Registry, manager: Actor, firm: str, national: Actor
) -> None:
    other = create(
        registry, national, "organisation", {"name": {"en": "Invented Rival"}, "sort_of": "company"}
    ).key

    assert invite(registry, manager, "bo@example.org", given=Grant("member", firm)).grants[0].role == "member"
    for given in (
        Grant("member", other), Grant("manager", other), Grant("officer", regions=("*",)), Grant("administrator"),
        Grant("auditor"), Grant("reviewer"), Grant("member"), None,
    ):  # fmt: skip
        with pytest.raises(AccessError):
            invite(registry, manager, "cy@example.org", given=given)
    assert not Account.objects.filter(email="cy@example.org").exists()


def test_a_manager_is_not_told_whether_an_address_had_an_account(
    registry: Registry, manager: Actor, firm: str, account: MakeAccount
) -> None:
    known = account("known@example.org", Grant("auditor"))

    before = invite(registry, manager, "known@example.org", given=Grant("member", firm))
    after = invite(registry, manager, "new@example.org", given=Grant("member", firm))

    assert [grant.role for grant in before.grants] == [grant.role for grant in after.grants] == ["member"]
    assert actor_of(known).holds("auditor")


@pytest.mark.parametrize(
    "email", ["", "bo", "bo@", "bo@example.org\nBcc: all@example.org", "a" * 300 + "@x.org"]
)
def test_what_is_no_address_is_refused(registry: Registry, administrator: Actor, email: str) -> None:
    with pytest.raises(InputError, match="no e-mail address"):
        invite(registry, administrator, email)


def test_an_address_has_one_account_whatever_its_case(registry: Registry, administrator: Actor) -> None:
    invite(registry, administrator, "bo@example.org")

    with pytest.raises(InputError, match="already"):
        invite(registry, administrator, "BO@example.org")


def test_only_administrators_close_reopen_and_erase(
    registry: Registry, manager: Actor, officer: Actor, account: MakeAccount, firm: str
) -> None:
    bo = account("bo@example.org", Grant("member", firm))

    for actor in (manager, officer, actor_of(bo), VISITOR):
        for action in (close, reopen, erase_account):
            with pytest.raises(AccessError):
                action(registry, actor, bo.key)


def test_a_closed_account_may_nothing_until_it_is_reopened(
    registry: Registry, administrator: Actor, account: MakeAccount, firm: str
) -> None:
    bo = account("bo@example.org", Grant("member", firm))
    token = make_token(registry, actor_of(bo), "laptop", ["read"]).text

    assert close(registry, administrator, bo.email, reason="Left the firm").state == "closed"
    bo.refresh_from_db()
    assert actor_of(bo) is VISITOR
    with pytest.raises(AccessError):
        actor_of_token(registry, token)
    with pytest.raises(InputError, match="closed already"):
        close(registry, administrator, bo.email)

    reopen(registry, administrator, bo.email)
    bo.refresh_from_db()
    assert actor_of(bo).holds("member")
    assert actor_of_token(registry, token).holds("member")


def test_the_last_administrator_cannot_be_closed_or_erased(
    registry: Registry, administrator: Actor, account: MakeAccount
) -> None:
    account("closed@example.org", Grant("administrator"))
    close(registry, administrator, "closed@example.org")

    for action in (close, erase_account):
        with pytest.raises(InputError, match="last administrator"):
            action(registry, OPERATOR, "admin@example.org")

    reopen(registry, administrator, "closed@example.org")
    assert close(registry, OPERATOR, "admin@example.org").state == "closed"


def test_people_change_their_own_name_and_language_and_nobody_elses(
    registry: Registry, administrator: Actor, manager: Actor, account: MakeAccount, firm: str
) -> None:
    bo = account("bo@example.org", Grant("member", firm))

    line = change(registry, actor_of(bo), bo.key, name="  Invented\n Bo ", language="zh")
    assert (line.name, line.language) == ("Invented Bo", "zh")
    with pytest.raises(InputError):
        change(registry, actor_of(bo), manager.key, name="X")
    with pytest.raises(AccessError):
        change(registry, manager, bo.key, name="X")
    with pytest.raises(InputError, match="tlh"):
        change(registry, administrator, bo.key, language="tlh")
    assert change(registry, administrator, bo.key, name="Y").name == "Y"


def test_a_change_that_changes_nothing_is_not_logged(registry: Registry, administrator: Actor) -> None:
    before = AuditEntry.objects.count()

    change(registry, administrator, administrator.key, language="en")

    assert AuditEntry.objects.count() == before


def test_erasing_leaves_the_pseudonym_and_the_chain(
    registry: Registry, administrator: Actor, account: MakeAccount, firm: str
) -> None:
    bo = account("bo@example.org", Grant("manager", firm))
    token = make_token(registry, actor_of(bo), "Bo's laptop", ["read"]).text
    record = create(registry, actor_of(bo), "plan", {"title": {"en": "Invented plan"}})

    erase_account(registry, administrator, bo.email, reason="Asked for by letter")

    bo.refresh_from_db()
    assert (bo.name, bo.is_active, bo.has_usable_password()) == ("", False, False)
    assert "bo@" not in bo.email
    assert bo.tokens.count() == 0
    assert not bo.grants.filter(ended_at=None).exists()
    with pytest.raises(AccessError):
        actor_of_token(registry, token)
    with pytest.raises(InputError, match="erased"):
        reopen(registry, administrator, bo.key)
    assert show(registry, OPERATOR, record.key).key == record.key
    entries = list(AuditEntry.objects.order_by("number"))
    assert [e for e in entries if e.act == "create" and e.actor == bo.key]
    for one, following in pairwise(entries):
        assert following.before == one.hash == hash_of(one)
    kept = " ".join(str((e.details, e.subject, e.actor)) for e in entries)
    assert "bo@example.org" not in kept
    assert "laptop" not in kept


def test_an_erased_address_may_be_invited_again(registry: Registry, administrator: Actor) -> None:
    first = invite(registry, administrator, "bo@example.org")
    erase_account(registry, administrator, "bo@example.org")

    assert invite(registry, administrator, "bo@example.org").account != first.account


def test_a_manager_sees_the_own_people_and_only_their_roles_there(
    registry: Registry, manager: Actor, account: MakeAccount, firm: str
) -> None:
    account("bo@example.org", Grant("member", firm), Grant("auditor"))
    account("stranger@example.org", Grant("auditor"))

    lines = list_accounts(registry, manager)

    assert [line.email for line in lines] == ["bo@example.org", "manager@example.org"]
    assert [grant.role for grant in lines[0].grants] == ["member"]
    with pytest.raises(InputError, match="no account"):
        find_account(manager, "stranger@example.org")


def test_others_see_themselves_only(registry: Registry, account: MakeAccount, officer: Actor) -> None:
    bo = account("bo@example.org", Grant("auditor"))
    account("cy@example.org")

    assert [line.email for line in list_accounts(registry, actor_of(bo))] == ["bo@example.org"]
    assert list_accounts(registry, officer) == ()
    assert show_account(registry, actor_of(bo), bo.key).grants[0].role == "auditor"
    with pytest.raises(AccessError):
        list_accounts(registry, VISITOR)


def test_passwords_are_set_from_the_machine_only(
    registry: Registry, administrator: Actor, account: MakeAccount
) -> None:
    bo = account("bo@example.org")

    for action in (
        lambda actor: set_password(registry, actor, bo.email, "another invented sentence"),
        lambda actor: password_link(registry, actor, bo.email),
    ):
        with pytest.raises(AccessError):
            action(administrator)
        action(OPERATOR)
    bo.refresh_from_db()
    assert bo.check_password("another invented sentence")
    with pytest.raises(InputError, match="easy to guess"):
        set_password(registry, OPERATOR, bo.email, "12345")
