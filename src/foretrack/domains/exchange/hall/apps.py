"""The release hall as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class HallConfig(AppConfig):
    """Owns the tables of guests, breaches and counts, and watches sessions, achievements and questions move."""

    name = "foretrack.domains.exchange.hall"
    label = "hall"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listens to the registry."""
        from foretrack.domains.exchange.hall.following import listen

        listen()
