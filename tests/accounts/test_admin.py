"""Django's admin: administrators look, through the log-in of the site; nobody changes anything or sees a secret."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from tests.accounts.conftest import PASSWORD, MakeAccount

from foretrack.accounts.actions.tokens import make_token
from foretrack.accounts.actors import actor_of
from foretrack.accounts.models import Account, ApiToken, RoleGrant
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.actions.records import create
from foretrack.registry.models import AuditEntry, Record, Revision
from foretrack.registry.registry import Registry

OURS = (Account, RoleGrant, ApiToken, Record, Revision, AuditEntry)


@pytest.fixture
def ann(account: MakeAccount) -> Account:
    return account("ann@example.org", Grant("administrator"))


def entered(email: str) -> Client:
    client = Client()
    client.post("/en/account/login/", {"login": email, "password": PASSWORD})
    return client


def address(model: type, page: str, *parts: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=parts)  # type: ignore[attr-defined]


def test_visitors_come_to_the_log_in_of_the_site(registry: Registry, client: Client) -> None:
    answer = client.get("/en/admin/", follow=True)

    assert answer.redirect_chain[-1][0].startswith("/en/account/login/?next=")


@pytest.mark.parametrize("role", ["auditor", "reviewer"])
def test_nobody_but_administrators_enters(registry: Registry, account: MakeAccount, role: str) -> None:
    account("bo@example.org", Grant(role))  # type: ignore[arg-type]
    Account.objects.filter(email="bo@example.org").update(is_staff=True)

    client = entered("bo@example.org")
    for page in ("/en/admin/", "/en/admin/login/", address(Record, "changelist")):
        assert client.get(page, follow=True).status_code == 403


def test_an_administrator_whose_role_has_ended_is_out_at_once(ann: Account, registry: Registry) -> None:
    client = entered(ann.email)
    assert client.get("/en/admin/").status_code == 200

    ann.grants.update(ended_at=registry.now())

    assert client.get(address(Account, "changelist")).status_code != 200


def test_a_second_factor_is_asked_for_before_the_admin(ann: Account) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(ann, generate_totp_secret())

    client = entered(ann.email)

    assert client.get("/en/admin/", follow=True).redirect_chain[-1][0] == "/en/account/2fa/authenticate/"
    assert client.post("/en/admin/login/", {"username": ann.email, "password": PASSWORD}).status_code == 302
    assert client.get("/en/admin/").status_code == 302


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_table_is_shown_and_cannot_be_changed(
    model: type, ann: Account, registry: Registry, member: Actor, firm: str
) -> None:
    secret = {"title": {"en": "Invented secret plan"}, "contact": "Secret Bo", "organisation": firm}
    record = create(registry, member, "plan", secret)
    token = make_token(registry, actor_of(ann), "laptop", ["read"]).text
    client = entered(ann.email)
    first = model._default_manager.order_by("-pk").first()  # type: ignore[attr-defined]
    kept = model._default_manager.count()  # type: ignore[attr-defined]

    for page in (
        address(model, "changelist"),
        address(model, "changelist") + "?q=x",
        address(model, "change", first.pk),
    ):
        answer = client.get(page)
        assert answer.status_code == 200, page
        text = answer.content.decode()
        for hidden in (
            "Secret Bo",
            "Invented secret plan",
            token,
            ApiToken.objects.get().digest,
            ann.password,
        ):
            assert hidden not in text
    assert client.post(address(model, "change", first.pk), {"name": "x"}).status_code == 403
    assert client.post(address(model, "add"), {"name": "x"}).status_code == 403
    assert client.post(address(model, "delete", first.pk), {"post": "yes"}).status_code == 403
    client.post(
        address(model, "changelist"),
        {"action": "delete_selected", "_selected_action": first.pk, "post": "yes"},
    )
    assert model._default_manager.count() == kept  # type: ignore[attr-defined]
    assert Record.objects.filter(key=record.key).exists()


def test_no_table_that_holds_a_way_in_is_registered() -> None:
    shown = {model._meta.app_label for model in admin.site._registry}

    assert shown.isdisjoint(("account", "auth", "mfa", "usersessions", "sessions"))
    assert {"registry", "accounts"} <= shown


def test_the_tables_are_called_as_the_language_of_the_page_calls_them(
    ann: Account, registry: Registry
) -> None:
    client = entered(ann.email)

    page = client.get("/zh-hans/admin/").content.decode()
    for word in ("账号", "角色", "令牌", "记录", "版本", "审计日志", "登记系统"):
        assert word in page
    assert "账号" in client.get("/zh-hans/admin/accounts/account/").content.decode()
    english = client.get("/en/admin/").content.decode()
    assert "Audit log" in english
    assert "账号" not in english


def test_pages_with_a_password_name_the_account_to_password_managers(
    ann: Account, registry: Registry
) -> None:
    client = entered(ann.email)

    page = client.get("/en/account/password/change/").content.decode()

    assert f'autocomplete="username" value="{ann.email}" readonly hidden' in page
