"""Review as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """Owns the tables of draws, assignments, sheets, decisions and objections, and watches submissions move."""

    name = "foretrack.review"
    label = "review"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listens to the registry."""
        from foretrack.registry.holding import HOLDERS
        from foretrack.registry.signals import moved, moving
        from foretrack.review import following

        moving.connect(following.on_moving, dispatch_uid="review.on_moving")
        moved.connect(following.on_moved, dispatch_uid="review.on_moved")
        HOLDERS.add(following.is_held)
