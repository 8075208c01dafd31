"""Tokens of programs: made, revoked, and turned into an actor. Only a token's SHA-256 is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from django.db import OperationalError, transaction

from foretrack.accounts.actions.finding import told
from foretrack.accounts.actors import actor_of
from foretrack.accounts.answers import NewToken, TokenLine
from foretrack.accounts.models import Account, ApiToken
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import TOKEN_SCOPES, AccessError, refusal, require
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.registry import Registry, moment
from foretrack.registry.waiting import impatient

PREFIX = "ft_"
BYTES = 32
"""256 bits: nobody finds one by trying, so a fast hash is enough."""
DEFAULT_DAYS = 90
MOST_DAYS = 366
MOST_TOKENS = 50
"""Running tokens of one account."""
SHOWN = 9
"""Characters by which people tell their tokens apart: the prefix and six more."""
USED_EVERY = timedelta(minutes=1)
"""How exactly the last use is kept, so that reading does not write each time."""
_TEXT = re.compile(r"ft_[A-Za-z0-9_-]{43}")


def make_token(
    registry: Registry, actor: Actor, name: str, scopes: Iterable[str], *, days: int = DEFAULT_DAYS
) -> NewToken:
    """A token that acts for the actor's own account, within its scopes and never beyond the account's roles.

    Args:
        name: what it is for, so that its owner knows it again.
        scopes: some of read, write, decide, publish, manage.
        days: until it expires, 1 to 366.

    A token cannot make one that may do more than itself: AccessError. InputError for what cannot be.
    """
    require(actor, "manage tokens")
    wanted = [scope for scope in TOKEN_SCOPES if scope in set(scopes)]
    strange = sorted(set(scopes) - set(TOKEN_SCOPES))
    if strange or not wanted:
        raise InputError.of(
            "the scopes {given!r}", expected="some of {known}", do="choose what the program needs, no more",
            given=", ".join(strange), known=", ".join(TOKEN_SCOPES),
        )  # fmt: skip
    if actor.scopes is not None and not set(wanted) <= actor.scopes:
        raise AccessError.of(
            "this token may not make one that may do more", expected="scopes that it has itself",
            do="log in and make it yourself",
        )  # fmt: skip
    if not 1 <= days <= MOST_DAYS:
        raise InputError.of(
            "a token for {days} days", expected="1 to {most} days", do="correct it", days=days, most=MOST_DAYS
        )
    called = " ".join(clean_text(name).split())
    if not 1 <= len(called) <= 100:
        raise InputError.of(
            "a token's name of {n} characters", expected="1 to 100", do="say what it is for", n=len(called)
        )
    text = PREFIX + secrets.token_urlsafe(BYTES)
    with transaction.atomic():
        head = take_number()
        account = Account.objects.filter(key=actor.key, is_active=True).first()
        if account is None:
            raise InputError.of(
                "the operator of this machine has no account", expected="an account for which the token acts",
                do="name it with --as",
            )  # fmt: skip
        at = registry.now()
        if account.tokens.filter(revoked_at=None, expires_at__gt=at).count() >= MOST_TOKENS:
            raise InputError.of(
                "the account has {n} tokens already", expected="fewer", do="revoke those that nobody uses",
                n=MOST_TOKENS,
            )  # fmt: skip
        made = ApiToken.objects.create(
            account=account, name=called, digest=_digest(text), prefix=text[:SHOWN], scopes=wanted, made_at=at,
            expires_at=at + timedelta(days=days),
        )  # fmt: skip
        log(
            registry, actor, "make token", f"account:{account.key}",
            details={"token": made.pk, "scopes": wanted, "days": days}, head=head,
        )  # fmt: skip
    return NewToken(text, token_line(made))


def list_tokens(registry: Registry, actor: Actor, account: Account | None = None) -> tuple[TokenLine, ...]:
    """The tokens of the actor's own account, or of another for an administrator, the newest first."""
    key = actor.key if account is None else account.key
    require(actor, "manage tokens")
    if key != actor.key and not _manages(actor):
        raise refusal(actor, "look at somebody else's tokens")
    return tuple(token_line(t) for t in ApiToken.objects.filter(account__key=key).order_by("-id"))


def revoke_token(registry: Registry, actor: Actor, number: int) -> TokenLine:
    """Revokes a token by its number, at once: an own one, or any for an administrator."""
    with transaction.atomic():
        head = take_number()
        require(actor, "manage tokens")
        found = ApiToken.objects.select_related("account").filter(pk=number).first()
        if found is None or (found.account.key != actor.key and not _manages(actor)):
            raise InputError.of(
                "there is no token {number} that you may revoke", expected="the number of an own token",
                do="look at `foretrack user show`", number=number,
            )  # fmt: skip
        if found.revoked_at is None:
            found.revoked_at = registry.now()
            found.save(update_fields=["revoked_at"])
            log(
                registry, actor, "revoke token", f"account:{found.account.key}", details={"token": found.pk}, head=head
            )  # fmt: skip
        return token_line(found)


def actor_of_token(registry: Registry, text: str) -> Actor:
    """The actor behind a token: its account's roles as they are now, within the token's scopes.

    AccessError, the same whatever is wrong, for a token that is unknown, expired or revoked, or whose account is closed.
    It is looked up by its digest, so the time it takes tells nothing about any token's text.
    """
    at = registry.now()
    digest = _digest(text)
    found = ApiToken.objects.select_related("account").filter(digest=digest).first()
    if (
        found is None
        or not _TEXT.fullmatch(text)
        or not hmac.compare_digest(found.digest, digest)
        or found.revoked_at is not None
        or found.expires_at is None
        or found.expires_at <= at
        or not found.account.is_active
    ):
        refused = AccessError.of(
            "this token is not valid", expected="one that has neither expired nor been revoked",
            do="make a new one",
        )  # fmt: skip
        refused.known = False
        raise refused
    if found.last_used_at is None or found.last_used_at < at - USED_EVERY:
        # Beside a long import the note has to wait for the next request, not the request for the note.
        with suppress(OperationalError), impatient(), transaction.atomic():
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=at)
    return actor_of(found.account, via="token").limited(found.scopes)


def token_line(token: ApiToken) -> TokenLine:
    """A token as an answer."""
    return TokenLine(
        token=token.pk, name=token.name, prefix=token.prefix, scopes=tuple(token.scopes),
        made_at=moment(token.made_at), expires_at=told(token.expires_at), last_used_at=told(token.last_used_at),
        revoked_at=told(token.revoked_at),
    )  # fmt: skip


def _manages(actor: Actor) -> bool:
    from foretrack.accounts.actions.finding import manages_all

    return manages_all(actor)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
