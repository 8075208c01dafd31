"""Accounts as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Owns the tables of accounts, grants and tokens."""

    name = "foretrack.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.apps import apps

        from foretrack.accounts import notifying
        from foretrack.registry.signals import assigned, moved

        moved.connect(notifying.on_moved, dispatch_uid="accounts.on_moved")
        assigned.connect(notifying.on_assigned, dispatch_uid="accounts.on_assigned")
        if apps.is_installed("allauth.socialaccount"):
            from allauth.socialaccount.signals import social_account_added

            from foretrack.accounts import sso

            social_account_added.connect(sso.keep_verified, dispatch_uid="accounts.keep_verified")
