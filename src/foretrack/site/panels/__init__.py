"""What the core knows of a subject, one file a panel. Begin with `linked.py`."""

from __future__ import annotations

from foretrack.site.panels import lists, policy, records, targets, watching
from foretrack.web.panels import Panel

PANELS: tuple[Panel, ...] = (
    records.PANEL,
    records.LABELLED,
    lists.PANEL,
    targets.PANEL,
    watching.PANEL,
    policy.PANEL,
)
