"""Single sign-on: a provider says who somebody is, never what somebody may do."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from foretrack.accounts.models import Account


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Lets invited people in by the address that their provider has verified; strangers where registration is open."""

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Only with a verified address: nobody takes an account by claiming somebody else's."""
        verified = any(address.verified for address in sociallogin.email_addresses)
        return verified and bool(super().is_auto_signup_allowed(request, sociallogin))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Account:
        """Address and name as the provider has them; no role, whatever else it says."""
        account: Account = super().populate_user(request, sociallogin, data)
        name = str(data.get("name") or f"{data.get('first_name') or ''} {data.get('last_name') or ''}")
        account.name = " ".join(name.split())[:150]
        return account


def keep_verified(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    """An address that was verified there counts as verified here, once the account is linked.

    Not earlier: until then a password that somebody set without owning the address is taken off the account.
    """
    verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
    EmailAddress.objects.filter(user_id=sociallogin.user.pk, email__in=verified).update(verified=True)
