"""Inviting, closing, reopening, changing and erasing accounts."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from foretrack.accounts import mailing
from foretrack.accounts.actions.finding import (
    ANY_ACCOUNT,
    find_account,
    has_second_factor,
    line_of,
    manages_all,
)
from foretrack.accounts.actions.grants import (
    follow_roles,
    give,
    keep_an_administrator,
    require_grant,
)
from foretrack.accounts.answers import AccountLine
from foretrack.accounts.models import Account
from foretrack.foundation.errors import InputError
from foretrack.foundation.messages import LANGUAGES
from foretrack.foundation.sentences import Sentence
from foretrack.jobs.queueing import enqueue
from foretrack.registry.access.actor import Actor, Grant
from foretrack.registry.access.permission import refusal, require
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.actions.records import checked_reason
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.registry import Registry

MOST_NAME = 150
MOST_EMAIL = 254
"""RFC 5321, 4.5.3.1.3: a path of 256 octets with its brackets."""


def invite(
    registry: Registry, actor: Actor, email: str, *, name: str = "", language: str = "en",
    given: Grant | None = None, send: bool = True,
) -> AccountLine:  # fmt: skip
    """Makes an account, gives it a role, and mails a link with which its owner sets a password.

    A manager has to give a role in the own organisation, and gets the same answer when the address has an account
    already: that account is given the role. InputError for an address that is none; for administrators, also for one
    that is taken.
    """
    address = checked_email(email)
    with transaction.atomic():
        head = take_number()
        if given is None:
            require(actor, "manage accounts", ANY_ACCOUNT)
        else:
            require_grant(actor, given)
        account = Account.objects.filter(email__iexact=address).first()
        if account is not None and (manages_all(actor) or given is None):
            raise InputError.of(
                "there is an account {email!r} already", expected="an address without an account",
                do="give it a role with `foretrack user grant`", email=address,
            )  # fmt: skip
        if account is None:
            account = Account.objects.create_user(
                address, None, name=checked_name(name), language=checked_language(language)
            )
            _own_address(account)
            log(registry, actor, "invite account", f"account:{account.key}", head=head)
            if send:
                enqueue(mailing.send_invitation, account.key)
        if given is not None:
            give(registry, actor, account, given)
        return line_of(actor, account)


def close(registry: Registry, actor: Actor, name: str, *, reason: str = "") -> AccountLine:
    """Closes an account: it cannot log in, its sessions end and its tokens fail; its roles stay for a reopening."""
    said = checked_reason(reason)
    with transaction.atomic():
        head = take_number()
        require(actor, "manage accounts", ANY_ACCOUNT)
        account = find_account(actor, name)
        if not account.is_active:
            raise _already(account, "closed")
        keep_an_administrator(account)
        account.is_active = False
        account.save(update_fields=["is_active"])
        follow_roles(account)
        end_sessions(account)
        log(registry, actor, "close account", f"account:{account.key}", reason=said, head=head)
        return line_of(actor, account)


def reopen(registry: Registry, actor: Actor, name: str, *, reason: str = "") -> AccountLine:
    """Opens a closed account again. InputError for one that was erased."""
    said = checked_reason(reason)
    with transaction.atomic():
        head = take_number()
        require(actor, "manage accounts", ANY_ACCOUNT)
        account = find_account(actor, name)
        if account.is_active:
            raise _already(account, "open")
        if account.erased_at is not None:
            raise InputError.of(
                "the account {key} was erased", expected="an account that was closed only",
                do="invite the person again", key=account.key,
            )  # fmt: skip
        account.is_active = True
        account.save(update_fields=["is_active"])
        follow_roles(account)
        log(registry, actor, "reopen account", f"account:{account.key}", reason=said, head=head)
        return line_of(actor, account)


def change(
    registry: Registry,
    actor: Actor,
    account_name: str,
    *,
    name: str | None = None,
    language: str | None = None,
) -> AccountLine:
    """Changes the name or language of an account: its own, or any for an administrator."""
    with transaction.atomic():
        head = take_number()
        account = find_account(actor, account_name)
        if account.key != actor.key:
            require(actor, "manage accounts", ANY_ACCOUNT)
        elif actor.scopes is not None and "manage" not in actor.scopes:
            raise refusal(actor, "change an account")
        wanted = {
            "name": account.name if name is None else checked_name(name),
            "language": account.language if language is None else checked_language(language),
        }
        changed = sorted(field for field, value in wanted.items() if getattr(account, field) != value)
        if changed:
            for field in changed:
                setattr(account, field, wanted[field])
            account.save(update_fields=changed)
            log(
                registry, actor, "change account", f"account:{account.key}", details={"fields": changed}, head=head
            )  # fmt: skip
        return line_of(actor, account)


def erase_account(registry: Registry, actor: Actor, name: str, *, reason: str = "") -> AccountLine:
    """Erases whoever an account belongs to: address, name, password, factors, sessions, tokens, drafts are gone for good.

    The key stays in revisions and the log, so that every decision stays decided and the chain whole; that it stood for
    this person is known no longer. InputError for the last administrator.
    """
    said = checked_reason(reason)
    with transaction.atomic():
        head = take_number()
        require(actor, "erase")
        account = find_account(actor, name)
        if account.erased_at is not None:
            raise _already(account, "erased")
        keep_an_administrator(account)
        at = registry.now()
        ended = account.grants.filter(ended_at=None).update(ended_at=at, ended_by=actor.key)
        tokens = account.tokens.all().delete()[0]
        account.drafts.all().delete()
        end_sessions(account)
        _forget_ways_in(account)
        account.email = f"{account.key.lower()}@erased.invalid"
        account.name = ""
        account.is_active = account.is_staff = False
        account.last_login = None
        account.erased_at = at
        account.set_unusable_password()
        account.save()
        log(
            registry, actor, "erase account", f"account:{account.key}", details={"roles": ended, "tokens": tokens},
            reason=said, head=head,
        )  # fmt: skip
        return line_of(actor, account)


def set_password(registry: Registry, actor: Actor, name: str, password: str) -> AccountLine:
    """Sets a password from the machine itself; every session of the account ends. InputError for a weak one."""
    from django.contrib.auth.password_validation import validate_password

    with transaction.atomic():
        head = take_number()
        account = _from_the_machine(actor, name)
        try:
            validate_password(password, account)
        except ValidationError as error:
            raise InputError.of(
                "this password is too easy to guess: {why}", expected="a longer one that nobody would guess",
                do="choose another", why=" ".join(error.messages),
            ) from error  # fmt: skip
        account.set_password(password)
        account.save(update_fields=["password"])
        end_sessions(account)
        log(registry, actor, "set password", f"account:{account.key}", head=head)
        return line_of(actor, account)


def password_link(registry: Registry, actor: Actor, name: str) -> str:
    """A link with which the owner of an account sets a password, once and within three days; from the machine only."""
    with transaction.atomic():
        head = take_number()
        account = _from_the_machine(actor, name)
        if not account.is_active:
            raise _already(account, "closed")
        log(registry, actor, "make password link", f"account:{account.key}", head=head)
        return mailing.link_for(account)


def drop_second_factor(registry: Registry, actor: Actor, name: str, *, reason: str = "") -> AccountLine:
    """Takes the second factor off an account whose owner has lost it, and ends its sessions."""
    from allauth.mfa.models import Authenticator

    said = checked_reason(reason)
    with transaction.atomic():
        head = take_number()
        require(actor, "manage accounts", ANY_ACCOUNT)
        account = find_account(actor, name)
        if not has_second_factor(account):
            raise InputError.of(
                "the account {email!r} has no second factor", expected="one that has", do="nothing is to be done",
                email=account.email,
            )  # fmt: skip
        Authenticator.objects.filter(user_id=account.pk).delete()
        end_sessions(account)
        log(registry, actor, "drop second factor", f"account:{account.key}", reason=said, head=head)
        return line_of(actor, account)


def end_sessions(account: Account) -> int:
    """Ends every session of an account; how many there were."""
    from allauth.usersessions.models import UserSession

    tracked = list(UserSession.objects.filter(user_id=account.pk))
    for session in tracked:
        session.end()
    return len(tracked)


def checked_email(email: str) -> str:
    """The address in lower case; InputError for one that is none."""
    address = clean_text(email).lower()
    try:
        validate_email(address)
        if len(address) > MOST_EMAIL:
            raise ValidationError("too long")
    except ValidationError:
        raise InputError.of(
            "{email!r} is no e-mail address", expected="an address such as {example}", do="correct it",
            email=email[:80], example="ann@example.org",
        ) from None  # fmt: skip
    return address


def checked_name(name: str) -> str:
    """The name, cleaned; InputError for one that is too long."""
    said = " ".join(clean_text(name).split())
    if len(said) > MOST_NAME:
        raise InputError.of(
            "a name of {n} characters",
            expected="at most {most}",
            do="shorten it",
            n=len(said),
            most=MOST_NAME,
        )
    return said


def checked_language(language: str) -> str:
    """The language; InputError for one that is not spoken here."""
    if language not in LANGUAGES:
        raise InputError.of(
            "the language {language!r} is not spoken here", expected="one of {known}", do="choose one",
            language=language[:20], known=", ".join(LANGUAGES),
        )  # fmt: skip
    return language


def _from_the_machine(actor: Actor, name: str) -> Account:
    """An account whose way in may be opened: not by an administrator in a browser, who would be anybody at will."""
    require(actor, "operate")
    if actor.via != "command":
        raise refusal(actor, "set somebody's password")
    return find_account(actor, name)


def _own_address(account: Account) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user_id=account.pk, email=account.email, primary=True, verified=False)


def _forget_ways_in(account: Account) -> None:
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator
    from django.apps import apps

    EmailAddress.objects.filter(user_id=account.pk).delete()
    Authenticator.objects.filter(user_id=account.pk).delete()
    if apps.is_installed("allauth.socialaccount"):
        from allauth.socialaccount.models import SocialAccount

        SocialAccount.objects.filter(user_id=account.pk).delete()


def _already(account: Account, state: str) -> InputError:
    return InputError.of(
        "the account {email!r} is {state} already", expected="a change", do="look at `foretrack user show`",
        email=account.email, state=Sentence(state),
    )  # fmt: skip
