"""Tells alerts on channels: the jobs behind mails, digests and webhooks.

Each message is written down (`Delivery`) with its identifier before it is sent, and marked after it. A worker that dies
between the two sends it again with the same `Message-ID` or `webhook-id`: at least once, recognisably.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F

from foretrack.accounts.models import Account
from foretrack.foundation.clock import timestamp
from foretrack.foundation.errors import InputError, OutsideError
from foretrack.foundation.keys import new_key
from foretrack.jobs.declaring import HopelessError, Run, Terms, job
from foretrack.jobs.queueing import enqueue
from foretrack.jobs.schedule import repeat
from foretrack.registry.access.actor import Actor
from foretrack.registry.registry import Registry
from foretrack.watch.answers import AlertLine
from foretrack.watch.models import Channel, Delivery, Pending
from foretrack.watch.speech import messages_in
from foretrack.web.addresses import thing_in

MOST_FAILURES = 20
"""Attempts in a row that fail before a webhook is switched off: two and a half messages, over about a day."""
STOP_SALT = "foretrack.watch.stop"
MOST_TOLD = 1000
"""Events of one message; what is beyond waits for the next."""


def plan() -> None:
    """Makes digests due: every quarter of an hour somebody's morning begins."""
    repeat("watch digests", digests, timedelta(minutes=15))


def address() -> str:
    """Address of the site; empty where the operator has named none."""
    return str(getattr(settings, "FORETRACK_ADDRESS", ""))


def slot_of(channel: Channel, now: datetime) -> str:
    """The name of the last digest that is due at a moment, in the channel's own time zone; empty when none ever was.

    A day begins at the channel's hour; a week on Monday at that hour.
    """
    local = now.astimezone(ZoneInfo(channel.time_zone)) - timedelta(hours=channel.hour)
    day = local.date()
    return (
        (day - timedelta(days=day.weekday())).isoformat() if channel.period == "weekly" else day.isoformat()
    )


@job(Terms(whole=True))
def digests(run: Run) -> None:
    """Enqueues each digest that is due and has something to tell; its key lets it be made only once."""
    now = run.registry.now()
    waiting = Pending.objects.filter(delivery=None).values("channel")
    for channel in Channel.objects.filter(off_at=None, period__in=("daily", "weekly"), pk__in=waiting):
        slot = slot_of(channel, now)
        made_in = slot_of(channel, channel.made_at)
        if slot != made_in:
            enqueue(send, channel.key, key=f"digest:{channel.key}:{slot}")


@job()
def send(run: Run, channel_key: str) -> None:
    """Sends one mail about everything that a channel has not told yet."""
    channel = Channel.objects.select_related("rule").get(key=channel_key)
    for delivery in _deliveries(run.registry, channel):
        _mail(run, channel, delivery)


def _deliveries(registry: Registry, channel: Channel) -> list[Delivery]:
    """Messages that were begun and not sent, and a new one for what no message tells yet."""
    with transaction.atomic():
        Channel.objects.select_for_update().get(pk=channel.pk)
        begun = list(Delivery.objects.filter(channel=channel, sent_at=None, failed_at=None).order_by("pk"))
        untold = (
            Pending.objects.filter(channel=channel, delivery=None).order_by("pk").values_list("pk", flat=True)
        )
        if channel.off_at is None and (those := list(untold[:MOST_TOLD])):
            now = registry.now()
            fresh = Delivery.objects.create(key=new_key(now), channel=channel, made_at=now)
            Pending.objects.filter(pk__in=those).update(delivery=fresh)
            begun.append(fresh)
    return begun


def _mail(run: Run, channel: Channel, delivery: Delivery) -> None:
    from foretrack.watch.actions.alerts import lines_of
    from foretrack.watch.actions.seeing import reader_of
    from foretrack.watch.delivery.letters import MOST, letter

    registry = run.registry
    reader = reader_of(channel.account)
    account = Account.objects.filter(key=channel.account, is_active=True).first()
    rule = channel.rule
    if reader is None or account is None or channel.off_at is not None or not _may_see(reader, channel):
        Delivery.objects.filter(pk=delivery.pk).update(failed_at=registry.now(), problem="nobody to tell")
        return
    told = list(
        Pending.objects.filter(delivery=delivery)
        .select_related("event__alert__rule")
        .order_by("event__alert__pk", "-pk")
    )
    alerts = list({one.event.alert_id: one.event.alert for one in told}.values())
    lines = sorted(
        lines_of(registry, reader, alerts[: 4 * MOST]), key=lambda line: line.last_at, reverse=True
    )[:MOST]
    site = address()
    stop = f"{site}/watch/stop/{signing.dumps(channel.key, salt=STOP_SALT, compress=False)}/" if site else ""
    written = letter(
        rule.name, lines, total=len(alerts), say=messages_in(account.language),
        links=[link_of(line, reader) for line in lines],
        all_address=f"{site}/{_prefix(reader)}/watch/{rule.key}/" if site else "", stop_address=stop,
    )  # fmt: skip
    host = site.partition("://")[2].partition("/")[0].partition(":")[0] or "foretrack.invalid"
    headers = {
        "Message-ID": f"<{delivery.key}@{host}>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
    }
    if stop.startswith("https://"):  # RFC 8058 asks for https
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(written.subject, written.text, to=[account.email], headers=headers)
    message.attach_alternative(written.html, "text/html")
    Delivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1)
    try:
        message.send()
    except OSError as error:  # smtplib's errors are OSErrors
        # The cause names the recipient, so it is kept out of the queue's traceback. The message stays begun: a later
        # one of this channel, or `foretrack jobs retry`, sends it as well.
        Delivery.objects.filter(pk=delivery.pk).update(problem=type(error).__name__)
        raise OutsideError(
            f"the mail server did not take the message ({type(error).__name__})",
            do="check [mail] in foretrack.toml", retryable=True,
        ) from None  # fmt: skip
    Delivery.objects.filter(pk=delivery.pk).update(sent_at=registry.now(), problem="")


def _may_see(reader: Actor, channel: Channel) -> bool:
    from foretrack.watch.actions.rules import rules_seen_by

    return rules_seen_by(reader).filter(pk=channel.rule_id).exists()


def _prefix(reader: Actor) -> str:
    return "zh-hans" if reader.language == "zh" else "en"


def link_of(line: AlertLine, reader: Actor) -> str:
    """Where on the site an alert's subject is; empty where the site has no address or it is hidden."""
    site, (sort, _, name) = address(), line.subject.partition(":")
    if not site or line.hidden:
        return ""
    if sort == "channel":
        return f"{site}/{_prefix(reader)}/watch/{line.rule}/"
    page = thing_in(reader.language, sort, name)
    return f"{site}{page}" if page else ""


@job(Terms(seconds=300))
def call(run: Run, channel_key: str, event: int) -> None:
    """Sends one event to a webhook."""
    from foretrack.watch.actions.alerts import lines_of
    from foretrack.watch.actions.seeing import reader_of
    from foretrack.watch.delivery.webhook import post, secret_of

    registry = run.registry
    channel = Channel.objects.select_related("rule").get(key=channel_key)
    reader = reader_of(channel.account)
    with transaction.atomic():
        pending = (
            Pending.objects.select_for_update(of=("self",))
            .select_related("event__alert__rule", "delivery")
            .get(channel=channel, event_id=event)
        )
        if pending.delivery is None:
            now = registry.now()
            pending.delivery = Delivery.objects.create(key=new_key(now), channel=channel, made_at=now)
            pending.save(update_fields=["delivery"])
        delivery = pending.delivery
    if delivery.sent_at is not None:
        return
    if channel.off_at is not None or reader is None or not _may_see(reader, channel):
        Delivery.objects.filter(pk=delivery.pk).update(failed_at=registry.now(), problem="nobody to tell")
        return
    line = lines_of(registry, reader, [pending.event.alert])[0]
    said = {
        "type": f"alert.{pending.event.act}",
        "timestamp": timestamp(pending.event.at),
        "data": {
            "rule": line.rule, "rule_name": line.rule_name, "alert": line.key, "subject": line.subject,
            "title": line.title, "level": line.level, "reason": line.reason, "state": line.state,
            "found": list(line.found), "text": line.text, "language": reader.language, "hidden": line.hidden,
            "address": link_of(line, reader),
        },
    }  # fmt: skip
    secret = secret_of(str(settings.SECRET_KEY), channel.key, channel.generation)
    Delivery.objects.filter(pk=delivery.pk).update(attempts=F("attempts") + 1)
    try:
        answer = post(
            channel.address, json.dumps(said, ensure_ascii=False).encode(), message=f"msg_{delivery.key}", secret=secret,
            now=registry.now(), allowed=tuple(getattr(settings, "FORETRACK_WEBHOOK_HOSTS", ())),
        )  # fmt: skip
    except (InputError, OutsideError) as error:
        _failed(run, channel, delivery, None, error.what)
        raise
    if answer.accepted:
        Delivery.objects.filter(pk=delivery.pk).update(
            sent_at=registry.now(), answer=answer.status, problem=""
        )
        Channel.objects.filter(pk=channel.pk).update(failures=0)
        return
    _failed(run, channel, delivery, answer.status, f"answered {answer.status}")
    if answer.gone:
        switch_off(registry, channel, "gone")
        raise HopelessError("the receiver answered 410: it wants no more")
    raise OutsideError(f"the receiver answered {answer.status}", expected="200 to 299", retryable=True)


def _failed(run: Run, channel: Channel, delivery: Delivery, status: int | None, problem: str) -> None:
    given_up = {"failed_at": run.registry.now()} if run.last else {}
    Delivery.objects.filter(pk=delivery.pk).update(answer=status, problem=problem[:300], **given_up)
    Channel.objects.filter(pk=channel.pk).update(failures=F("failures") + 1)
    if Channel.objects.filter(pk=channel.pk, failures__gte=MOST_FAILURES, off_at=None).exists():
        switch_off(run.registry, channel, "failed")
        raise HopelessError(f"the webhook was switched off after {MOST_FAILURES} failures")


def switch_off(registry: Registry, channel: Channel, why: str) -> None:
    """Switches a channel off, and alerts its owner where the owner did not ask for it."""
    from foretrack.packs.shapes import Bilingual
    from foretrack.watch.actions.raising import raise_alerts
    from foretrack.watch.conditions import Finding

    with transaction.atomic():
        now = registry.now()
        if not Channel.objects.filter(pk=channel.pk, off_at=None).update(off_at=now, why_off=why):
            return
        if why in ("failed", "gone"):
            failures = Channel.objects.get(pk=channel.pk).failures
            finding = Finding("off", "", ({"operator": "off", "field": "", "value": failures},))
            host = channel.address.partition("://")[2].partition("/")[0]
            raise_alerts(
                registry, channel.rule, f"channel:{channel.key}", [finding], f"off:{timestamp(now)}",
                title=Bilingual(f"Webhook to {host}", f"发往 {host} 的 Webhook"), level="attention",
            )  # fmt: skip
