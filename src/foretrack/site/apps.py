"""The site as a Django application: it owns templates and style sheets, and no tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from foretrack.registry.registry import Registry
    from foretrack.review.assigning.conflicts import Joint


class SiteConfig(AppConfig):
    """Lets Django find what lies in `templates/` and `static/`."""

    name = "foretrack.site"
    label = "site"

    def ready(self) -> None:
        """Says where the panels of dossiers come from, plans what the worker does for the lookout, lets missions and
        the exchange listen, and lets reviews ask the lookout who worked together."""
        from foretrack.domains.exchange.actions import deal_checks, fair_following, publishing
        from foretrack.domains.foresight.doors.indexing import plan
        from foretrack.domains.missions.actions.following import listen
        from foretrack.review.ties import JOINT_WORK
        from foretrack.web.panels import filled_by

        filled_by(_gather)
        plan()
        listen()
        deal_checks.listen()
        publishing.listen()
        fair_following.listen()
        JOINT_WORK.add(_joint_work)
        from foretrack.domains.exchange.actions import evaluating

        evaluating.listen()


def _joint_work(
    registry: Registry, reviewers: Sequence[str], applicants: Sequence[str]
) -> Mapping[str, Sequence[Joint]]:
    """Loads what reads the corpus only when conflicts are looked for: every command would pay for it otherwise."""
    from foretrack.domains.foresight.actions.joint_work import joint_work

    return joint_work(registry, reviewers, applicants)


def _gather() -> None:
    """Makes the panels of the core and of all rooms known to the dossiers."""
    from foretrack.site.panels import PANELS as CORE
    from foretrack.site.rooms import ROOMS
    from foretrack.web.panels import AIDS, FRONTS, PANELS

    PANELS.add(CORE)
    for room in ROOMS:
        PANELS.add(room.PANELS)
        FRONTS.extend(one for one in room.FRONT if one not in FRONTS)
        AIDS.update((one.kind, one) for one in getattr(room, "AIDS", ()))
