"""The watch as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class WatchConfig(AppConfig):
    """Owns the tables of rules, alerts, channels and deliveries."""

    name = "foretrack.watch"
    label = "watch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from foretrack.watch.actions import listening

        listening.connect()
