"""Targets as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class TargetsConfig(AppConfig):
    """Owns the tables of declared indicators, their values, and ratings."""

    name = "foretrack.targets"
    label = "targets"
    default_auto_field = "django.db.models.BigAutoField"
