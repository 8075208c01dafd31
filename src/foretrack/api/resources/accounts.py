"""Accounts and their roles, for whoever manages them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from foretrack.accounts.actions import accounts, finding, grants
from foretrack.accounts.answers import AccountLine, GrantLine
from foretrack.api.shapes import Key, Number, Prose, Text
from foretrack.registry.access.actor import Grant
from foretrack.registry.access.permission import require
from foretrack.web.addresses import named_in_address
from foretrack.web.rendering import Request
from foretrack.web.routes import Given, Many, Routes

ROUTES = Routes("accounts", "Accounts and roles")


@ROUTES.get("/accounts", "The accounts that you manage", answers=Many[AccountLine])
def list_accounts(request: Request, everyone: bool = False) -> Many[AccountLine]:
    require(request.actor, "manage accounts")
    return Many(finding.list_accounts(request.registry, request.actor, everyone=everyone))


@ROUTES.get("/accounts/{key:key}", "One account", answers=AccountLine)
def show_account(request: Request, key: Key) -> AccountLine:
    with named_in_address():
        return finding.show_account(request.registry, request.actor, key)


class NewGrant(Given):
    """A role, and where it holds."""

    role: Literal["member", "manager", "reviewer", "officer", "auditor", "administrator"]
    organisation: Key | None = None
    regions: Annotated[list[Text], Field(max_length=100)] = Field(default_factory=list)
    bodies: Annotated[list[Text], Field(max_length=100)] = Field(default_factory=list)

    def grant(self) -> Grant:
        """As actions take it."""
        return Grant(self.role, self.organisation, tuple(self.regions), tuple(self.bodies))


class Inviting(Given):
    """Whom to invite."""

    email: Annotated[str, Field(max_length=254)]
    name: Annotated[str, Field(max_length=150)] = ""
    language: Literal["en", "zh"] = "en"
    role: NewGrant | None = None


@ROUTES.post("/accounts", "Invite somebody", answers=AccountLine, status=201)
def invite(request: Request, given: Inviting) -> AccountLine:
    return accounts.invite(
        request.registry, request.actor, given.email, name=given.name, language=given.language,
        given=given.role.grant() if given.role else None,
    )  # fmt: skip


class ChangedAccount(Given):
    """What changes; what is not named stays."""

    name: Annotated[str, Field(max_length=150)] | None = None
    language: Literal["en", "zh"] | None = None


@ROUTES.patch("/accounts/{key:key}", "Change the name or language of an account", answers=AccountLine)
def change_account(request: Request, key: Key, given: ChangedAccount) -> AccountLine:
    _there(request, key)
    return accounts.change(request.registry, request.actor, key, name=given.name, language=given.language)


class Why(Given):
    """Why something is done."""

    reason: Prose = ""


@ROUTES.post("/accounts/{key:key}/close", "Close an account", answers=AccountLine)
def close_account(request: Request, key: Key, given: Why) -> AccountLine:
    _there(request, key)
    return accounts.close(request.registry, request.actor, key, reason=given.reason)


@ROUTES.post("/accounts/{key:key}/reopen", "Open a closed account again", answers=AccountLine)
def reopen_account(request: Request, key: Key, given: Why) -> AccountLine:
    _there(request, key)
    return accounts.reopen(request.registry, request.actor, key, reason=given.reason)


@ROUTES.post(
    "/accounts/{key:key}/drop-second-factor",
    "Take the second factor off an account whose owner has lost it",
    answers=AccountLine,
)
def drop_second_factor(request: Request, key: Key, given: Why) -> AccountLine:
    _there(request, key)
    return accounts.drop_second_factor(request.registry, request.actor, key, reason=given.reason)


class ErasingPerson(Given):
    """On whose request a person is erased."""

    reason: Annotated[str, Field(min_length=1, max_length=5000)]
    """It must hold no personal data itself."""


@ROUTES.post(
    "/accounts/{key:key}/erase",
    "Erase the person of an account, for good; the key stays",
    answers=AccountLine,
)
def erase_account(request: Request, key: Key, given: ErasingPerson) -> AccountLine:
    require(request.actor, "erase")
    _there(request, key)
    return accounts.erase_account(request.registry, request.actor, key, reason=given.reason)


@ROUTES.post("/accounts/{key:key}/grants", "Give somebody a role", answers=GrantLine, status=201)
def give_role(request: Request, key: Key, given: NewGrant) -> GrantLine:
    _there(request, key)
    return grants.grant(request.registry, request.actor, key, given.grant())


@ROUTES.delete("/accounts/grants/{number}", "End a role", answers=GrantLine)
def end_grant(request: Request, number: Number) -> GrantLine:
    return grants.end_grant(request.registry, request.actor, number)


def _there(request: Request, key: str) -> None:
    """NotThereError for an account that the asker does not manage, since its key stands in the address."""
    require(request.actor, "manage accounts")
    with named_in_address():
        finding.show_account(request.registry, request.actor, key)
