"""The queue as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Owns the table that says who works on which task, beside django-tasks-db's table of tasks."""

    name = "foretrack.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from foretrack.jobs import pruning

        pruning.plan()
