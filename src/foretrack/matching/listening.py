"""Follows what the registry and the lists say while they write: the shelf changes in the same transaction."""

from __future__ import annotations

from typing import Any


def listen() -> None:
    """Connects matching with the registry and the lists; calling it again changes nothing."""
    from foretrack.lists.signals import published
    from foretrack.registry.signals import changed, erased, moved, moving

    changed.connect(_changed, dispatch_uid="foretrack.matching changed")
    erased.connect(_erased, dispatch_uid="foretrack.matching erased")
    moved.connect(_moved, dispatch_uid="foretrack.matching moved")
    moving.connect(_moving, dispatch_uid="foretrack.matching moving")
    published.connect(_published, dispatch_uid="foretrack.matching published")


def _changed(*, records: list[Any], registry: Any, **_: object) -> None:
    from foretrack.matching.actions.shelving import follow

    follow(registry, records)


def _erased(*, record: Any, registry: Any, **_: object) -> None:
    from foretrack.matching.actions.shelving import follow

    follow(registry, [record])


def _moved(*, record: Any, registry: Any, **_: object) -> None:
    from foretrack.matching.actions.closing import close_what_is_open

    close_what_is_open(registry, record)


def _published(*, series: Any, registry: Any, **_: object) -> None:
    from foretrack.matching.actions.shelving import refresh_listed

    refresh_listed(registry, series.name)


def _moving(*, kind: Any, record: Any, transition: Any, actor: Any, registry: Any, **_: object) -> None:
    from foretrack.matching.kinds import INTEREST

    if kind.name == INTEREST.name and transition.name == "send":
        from foretrack.matching.actions.interests import check_sending

        check_sending(registry, actor, record)
