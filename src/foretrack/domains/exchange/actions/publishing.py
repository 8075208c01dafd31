"""What is asked of a profile when it is published, renewed or changed in public: that it ends in time and is no spam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foretrack.domains.exchange.actions.copies import PROFILES, burst_of
from foretrack.domains.exchange.kinds.checks import refusal_of
from foretrack.domains.exchange.quality.checking import check_validity
from foretrack.domains.exchange.terms import limit, terms_on
from foretrack.foundation.errors import EvidenceError
from foretrack.jobs.queueing import enqueue
from foretrack.registry.declaring.fields import Json
from foretrack.registry.declaring.kind import Kind, Transition
from foretrack.registry.models import Record
from foretrack.registry.registry import Registry

PUBLISHED = "published"


def listen() -> None:
    """Lets the exchange hear of profiles that become public or are changed in public."""
    from foretrack.registry.signals import changed, moved, moving

    moving.connect(on_moving, dispatch_uid="exchange.on_moving")
    moved.connect(on_moved, dispatch_uid="exchange.on_moved")
    changed.connect(on_changed, dispatch_uid="exchange.on_changed")


def on_moving(
    kind: Kind, record: Record, transition: Transition, body: Mapping[str, Json], registry: Registry, **_: Any
) -> None:
    """Refuses to publish what ends too late or is over, and the next of many nearly equal profiles."""
    if kind.name not in PROFILES or transition.after != PUBLISHED:
        return
    _check_validity(registry, body)
    most = int(limit("profile-burst-count", registry.now().date()))
    if transition.name == "publish" and (n := burst_of(registry, record, body)) >= most:
        raise EvidenceError.of(
            "{n} nearly equal profiles of your organisation were published lately", expected="one profile for one thing",
            do="put what differs into one profile, or ask an officer who may change the limit", n=n,
        )  # fmt: skip


def on_changed(records: Sequence[Record], act: str, registry: Registry, **_: Any) -> None:
    """Refuses a change of a public profile that would let it end too late."""
    if act not in ("edit", "import"):
        return
    for record in records:
        if record.kind in PROFILES and record.status == PUBLISHED:
            _check_validity(registry, record.body)


def on_moved(record: Record, transition: Transition, before: str, **_: Any) -> None:
    """A profile was published for the first time: the worker looks for what it may have been copied from."""
    if record.kind in PROFILES and transition.name == "publish":
        from foretrack.domains.exchange.actions.jobs import compare

        enqueue(compare, record.key, key=f"exchange:compare:{record.key}")


def _check_validity(registry: Registry, body: Mapping[str, Json]) -> None:
    today = registry.now().date()
    found = check_validity(body, terms_on(today), today)
    if refusal := refusal_of([one for one in found if one.severity == "stop"]):
        raise refusal
