"""Raises an alert: once for each cause, anew where somebody had closed it; and tells the channels."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from foretrack.foundation.keys import new_key
from foretrack.packs.shapes import Bilingual
from foretrack.registry.registry import Registry
from foretrack.watch.conditions import Finding
from foretrack.watch.models import Alert, AlertEvent, Channel, Pending, WatchRule


def raise_alerts(
    registry: Registry, rule: WatchRule, subject: str, found: Iterable[Finding], cause: str, *,
    title: Bilingual = Bilingual(), level: str = "",
) -> int:  # fmt: skip
    """How many alerts were opened or reopened; runs inside the caller's transaction.

    Args:
        cause: what made it happen, such as `revision:12`: the same cause counts once, however often it is looked at.
    """
    return sum(
        _raise(registry, rule, subject, finding, cause, title, level or rule.level) for finding in found
    )


def _raise(
    registry: Registry,
    rule: WatchRule,
    subject: str,
    finding: Finding,
    cause: str,
    title: Bilingual,
    level: str,
) -> bool:
    now = registry.now()
    with transaction.atomic():
        alert, fresh = Alert.objects.get_or_create(
            rule=rule, subject=subject, reason=finding.code, state=finding.state,
            defaults={
                "key": new_key(now), "status": "open", "opened_at": now, "last_at": now, "level": level,
                "title_en": title.en[:300], "title_zh": title.zh[:300],
            },
        )  # fmt: skip
        alert = Alert.objects.select_for_update().get(pk=alert.pk)
        if alert.events.filter(cause=cause).exists():
            return False
        act = "opened" if fresh else "again" if alert.status == "open" else "reopened"
        found = [dict(said) for said in finding.found]
        event = AlertEvent.objects.create(alert=alert, at=now, act=act, cause=cause, found=found)
        Alert.objects.filter(pk=alert.pk).update(
            status="open", last_at=now, times=alert.times + 1, found=found, level=level,
            **({"title_en": title.en[:300], "title_zh": title.zh[:300]} if title.en or title.zh else {}),
            **({} if act == "again" else {"opened_at": now}),
        )  # fmt: skip
        if act == "again":
            return False
        _tell(rule, event)
    return True


def _tell(rule: WatchRule, event: AlertEvent) -> None:
    from foretrack.jobs.queueing import enqueue
    from foretrack.watch.delivery.sending import call, send

    for channel in Channel.objects.filter(rule=rule, off_at=None):
        Pending.objects.get_or_create(channel=channel, event=event)
        if channel.sort == "webhook":
            enqueue(call, channel.key, event.pk, key=f"call:{channel.key}:{event.pk}")
        elif channel.period == "at once":
            enqueue(send, channel.key, key=f"send:{channel.key}:{event.pk}")
