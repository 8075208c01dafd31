"""From an opportunity to a scenario, and from either to a case: a draft that points back at where it began."""

from __future__ import annotations

from foretrack.domains.scenarios.actions.opportunities import GROWN, case_values, grown_values
from foretrack.foundation.errors import InputError
from foretrack.registry.access.actor import Actor
from foretrack.registry.actions.records import create, show
from foretrack.registry.answers import RecordPage
from foretrack.registry.registry import Registry

TO = {"opportunity": ("scenario", "case"), "scenario": ("case",)}
"""Kind to the kinds that may grow out of it."""


def ways_to_grow(page: RecordPage) -> tuple[str, ...]:
    """Kinds of which a draft may be made of a record as it stands now; whether the actor may, `grow_record` decides.

    An opportunity has to have been accepted; a scenario to have been recognised.
    """
    if page.kind == "opportunity" and page.status not in GROWN:
        return ()
    if page.kind == "scenario" and page.status != "recognised":
        return ()
    return TO.get(page.kind, ())


def grow_record(registry: Registry, actor: Actor, key: str, to: str) -> RecordPage:
    """The draft of a scenario or a case, with what the other record says of it and a link back.

    InputError where nothing of that kind grows out of the record now; AccessError for whoever may not make one for the
    organisation.
    """
    page = show(registry, actor, key)
    ways = ways_to_grow(page)
    if to not in ways:
        raise InputError.of(
            "no {to} can be made of this record now", expected=" / ".join(ways) or "an accepted pilot",
            do="accept the pilot first", to=to[:40] or "-",
        )  # fmt: skip
    return create(registry, actor, to, grown_values(page) if to == "scenario" else case_values(page))
