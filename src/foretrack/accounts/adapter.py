"""What allauth asks us: who may sign up, which language a message is in, which address its links have, what is logged."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import url_str_to_user_pk
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse

from foretrack.accounts.mailing import absolute
from foretrack.accounts.models import Account
from foretrack.accounts.speech import code_of, speaking

OPEN = "FORETRACK_OPEN_REGISTRATION"


@dataclass(frozen=True, slots=True)
class OwnSite:
    """What allauth's templates call the site."""

    name: str = "Foretrack"

    @property
    def domain(self) -> str:
        """The host under which people reach it."""
        return urlsplit(absolute("")).netloc


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts as this installation wants them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only where the installation says so; else people are invited."""
        return bool(getattr(settings, OPEN))

    def new_user(self, request: HttpRequest) -> Account:
        """An account in the language of the page on which somebody signs up."""
        return Account(language="zh" if request.path.startswith(f"/{code_of('zh')}/") else "en")

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """The message in the language of its reader, where the address belongs to an account."""
        account = Account.objects.filter(email__iexact=str(email)).first()
        with nullcontext() if account is None else speaking(account.language):
            message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        return message

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The message under the installation's own name, not that of the host that was asked."""
        super().send_mail(template_prefix, email, {"current_site": OwnSite(), **context})

    def format_email_subject(self, subject: str) -> str:
        """Without the host, which whoever asks could choose."""
        return f"[Foretrack] {subject}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link under the installation's own address, whatever host was asked."""
        uid, _, secret = key.partition("-")
        account = Account.objects.get(pk=url_str_to_user_pk(uid))
        with speaking(account.language):
            return absolute(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": secret}))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The link under the installation's own address, whatever host was asked."""
        with speaking(emailconfirmation.email_address.user.language):
            return absolute(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page, in the language of the account."""
        assert isinstance(request.user, Account)
        return f"/{code_of(request.user.language)}/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The first page."""
        return "/"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count of failures for one account, whatever host and port a request names."""
        return str(credentials.get("email", "")).strip().lower()
