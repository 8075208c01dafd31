"""Answers that are given again to whoever repeats a request, and how often somebody asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class KeptAnswer(models.Model):
    """One request with an `Idempotency-Key`, and what was answered; forgotten after a day."""

    account = models.CharField(max_length=26)
    """Key of the account."""
    key = models.CharField(max_length=200)
    """As the program chose it."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the request, so that the same key is not taken for another one."""
    claim = models.CharField(max_length=32)
    """Who works on it; whoever has lost the claim writes nothing."""
    claimed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    """None while it is worked on."""
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    erased = models.BooleanField(default=False)
    """The answer held data that were erased since."""

    objects: ClassVar[models.Manager[KeptAnswer]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account", "key"], name="kept_answer_once"),)
        indexes = (models.Index(fields=["expires_at"], name="kept_answer_expires"),)


class Asked(models.Model):
    """How many requests somebody made in one stretch of time, over all processes."""

    who = models.CharField(max_length=64)
    """A keyed hash of an account's key or of an address on the network."""
    stretch = models.BigIntegerField()
    """Number of the stretch of time since 1970."""
    n = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager[Asked]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["who", "stretch"], name="asked_once"),)
        indexes = (models.Index(fields=["stretch"], name="asked_stretch"),)
