"""The API as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Owns the tables of answers that are given again, and of what was asked how often."""

    name = "foretrack.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Plans what is forgotten, and follows erasures."""
        from foretrack.api.forgetting import listen, plan

        plan()
        listen()
