"""A token may what its scopes and its account's roles both allow, until it ends; only its digest is kept."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.accounts.conftest import MakeAccount
from tests.registry.conftest import NOW, weekdays

from foretrack.accounts.actions.tokens import actor_of_token, list_tokens, make_token, revoke_token
from foretrack.accounts.actors import OPERATOR, actor_of
from foretrack.accounts.models import Account, ApiToken
from foretrack.foundation.clock import fixed_clock
from foretrack.foundation.errors import InputError
from foretrack.installation.kinds import load_kinds
from foretrack.registry.access.actor import VISITOR, Actor, Grant
from foretrack.registry.access.permission import ACTS, SCOPES, TOKEN_SCOPES, AccessError, may
from foretrack.registry.models import AuditEntry
from foretrack.registry.registry import Registry


@pytest.fixture
def bo(account: MakeAccount) -> Account:
    return account("bo@example.org", Grant("officer", regions=("CN-33",)))


def later(registry: Registry, **ahead: float) -> Registry:
    at = registry.now() + timedelta(**ahead)
    return replace(registry, clock=lambda: at)


def test_a_token_is_shown_once_and_only_its_digest_is_kept(registry: Registry, bo: Account) -> None:
    made = make_token(registry, actor_of(bo), "laptop", ["read", "write"])

    assert re.fullmatch(r"ft_[A-Za-z0-9_-]{43}", made.text)
    kept = ApiToken.objects.values().get()
    assert made.text not in str(kept)
    assert made.text.removeprefix("ft_")[6:] not in str(kept)
    assert (made.line.prefix, made.line.scopes) == (made.text[:9], ("read", "write"))
    entry = AuditEntry.objects.get(act="make token")
    assert entry.details == {"token": made.line.token, "scopes": ["read", "write"], "days": 90}


def test_a_token_acts_within_its_scopes_and_its_accounts_roles(registry: Registry, bo: Account) -> None:
    for scope in TOKEN_SCOPES:
        actor = actor_of_token(registry, make_token(registry, actor_of(bo), scope, [scope]).text)

        assert (actor.key, actor.via) == (bo.key, "token")
        for act in ACTS:
            assert may(actor, act) == (SCOPES[act] == scope and may(actor_of(bo), act)), (scope, act)


def test_a_token_loses_what_its_account_loses(registry: Registry, bo: Account) -> None:
    text = make_token(registry, actor_of(bo), "x", ["read", "decide"]).text
    bo.grants.update(ended_at=registry.now())

    assert actor_of_token(registry, text).grants == ()


def test_a_token_expires(registry: Registry, bo: Account) -> None:
    text = make_token(registry, actor_of(bo), "x", ["read"], days=1).text

    actor_of_token(later(registry, hours=23), text)
    with pytest.raises(AccessError):
        actor_of_token(later(registry, days=1), text)


def test_a_revoked_token_is_refused_at_once(registry: Registry, bo: Account) -> None:
    made = make_token(registry, actor_of(bo), "x", ["read"])

    assert revoke_token(registry, actor_of(bo), made.line.token).revoked_at is not None
    revoke_token(registry, actor_of(bo), made.line.token)
    with pytest.raises(AccessError, match="not valid"):
        actor_of_token(registry, made.text)
    assert AuditEntry.objects.filter(act="revoke token").count() == 1


def test_only_the_owner_and_administrators_revoke(
    registry: Registry, bo: Account, account: MakeAccount, administrator: Actor
) -> None:
    number = make_token(registry, actor_of(bo), "x", ["read"]).line.token
    stranger = actor_of(account("cy@example.org", Grant("auditor")))

    with pytest.raises(InputError, match="no token"):
        revoke_token(registry, stranger, number)
    with pytest.raises(AccessError):
        revoke_token(registry, VISITOR, number)
    with pytest.raises(AccessError):
        list_tokens(registry, stranger, bo)
    assert list_tokens(registry, administrator, bo)[0].token == number
    revoke_token(registry, administrator, number)


@pytest.mark.parametrize("scopes", [[], ["all"], ["read", "root"], ["READ"]])
def test_unknown_scopes_are_refused(registry: Registry, bo: Account, scopes: list[str]) -> None:
    with pytest.raises(InputError, match="scopes"):
        make_token(registry, actor_of(bo), "x", scopes)


@pytest.mark.parametrize("days", [0, -1, 367, 10**9])
def test_a_token_lives_a_year_at_most(registry: Registry, bo: Account, days: int) -> None:
    with pytest.raises(InputError, match="days"):
        make_token(registry, actor_of(bo), "x", ["read"], days=days)


def test_a_token_makes_none_that_may_more_than_itself(registry: Registry, bo: Account) -> None:
    narrow = actor_of_token(registry, make_token(registry, actor_of(bo), "x", ["read"]).text)
    managing = actor_of_token(registry, make_token(registry, actor_of(bo), "x", ["read", "manage"]).text)

    with pytest.raises(AccessError):
        make_token(registry, narrow, "y", ["read"])
    with pytest.raises(AccessError, match="more"):
        make_token(registry, managing, "y", ["read", "write"])
    make_token(registry, managing, "y", ["read"])


def test_visitors_and_the_operator_get_no_token(registry: Registry) -> None:
    with pytest.raises(AccessError):
        make_token(registry, VISITOR, "x", ["read"])
    with pytest.raises(InputError, match="no account"):
        make_token(registry, OPERATOR, "x", ["read"])


def test_the_last_use_is_kept_to_the_minute(registry: Registry, bo: Account) -> None:
    text = make_token(registry, actor_of(bo), "x", ["read"]).text

    actor_of_token(registry, text)
    actor_of_token(later(registry, seconds=30), text)
    assert ApiToken.objects.get().last_used_at == registry.now()
    actor_of_token(later(registry, seconds=90), text)
    assert ApiToken.objects.get().last_used_at == registry.now() + timedelta(seconds=90)


class TestGuesses(TestCase):
    """Whatever is sent as a token is refused in the same words, and never breaks anything."""

    @given(st.one_of(st.text(), st.text().map("ft_".__add__), st.from_regex(r"ft_[A-Za-z0-9_-]{43}\n?")))
    def test_a_guess_is_refused_in_the_same_words(self, text: str) -> None:
        from pathlib import Path

        registry = Registry(load_kinds(), fixed_clock(NOW), Path(), weekdays, lambda name, begins: 1)
        with pytest.raises(AccessError) as refused:
            actor_of_token(registry, text)
        assert str(refused.value).startswith("this token is not valid")
        assert not refused.value.known
