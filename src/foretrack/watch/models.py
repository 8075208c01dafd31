"""Rules, what they found, and how it was told."""

from __future__ import annotations

from django.db import models

KEY = 26
NAME = 40
SUBJECT = 300

OWNERS = ("account", "organisation", "public")
PERIODS = ("at once", "daily", "weekly")


class WatchRule(models.Model):
    """A saved search with conditions."""

    key = models.CharField(max_length=KEY, unique=True)
    name = models.CharField(max_length=120)
    owner_sort = models.CharField(max_length=20)
    """account, organisation or public."""
    owner = models.CharField(max_length=KEY)
    """Key of the account or of the organisation's record; of the officer who made it where it is public."""
    made_by = models.CharField(max_length=KEY)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    """Only what happens after it can fulfil the conditions as they are now."""
    about = models.CharField(max_length=NAME)
    """records, or what the lookout and the lists offer: concepts, technologies, ..."""
    kind = models.CharField(max_length=NAME, default="")
    """Of records."""
    search = models.JSONField(default=dict)
    """{"text": ..., "filters": {name: [values]}}"""
    conditions = models.JSONField(default=dict)
    level = models.CharField(max_length=NAME)
    mark = models.CharField(max_length=200, default="")
    """The last version of the lookout that was compared."""
    token_digest = models.CharField(max_length=64, default="")
    """SHA-256 of the secret in the address of its feed."""
    paused = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["about", "kind", "ended_at"], name="rule_about"),
            models.Index(fields=["owner", "ended_at"], name="rule_owner"),
        )


class Alert(models.Model):
    """One thing that a rule found, however often it happens: rule, subject, reason and state name it."""

    key = models.CharField(max_length=KEY, unique=True)
    rule = models.ForeignKey(WatchRule, models.PROTECT, related_name="alerts")
    subject = models.CharField(max_length=SUBJECT)
    """`record:KEY`, `concept:ID`, `channel:KEY` and the like."""
    reason = models.CharField(max_length=20)
    state = models.CharField(max_length=200)
    found = models.JSONField(default=list)
    """Conditions with values before and after, from which the sentence is made."""
    title_en = models.CharField(max_length=300, default="")
    title_zh = models.CharField(max_length=300, default="")
    """Of subjects that are no records; a record's title is looked up, by whoever may see it."""
    level = models.CharField(max_length=NAME)
    status = models.CharField(max_length=20)
    """open, acknowledged or false alarm."""
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["rule", "subject", "reason", "state"], name="alert_once"),
        )
        indexes = (
            models.Index(fields=["rule", "status", "-last_at"], name="alert_recent"),
            models.Index(fields=["subject"], name="alert_subject"),
        )


class AlertEvent(models.Model):
    """What happened to an alert, and who did what about it; only added to."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    by = models.CharField(max_length=KEY, default="")
    """Empty: the watch itself."""
    act = models.CharField(max_length=20)
    """opened, again, reopened, acknowledged, false alarm."""
    cause = models.CharField(max_length=120, null=True)
    """What made it happen (`revision:12`); one cause happens once, however often it is looked at."""
    note = models.TextField(default="")
    """What a person wrote; may be erased."""
    found = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["alert", "cause"], name="alert_cause_once"),)


class Channel(models.Model):
    """A way on which the alerts of a rule are told."""

    key = models.CharField(max_length=KEY, unique=True)
    rule = models.ForeignKey(WatchRule, models.PROTECT, related_name="channels")
    sort = models.CharField(max_length=10)
    """mail or webhook."""
    account = models.CharField(max_length=KEY)
    """Whose it is, and as whom the alerts are looked at."""
    address = models.CharField(max_length=500, default="")
    """Of a webhook; a mail goes to the account's own address."""
    period = models.CharField(max_length=10)
    time_zone = models.CharField(max_length=60)
    hour = models.PositiveSmallIntegerField(default=7)
    generation = models.PositiveIntegerField(default=1)
    """Of the webhook's secret, which is derived and not stored."""
    made_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    """Attempts that failed since the last that did not."""
    off_at = models.DateTimeField(null=True)
    why_off = models.CharField(max_length=20, default="")
    """`asked`, `unsubscribed`, `failed` or `gone`."""

    class Meta:
        indexes = (models.Index(fields=["rule", "off_at"], name="channel_rule"),)


class Delivery(models.Model):
    """One message: written down before it is sent, so that none is forgotten and each attempt has the same key."""

    key = models.CharField(max_length=KEY, unique=True)
    channel = models.ForeignKey(Channel, models.PROTECT, related_name="deliveries")
    made_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    """Given up."""
    answer = models.PositiveIntegerField(null=True)
    """HTTP status of the last answer."""
    problem = models.CharField(max_length=300, default="")


class Pending(models.Model):
    """One event that a channel has to tell, and the message that tells it."""

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="pending")
    event = models.ForeignKey(AlertEvent, models.PROTECT, related_name="pending")
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="tells")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["channel", "event"], name="pending_once"),)
        indexes = (models.Index(fields=["channel", "delivery"], name="pending_channel"),)
