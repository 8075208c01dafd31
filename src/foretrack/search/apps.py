"""Search as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Owns the tables of the index."""

    name = "foretrack.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Begins to follow the registry, and plans what is done behind."""
        from foretrack.search.jobs import plan
        from foretrack.search.listening import listen

        listen()
        plan()
