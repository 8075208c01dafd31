"""Ways on which a rule's alerts are told: who may open one, and how it is closed."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F

from foretrack.accounts.models import Account
from foretrack.foundation.errors import InputError
from foretrack.foundation.keys import new_key
from foretrack.registry.access.actor import Actor
from foretrack.registry.access.permission import require
from foretrack.registry.actions.log import log, take_number
from foretrack.registry.declaring.fields import clean_text
from foretrack.registry.registry import Registry
from foretrack.watch.actions.rules import channel_line, rule_to_change, rule_to_see
from foretrack.watch.answers import ChannelLine
from foretrack.watch.delivery.addresses import judged, read_address
from foretrack.watch.delivery.sending import STOP_SALT
from foretrack.watch.delivery.webhook import secret_of
from foretrack.watch.models import PERIODS, Channel, WatchRule

MOST_CHANNELS = 20
"""Channels of one rule that are on."""


def add_mail(
    registry: Registry,
    actor: Actor,
    rule_key: str,
    *,
    period: str = "daily",
    time_zone: str = "",
    hour: int = 7,
) -> ChannelLine:
    """Mails about a rule's alerts to the actor's own account: at once, or a digest every day or week."""
    require(actor, "watch")
    if period not in PERIODS:
        raise InputError.of(
            "no message comes {found!r}", expected="one of {known}", do="choose one", found=period[:40],
            known=", ".join(PERIODS),
        )  # fmt: skip
    if not 0 <= hour <= 23:
        raise InputError.of("the hour {hour}", expected="0 to 23", do="choose one", hour=hour)
    account = Account.objects.filter(key=actor.key, is_active=True).first()
    if account is None:
        raise InputError.of(
            "mail goes to the address of an account, and none acts here",
            expected="an account",
            do="add --as EMAIL",
        )
    zone = time_zone or str(getattr(account, "time_zone", "")) or settings.TIME_ZONE
    if zone not in available_timezones():
        raise InputError.of(
            "there is no time zone {zone!r}", expected="a name such as {example}", do="correct it", zone=zone[:60],
            example="Asia/Shanghai",
        )  # fmt: skip
    ZoneInfo(zone)
    rule = rule_to_see(actor, rule_key)
    channel, _ = _add(registry, actor, rule, Channel(sort="mail", period=period, time_zone=zone, hour=hour))
    return channel_line(channel)


def add_webhook(registry: Registry, actor: Actor, rule_key: str, address: str) -> tuple[ChannelLine, str]:
    """A webhook for a rule's alerts, and its secret, which is shown only now (or after it is renewed).

    InputError for an address that is none, or that lies inside a private network which the operator has not named.
    """
    require(actor, "watch")
    rule = rule_to_change(actor, rule_key)
    judged(read_address(address), tuple(getattr(settings, "FORETRACK_WEBHOOK_HOSTS", ())))
    channel, secret = _add(
        registry, actor, rule, Channel(sort="webhook", address=address, period="at once", time_zone="UTC")
    )
    return channel_line(channel), secret


def _add(registry: Registry, actor: Actor, rule: WatchRule, draft: Channel) -> tuple[Channel, str]:
    with transaction.atomic():
        head = take_number()
        there = Channel.objects.filter(rule=rule, account=actor.key, off_at=None)
        if there.filter(sort=draft.sort, address=draft.address).exists():
            raise InputError.of(
                "this rule tells you that way already", expected="another way", do="stop the old one first"
            )
        if there.count() >= MOST_CHANNELS:
            raise InputError.of(
                "there are {most} channels already",
                expected="at most {most}",
                do="stop one of them",
                most=MOST_CHANNELS,
            )
        now = registry.now()
        draft.key, draft.rule, draft.account, draft.made_at = new_key(now), rule, actor.key, now
        draft.save(force_insert=True)
        log(
            registry,
            actor,
            "add channel",
            f"channel:{draft.key}",
            details={"sort": draft.sort, "rule": rule.key},
            head=head,
        )
    if draft.sort != "webhook":
        return draft, ""
    return draft, secret_of(str(settings.SECRET_KEY), draft.key, draft.generation)


def renew_secret(registry: Registry, actor: Actor, key: str) -> str:
    """A new secret for a webhook; the one before is no longer used."""
    with transaction.atomic():
        head = take_number()
        channel = _own(actor, key)
        if channel.sort != "webhook":
            raise InputError.of("mail has no secret", expected="a webhook", do="name another channel")
        Channel.objects.filter(pk=channel.pk).update(generation=F("generation") + 1)
        log(registry, actor, "renew webhook secret", f"channel:{channel.key}", head=head)
    return secret_of(str(settings.SECRET_KEY), channel.key, channel.generation + 1)


def stop(registry: Registry, actor: Actor, key: str) -> None:
    """Switches one of the actor's own channels off."""
    with transaction.atomic():
        head = take_number()
        channel = _own(actor, key)
        Channel.objects.filter(pk=channel.pk).update(off_at=registry.now(), why_off="asked")
        log(registry, actor, "stop channel", f"channel:{channel.key}", head=head)


def resume(registry: Registry, actor: Actor, key: str) -> ChannelLine:
    """Switches a channel on again; what was not told meanwhile is not told later."""
    with transaction.atomic():
        head = take_number()
        channel = _own(actor, key, on=False)
        if channel.sort == "webhook":
            judged(read_address(channel.address), tuple(getattr(settings, "FORETRACK_WEBHOOK_HOSTS", ())))
        Channel.objects.filter(pk=channel.pk).update(off_at=None, why_off="", failures=0)
        log(registry, actor, "resume channel", f"channel:{channel.key}", head=head)
    return channel_line(Channel.objects.get(pk=channel.pk))


def stop_by_token(registry: Registry, token: str) -> str:
    """Switches off the channel that a signed address names, for whoever has that address; the name of its rule.

    Asking twice is no error. InputError for an address that we never gave out.
    """
    try:
        key = signing.loads(token, salt=STOP_SALT)
    except signing.BadSignature:
        raise InputError.of(
            "this address stops nothing",
            expected="the address as it stood in the message",
            do="copy it whole",
        ) from None
    channel = Channel.objects.select_related("rule").filter(key=str(key)).first()
    if channel is None:
        raise InputError.of("this channel no longer exists", expected="the address of a newer message")
    if channel.off_at is None:
        with transaction.atomic():
            head = take_number()
            Channel.objects.filter(pk=channel.pk, off_at=None).update(
                off_at=registry.now(), why_off="unsubscribed"
            )
            account = Account.objects.filter(key=channel.account).first()
            actor = Actor(channel.account if account else "", via="system")
            log(registry, actor, "stop channel", f"channel:{channel.key}", head=head)
    return channel.rule.name


def _own(actor: Actor, key: str, *, on: bool = True) -> Channel:
    require(actor, "watch")
    found = Channel.objects.filter(
        key=clean_text(key).upper(), account=actor.key, off_at__isnull=on, rule__ended_at=None
    )
    channel = found.select_related("rule").first()
    if channel is None:
        raise InputError.of(
            "you have no such channel: {key}", expected="the key of one of your channels",
            do="look at `foretrack watch show RULE`", key=repr(key[:40]),
        )  # fmt: skip
    return channel
