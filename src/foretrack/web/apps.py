"""The frame of pages as a Django application: it owns the base templates and the style sheet, and no tables."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Lets Django find what lies in `templates/` and `static/`."""

    name = "foretrack.web"
    label = "web"
