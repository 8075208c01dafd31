"""Search as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Owns the tables of the index."""

    name = "foretrack.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"
