"""Accounts as a Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    """Owns the tables of accounts, grants and tokens."""

    name = "foretrack.accounts"
    label = "accounts"
    default = True
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.apps import apps

        from foretrack.accounts import forgetting, notifying, ways_in
        from foretrack.accounts.actions import drafts
        from foretrack.registry.signals import assigned, erased, moved

        ways_in.connect()
        forgetting.plan()
        moved.connect(notifying.on_moved, dispatch_uid="accounts.on_moved")
        assigned.connect(notifying.on_assigned, dispatch_uid="accounts.on_assigned")
        erased.connect(drafts.on_erased, dispatch_uid="accounts.drafts")
        if apps.is_installed("allauth.socialaccount"):
            from allauth.socialaccount.signals import social_account_added

            from foretrack.accounts import sso

            social_account_added.connect(sso.keep_verified, dispatch_uid="accounts.keep_verified")


class OperatorsConfig(admin.AdminConfig):
    """Django's admin with a site of ours in the place of its own: `operating.py`."""

    default = False
    default_site = "foretrack.accounts.operating.OperatorsSite"
