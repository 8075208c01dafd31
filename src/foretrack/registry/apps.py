"""The registry as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Owns the tables of records, revisions, links, attachments, duplicates and the audit log."""

    name = "foretrack.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
