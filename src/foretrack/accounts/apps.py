"""Accounts as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Owns the tables of accounts, grants and tokens."""

    name = "foretrack.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
