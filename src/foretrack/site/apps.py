"""The site as a Django application: it owns templates and style sheets, and no tables."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Lets Django find what lies in `templates/` and `static/`."""

    name = "foretrack.site"
    label = "site"

    def ready(self) -> None:
        """Says where the panels of dossiers come from, and plans what the worker does for the lookout."""
        from foretrack.domains.foresight.doors.indexing import plan
        from foretrack.web.panels import filled_by

        filled_by(_gather)
        plan()


def _gather() -> None:
    """Makes the panels of the core and of all rooms known to the dossiers."""
    from foretrack.site.panels import PANELS as CORE
    from foretrack.site.rooms import ROOMS
    from foretrack.web.panels import FRONTS, PANELS

    PANELS.add(CORE)
    for room in ROOMS:
        PANELS.add(room.PANELS)
        FRONTS.extend(one for one in room.FRONT if one not in FRONTS)
