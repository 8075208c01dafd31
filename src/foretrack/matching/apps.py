"""Matching as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Owns the shelf of needs and offers, suggestions, and versions of weights."""

    name = "foretrack.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follows the registry and the lists, and plans what is done behind."""
        from foretrack.matching.jobs import plan
        from foretrack.matching.listening import listen

        listen()
        plan()
