"""Hears what the registry and the lists say while they write, and enqueues a look at it in the same transaction."""

from __future__ import annotations

from typing import Any

from foretrack.registry import signals
from foretrack.watch.watchable import OFFER


def connect() -> None:
    """Listens to the registry and the lists, and plans what is due again and again."""
    from foretrack.lists.signals import published
    from foretrack.watch.actions import looking
    from foretrack.watch.actions.issues import PublishedLists
    from foretrack.watch.delivery import sending

    signals.changed.connect(_changed, dispatch_uid="foretrack.watch changed")
    signals.erased.connect(_erased, dispatch_uid="foretrack.watch erased")
    published.connect(_published, dispatch_uid="foretrack.watch published")
    OFFER.by_name["lists"] = PublishedLists()
    looking.plan()
    sending.plan()


def _changed(sender: object, *, records: list[Any], **said: object) -> None:
    from foretrack.jobs.queueing import enqueue
    from foretrack.watch.actions.looking import STEPS, look, running_rules

    kinds = set(
        running_rules("records").filter(kind__in={r.kind for r in records}).values_list("kind", flat=True)
    )
    steps = [[record.key, record.revision] for record in records if record.kind in kinds]
    for start in range(0, len(steps), STEPS):
        enqueue(look, steps[start : start + STEPS])


def _published(sender: object, *, series: Any, issue: Any, **said: object) -> None:
    from foretrack.jobs.queueing import enqueue
    from foretrack.watch.actions.issues import look_at_issue
    from foretrack.watch.actions.looking import running_rules

    if running_rules("lists").exists():
        enqueue(look_at_issue, series.name, issue.number)


def _erased(sender: object, *, record: Any, fields: Any, **said: object) -> None:
    """Takes erased values out of alerts: a field may have been declared personal after it was watched."""
    from foretrack.watch.models import Alert, AlertEvent

    names = set(fields)
    for alert in Alert.objects.filter(subject=f"record:{record.key}"):
        Alert.objects.filter(pk=alert.pk).update(found=_without(alert.found, names))
        for event in AlertEvent.objects.filter(alert=alert):
            AlertEvent.objects.filter(pk=event.pk).update(found=_without(event.found, names))


def _without(found: list[dict[str, Any]], names: set[str]) -> list[dict[str, Any]]:
    return [
        {**said, "before": None, "after": None, "withheld": True} if said.get("field") in names else said
        for said in found
    ]
