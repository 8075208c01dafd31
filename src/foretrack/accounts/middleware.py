"""The language of an account, where the address of a page does not say one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from foretrack.accounts.models import Account
from foretrack.accounts.speech import code_of


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
