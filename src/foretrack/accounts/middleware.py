"""What a request brings of its account: the language, where the address says none, and that somebody was there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from foretrack.accounts.models import Account
from foretrack.accounts.speech import code_of

SEEN_EVERY = timedelta(minutes=5)
"""How exactly the page of sessions says when one was used last."""


class LanguageMiddleware:
    """Speaks the account's language unless the address names one: a link in another language stays in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if translation.get_language_from_path(request.path_info) is None:
            account = getattr(request, "user", None)
            if isinstance(account, Account):
                translation.activate(code_of(account.language))
                request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class ActivityMiddleware:
    """Notes for the page of sessions when a session was used last, and from where.

    allauth's own writes at every request, and each writer waits for all others: reading would stand in the queue of
    those who write. This one writes when five minutes have passed, or the browser or its address is another.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        account = getattr(request, "user", None)
        key = request.session.session_key
        if key and account is not None and account.is_authenticated:
            self._note(request, key)
        return self.get_response(request)

    def _note(self, request: HttpRequest, key: str) -> None:
        from allauth.account.adapter import get_adapter
        from allauth.usersessions.models import UserSession

        row = UserSession.objects.filter(session_key=key).values("last_seen_at", "ip", "user_agent").first()
        browser = request.headers.get("User-Agent", "")[
            : UserSession._meta.get_field("user_agent").max_length
        ]
        if (
            row is None
            or timezone.now() - row["last_seen_at"] > SEEN_EVERY
            or (row["ip"], row["user_agent"]) != (get_adapter().get_client_ip(request), browser)
        ):
            UserSession.objects.create_from_request(request)
