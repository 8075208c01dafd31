"""What people change about their own ways in, through allauth's pages, is in the audit log like everything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from foretrack.accounts.actors import actor_of
from foretrack.accounts.models import Account
from foretrack.foundation.clock import system_clock
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.declaring.kind import KINDS
from foretrack.registry.registry import Registry


def connect() -> None:
    """Listens to allauth; called once, when the applications are ready."""
    from allauth.account import signals as account
    from allauth.mfa import signals as mfa
    from django.apps import apps

    heard = {
        account.user_signed_up: "sign up",
        account.password_set: "set own password",
        account.password_changed: "change own password",
        account.password_reset: "reset own password",
        account.email_changed: "change own address",
        mfa.authenticator_added: "add second factor",
        mfa.authenticator_removed: "remove second factor",
        mfa.authenticator_reset: "renew recovery codes",
    }
    if apps.is_installed("allauth.socialaccount"):
        from allauth.socialaccount import signals as social

        heard[social.social_account_added] = "link single sign-on"
        heard[social.social_account_removed] = "unlink single sign-on"
    for signal, act in heard.items():
        signal.connect(_writer(act), weak=False, dispatch_uid=f"accounts.ways_in:{act}")
    account.password_reset.connect(address_reached, dispatch_uid="accounts.address_reached")


def _writer(act: str) -> Any:
    def write(sender: Any, request: Any, **given: Any) -> None:
        login = given.get("sociallogin") or given.get("socialaccount")
        account = given.get("user") or getattr(login, "user", None)
        if not isinstance(account, Account):
            return
        registry = getattr(request, "registry", None) or _by_the_clock()
        factor = given.get("authenticator")
        details = {"factor": str(factor.type)} if factor is not None else {}
        with transaction.atomic():
            head = take_number()
            log(registry, actor_of(account), act, f"account:{account.key}", details=details, head=head)

    return write


def address_reached(sender: Any, user: Account, **_: Any) -> None:
    """Whoever set a password by a link has got the link: the address counts as verified."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.filter(user_id=user.pk, email__iexact=user.email).update(verified=True)


def _by_the_clock() -> Registry:
    """Enough of a registry for the log, which asks it what time it is, where a page was answered without one."""
    return Registry(KINDS, system_clock, Path(), lambda day, _: day, lambda *_: 0)
