"""Django's admin for operators: to look, never to change, so that nothing happens past the actions and their log."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import lazy

from foretrack.accounts.actors import actor_of
from foretrack.accounts.models import Account
from foretrack.web.speech import Words, say

HIDDEN = frozenset(("account", "auth", "mfa", "socialaccount", "usersessions"))
"""Applications whose tables hold ways in: secrets of second factors, links, sessions."""


APPLICATIONS = Words({"accounts": "Accounts", "registry": "Registry"})
TABLES = {
    "account": ("Account", "Accounts"), "rolegrant": ("Role", "Roles"), "apitoken": ("Token", "Tokens"),
    "record": ("Record", "Records"), "revision": ("Revision", "Revisions"),
    "auditentry": ("Entry of the audit log", "Audit log"),
}  # fmt: skip
"""Name of a table to what one row and all of them are called."""
TABLE_WORDS = Words({f"{name}-{n}": word for name, words in TABLES.items() for n, word in enumerate(words)})


class OperatorsSite(AdminSite):
    """Open to administrators, and entered through the same log-in as everything else, second factor included."""

    site_header = site_title = "Foretrack"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether somebody is an administrator at this moment."""
        return isinstance(request.user, Account) and actor_of(request.user).holds("administrator")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """To the log-in of the site. The admin's own form is never shown: it asks for no second factor."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The tables under names in the language of the page."""
        found: list[Any] = super().get_app_list(request, app_label)
        for application in found:
            application["name"] = say(APPLICATIONS.get(application["app_label"], str(application["name"])))
        return found

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """To the page on which everybody changes the password."""
        return redirect("account_change_password")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Takes in a table, unless it holds ways in."""
        models: list[Any] = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        )
        kept = [model for model in models if model._meta.app_label not in HIDDEN]
        for model in kept:
            one, many = TABLES.get(model._meta.model_name, ("", ""))
            if one:
                model._meta.verbose_name, model._meta.verbose_name_plural = _said(one), _said(many)
        if kept:
            super().register(kept, admin_class, **options)


_said = lazy(say, str)
