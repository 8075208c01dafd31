"""Lists as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """Owns the tables of series and their issues."""

    name = "foretrack.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"
